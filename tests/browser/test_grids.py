"""Grids as a person uses them: typed and pasted as people write numbers, refused beside the cell, undone one by one."""

from __future__ import annotations

import time

import pytest
from every import part
from hands import answered, button, exact, go, mark, pasted, put, reload, sections, settled, visit
from playwright.sync_api import Locator, Page, expect

#: columns of the channel grid
CPM, REFUND = 1, 6


def channel_grid(page: Page) -> Locator:
    if not page.locator(".st-key-channel_edit [data-testid=stDataFrame]").count():
        with answered(page):
            page.locator(".st-key-channel_edit summary").click()
    return page.locator(".st-key-channel_edit [data-testid=stDataFrame]")


def column(grid: Locator, number: int, rows: int) -> list[str]:
    return [grid.get_by_test_id(f"glide-cell-{number}-{row}").inner_text() for row in range(rows)]


def undo(page: Page) -> None:
    with answered(page):
        button(page, "bar_undo").click()


@pytest.mark.deep
def test_per_cent_pasted_from_a_spreadsheet_are_per_cent(page, address):
    visit(page, address)
    before = exact(page, "Net profit")
    pasted(page, channel_grid(page), REFUND, 0, "38.0%\n41.5%\n60.0%")
    assert column(channel_grid(page), REFUND, 3) == ["38.0", "41.5", "60.0"]
    assert abs(exact(page, "Net profit") / before - 1) < 0.02
    undo(page)
    assert column(channel_grid(page), REFUND, 3) == ["38.0", "42.0", "58.0"] and exact(page, "Net profit") == before


@pytest.mark.deep
def test_fractions_pasted_into_per_cent_are_taken_and_asked_about(page, address):
    visit(page, address)
    before = exact(page, "Net profit")
    pasted(page, channel_grid(page), REFUND, 0, "0.38\n0.42\n0.58")
    expect(page.get_by_text("Did you mean 42.0 %?")).to_be_visible()
    with answered(page):
        button(page, "meant_channel_editor").click()
    assert exact(page, "Net profit") == before and not page.get_by_text("Did you mean").count()


def test_a_refused_cell_is_named_at_the_grid_and_holds_up_no_other(page, address):
    visit(page, address)
    before = exact(page, "Net profit")
    put(page, channel_grid(page), REFUND, 0, "150")
    expect(page.locator(".st-key-channel_edit [data-testid=stAlert]")).to_contain_text("150")
    assert column(channel_grid(page), REFUND, 1) == ["38.0"] and exact(page, "Net profit") == before
    put(page, channel_grid(page), CPM, 1, "２０")
    assert column(channel_grid(page), CPM, 2) == ["64.0", "20.0"] and exact(page, "Net profit") != before
    assert not page.locator(".st-key-channel_edit [data-testid=stAlert]").count()
    put(page, channel_grid(page), REFUND, 0, "nonsense")
    with answered(page):
        page.get_by_test_id("stButtonGroup").first.get_by_text("中文").click()
    expect(page.locator(".st-key-channel_edit [data-testid=stAlert]")).to_contain_text("“nonsense”不是数字")
    go(page, "客户")
    go(page, "推演")
    assert (column(channel_grid(page), REFUND, 1), column(channel_grid(page), CPM, 2)) == (["38.0"], ["64.0", "20.0"])
    undo(page)
    assert column(channel_grid(page), CPM, 2) == ["64.0", "28.0"], "one edit, one step"
    expect(page.locator(".st-key-bar_undo button")).to_be_disabled()
    reload(page)
    assert column(channel_grid(page), REFUND, 1) == ["38.0"]


@pytest.mark.parametrize("typed", part(["150", "一半"], 2, 1))
def test_a_tier_that_is_refused_holds_up_no_other(page, address, typed):
    visit(page, address, "/customers", lang="zh")
    sections(page, "tiers")
    grid = page.locator("[data-testid=stDataFrame]").last
    put(page, grid, 2, 0, typed)
    expect(page.get_by_text("1 格没有采用")).to_be_in_viewport()
    shown = column(grid, 2, 1)
    put(page, grid, 4, 1, "0.09")
    settled(page)
    assert column(grid, 2, 1) == shown and not page.get_by_text("没有采用").count()
    undo(page)
    assert column(grid, 4, 2)[1] == "0.05"
    expect(page.locator(".st-key-bar_undo button")).to_be_disabled()


def test_what_is_typed_first_is_not_lost_while_the_cells_editor_is_fetched(page, address):
    """Its script takes 300 ms to come, as from a server that is not on this machine; the hand needs longer to the cell."""
    page.route("**/static/js/*overlay-editor*", lambda route: (time.sleep(0.3), route.continue_()))
    visit(page, address)
    grid = channel_grid(page)
    grid.hover()
    page.wait_for_timeout(900)
    mark(page, grid, REFUND, 0)
    page.keyboard.type("39.5", delay=60)
    with answered(page):
        page.keyboard.press("Enter")
    assert column(grid, REFUND, 1) == ["39.5"]
