"""Workbooks back in: untouched nothing, three edits exactly three, and what is no workbook of ours told and turned away."""

from __future__ import annotations

import io
import zipfile

import pytest
from books import cell_of, part_of, typed, with_cells, written
from every import each, every, some
from odd_plans import ODD

from model import InvalidInput, Scenario, UnreadableFile
from model.io.package import MAX_BYTES
from model.io.tables import preview
from model.io.workbook import read_workbook
from model.plan.scenario import as_changes
from samples import changed, refused, sample


def differing(scenario: Scenario, data: bytes) -> dict[str, object]:
    return {d.address: d.values[1] for d in preview(scenario, read_workbook(data, scenario.base.name).plan)}


@every(name=["sample", "changed", *some(ODD, 6)])
def test_an_untouched_file_changes_nothing(name):
    scenario = {"sample": sample, "changed": lambda: changed(vat=0.09, channel__platform__aov=300.0, budget_2=9e6, months=18)}.get(name, ODD.get(name))()
    assert differing(scenario, written(scenario)) == {}


def test_three_edits_are_exactly_three():
    edits = {"vat": 0.09, "channel.platform.aov": 266.0, "promotion.618.on": False}
    data = typed(written(sample()), sample(), {k: int(v) if isinstance(v, bool) else v for k, v in edits.items()})
    assert differing(sample(), data) == edits
    assert dict(as_changes(read_workbook(data, "sample").plan, sample().base).changes) == edits


@each("address, inner, value", [
    ("channel.platform.aov", 't="str"><v>266.5元</v>', 266.5), ("budget", 't="str"><v>1,320万</v>', 13_200_000.0),
    ("vat", 't="str"><v>9%</v>', 0.09), ("promotion.618.on", 't="b"><v>0</v>', False), ("months", "><v>18</v>", 18),
    ("start", 't="str"><v>2027年3月</v>', "2027-03"), ("channel.platform.carry_over", "/>", 0.0)])
@pytest.mark.deep
def test_cells_are_read_as_people_write_them(address, inner, value):
    data = with_cells(written(sample()), "assumptions", {cell_of(sample(), address): inner}, whole=True)
    assert differing(sample(), data).get(address, sample().get(address)) == value


def test_a_formula_in_a_cell_is_taken_as_its_value_and_named():
    data = with_cells(written(sample()), "assumptions", {cell_of(sample(), "vat"): "<f>0.18/2</f><v>0.09</v>"})
    found = read_workbook(data, "own")
    assert found.counted == ("vat",) and Scenario(found.plan).get("vat") == 0.09
    assert read_workbook(written(sample()), "own").counted == ()


def test_what_breaks_rules_is_told_with_its_cell():
    cells = {cell_of(sample(), "vat"): "<v>7</v>", cell_of(sample(), "channel.platform.aov"): ""}
    first, second = sorted(refused(lambda: read_workbook(with_cells(written(sample()), "assumptions", cells), "own")), key=lambda v: v.code)
    assert (first.code, first.place) == ("missing_value", f"{cell_of(sample(), 'channel.platform.aov')}: channel.platform.aov")
    assert (second.code, second.place) == ("too_high", f"{cell_of(sample(), 'vat')}: vat")


def packed(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), content)
    return out.getvalue()


def with_part(name: str, content: bytes, data: bytes) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, content)
    return out.getvalue()


def reaching_far(data: bytes) -> bytes:
    """The sheet's last cell at the end of all sheets: read as a table it would be 17 billion cells."""
    part, out = part_of(data, "assumptions"), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
                         if name == part else content)
    return out.getvalue()


BAD = {
    "workbook_damaged": lambda data: data[:len(data) // 2], "workbook_macros": lambda data: with_part("xl/vbaProject.bin", b"x", data),
    "workbook_links": lambda data: with_part("xl/externalLinks/externalLink1.xml", b"<x/>", data),
    "workbook_bomb": lambda data: with_part("xl/media/a.xml", b"0" * 130_000_000, data),
    "workbook_old": lambda data: b"\xd0\xcf\x11\xe0" + data, "file_too_large": lambda data: data + b"\0" * MAX_BYTES,
    "workbook_foreign": reaching_far,
}


@every(code=BAD)
def test_what_is_no_workbook_of_ours_is_refused(code):
    (found,) = refused(lambda: read_workbook(BAD[code](written(sample())), "own"), unreadable=True)
    assert found.code == code


@each("data", [b"", b"PK\x03\x04", b"PK\x03\x04\x00" * 9, packed(xl__workbook_xml=b"<x/>"), packed(a=b"1"),
               packed(xl__workbook_xml=b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')])
def test_anything_else_is_refused_as_a_file(data):
    with pytest.raises(UnreadableFile):
        read_workbook(data, "own")


def test_a_part_that_is_longer_than_it_says_is_damaged():
    """The declared size of a part is no promise: what is read beyond it is not there, and its check fails."""
    data = bytearray(written(sample()))
    at = data.rindex(b"PK\x01\x02")  # the last part's entry in the directory: 24 bytes on stands its size
    data[at + 24:at + 28] = (5).to_bytes(4, "little")
    with pytest.raises(InvalidInput):
        read_workbook(bytes(data), "own")
