"""The workbook from the File menu, in both languages, and back in through the same menu."""

from __future__ import annotations

import re

import pytest
from books import cell_of, with_cells
from books import opened as book_of
from every import part
from screens import app, click, markdown, opened, scenario, space, upload
from taken import read, watched

from model import Scenario
from model.io.workbook import read_workbook
from pages.ui.kit import texts
from samples import changed, june, sample

CJK = re.compile(r"[\u3400-\u9fff]")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def taken(language: str, of: Scenario) -> tuple[object, str, bytes]:
    with watched() as found, texts.speaking(language):
        at = opened(app(language, scenario=of), "bar_file")
    name, make = found["bar_workbook"]
    return at, name, read(make)


@pytest.mark.parametrize("language", part(texts.LANGUAGES, 2))
def test_a_workbook_goes_out_in_the_readers_language_and_comes_back_with_what_was_typed(language):
    scenario_now = changed(vat=0.09, headline__aov=1.05)
    at, name, data = taken(language, scenario_now)
    assert name.endswith(".xlsx") and bool(CJK.search(name)) == (language == "zh")
    book = book_of(data)
    own, read_back = book.sheet_names[0], book.sheet_names[1]
    said = [cell for name in book.sheet_names if name != read_back for row in book.get_sheet_by_name(name).to_python() for cell in row
            if isinstance(cell, str)]
    assert len(book.sheet_names) == 12 and own and not any("workbook." in cell for cell in said)
    assert language == "zh" or not any(CJK.search(cell) for cell in said), [c for c in said if CJK.search(c)][:5]
    upload(at, "bar_incoming", "plan.xlsx", data, XLSX)
    assert "bar_incoming_take" in [b.key for b in at.button] and at.button(key="bar_incoming_take").disabled
    edited = with_cells(data, read_back, {cell_of(scenario_now, "vat"): "<f>0.12/2</f><v>0.06</v>",
                                                  cell_of(scenario_now, "team.design.monthly_cost"): "<v>9900</v>"})
    upload(at, "bar_incoming", "plan.xlsx", edited, XLSX)
    assert "**2**" in markdown(at) and texts.catalogue(language)["incoming.take"] in [b.label for b in at.button]
    assert len(at.info) == 1
    click(at, "bar_incoming_take")
    assert scenario(at) == scenario_now.with_values({"vat": 0.06, "team.design.monthly_cost": 9900.0})
    click(at, "bar_undo")
    assert scenario(at) == scenario_now and space(at) is not None


def test_as_a_new_plan_a_workbook_keeps_the_sources_of_what_nobody_changed():
    at, _, data = taken("en", sample())
    upload(at, "bar_incoming", "plan.xlsx", data, XLSX)
    click(at, "bar_incoming_new")
    base = scenario(at).base
    assert base.name == "own" and dict(base.sources) == dict(sample().base.sources)
    assert Scenario(read_workbook(data, "own").plan).get("vat") == base.rows["business"][""]["vat"]


@pytest.mark.parametrize("page, language, sheets", part([("review", "en", 9), ("compare", "zh", 7)], 2))
def test_a_review_and_a_comparison_go_out_as_workbooks_in_the_readers_language(page, language, sheets):
    """Compare begins with the plan and what its months make one believe; each figure on the page stands in the file."""
    with watched() as found, texts.speaking(language):
        app(language, page, june())
    name, make = found[f"{page}_workbook"]
    book = book_of(read(make))
    tables = {tab: book.get_sheet_by_name(tab).to_python() for tab in book.sheet_names}
    said = [cell for rows in tables.values() for row in rows for cell in row if isinstance(cell, str)]
    assert name.endswith(".xlsx") and bool(CJK.search(name)) == (language == "zh") and len(tables) == sheets
    assert not any("workbook." in cell or "review." in cell for cell in said)
    assert language == "zh" or not any(CJK.search(cell) for cell in said), [c for c in said if CJK.search(c)][:5]
    if page == "review":
        assert any(cell.startswith("6 months have brought GMV of ¥54.12M") for cell in map(plain, said))
        (gmv, *_) = [row for row in tables["Months"] if row[0] == "GMV"]
        assert gmv[-1] == pytest.approx(54_122_384.66)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u2060", "")
