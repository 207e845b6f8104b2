"""Saving, finding, comparing and coming back, done in a real browser."""

from __future__ import annotations

import re

from conftest import server
from playwright.sync_api import Page, expect
from test_app import button, go, move, settled, slider, value, visit


def save_new(page: Page, name: str, author: str = "Wang") -> None:
    for key, text in (("desk_author", author), ("desk_name", name)):
        page.locator(f".st-key-{key} input").fill(text)
        page.locator(f".st-key-{key} input").press("Enter")
        settled(page)
    button(page, "desk_new").click()
    expect(page.get_by_test_id("stAlert").first).to_contain_text(f"Saved: “{name}”, version 1.")


def test_a_scenario_is_saved_found_after_a_reload_and_saved_again(page, address):
    visit(page, address)
    move(page, "lever_aov", "ArrowRight")
    go(page, "Scenarios", "Scenario library")
    save_new(page, "Browser budget")
    go(page, "Simulate")
    moved = move(page, "lever_cvr", "ArrowRight")
    page.keyboard.press("Control+s")
    expect(page.get_by_test_id("stAlert").first).to_contain_text("version 2")
    page.reload()
    settled(page)
    expect(value(page)).to_have_text(moved)
    go(page, "Scenarios", "Scenario library")
    expect(page.locator("#root")).to_contain_text("Same as version 2.")


def test_work_survives_a_restart_of_the_server(page, browser, tmp_path):
    log = tmp_path / "server.log"
    with server(log) as first:
        visit(page, first)
        moved = move(page, "lever_aov", "ArrowRight", "ArrowRight")
        page.wait_for_timeout(1500)  # drafts are written half a second after the last move
        query = page.url.split("?")[1]
    with server(log) as second:
        page.goto(f"{second}/?{query}")
        settled(page)
        expect(value(page)).to_have_text(moved)
        expect(slider(page, "lever_aov")).to_have_value("2")
        expect(button(page, "bar_undo")).to_be_enabled()


def test_two_people_saving_the_same_scenario(new_page, address):
    """Both have version 1; the second to save sees both differences and merges them."""
    first, second = new_page(), new_page()
    visit(first, address)
    go(first, "Scenarios", "Scenario library")
    save_new(first, "Shared budget")
    query = first.url.split("?")[1]
    first.wait_for_timeout(1000)
    second.goto(f"{address}/?{query}")
    settled(second)
    go(first, "Simulate")
    move(first, "lever_cvr", "ArrowRight")
    first.keyboard.press("Control+s")
    expect(first.get_by_test_id("stAlert").first).to_contain_text("version 2")
    move(second, "lever_aov", "ArrowRight")
    second.keyboard.press("Control+s")
    expect(second.get_by_test_id("stAlert").first).to_contain_text(re.compile("Wang saved “Shared budget” as version 2"))
    button(second, "desk_merge").click()
    expect(second.get_by_test_id("stAlert").first).to_contain_text("version 3")
    go(second, "Simulate")
    expect(slider(second, "lever_aov")).to_have_value("1")
    expect(slider(second, "lever_cvr")).to_have_value("1")


def test_presets_are_compared_with_a_bridge(page, address):
    visit(page, address, "/compare")
    expect(page.get_by_role("heading", name=re.compile("earns most"))).to_be_visible()
    expect(page.locator("[data-testid=stVegaLiteChart] svg")).to_have_count(3)
    expect(page.locator(".sd-table").first).to_contain_text("Conversion rate")
