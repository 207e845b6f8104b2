"""What sessions work on, under a token in the address bar: in memory at once, in the store a moment later.

So a reload goes on where it was, and so does the work after a restart of the server. Where the store cannot be reached,
memory still serves; the oldest beyond a bound are forgotten there.
"""

from __future__ import annotations

import atexit
import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from threading import Event, Lock, Thread

from model import InvalidInput, Plan, SandtableError, Violation
from pages.ui.session import library
from pages.ui.session.workspace import Workspace, pack, unpack

MAX_DRAFTS = 500
#: seconds that moves are gathered before the store is written: a move itself never waits for it
DELAY = 0.5
_drafts: OrderedDict[str, Workspace] = OrderedDict()
_unwritten: set[str] = set()
#: by token: the digest of the browser that a draft belongs to, and the session that works on it
_owners: dict[str, str] = {}
_held: dict[str, str] = {}
_lock, _wake = Lock(), Event()
#: one thread writes at a time: an older work must not come after a newer one
_writing = Lock()
_writer: Thread | None = None


def new_token() -> str:
    return secrets.token_urlsafe(12)


def put(token: str, work: Workspace, owner: str = "") -> None:
    """Keep the work under the token; it is written by a thread of its own."""
    with _lock:
        _drafts[token], _owners[token] = work, owner
        _drafts.move_to_end(token)
        _unwritten.add(token)
        while len(_drafts) > MAX_DRAFTS:
            _forget(_drafts.popitem(last=False)[0])
        _start_writer()
    _wake.set()


def _forget(token: str) -> None:
    _unwritten.discard(token)
    _owners.pop(token, None)
    _held.pop(token, None)


def claim(token: str, session: str, is_open: Callable[[str], bool]) -> bool:
    """Whether the session may work on the draft: not while another tab does, which would lose what it writes."""
    with _lock:
        holder = _held.get(token, session)
        if holder != session and is_open(holder):
            return False
        _held[token] = session
        return True


def owner_of(token: str) -> str:
    """ "" for a draft from before drafts had owners: it belongs to whoever knows its address."""
    with _lock:
        if token in _owners:
            return _owners[token]
    return library.store().draft_owner(token)


def last_of(owner: str) -> str | None:
    """The token of what a browser worked on last."""
    with _lock:
        found = next((token for token in reversed(_drafts) if _owners.get(token) == owner), None)
    if found is None:
        try:
            found = (library.store().last_draft(owner) or (None,))[0]
        except SandtableError:
            logging.getLogger(__name__).warning("drafts could not be looked up", exc_info=True)
    return found


def get(token: str, known: Iterable[Plan] = ()) -> Workspace:
    """The work of a token, from memory or from the store. Raises InvalidInput where it is nowhere (any more)."""
    with _lock:
        if token in _drafts:
            return _drafts[token]
    try:
        data = library.store().get_draft(token)
        if data is not None:
            return unpack(data, known)
    except InvalidInput:
        raise
    except (SandtableError, ValueError):
        logging.getLogger(__name__).warning("a draft could not be read", exc_info=True)
    raise gone(token)


def gone(token: str) -> InvalidInput:
    """What is said of a draft that is nowhere, or that is nothing of this person's."""
    return InvalidInput([Violation("draft_gone", "link", token[:24])])


def flush() -> None:
    """Write what has not been written, in the order in which it came: what the store has last is what was worked on last.

    What the store refuses stays in memory and is tried with the next change.
    """
    with _writing:
        with _lock:
            waiting = [(token, work, _owners.get(token, "")) for token, work in _drafts.items() if token in _unwritten]
            _unwritten.clear()
        for token, work, owner in waiting:
            try:
                library.store().put_draft(token, pack(work), owner)
            except Exception:  # one draft that cannot be written must not end the thread that writes them all
                logging.getLogger(__name__).warning("a draft was not written", exc_info=True)


def _start_writer() -> None:
    global _writer
    if _writer is None:
        _writer = Thread(target=_write_forever, name="drafts", daemon=True)
        _writer.start()
        atexit.register(flush)


def _write_forever() -> None:
    while True:
        _wake.wait()
        time.sleep(DELAY)
        _wake.clear()
        flush()
