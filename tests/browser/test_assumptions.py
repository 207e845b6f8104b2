"""The planner's desk as a person uses it: a block pasted from a spreadsheet, and the way from Method to the very cell."""

from __future__ import annotations

import re

from hands import answered, button, pasted, put, tick, visit
from playwright.sync_api import expect


def test_a_pasted_block_is_taken_but_for_the_bad_cell_which_is_named_and_undone_at_once(page, address):
    visit(page, address, "/assumptions", at="channel.*.c?r,channel.*.cpm")
    grid = page.locator("[class*=st-key-edit_channel] [data-testid=stDataFrame]")

    def block() -> list[list[str]]:
        return [[grid.get_by_test_id(f"glide-cell-{c}-{r}").inner_text() for c in (1, 2, 3)] for r in (0, 1, 2)]
    before = block()
    pasted(page, grid, 1, 0, "61\t3.1%\t２.１\n29\ta lot\t1.3\n1,050\t2.2\t1.4")
    named = page.get_by_test_id("stAlert").filter(has_text="Not taken: 1")
    expect(named).to_contain_text("Content, Click-through rate")
    assert block() == [["61.0", "3.10", "2.10"], ["29.0", before[1][1], "1.30"], ["1,050.0", "2.20", "1.40"]]
    with answered(page):
        button(page, "bar_undo").click()
    assert block() == before
    expect(page.locator(".st-key-bar_undo button")).to_be_disabled()


def test_what_is_ticked_in_the_list_is_edited_below_it_and_stays_ticked(page, address):
    visit(page, address, "/assumptions")
    tick(page, 3)
    grid = page.locator("[class*=st-key-edit_channel] [data-testid=stDataFrame]")
    expect(grid.locator("tbody tr")).to_have_count(1)
    assert grid.get_by_test_id("glide-cell-0-0").inner_text() == "Organic"
    put(page, grid, 1, 0, "41")
    expect(grid.get_by_test_id("glide-cell-1-0")).to_have_text("41")
    assert page.locator("[class*=st-key-edit_]").count() == 1


def test_methods_change_it_there_leads_to_the_very_cell(page, address):
    visit(page, address, "/method", figure="driver.channel.ctr", row="content")
    with answered(page):
        page.get_by_test_id("stPageLink").filter(has_text="Assumptions").get_by_role("link").click()
    expect(page).to_have_url(re.compile("at=channel.content.ctr"))
    grid = page.locator("[class*=st-key-edit_channel] [data-testid=stDataFrame]")
    assert grid.get_by_test_id("glide-cell-0-0").inner_text() == "Content"
    expect(grid.get_by_test_id("glide-cell-1-0")).to_be_attached()
    expect(grid.locator("tbody tr")).to_have_count(1)
