"""A real spreadsheet: CSV files as LibreOffice opens them."""

from __future__ import annotations

import subprocess
from pathlib import Path
from xml.etree import ElementTree

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
#: commas, quotes, UTF-8, from line 1, Chinese, dates and the like looked for: what is most easily taken for something else
AS_IT_OPENS = "CSV:44,34,76,1,,2052,false,true"


def opened(paths: list[Path], folder: Path) -> dict[str, list[list[str | float]]]:
    """Rows of each file as LibreOffice has them: numbers as numbers, everything else as its text."""
    subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "fods",
                    f"--infilter={AS_IT_OPENS}", "--outdir", str(folder), *map(str, paths)], check=True, capture_output=True)
    return {path.stem: [cells_of(row) for row in ElementTree.parse(folder / f"{path.stem}.fods").iter(f"{TABLE}table-row")]
            for path in paths}


def cells_of(row: ElementTree.Element) -> list[str | float]:
    out: list[str | float] = []
    for cell in row.iter(f"{TABLE}table-cell"):
        text = "\n".join("".join(p.itertext()) for p in cell.iter(f"{TEXT}p"))
        value = float(cell.get(f"{OFFICE}value")) if cell.get(f"{OFFICE}value-type") == "float" else text
        out += [value] * int(cell.get(f"{TABLE}number-columns-repeated", 1))
    return out
