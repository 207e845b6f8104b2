"""The work of a plan as a person fills it in: a paste into empty rows, a word typed after it, one undo each."""

from __future__ import annotations

from hands import answered, button, mark, pasted, put, reload, sections, visit
from playwright.sync_api import expect

#: the offers of the sample take six rows
NAME, SEGMENT, NEXT = 0, 1, 6


def test_rows_pasted_below_the_last_become_offers_and_one_undo_takes_them_back(page, address):
    visit(page, address, "/plan", lang="zh")
    sections(page, "work")
    grid = page.locator(".st-key-section_work [data-testid=stDataFrame]").nth(1)
    offers = page.locator(".st-key-section_work").get_by_text("分人群权益：6 条")
    expect(offers).to_be_visible()
    mark(page, grid, NAME, NEXT)
    page.keyboard.type("Keys typed at once", delay=40)
    expect(page.locator("#portal .gdg-input")).to_have_value("Keys typed at once")
    page.keyboard.press("Escape")
    pasted(page, grid, NAME, NEXT, "新客礼\t新客\n老客券\t活跃\n路过券\t路人")
    expect(page.locator(".st-key-section_work").get_by_text("分人群权益：9 条")).to_be_visible()
    expect(page.locator(".st-key-section_work [data-testid=stAlert]")).to_contain_text("路人")
    assert [grid.get_by_test_id(f"glide-cell-{SEGMENT}-{NEXT + i}").inner_text() for i in range(3)] == ["新客", "活跃", "新客"]
    put(page, grid, SEGMENT, NEXT + 2, "沉睡")
    expect(page.locator(".st-key-section_work [data-testid=stAlert]")).to_have_count(0)
    reload(page)
    sections(page, "work")
    expect(page.locator(".st-key-section_work").get_by_text("分人群权益：9 条")).to_be_visible()
    for _ in range(2):
        with answered(page):
            button(page, "bar_undo").click()
    expect(offers).to_be_visible()
    expect(page.locator(".st-key-bar_undo button")).to_be_disabled()
