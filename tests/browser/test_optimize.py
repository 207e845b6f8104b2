"""The Optimize page as a person meets it: a point of the frontier clicked and taken over, nothing wider than a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from test_channels_customers import settled, visit

DOTS = ".st-key-chart_frontier svg g.mark-symbol.role-mark"


def tab(page: Page, number: int) -> None:
    page.get_by_role("tab").nth(number).click()
    settled(page)


def frontier(page: Page) -> Locator:
    """The frontier drawn; its dots, the dearest last."""
    tab(page, 1)
    page.locator(".st-key-go_frontier button").click()
    expect(page.locator(".st-key-frontier_take button")).to_be_visible()
    dots = page.locator(DOTS).first.locator("path")
    expect(dots).to_have_count(13)
    return dots


def click_on(page: Page, dot: Locator) -> None:
    dot.scroll_into_view_if_needed()
    box = dot.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


@pytest.mark.parametrize("width", [390, 1280])
def test_a_point_clicked_in_the_frontier_is_chosen_and_taken_over(new_page, address, width):
    page = visit(new_page(width=width), address, "optimize")
    dots = frontier(page)
    chosen = page.locator(".st-key-frontier_point")
    for number in (3, 11):
        click_on(page, dots.nth(number - 1))
        expect(chosen.locator("input")).to_have_value(re.compile(rf"^No\. {number}, "))
    page.locator(".st-key-frontier_take button").click()
    expect(page.locator(".st-key-bar_undo button")).to_be_enabled()
    expect(page.get_by_text("Taken.")).to_be_visible()
    expect(page.get_by_text("no longer fits")).to_be_visible()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_answers_scroll_inside_their_tables_on_a_phone(new_page, address, lang):
    page = visit(new_page(width=390), address, "optimize", lang)
    page.locator(".st-key-go_split button").click()
    expect(page.locator(".st-key-split_apply button")).to_be_visible()
    settled(page)
    frame = page.locator(".sd-scroll").last
    assert frame.evaluate("e => e.scrollWidth > e.clientWidth")
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    for number in (1, 2, 3):
        tab(page, number)
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390


def test_a_floor_in_yuan_typed_into_the_table_holds_under_both_tabs(page, address):
    """Content takes 1.848 million a year today and may take 2.402 million; 2.4 million are typed."""
    visit(page, address, "optimize")
    page.locator("[data-testid=stExpander] summary").click()
    cell = page.locator("[data-testid=stDataFrame]").first
    expect(cell).to_be_visible()
    settled(page)
    page.wait_for_timeout(500)
    box = cell.bounding_box()
    page.mouse.click(box["x"] + 0.72 * box["width"], box["y"] + 2.5 * box["height"] / 6)
    page.keyboard.type("2.4")
    page.keyboard.press("Enter")
    settled(page)
    page.locator(".st-key-go_split button").click()
    expect(page.locator(".st-key-split_apply button")).to_be_visible()
    expect(page.locator(".sd-scroll").last).to_contain_text("18.2%")   # 2.4 of 13.2 million
    frontier(page)
    tab(page, 0)
    page.locator(".st-key-go_split button").click()
    expect(page.locator(".sd-scroll").last).to_contain_text("18.2%")
