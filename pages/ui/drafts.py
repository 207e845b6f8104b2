"""Scenarios too long for a link, kept on this server under the digest of their content, so that a reload finds them.

Bounded, in memory: a restart of the server forgets them, and the message then says to open the file.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from threading import Lock

from model import InvalidInput, Scenario, Violation

MAX_DRAFTS = 500
_drafts: OrderedDict[str, Scenario] = OrderedDict()
_lock = Lock()


def put(scenario: Scenario) -> str:
    """Keep a scenario; the same content has the same token."""
    content = json.dumps([scenario.base.fingerprint, scenario.name, scenario.changes], separators=(",", ":"))
    token = hashlib.sha256(content.encode()).hexdigest()[:24]
    with _lock:
        _drafts[token] = scenario
        _drafts.move_to_end(token)
        while len(_drafts) > MAX_DRAFTS:
            _drafts.popitem(last=False)
    return token


def get(token: str) -> Scenario:
    """The scenario of a token. Raises InvalidInput where this server does not have it (any more)."""
    with _lock:
        if token in _drafts:
            return _drafts[token]
    raise InvalidInput([Violation("draft_gone", "link", token[:24])])
