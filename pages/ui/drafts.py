"""What sessions work on, kept on this server under a token in the address bar, so that a reload goes on where it was.

Bounded, in memory: a restart of the server forgets it, and the message then says to open the file.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from threading import Lock

from model import InvalidInput, Violation

MAX_DRAFTS = 500
_drafts: OrderedDict[str, object] = OrderedDict()
_lock = Lock()


def new_token() -> str:
    return secrets.token_urlsafe(12)


def put(token: str, content: object) -> None:
    """Keep the content under the token; the oldest beyond the bound are forgotten."""
    with _lock:
        _drafts[token] = content
        _drafts.move_to_end(token)
        while len(_drafts) > MAX_DRAFTS:
            _drafts.popitem(last=False)


def get(token: str) -> object:
    """The content of a token. Raises InvalidInput where this server does not have it (any more)."""
    with _lock:
        if token in _drafts:
            return _drafts[token]
    raise InvalidInput([Violation("draft_gone", "link", token[:24])])
