"""Method in a browser: from a page's number down to its driver by keyboard; reload, history and work stay."""

from __future__ import annotations

import re

import pytest
from hands import answered, button, move, reload, visit
from playwright.sync_api import expect


def test_from_a_card_to_its_driver_by_keyboard_and_the_work_stays(page, address):
    visit(page, address)
    move(page, "lever_aov", "ArrowRight", "ArrowRight")
    opener = page.locator(".st-key-where_simulate button")
    opener.focus()
    with answered(page):
        page.keyboard.press("Enter")
    page.get_by_role("link", name="ROAS on GMV").focus()
    with answered(page):
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/method\?.*figure=kpi.roas_gmv"))
    expect(page.locator(".stMarkdownBadge").first).to_have_text("changed")
    below = page.locator(".st-key-method_down button").first
    below.focus()
    with answered(page):
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"figure=line.gmv.*via=kpi.roas_gmv"))
    reload(page)
    expect(page).to_have_url(re.compile(r"figure=line.gmv.*via=kpi.roas_gmv"))
    expect(page.locator(".st-key-method_way button").first).to_be_visible()
    expect(page.locator(".stMarkdownBadge").first).to_have_text("changed")
    expect(button(page, "bar_undo")).to_be_enabled()


@pytest.mark.deep
def test_each_page_ends_with_the_way_to_its_equations(page, address):
    for path in ("channels", "customers", "plan", "risk"):
        visit(page, address, f"/{path}")
        expect(page.locator(f".st-key-where_{path} button").first).to_be_visible()
