"""Method in a browser: from a page's number down to its driver by keyboard; reload, history and work stay."""

from __future__ import annotations

import re

from playwright.sync_api import expect
from test_app import button, move, settled, visit


def test_from_a_card_to_its_driver_by_keyboard_and_the_work_stays(page, address):
    visit(page, address)
    move(page, "lever_aov", "ArrowRight", "ArrowRight")
    opener = page.locator(".st-key-where_simulate button")
    opener.focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="ROAS on GMV").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/method\?.*figure=kpi.roas_gmv"))
    settled(page)
    expect(page.locator(".stMarkdownBadge").first).to_have_text("changed")
    below = page.locator(".st-key-method_down button").first
    below.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"figure=line.gmv.*via=kpi.roas_gmv"))
    settled(page)
    page.reload()
    settled(page)
    expect(page).to_have_url(re.compile(r"figure=line.gmv.*via=kpi.roas_gmv"))
    expect(page.locator(".st-key-method_way button").first).to_be_visible()
    expect(page.locator(".stMarkdownBadge").first).to_have_text("changed")
    expect(button(page, "bar_undo")).to_be_enabled()


def test_each_page_ends_with_the_way_to_its_equations(page, address):
    for path in ("channels", "customers", "plan", "risk"):
        page.goto(f"{address}/{path}?lang=en")
        settled(page)
        expect(page.locator(f".st-key-where_{path} button").first).to_be_visible()
