"""Budgets by channel and month as a person puts them in: pasted as a block, in sight with their sums, one undo."""

from __future__ import annotations

from hands import answered, button, mark, pasted, put, sections, visit
from playwright.sync_api import Page, expect


def totals(page: Page) -> list[str]:
    return page.locator(".st-key-month_budget table tr").last.locator("td, th").all_inner_texts()


def test_a_block_of_channel_by_month_is_pasted_adds_up_and_is_one_undo(page, address):
    visit(page, address, "/plan")
    sections(page, "month_budget")
    before = totals(page)
    assert before[1] == "13,200,000"
    with answered(page):
        page.locator(".st-key-edit_budget summary").click()
    grid = page.locator(".st-key-edit_budget [data-testid=stDataFrame]")
    pasted(page, grid, 1, 0, "\n".join("\t".join(f"{100_000 * (row + 1) + month}" for month in range(12)) for row in range(5)))
    expect(page.locator(".st-key-month_budget table tr").nth(1)).to_contain_text("1,200,066")
    assert totals(page)[1:4] == ["18,000,330", "100.0%", "1,500,000"]
    put(page, grid, 2, 1, "a third")
    expect(page.locator(".st-key-edit_budget [data-testid=stAlert]")).to_contain_text("a third")
    with answered(page):
        button(page, "bar_undo").click()
    assert totals(page) == before
    expect(page.locator(".st-key-bar_undo button")).to_be_disabled()
    mark(page, grid, 1, 0)
