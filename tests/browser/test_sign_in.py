"""Signing in with a company's identity provider, here a small one on this machine: the whole way, cookies and redirects included."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from hands import button, file_box, settled
from oidc_provider_mock import User, run_server_in_thread
from people import ROLES
from playwright.sync_api import Page, expect
from started import server

from deploy.serve import free_port
from model.io.store import ScenarioStore
from pages.ui.session.sign_in import key_of
from samples import sample

PEOPLE = {"vera": ["sales"], "pan": ["budget"]}


@pytest.fixture
def company(browser, tmp_path) -> Iterator[str]:
    """The app's address, with its provider running."""
    users = [User(sub=sub, claims={"name": sub.title(), "email": f"{sub}@example.com", "groups": groups}) for sub, groups in PEOPLE.items()]
    with run_server_in_thread(user_claims=users) as provider:
        port, secrets = free_port(), tmp_path / "secrets.toml"
        said = {"redirect_uri": f"http://localhost:{port}/oauth2callback", "cookie_secret": "c" * 48, "client_id": "sandtable",
                "client_secret": "s" * 24,
                "server_metadata_url": f"http://localhost:{provider.server_port}/.well-known/openid-configuration"}
        lines = ["[auth]", *(f"{k} = {json.dumps(v)}" for k, v in said.items())]
        lines += ["[sandtable.roles]", *(f"{k} = {json.dumps(v)}" for k, v in ROLES.items())]
        secrets.write_text("\n".join(lines))
        with server(tmp_path / "server.log", "--secrets.files", str(secrets), port=port):
            yield f"http://localhost:{port}"


def sign_in(page: Page, who: str) -> None:
    button(page, "door_sign_in").click()
    page.get_by_role("button", name=who, exact=True).click()


def test_who_is_signed_in_lands_on_the_page_asked_for_may_what_the_role_allows_and_is_out_everywhere(company, new_page, tmp_path):
    store = ScenarioStore(f"sqlite:///{tmp_path}/sandtable.db")
    id = store.save(sample().with_values({"headline.aov": 1.1}).named("Board's plan"), author="Wang").entry.id
    page = new_page()
    page.context.route(re.compile("cdn|favicon.ico"), lambda route: route.fulfill(status=204))  # of the provider's own page
    page.goto(f"{company}/risk?lang=en&id={id}&version=1")
    expect(page.locator(".st-key-door")).to_contain_text("Sign in with your company's account")
    sign_in(page, "vera")
    settled(page)
    expect(page).to_have_url(re.compile(rf"/risk\?.*id={id}"))
    expect(page.locator("#root")).to_contain_text("Board's plan")
    expect(button(page, "bar_save_version")).to_be_disabled()

    other = page.context.new_page()  # another tab of the same browser
    other.goto(f"{company}/?lang=en")
    settled(other)
    page.bring_to_front()
    file_box(page)
    expect(page.get_by_text("Signed in: Vera (viewer)")).to_be_visible()
    button(page, "account_everywhere").click()
    page.wait_for_url(re.compile("/oauth2/end_session"))  # the provider is told as well, and asks
    other.bring_to_front()
    other.locator(".st-key-lever_cvr input[type=range]").press("ArrowRight")
    expect(other.locator(".st-key-door")).to_be_visible()
    other.close()

    page.goto(f"{company}/scenarios?lang=en")
    sign_in(page, "pan")
    settled(page)
    button(page, "desk_new").click()
    expect(page.get_by_test_id("stAlert").first).to_contain_text("Saved: ")
    assert [(d.author, d.account) for d in store.audit(1, author="it")] == [("Pan", "pan@example.com")]
    assert store.last_draft(key_of({"iss": "x", "sub": "pan"})) is None
    store.close()
