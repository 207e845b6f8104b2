"""For everybody: the page's language and title, a way to the sliders, what a move did said aloud, a focus that is seen, and no
word of Streamlit's own left in English."""

from __future__ import annotations

import re

import pytest
from hands import answered, press, settled, slider, until, visit
from playwright.sync_api import expect

#: the ring around what has the focus: its width, and whether it differs from what is behind it
RING = """() => { const s = getComputedStyle(document.activeElement); return [s.outlineStyle, parseFloat(s.outlineWidth), s.outlineColor] }"""


def test_language_title_and_words_of_streamlit_follow_the_reader(page, address):
    visit(page, address, lang="zh")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page).to_have_title("推演 · 青禾服饰 2027 年度经营计划 · 经营沙盘")
    expect(page.get_by_test_id("stSkipToContent")).to_have_text("跳到正文")
    expect(page.get_by_label("流量价格的说明")).to_have_count(1)
    expect(page.get_by_label(re.compile("^查看数据"))).to_have_count(4)
    page.get_by_test_id("stMainMenu").click()
    expect(page.get_by_test_id("stMainMenuPopover")).to_contain_text("跟随系统")
    page.keyboard.press("Escape")
    with answered(page):
        page.locator(".st-key-lang button", has_text="EN").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_title("Simulate · Qinghe Apparel 2027 operating plan · Sandtable")
    expect(page.get_by_test_id("stSkipToContent")).to_have_text("Skip to main content")
    expect(page.get_by_label("Help for Traffic price")).to_have_count(1)
    page.goto(f"{address}/risk?lang=zh")
    settled(page)
    expect(page).to_have_title(re.compile("^风险 · 青禾服饰"))


def test_the_first_slider_is_two_keys_away_and_a_move_is_said_once_it_is_over(page, address):
    visit(page, address)
    live = page.locator("#sd-live")
    expect(live).to_have_attribute("role", "status")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(slider(page, "lever_traffic_price")).to_be_focused()
    assert live.inner_text() == "", "nothing was moved yet"
    said = []
    page.expose_function("heard", lambda text: said.append(text))
    page.evaluate("new MutationObserver(() => heard(document.querySelector('#sd-live').textContent)).observe("
                  "document.querySelector('#sd-live'), {childList: true, characterData: true, subtree: true})")
    press(page, "lever_aov", *["ArrowRight"] * 5)
    expect(live).to_contain_text(re.compile(r"GMV for the year comes to ¥1\d\d.*chance \d.*net margin is .*chance \d"))
    assert len(said) < 4, said


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_focus_is_seen_in_light_and_dark(new_page, address, colours):
    page = visit(new_page(color_scheme=colours), address)
    for at in (".st-key-bar_save_version button", ".sd-label", ".st-key-preset_base button", ".st-key-type_box button"):
        page.locator(at).first.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        style, width, colour = page.evaluate(RING)
        assert style == "solid" and width >= 2, at
        assert colour == ("rgb(31, 95, 191)" if colours == "light" else "rgb(140, 187, 255)"), at
    until(page, "() => document.querySelector('#sd-jump') !== null")


def test_a_first_visit_is_greeted_until_it_is_answered_and_never_again(new_page, address):
    page = visit(new_page(new=True), address)
    greeting = page.locator(".st-key-greeting")
    expect(greeting).to_contain_text("This is a fictional shop")
    press(page, "lever_aov", "ArrowRight")
    expect(greeting).to_have_count(1)
    with answered(page):
        greeting.get_by_role("button", name="Understood").click()
    expect(greeting).to_have_count(0)
    until(page, "() => document.cookie.includes('sandtable_met=1')")
    page.goto(f"{address}/?lang=en")
    settled(page)
    expect(greeting).to_have_count(0)


@pytest.mark.deep
def test_the_greeting_leads_to_ones_own_numbers_and_stands_over_no_plan_of_ones_own(new_page, address):
    page = visit(new_page(new=True), address)
    page.get_by_role("button", name="Use my numbers").click()
    expect(page).to_have_url(re.compile("/own"))
    settled(page)
    page.get_by_role("button", name="Make the plan").click()
    expect(page.locator(".st-key-first_look")).to_be_visible()
    with answered(page):
        page.locator(".st-key-first_simulate button").click()
    expect(page.locator(".sd-card")).to_have_count(8)
    expect(page.locator(".st-key-greeting")).to_have_count(0)
