"""A workbook as somebody hands it in, opened without harm: what is unpacked is counted, and only what was counted is read."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping

from model.errors import UnreadableFile, Violation, shown

#: bytes of a file, of what it unpacks to, parts that it may have, and how often smaller than its content a part may be
MAX_BYTES, MAX_UNPACKED, MAX_PARTS, MAX_RATIO = 20_000_000, 120_000_000, 400, 300
#: parts below this are never a bomb
_SMALL = 1_000_000
_OLD, _ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
_FORBIDDEN = {"vbaproject.bin": "workbook_macros", "externallinks/": "workbook_links"}


def parts_of(data: bytes) -> dict[str, bytes]:
    """The parts of an .xlsx by name. Raises UnreadableFile for what is none, is too large, has macros or links to other files."""
    if len(data) > MAX_BYTES:
        raise _refused("file_too_large", f"{len(data) / 1e6:.1f} MB", f"≤ {MAX_BYTES / 1e6:.0f} MB")
    if data.startswith(_OLD):  # .xls, and every workbook behind a password
        raise _refused("workbook_old", ".xls")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            infos = [info for info in file.infolist() if not info.is_dir()]
            _look(infos)
            return _unpacked(file, infos)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise _refused("workbook_damaged", shown(str(error))) from None


def _look(infos: list[zipfile.ZipInfo]) -> None:
    """By what it says of itself, before anything is unpacked."""
    for info in infos:
        for mark, code in _FORBIDDEN.items():
            if mark in info.filename.lower():
                raise _refused(code, shown(info.filename))
        if info.file_size > max(_SMALL, MAX_RATIO * info.compress_size):
            raise _refused("workbook_bomb", f"{info.file_size / 1e6:.0f} MB", f"≤ {MAX_UNPACKED / 1e6:.0f} MB")
    total = sum(info.file_size for info in infos)
    if total > MAX_UNPACKED or len(infos) > MAX_PARTS or len({i.filename for i in infos}) < len(infos):
        raise _refused("workbook_bomb", f"{total / 1e6:.0f} MB", f"≤ {MAX_UNPACKED / 1e6:.0f} MB")
    if "xl/workbook.xml" not in {info.filename for info in infos}:
        raise _refused("workbook_damaged", "xl/workbook.xml")


def _unpacked(file: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    """What is really in it; a part that is longer than it says is cut there and then fails its check."""
    out, left = {}, MAX_UNPACKED
    for info in infos:
        with file.open(info) as part:
            out[info.filename] = part.read(left + 1)
        left -= len(out[info.filename])
        if left < 0:
            raise _refused("workbook_bomb", f"> {MAX_UNPACKED / 1e6:.0f} MB", f"≤ {MAX_UNPACKED / 1e6:.0f} MB")
        if info.filename.endswith((".xml", ".rels")) and b"<!" in out[info.filename][:4096].replace(b"<!--", b""):
            raise _refused("workbook_damaged", "<!DOCTYPE")
    return out


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The same parts as a file, nothing compressed: whoever reads it sees what was counted and no more."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def _refused(code: str, got: str, allowed: str = "") -> UnreadableFile:
    return UnreadableFile([Violation(code, "file", got, allowed)])
