"""People who are signed in, for tests: what a company's identity provider says of them, and what the app is told of its groups."""

from __future__ import annotations

import time

from streamlit.testing.v1 import AppTest

AUTH = {"redirect_uri": "http://localhost/oauth2callback", "cookie_secret": "x" * 40, "client_id": "sandtable",
        "client_secret": "y" * 40, "server_metadata_url": "http://localhost/.well-known/openid-configuration"}
ROLES = {"viewer": ["*"], "planner": ["budget"], "approver": ["board"], "admin": ["it"]}


def claims(name: str, *groups: str, **more) -> dict:
    """What the identity token of a person says."""
    return {"is_logged_in": True, "iss": "https://id.example.com", "sub": name.lower(), "name": name, "iat": int(time.time()),
            "email": f"{name.lower()}@example.com", "groups": list(groups), **more}


def signed_in(at: AppTest, name: str, *groups: str, said: dict | None = None, **more) -> AppTest:
    """The app as this person has it. said: of [sandtable], beside the roles."""
    at.secrets = {"auth": AUTH, "sandtable": {"roles": ROLES, **(said or {})}}
    at.user = claims(name, *groups, **more)
    return at
