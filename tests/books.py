"""Workbooks for tests: written in the model's own keys, changed as a person changes cells, calculated anew by LibreOffice."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree

from python_calamine import CalamineWorkbook

from model import Scenario, evaluate
from model.io.workbook import Contents, Words, workbook
from model.io.workbook.contents import entries
from model.io.workbook.inputs import VALUE, rows_of

#: LibreOffice takes a file's values as they are, unless it is told to count
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""
_SHEET_NAMES = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}sheet"


def _say(key: str, **values: object) -> str:
    return key.removeprefix("workbook.sheet.") if key.startswith("workbook.sheet.") else key


WORDS = Words(_say, lambda kind, key: f"{kind}.{key}", lambda table, row: row, lambda address: "J", lambda unit: unit.key, lambda period: period)


@lru_cache(maxsize=4)
def written(scenario: Scenario) -> bytes:
    """The workbook of a scenario, its words their keys: sheets are called by theirs."""
    return workbook(Contents(evaluate(scenario), WORDS, "title"))


def with_cells(data: bytes, sheet: str, cells: dict[str, str], whole: bool = False) -> bytes:
    """The file with other XML in some cells of a sheet, everything else as it was: what is typed is `<v>0.3</v>`.

    whole: the XML begins within the cell's own mark, as `t="b"><v>1</v>`.
    """
    out = io.BytesIO()
    part = part_of(data, sheet)
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            if name == part:
                text = _changed(text.decode(), cells if whole else {k: f">{inner}" for k, inner in cells.items()}).encode()
            new.writestr(name, text)
    return out.getvalue()


def _changed(xml: str, cells: dict[str, str]) -> str:
    for place, inner in cells.items():
        xml, count = re.subn(rf'<c r="{place}"( s="\d+")?[^>]*?(/>|>.*?</c>)', rf'<c r="{place}"\1 {inner}' + "</c>" * (inner != "/>"), xml)
        assert count == 1, place
    return xml


def part_of(data: bytes, sheet: str) -> str:
    """Where a sheet stands in the file: the writer numbers them in their order."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        names = [s.get("name") for s in ElementTree.fromstring(file.read("xl/workbook.xml")).iter(_SHEET_NAMES)]
    return f"xl/worksheets/sheet{names.index(sheet) + 1}.xml"


def cell_of(scenario: Scenario, address: str) -> str:
    """Where an assumption's value stands."""
    return f"{chr(ord('A') + VALUE)}{rows_of(list(entries(scenario)))[address] + 1}"


def typed(data: bytes, scenario: Scenario, values: dict[str, float | bool]) -> bytes:
    """The file with other numbers in the cells of assumptions."""
    return with_cells(data, "assumptions", {cell_of(scenario, a): f"<v>{v!r}</v>" for a, v in values.items()})


def calculated(files: dict[str, bytes], folder: Path) -> dict[str, bytes]:
    """The files as LibreOffice counts them anew and saves them, all in one go."""
    profile, out = folder / "profile" / "user", folder / "out"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(ALWAYS)
    for name, data in files.items():
        (folder / f"{name}.xlsx").write_bytes(data)
    subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "xlsx", "--outdir",
                    str(out), *(str(folder / f"{name}.xlsx") for name in files)], check=True, capture_output=True)
    return {name: (out / f"{name}.xlsx").read_bytes() for name in files}


def opened(data: bytes) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(io.BytesIO(data))


def broken(data: bytes) -> list[str]:
    """Cells with a formula that carries no value or an error, links to other files, macros."""
    wrong = []
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        for part in file.namelist():
            if "vba" in part.lower() or "externalLink" in part:
                wrong.append(part)
            if part.startswith("xl/worksheets/sheet"):
                cells = re.findall(r"<c [^>]*?><f>.*?</c>", file.read(part).decode())
                wrong += [f"{part}: {c}" for c in cells if "<v>" not in c or re.search(r"#(REF|DIV|VALUE|NAME|N/A|NUM)|nan|inf", c)]
    return wrong


def errors(book: CalamineWorkbook) -> list[str]:
    """Cells that a spreadsheet could not count."""
    return [f"{name}: {cell}" for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row
            if isinstance(cell, str) and cell.startswith("#") or cell == "Err:"]
