"""What sessions work on, under a token in the address bar: in memory at once, in the store a moment later.

So a reload goes on where it was, and so does the work after a restart of the server, or on another one. What the store has
counts, since another server may have written there since; memory does where it is ahead of the store, and where the store cannot
be reached. The oldest beyond a bound are forgotten there.
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
from model.errors import StoreProblem
from pages.ui.session import library
from pages.ui.session.workspace import Workspace, pack, unpack

MAX_DRAFTS = 500
#: seconds that moves are gathered before the store is written: a move itself never waits for it
DELAY = 0.5
#: seconds after which what a store out of reach did not take is tried again
AGAIN = 5.0
_drafts: OrderedDict[str, Workspace] = OrderedDict()
#: what the store does not have yet: True where it is still to be tried, False where the store refuses it as it is
_unwritten: dict[str, bool] = {}
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
        _unwritten[token] = True
        while len(_drafts) > MAX_DRAFTS:
            _forget(_drafts.popitem(last=False)[0])
        _start_writer()
    _wake.set()


def _forget(token: str) -> None:
    _unwritten.pop(token, None)
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
        here = next((token for token in reversed(_drafts) if _owners.get(token) == owner), None)
        if here in _unwritten:
            return here
    try:
        return (library.store().last_draft(owner) or (here,))[0]
    except SandtableError:
        logging.getLogger(__name__).warning("drafts could not be looked up", exc_info=True)
    return here


def get(token: str, known: Iterable[Plan] = ()) -> Workspace:
    """The work of a token, from the store or from memory. Raises InvalidInput where it is nowhere (any more)."""
    with _lock:
        here, ahead = _drafts.get(token), token in _unwritten
    found = here if ahead else _stored(token, known) or here
    if found is None:
        raise gone(token)
    return found


def _stored(token: str, known: Iterable[Plan]) -> Workspace | None:
    """What the store has; None where it has nothing, or does not answer. Raises InvalidInput where today's rules refuse it."""
    try:
        data = library.store().get_draft(token)
        return None if data is None else unpack(data, known)
    except InvalidInput:
        raise
    except (SandtableError, ValueError):
        logging.getLogger(__name__).warning("a draft could not be read", exc_info=True)
    return None


def gone(token: str) -> InvalidInput:
    """What is said of a draft that is nowhere, or that is nothing of this person's."""
    return InvalidInput([Violation("draft_gone", "link", token[:24])])


def flush() -> bool:
    """Write what has not been written, in the order in which it came: what the store has last is what was worked on last.

    Whether nothing is left to be tried again: a store out of reach ends the round, and newer work takes the place of what waits.
    """
    with _writing:
        with _lock:
            waiting = [(token, work, _owners.get(token, "")) for token, work in _drafts.items() if _unwritten.get(token)]
        for token, work, owner in waiting:
            try:
                library.store().put_draft(token, pack(work), owner)
            except StoreProblem:
                logging.getLogger(__name__).warning("drafts wait to be written", exc_info=True)
                return False
            except Exception:  # one draft that cannot be written must not end the thread that writes them all
                logging.getLogger(__name__).warning("a draft was not written", exc_info=True)
                _settle(token, work, written=False)
            else:
                _settle(token, work, written=True)
        return True


def _settle(token: str, work: Workspace, written: bool) -> None:
    """It is not tried again, unless there is newer work under its token by now."""
    with _lock:
        if _drafts.get(token) is not work:
            return
        if written:
            _unwritten.pop(token, None)
        else:
            _unwritten[token] = False


def _start_writer() -> None:
    global _writer
    if _writer is None:
        _writer = Thread(target=_write_forever, name="drafts", daemon=True)
        _writer.start()
        atexit.register(flush)


def _write_forever() -> None:
    written = True
    while True:
        _wake.wait(None if written else AGAIN)
        time.sleep(DELAY)
        _wake.clear()
        written = flush()
