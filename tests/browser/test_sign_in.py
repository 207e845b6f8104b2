"""Signing in with a company's identity provider, here a small one on this machine: the whole way, cookies and redirects included."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from hands import answered, button, file_box, go, move, reload, settled, slider, tick
from playwright.sync_api import Page, expect
from provider import let_the_provider_be_seen, provider, sign_in
from started import server

from deploy.serve import free_port
from model.io.store import ScenarioStore
from pages.ui.session.sign_in import key_of
from samples import sample

#: seconds until the site has seen that its settings changed
PATIENCE = 30
PEOPLE = {"vera": ["sales"], "pan": ["budget"], "apu": ["board"], "bo": ["budget", "board"]}


@dataclass
class Company:
    """address: of its site; secrets: the file with the site's settings."""

    address: str
    secrets: Path
    store: ScenarioStore


@pytest.fixture(scope="module")
def company(browser, tmp_path_factory) -> Iterator[Company]:
    folder, port = tmp_path_factory.mktemp("company"), free_port()
    address = f"http://localhost:{port}"
    with ExitStack() as open_:
        secrets = open_.enter_context(provider(folder / "secrets.toml", address, PEOPLE))
        open_.enter_context(server(folder / "server.log", "--secrets.files", str(secrets), port=port))
        yield Company(address, secrets, open_.enter_context(closing(ScenarioStore(f"sqlite:///{folder}/sandtable.db"))))


@pytest.fixture
def arrive(company, new_page):
    """A browser of its own whose person has signed in on a page."""
    def at(who: str, page: str) -> Page:
        opened = new_page()
        let_the_provider_be_seen(opened)
        opened.goto(f"{company.address}/{page}?lang=en")
        sign_in(opened, who)
        return settled(opened)

    return at


def door(page: Page):
    return page.locator(".st-key-door")


def test_who_is_signed_in_lands_on_the_page_asked_for_may_what_the_role_allows_and_is_out_everywhere(company, new_page):
    store = company.store
    id = store.save(sample().with_values({"headline.aov": 1.1}).named("Board's plan"), author="Wang").entry.id
    page = new_page()
    let_the_provider_be_seen(page)
    page.goto(f"{company.address}/risk?lang=en&id={id}&version=1")
    expect(door(page)).to_contain_text("Sign in with your company's account")
    sign_in(page, "vera")
    settled(page)
    expect(page).to_have_url(re.compile(rf"/risk\?.*id={id}"))
    expect(page.locator("#root")).to_contain_text("Board's plan")
    expect(button(page, "bar_save_version")).to_be_disabled()

    other = page.context.new_page()  # another tab of the same browser
    other.goto(f"{company.address}/?lang=en")
    settled(other)
    page.bring_to_front()
    file_box(page)
    expect(page.get_by_text("Signed in: Vera (viewer)")).to_be_visible()
    button(page, "account_everywhere").click()
    page.wait_for_url(re.compile("/oauth2/end_session"))  # the provider is told as well, and asks
    other.bring_to_front()
    other.locator(".st-key-lever_cvr input[type=range]").press("ArrowRight")
    expect(door(other)).to_be_visible()
    other.close()

    page.goto(f"{company.address}/scenarios?lang=en")
    sign_in(page, "pan")
    settled(page)
    button(page, "desk_new").click()
    expect(page.get_by_test_id("stAlert").first).to_contain_text("Saved: ")
    assert [(d.author, d.account) for d in store.audit(1, author="it")] == [("Pan", "pan@example.com")]
    assert store.last_draft(key_of({"iss": "x", "sub": "pan"})) is None


def last_for(company: Company, hours: float) -> None:
    """How long sign-ins last, from the moment on when the site looks at its file again."""
    said = [line for line in company.secrets.read_text().splitlines() if not line.startswith(("[sandtable]", "hours"))]
    company.secrets.write_text("\n".join([*said, "[sandtable]", f"hours = {hours}"]))


def test_a_visit_that_is_over_ends_in_the_running_page_and_goes_on_with_the_work_after_the_next_sign_in(company, arrive):
    page = arrive("pan", "")
    moved = move(page, "lever_aov", "ArrowRight")
    go(page, "Risk")
    asked = page.url
    assert "/risk?" in asked and "w=" in asked
    last_for(company, 1e-6)
    end = time.monotonic() + PATIENCE
    while not door(page).is_visible():
        assert time.monotonic() < end, "the page goes on"
        if button(page, "bar_pin").is_visible():
            button(page, "bar_pin").click()
        page.wait_for_timeout(200)
    expect(door(page)).to_contain_text("Unsaved work is kept as a draft")
    expect(page.locator("#root")).not_to_contain_text("GMV")
    last_for(company, 10)
    sign_in(page, "pan")
    settled(page)
    assert page.url == asked
    go(page, "Simulate")
    expect(slider(page, "lever_aov")).to_have_value("1")
    assert page.locator(".sd-cards").inner_text().count(moved) >= 1


def details(page: Page, row: int = 0) -> None:
    """The approval of a scenario of the list."""
    tick(page, row)
    page.get_by_role("tab", name="Approval").click()


def press(page: Page, key: str) -> None:
    with answered(page):
        button(page, key).click()


def test_four_eyes_see_a_budget_and_what_it_is_by_now_is_what_both_pages_offer(company, arrive):
    planner = arrive("pan", "scenarios")
    planner.locator(".st-key-desk_name input").fill("Year to come")
    press(planner, "desk_new")
    id = company.store.list("Year to come").entries[0].id
    details(planner)
    press(planner, "approval_submit")
    expect(button(planner, "desk_withdraw")).to_be_visible()
    expect(planner.locator(".st-key-desk_save")).to_have_count(0)
    expect(button(planner, "shelf_archive")).to_be_disabled()
    expect(planner.get_by_role("tab", name="Approval")).to_have_attribute("aria-selected", "true")

    board = arrive("apu", "scenarios")
    expect(board.locator(".st-key-approval_waiting")).to_contain_text("Year to come")
    press(board, f"approval_send_back_waiting_{id}")
    board.locator(f".st-key-shelf_reason_waiting_{id}_{id} textarea").fill("refunds look low")
    press(board, f"approval_send_yes_waiting_{id}")
    expect(board.get_by_test_id("stAlert").first).to_contain_text("Returned")
    reload(planner)
    expect(planner.locator(".st-key-approval_back")).to_contain_text("refunds look low")
    details(planner)
    press(planner, "approval_submit")
    reload(board)
    press(board, f"approval_approve_waiting_{id}")
    press(board, f"approval_approve_yes_waiting_{id}")
    expect(board.get_by_test_id("stAlert").first).to_contain_text("Approved and locked")
    reload(planner)
    expect(planner.locator("#root")).to_contain_text("is submitted or approved and does not change")
    assert company.store.approvals.budget("sample", 2027).approval.decider == "Apu"


def test_nobody_approves_what_is_his_own(company, arrive):
    page = arrive("bo", "scenarios")
    page.locator(".st-key-desk_name input").fill("A plan of Bo")
    press(page, "desk_new")
    id = company.store.list("A plan of Bo").entries[0].id
    details(page)
    press(page, "approval_submit")
    press(page, f"approval_approve_waiting_{id}")
    expect(button(page, f"approval_approve_yes_waiting_{id}")).to_be_disabled()
    assert company.store.entry(id).approval.state == "submitted"
