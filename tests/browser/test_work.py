"""The work of a plan as a person fills it in: a paste into empty rows, a word typed after it, one undo each."""

from __future__ import annotations

from hands import answered, button, mark, pasted, put, reload, sections, visit
from playwright.sync_api import expect

#: the offers of the sample take six rows, its tasks fourteen
NAME, SEGMENT, NEXT, TASKS = 0, 1, 6, 14
SHEET = ".st-key-section_work [data-testid=stDataFrame]"


def test_what_is_typed_cell_by_cell_stays_under_the_hand_and_nothing_stands_in_a_cell_that_nobody_typed(page, address):
    """Enter leads to the row below and not back to the first; a new offer has no group, a new task no state of its own."""
    visit(page, address, "/plan", lang="zh")
    sections(page, "work")
    offers, tasks = (page.locator(SHEET).nth(n) for n in (1, 2))
    put(page, offers, NAME, NEXT, "老客券")
    expect(offers.locator("td[aria-selected=true]")).to_have_attribute("data-testid", f"glide-cell-{NAME}-{NEXT + 1}")
    assert not offers.get_by_test_id(f"glide-cell-{SEGMENT}-{NEXT}").inner_text().strip("—")
    for column, text in ((NAME + 1, "盘点"), (3, "2027/3/1"), (4, "2027年3月9日")):  # the first is the rows' number
        mark(page, tasks, column, 5)
        for row in range(6, TASKS + 1):
            page.keyboard.press("ArrowDown")
            expect(tasks.get_by_test_id(f"glide-cell-{column}-{row}")).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Enter")
        page.locator("#portal .gdg-input").fill(text)
        with answered(page):
            page.keyboard.press("Enter")
        expect(tasks.locator("td[aria-selected=true]")).to_have_attribute("data-testid", f"glide-cell-{column}-{TASKS + 1}")
    expect(page.locator(".st-key-section_work").get_by_text(f"任务：{TASKS + 1} 项").first).to_be_visible()
    for _ in range(4):
        with answered(page):
            button(page, "bar_undo").click()
    expect(page.locator(".st-key-bar_undo button")).to_be_disabled()


def test_rows_pasted_below_the_last_become_offers_and_one_undo_takes_them_back(page, address):
    visit(page, address, "/plan", lang="zh")
    sections(page, "work")
    grid = page.locator(SHEET).nth(1)
    offers = page.locator(".st-key-section_work").get_by_text("分人群权益：6 条")
    expect(offers).to_be_visible()
    mark(page, grid, NAME, NEXT)
    page.keyboard.type("Keys typed at once", delay=40)
    expect(page.locator("#portal .gdg-input")).to_have_value("Keys typed at once")
    page.keyboard.press("Escape")
    pasted(page, grid, NAME, NEXT, "新客礼\t新客\n老客券\t活跃\n路过券\t路人")
    expect(page.locator(".st-key-section_work").get_by_text("分人群权益：9 条")).to_be_visible()
    expect(page.locator(".st-key-section_work [data-testid=stAlert]")).to_contain_text("路人")
    assert [grid.get_by_test_id(f"glide-cell-{SEGMENT}-{NEXT + i}").inner_text() for i in range(3)] == ["新客", "活跃", ""]
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
