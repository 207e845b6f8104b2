"""The plan page in a real browser: opening rows, editing, switching, narrow screens."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from hands import CHART, answered, button, drawn, sections, settled, typed, visit
from playwright.sync_api import Locator, Page, expect

MONTHS = 12


def plan(page: Page, address: str, *opened: str, lang: str = "en") -> Page:
    visit(page, address, "/plan", lang)
    expect(page.locator(".sd-tree").first).to_be_visible()
    if opened:
        sections(page, *opened)
    return page


def table(page: Page, label: str):
    return page.get_by_role("table", name=label, exact=True)


def row(page: Page, label: str, name: str):
    return table(page, label).locator("tbody tr").filter(has=page.get_by_role("rowheader", name=name, exact=True))


def answer(page: Page) -> Locator:
    return page.get_by_role("heading", name=re.compile(r"The plan meets \d+ of \d+ targets"))


@pytest.mark.deep
def test_a_deep_link_on_a_cold_server_opens_the_page(cold, page):
    plan(page, cold)
    expect(answer(page)).to_contain_text("of 20 targets")
    assert "/plan" in page.url


def test_rows_open_by_keyboard_keep_the_focus_and_stay_open_when_numbers_change(page, address):
    plan(page, address, "promotions")
    lines = table(page, "Profit and loss").locator("tbody tr")
    expect(lines.first).to_be_visible()
    before = lines.count()
    opener = page.get_by_role("button", name="Marketing", exact=True)
    opener.focus()
    page.keyboard.press("Enter")
    expect(lines).to_have_count(before + 5)
    expect(opener).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "true")
    profit = row(page, "Profit and loss", "Net profit").locator("td").first
    then = profit.inner_text()
    with answered(page):
        page.locator(".st-key-on_promotion button").nth(2).click()
    expect(profit).not_to_have_text(then)
    expect(lines).to_have_count(before + 5)


def test_a_switch_changes_the_answer_and_undo_brings_it_back(page, address):
    plan(page, address, "promotions")
    before = answer(page).inner_text()
    with answered(page):
        page.locator(".st-key-on_promotion button").filter(has_text="Double 11").click()
    expect(row(page, "Promotions", "Double 11 (off)")).to_be_visible()
    expect(answer(page)).not_to_have_text(before)
    button(page, "bar_undo").click()
    expect(row(page, "Promotions", "Double 11")).to_be_visible()
    expect(answer(page)).to_have_text(before)


@pytest.mark.race
def test_undo_pressed_faster_than_the_page_answers_brings_everything_back(page, address):
    """Each press carries the switches as the browser knew them: nobody has moved those."""
    plan(page, address, "promotions")
    pills = page.locator(".st-key-on_promotion button[data-variant]")
    on = "els => els.map(e => e.getAttribute('aria-pressed'))"
    before = pills.evaluate_all(on)
    for i in range(3):
        with answered(page):
            pills.nth(i).click()
    assert pills.evaluate_all(on) != before
    undo = button(page, "bar_undo")
    for _ in range(3):
        undo.click(no_wait_after=True)
    settled(page)
    page.wait_for_timeout(1_500)
    settled(page)
    assert pills.evaluate_all(on) == before
    expect(undo).to_be_disabled()


def test_a_row_is_added_renamed_and_keeps_what_it_is(page, address):
    """The browser names the row at hand by its name, which changes under it."""
    plan(page, address, "team")
    with answered(page):
        page.locator(".st-key-edit_team summary").click()
    with answered(page):
        page.locator(".st-key-add_team_ button").click()
    name = page.locator(".st-key-edit_team").get_by_label("Team name (English)", exact=True)
    expect(name).to_have_value("New position 7")
    typed(page, name, "Photo studio")
    expect(row(page, "Team", "Photo studio")).to_be_visible()
    typed(page, page.locator(".st-key-edit_team").get_by_label("Headcount", exact=True).first, "4")
    expect(row(page, "Team", "Photo studio").locator("td").first).to_have_text("4")
    expect(name).to_have_value("Photo studio")
    undo = button(page, "bar_undo")
    with answered(page):
        undo.click()
    expect(row(page, "Team", "Photo studio").locator("td").first).to_have_text("1")
    with answered(page):
        undo.click()
    expect(row(page, "Team", "New position 7")).to_be_visible()
    with answered(page):
        undo.click()
    expect(row(page, "Team", "New position 7")).to_have_count(0)
    expect(undo).to_be_disabled()


def test_the_language_changes_with_an_editor_open_and_nothing_else_does(page, address):
    plan(page, address, "promotions")
    with answered(page):
        page.locator(".st-key-edit_promotion summary").click()
    expect(page.locator(".st-key-edit_promotion").get_by_label("Last day", exact=True)).to_have_count(1)
    page.locator(".st-key-pick_promotion_ [data-baseweb=select]").or_(page.locator(".st-key-pick_promotion_ input")).first.click()
    with answered(page):
        page.get_by_role("option", name="Double 12").click()
    expect(page.locator(".st-key-edit_promotion").get_by_label("Last day", exact=True)).to_have_value("12-13")
    with answered(page):
        page.get_by_role("radio", name="中文").or_(page.get_by_role("button", name="中文")).first.click()
    expect(page.locator(".st-key-edit_promotion").get_by_label("结束日", exact=True)).to_have_value("12-13")
    expect(page.locator(".st-key-bar_undo button")).to_be_disabled()


def test_the_file_of_the_statement(page, address):
    plan(page, address, lang="zh")
    with page.expect_download() as download:
        page.locator(".st-key-csv_statement button").click()
    raw = Path(download.value.path()).read_bytes()
    lines = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert raw.startswith(b"\xef\xbb\xbf") and len(lines[1]) == 3 + MONTHS + 5
    assert lines[0][:3] == ["科目", "科目代码", "明细"] and lines[1][:3] == ["GMV", "gmv", "合计"], "on the server's own thread"
    assert re.fullmatch(r"青禾服饰_2027_年度经营计划_利润表_\d{8}\.csv", download.value.suggested_filename)


@pytest.mark.deep
def test_a_phone_shows_every_editor_without_scrolling_sideways(new_page, address):
    page = plan(new_page(width=390, height=844), address, "targets", "promotions", "initiatives", "team", lang="zh")
    for key in ("edit_target", "edit_promotion", "edit_initiative", "edit_team"):
        with answered(page):
            page.locator(f".st-key-{key} summary").click()
        expect(page.locator(f".st-key-{key}").get_by_role("button").last).to_be_visible()
    nothing_reaches_over(page)
    with answered(page):
        page.locator(".st-key-lang button", has_text="EN").click()
    page.emulate_media(color_scheme="dark")
    settled(page)
    nothing_reaches_over(page)


def nothing_reaches_over(page: Page) -> None:
    drawn(page, 2, CHART)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    narrow = page.evaluate("""() => [...document.querySelectorAll('.sd-tree tbody th')]
        .filter(e => e.getBoundingClientRect().width < 60).length""")
    assert narrow == 0
    cut = page.evaluate("""() => [...document.querySelectorAll('[data-testid=stVegaLiteChart] svg')].flatMap(svg => {
        const box = svg.getBoundingClientRect()
        return [...svg.querySelectorAll('text')].filter(e => e.textContent.trim()).map(e => [e.textContent, e.getBoundingClientRect()])
            .filter(([, r]) => r.left < box.left - 1 || r.right > box.right + 1 || r.top < box.top - 1 || r.bottom > box.bottom + 1)
            .map(([text]) => text) })""")
    assert cut == []
