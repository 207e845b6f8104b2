"""Saving, finding, comparing and coming back, done in a real browser."""

from __future__ import annotations

import re
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hands import answered, button, go, move, reload, settled, slider, tick, typed, value, visit
from playwright.sync_api import Page, expect
from started import PATIENCE, server

from model.io.store import ScenarioStore
from pages.ui.session.workspace import unpack
from samples import sample


def save_new(page: Page, name: str, author: str = "Wang") -> None:
    for key, text in (("desk_author", author), ("desk_name", name)):
        typed(page, page.locator(f".st-key-{key} input"), text)
    with answered(page):
        button(page, "desk_new").click()
    expect(page.get_by_test_id("stAlert").first).to_contain_text(f"Saved: “{name}”, version 1.")


def save(page: Page) -> None:
    expect(button(page, "bar_save_version")).to_be_enabled()
    with answered(page):
        page.keyboard.press("Control+s")


def written(page: Page, database: Path, order_value: float) -> None:
    """Waits until the work of this address is in the store, some half a second after the last move."""
    store, (token,) = ScenarioStore(f"sqlite:///{database}"), parse_qs(urlsplit(page.url).query)["w"]
    end = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < end:
        draft = store.get_draft(token)
        if draft and unpack(draft.payload).scenario.get("headline.aov") == order_value:
            return store.close()
        page.wait_for_timeout(100)
    pytest.fail("the draft was not written")


def test_a_scenario_is_saved_found_after_a_reload_and_saved_again(page, address):
    visit(page, address)
    move(page, "lever_aov", "ArrowRight")
    go(page, "Scenarios", "Scenario library")
    save_new(page, "Browser budget")
    go(page, "Simulate")
    moved = move(page, "lever_cvr", "ArrowRight")
    save(page)
    expect(page.get_by_test_id("stAlert").first).to_contain_text("version 2")
    reload(page)
    expect(value(page)).to_have_text(moved)
    go(page, "Scenarios", "Scenario library")
    expect(page.locator("#root")).to_contain_text("Same as version 2.")


def expect_ticks(page: Page, *wanted: bool) -> None:
    rows = page.locator("[data-testid=stDataFrame]").first.locator("tbody tr")
    expect(rows).to_have_count(len(wanted))
    for i, ticked in enumerate(wanted):
        expect(rows.nth(i)).to_have_attribute("aria-selected", "true" if ticked else "false")


@pytest.mark.deep
def test_ticks_stay_on_their_rows_and_a_save_keeps_the_note(page, tmp_path):
    with server(tmp_path / "server.log") as address:
        store = ScenarioStore(f"sqlite:///{tmp_path}/sandtable.db")
        ids = {name: store.save(sample().named(name, f"note of {name}"), author="Wang").entry.id for name in "ABCD"}
        visit(page, address, "/scenarios")
        page.wait_for_timeout(4000)
        tick(page, 2)
        for _ in range(3):
            with answered(page):
                button(page, "shelf_lock").click()
            expect_ticks(page, False, False, True, False)
        assert {n: store.open(id).entry.locked for n, id in ids.items()} == {"A": False, "B": True, "C": False, "D": False}
        with answered(page):
            button(page, "shelf_lock").click()
        with answered(page):
            button(page, "shelf_open").click()
        expect(page.locator(".st-key-desk_note textarea")).to_have_value("note of B")
        page.locator(".st-key-desk_comment input").fill("after the meeting")
        with answered(page):
            button(page, "desk_save").click()
        saved = store.open(ids["B"])
        assert (saved.version.number, saved.version.comment, saved.entry.note) == (2, "after the meeting", "note of B")
        expect_ticks(page, False, False, True, False)
        with answered(page):
            button(page, "shelf_archive").click()
        assert {e.name for e in store.list(archived=True).entries} == {"B"}
        expect_ticks(page, False, False, False)
        store.close()


def test_work_survives_a_restart_of_the_server(page, browser, tmp_path):
    log = tmp_path / "server.log"
    with server(log) as first:
        visit(page, first)
        moved = move(page, "lever_aov", "ArrowRight", "ArrowRight")
        query = page.url.split("?")[1]
        written(page, tmp_path / "sandtable.db", 1.02)
        page.goto("about:blank")  # left open, it would look for the server that is gone
    with server(log) as second:
        page.goto(f"{second}/?{query}")
        settled(page)
        expect(value(page)).to_have_text(moved)
        expect(slider(page, "lever_aov")).to_have_value("2")
        expect(button(page, "bar_undo")).to_be_enabled()


def test_a_browser_finds_its_last_work_again_and_nobody_else_does(new_page, address):
    mine, stranger = new_page(), new_page()
    visit(mine, address)
    mine.wait_for_timeout(4000)
    moved = move(mine, "lever_aov", "ArrowRight", "ArrowRight")
    query = parse_qs(urlsplit(mine.url).query)["w"]
    reload(mine)
    move(mine, "lever_cvr", "ArrowRight")
    assert parse_qs(urlsplit(mine.url).query)["w"] == query, "a reload is the same draft"
    second = mine.context.new_page()
    visit(second, address)  # a second tab: the same work, a draft of its own
    expect(slider(second, "lever_aov")).to_have_value("2")
    assert parse_qs(urlsplit(second.url).query)["w"] != query
    second.close()
    mine.goto("about:blank")
    visit(mine, address)
    expect(slider(mine, "lever_aov")).to_have_value("2")
    visit(stranger, address)
    expect(slider(stranger, "lever_aov")).to_have_value("0")
    visit(stranger, address, w=query[0])
    expect(slider(stranger, "lever_aov")).to_have_value("2")
    assert parse_qs(urlsplit(stranger.url).query)["w"] != query and moved


@pytest.mark.deep
def test_two_people_saving_the_same_scenario(new_page, address):
    """Both have version 1; the second to save sees both differences and merges them."""
    first, second = new_page(), new_page()
    visit(first, address)
    go(first, "Scenarios", "Scenario library")
    save_new(first, "Shared budget")
    visit(second, address, "/scenarios")
    tick(second, 0)
    with answered(second):
        button(second, "shelf_open").click()
    go(second, "Simulate")
    go(first, "Simulate")
    move(first, "lever_cvr", "ArrowRight")
    save(first)
    expect(first.get_by_test_id("stAlert").first).to_contain_text("version 2")
    move(second, "lever_aov", "ArrowRight")
    save(second)
    expect(second.get_by_test_id("stAlert").first).to_contain_text(re.compile("Wang saved “Shared budget” as version 2"))
    with answered(second):
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
