"""Scenarios as JSON files and as links. Round trips are exact; whatever comes in is checked whole before it is taken."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections import Counter
from collections.abc import Mapping
from typing import Any

from model.errors import InvalidInput, UnreadableFile, Violation, shown
from model.plan import rules
from model.plan.book import from_plain, to_plain
from model.plan.scenario import Plan, Scenario

SCHEMA = 1
KIND = "sandtable.scenario"
#: larger files are refused before they are parsed
MAX_BYTES = 4 * 1024 * 1024
#: longer links are cut by chat programs and proxies: offer a file instead
MAX_LINK = 1800
_MAX_UNPACKED = 256 * 1024


def to_json(scenario: Scenario, embed_base: bool = True) -> str:
    """The scenario as a JSON document; with its base plan in it unless only the base's name is wanted."""
    base: object = scenario.base.name
    if embed_base:
        base = {"name": scenario.base.name, "values": dict(scenario.base.values), "sources": dict(scenario.base.sources)}
    document = {"schema": SCHEMA, "kind": KIND, "name": scenario.name, "note": scenario.note, "base": base,
                "changes": dict(scenario.changes)}
    if scenario.book:
        document["book"] = to_plain(scenario.book)
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def from_json(data: bytes | str, bases: Mapping[str, Plan] | None = None) -> Scenario:
    """A scenario from a file's bytes. bases: plans known by name, for files that do not carry theirs.

    Raises UnreadableFile where it is no such file, InvalidInput with every violation where its values break rules.
    """
    document = _document(_text(data))
    base, changes = _base(document.get("base"), bases or {}), document.get("changes", {})
    scenario = _scenario(base, document.get("name", ""), document.get("note", ""), changes)
    return scenario.with_book(from_plain(document["book"])) if "book" in document else scenario


def _text(data: bytes | str) -> str:
    if len(data) > MAX_BYTES:
        raise UnreadableFile([Violation("file_too_large", "file", f"{len(data) / 1e6:.1f} MB", f"≤ {MAX_BYTES / 1e6:.1f} MB")])
    if not data.strip():
        raise UnreadableFile([Violation("empty_file", "file")])
    if isinstance(data, str):
        return data
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile([Violation("not_utf8", f"byte {error.start}", shown(data[error.start:error.start + 8]))]) from None


def _document(text: str) -> dict:
    try:
        document = json.loads(text, object_pairs_hook=_no_twins)
    except InvalidInput:
        raise
    except RecursionError:
        raise UnreadableFile([Violation("not_json", "file", "nested too deeply")]) from None
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        raise UnreadableFile([Violation("not_json", f"line {line}", shown(str(error)))]) from None
    if not isinstance(document, dict) or document.get("kind") != KIND:
        got = document.get("kind") if isinstance(document, dict) else type(document).__name__
        raise UnreadableFile([Violation("wrong_kind", "kind", shown(got), KIND)])
    if document.get("schema") != SCHEMA or isinstance(document.get("schema"), bool):
        raise UnreadableFile([Violation("wrong_schema", "schema", shown(document.get("schema")), str(SCHEMA))])
    return document


def _no_twins(pairs):
    twins = sorted(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
    if twins:
        raise InvalidInput([Violation("duplicate_row", shown(name)) for name in twins[:50]])
    return dict(pairs)


def _base(base: object, bases: Mapping[str, Plan]) -> Plan:
    if isinstance(base, str):
        if base not in bases:
            raise InvalidInput([Violation("unknown_base", "base", shown(base), ", ".join(bases))])
        return bases[base]
    if not isinstance(base, dict) or not isinstance(base.get("values"), dict):
        raise InvalidInput([Violation("missing_value", "base.values", shown(base), "{address: value}")])
    values, sources = base["values"], base.get("sources", {})
    bad = _scalars(values, "base.values")
    if not isinstance(sources, dict):
        bad.append(Violation("not_text", "base.sources", shown(sources)))
        sources = {}
    bad += rules.check_addresses(sources)
    for address, source in sources.items():
        bad += _text_violations(f"base.sources.{shown(address)}", source, 1000)
    name = base.get("name", "")
    bad += _text_violations("base.name", name or None, 100, one_line=True)
    if bad:
        raise InvalidInput(bad)
    return Plan(name, tuple(values.items()), tuple(sources.items()))


def _scalars(values: Mapping, place: str) -> list[Violation]:
    return [Violation("not_text", f"{place}.{shown(a)}", shown(v)) for a, v in values.items()
            if not (v is None or isinstance(v, (str, int, float, bool)))]


def _scenario(base: Plan, name: Any, note: Any, changes: Any) -> Scenario:
    bad = []
    if isinstance(name, dict):  # the sample's presets carry their name in each language
        name = next((v for v in name.values() if isinstance(v, str)), "")
    note = next((v for v in note.values() if isinstance(v, str)), "") if isinstance(note, dict) else note
    bad += _text_violations("name", name, 100, one_line=True) + _text_violations("note", note, 4000)
    if not isinstance(changes, dict):
        bad.append(Violation("missing_value", "changes", shown(changes), "{address: value}"))
    bad += _scalars(changes, "changes") if isinstance(changes, dict) else []
    if bad:
        raise InvalidInput(bad)
    return Scenario(base, name, note, tuple(changes.items()))


def _text_violations(place: str, text: object, limit: int, one_line: bool = False) -> list[Violation]:
    if not isinstance(text, str):
        return [Violation("not_text", place, shown(text))]
    if len(text) > limit:
        return [Violation("text_too_long", place, shown(text), f"≤ {limit}")]
    lines = [text] if one_line else text.replace("\t", " ").splitlines()
    return [] if all(map(rules.fit, lines)) else [Violation("bad_text", place, shown(text))]


def to_link(scenario: Scenario) -> str | None:
    """The scenario's differences as text for a URL; None where they outgrow a link or have actual months beside them: offer the
    file."""
    if scenario.book:
        return None
    payload = [SCHEMA, scenario.base.name, scenario.base.fingerprint, scenario.name, dict(scenario.changes)]
    packed = zlib.compress(json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode(), 9)
    text = base64.urlsafe_b64encode(packed).decode().rstrip("=")
    return text if len(text) <= MAX_LINK else None


def from_link(text: str, bases: Mapping[str, Plan]) -> Scenario:
    """The scenario of a link. Raises InvalidInput; never unpacks more than a fixed size."""
    try:
        packed = base64.b64decode(text[:4 * MAX_LINK] + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        unpack = zlib.decompressobj()
        raw = unpack.decompress(packed, _MAX_UNPACKED)
        if unpack.unconsumed_tail or not unpack.eof:
            raise ValueError("too long or cut off")
        schema, base, fingerprint, name, changes = json.loads(raw)
    except (binascii.Error, zlib.error, ValueError, TypeError, RecursionError):
        raise InvalidInput([Violation("damaged_link", "link", shown(text, 30))]) from None
    if schema != SCHEMA or isinstance(schema, bool):
        raise InvalidInput([Violation("wrong_schema", "link", shown(schema), str(SCHEMA))])
    if not isinstance(base, str) or base not in bases or bases[base].fingerprint != fingerprint:
        raise InvalidInput([Violation("unknown_base", "link", shown(base), ", ".join(bases))])
    return _scenario(bases[base], name, "", changes)
