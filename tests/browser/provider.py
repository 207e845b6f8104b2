"""A company's identity provider on this machine, and the settings that lead a site to it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from hands import button
from oidc_provider_mock import User, run_server_in_thread
from people import ROLES
from playwright.sync_api import Page

#: what only the site and its provider may know
CLIENT_SECRET, COOKIE_SECRET = "s3cret-of-the-client-24", "c" * 16 + "s3cret-of-the-cookies-in-48-signs"


@contextmanager
def provider(secrets: Path, address: str, people: Mapping[str, Sequence[str]]) -> Iterator[Path]:
    """The provider as long as it is used; the site's file of secrets. people: their groups."""
    users = [User(sub=sub, claims={"name": sub.title(), "email": f"{sub}@example.com", "groups": list(groups)})
             for sub, groups in people.items()]
    with run_server_in_thread(user_claims=users) as found:
        said = {"redirect_uri": f"{address}/oauth2callback", "cookie_secret": COOKIE_SECRET, "client_id": "sandtable",
                "client_secret": CLIENT_SECRET,
                "server_metadata_url": f"http://localhost:{found.server_port}/.well-known/openid-configuration"}
        lines = ["[auth]", *(f"{k} = {json.dumps(v)}" for k, v in said.items())]
        lines += ["[sandtable.roles]", *(f"{k} = {json.dumps(v)}" for k, v in ROLES.items())]
        secrets.write_text("\n".join(lines))
        yield secrets


def let_the_provider_be_seen(page: Page) -> None:
    """Its own page asks hosts outside for its looks."""
    page.context.route(re.compile("cdn|favicon.ico"), lambda route: route.fulfill(status=204))


def sign_in(page: Page, who: str) -> None:
    button(page, "door_sign_in").click()
    page.get_by_role("button", name=who, exact=True).click()
