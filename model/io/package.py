"""An office file as somebody hands it in, opened without harm: what is unpacked is counted, and only what was counted is read."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from model.errors import UnreadableFile, Violation, shown

#: bytes of a file, of what it unpacks to, parts that it may have, and how often smaller than its content a part may be
MAX_BYTES, MAX_UNPACKED, MAX_PARTS, MAX_RATIO = 20_000_000, 120_000_000, 400, 300
#: parts below this are never a bomb
_SMALL = 1_000_000
_OLD, _ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
_FORBIDDEN = {"vbaproject.bin": "macros", "externallinks/": "links"}


@dataclass(frozen=True, slots=True)
class Kind:
    """name: begins the codes of what is wrong with such a file. main: the part that it must have."""

    name: str
    main: str


WORKBOOK, TEMPLATE = Kind("workbook", "xl/workbook.xml"), Kind("template", "word/document.xml")


def parts_of(data: bytes, kind: Kind) -> dict[str, bytes]:
    """The parts of a file by name. Raises UnreadableFile for what is none of its kind, is too large, has macros or links to other
    files."""
    if len(data) > MAX_BYTES:
        raise UnreadableFile([Violation("file_too_large", "file", f"{len(data) / 1e6:.1f} MB", f"≤ {MAX_BYTES / 1e6:.0f} MB")])
    if data.startswith(_OLD):  # of the old kind, and whatever is behind a password
        raise refused(kind, "old", ".doc" if kind == TEMPLATE else ".xls")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            infos = [info for info in file.infolist() if not info.is_dir()]
            _look(infos, kind)
            return _unpacked(file, infos, kind)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise refused(kind, "damaged", shown(str(error))) from None


def _look(infos: list[zipfile.ZipInfo], kind: Kind) -> None:
    """By what it says of itself, before anything is unpacked."""
    for info in infos:
        for mark, code in _FORBIDDEN.items():
            if mark in info.filename.lower():
                raise refused(kind, code, shown(info.filename))
        if info.file_size > max(_SMALL, MAX_RATIO * info.compress_size):
            raise refused(kind, "bomb", f"{info.file_size / 1e6:.0f} MB", f"≤ {MAX_UNPACKED / 1e6:.0f} MB")
    total = sum(info.file_size for info in infos)
    if total > MAX_UNPACKED or len(infos) > MAX_PARTS or len({i.filename for i in infos}) < len(infos):
        raise refused(kind, "bomb", f"{total / 1e6:.0f} MB", f"≤ {MAX_UNPACKED / 1e6:.0f} MB")
    if kind.main not in {info.filename for info in infos}:
        raise refused(kind, "damaged", kind.main)


def _unpacked(file: zipfile.ZipFile, infos: list[zipfile.ZipInfo], kind: Kind) -> dict[str, bytes]:
    """What is really in it; a part that is longer than it says is cut there and then fails its check."""
    out, left = {}, MAX_UNPACKED
    for info in infos:
        with file.open(info) as part:
            out[info.filename] = part.read(left + 1)
        left -= len(out[info.filename])
        if left < 0:
            raise refused(kind, "bomb", f"> {MAX_UNPACKED / 1e6:.0f} MB", f"≤ {MAX_UNPACKED / 1e6:.0f} MB")
        if info.filename.endswith((".xml", ".rels")) and b"<!" in out[info.filename][:4096].replace(b"<!--", b""):
            raise refused(kind, "damaged", "<!DOCTYPE")
    return out


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The same parts as a file, nothing compressed: whoever reads it sees what was counted and no more."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def refused(kind: Kind, code: str, got: str, allowed: str = "") -> UnreadableFile:
    """What to raise of a file of this kind."""
    return UnreadableFile([Violation(f"{kind.name}_{code}", "file", got, allowed)])
