"""What sessions work on, under a token in the address bar: in memory at once, in the store a moment later.

So a reload goes on where it was, and so does the work after a restart of the server, or on another one. What the store has
counts, since another server may have written there since; memory does where it is ahead of the store, and where the store cannot
be reached. The oldest beyond a bound are forgotten there.

Nobody writes over what he has not read: where another tab or server has gone on with a draft, the work that comes second becomes
a draft of its own, here (`put`) or when the store says so (`flush`). Its session asks `mark_of`.
"""

from __future__ import annotations

import atexit
import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from threading import Event, Lock, Thread

from model import InvalidInput, Plan, SandtableError, Violation
from model.errors import DraftMoved, StoreProblem
from model.io.store.records import Draft
from pages.ui.session import library
from pages.ui.session.workspace import Mark, Workspace, pack, says_the_same, unpack

MAX_DRAFTS = 500
#: seconds that moves are gathered before the store is written: a move itself never waits for it
DELAY = 0.5
#: seconds after which what a store out of reach did not take is tried again
AGAIN = 5.0


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft as this server has it. owner: the digest of the browser or person. past: see `model.io.store.drafts.put`."""

    work: Workspace
    owner: str = ""
    version: str = ""
    past: frozenset[str] = frozenset()

    def goes_on_from(self, version: str) -> bool:
        return version in self.past or f"{_line(version)}." in self.past


_drafts: OrderedDict[str, Kept] = OrderedDict()
#: what the store does not have yet: True where it is still to be tried, False where the store refuses it as it is
_unwritten: dict[str, bool] = {}
#: by token: the session that works on it
_held: dict[str, str] = {}
#: by a draft's token and the line or the version of work that could not be written there: the token under which it is now
_apart: OrderedDict[tuple[str, str], str] = OrderedDict()
_lock, _wake = Lock(), Event()
#: one thread writes at a time: an older work must not come after a newer one
_writing = Lock()
_writer: Thread | None = None


def new_token() -> str:
    return secrets.token_urlsafe(12)


def _line(version: str) -> str:
    return version.partition(".")[0]


def put(mark: Mark, work: Workspace, owner: str = "", session: str = "",
        is_open: Callable[[str], bool] = lambda _: False) -> Mark:
    """Keep the work as the session's draft; it is written by a thread of its own. Returns where it is kept: under a token of its
    own where another tab works on the draft, or has gone on with it."""
    with _lock:
        mark = mark_of(mark)
        here = _drafts.get(mark.token)
        if here is not None and here.owner == owner and says_the_same(here.work, work):
            return mark
        if not mark.token or _is_held(mark.token, session, is_open) or (
                here is not None and here.version != mark.after and _line(here.version) != mark.line):
            mark, here = Mark(new_token(), line=mark.line), None
        past = here.past if here is not None and mark.token in _unwritten else frozenset[str]()
        _held[mark.token] = session
        _hold(mark.token, Kept(work, owner, f"{mark.line}.{secrets.token_hex(8)}", past | {mark.after, f"{mark.line}."}))
        _unwritten[mark.token] = True
        _start_writer()
    _wake.set()
    return mark


def _hold(token: str, kept: Kept, newest: bool = True) -> None:
    """newest: it was worked on last; else it keeps its place among the others."""
    is_new = token not in _drafts
    _drafts[token] = kept
    if newest or is_new:
        _drafts.move_to_end(token, last=newest)
    while len(_drafts) > MAX_DRAFTS:
        _forget(_drafts.popitem(last=False)[0])


def _forget(token: str) -> None:
    _unwritten.pop(token, None)
    _held.pop(token, None)


def mark_of(mark: Mark) -> Mark:
    """Where the work of this mark is kept by now."""
    while found := _apart.get((mark.token, mark.line)) or _apart.get((mark.token, mark.after)):
        mark = replace(mark, token=found)
    return mark


def claim(token: str, session: str, is_open: Callable[[str], bool]) -> bool:
    """Whether the session may work on the draft: not while another tab does."""
    with _lock:
        if _is_held(token, session, is_open):
            return False
        _held[token] = session
        return True


def _is_held(token: str, session: str, is_open: Callable[[str], bool]) -> bool:
    holder = _held.get(token, session)
    return holder != session and is_open(holder)


def last_of(owner: str) -> str | None:
    """The token of what a browser worked on last."""
    with _lock:
        here = next((token for token in reversed(_drafts) if _drafts[token].owner == owner), None)
        if here in _unwritten:
            return here
    try:
        return library.store().last_draft(owner) or here
    except SandtableError:
        logging.getLogger(__name__).warning("drafts could not be looked up", exc_info=True)
    return here


def get(token: str, known: Iterable[Plan] = ()) -> Kept:
    """The draft of a token, from the store or from memory; owner "": it belongs to whoever knows its address.

    Raises InvalidInput where it is nowhere (any more), or where today's rules refuse it.
    """
    with _lock:
        here, ahead = _drafts.get(token), token in _unwritten
    stored = _stored(token)
    if here is not None and (stored is None or here.version == stored.version or ahead and here.goes_on_from(stored.version)):
        return here
    if here is not None and ahead:
        _go_apart(token, here)
    found = _unpacked(stored, known) or here
    if found is None:
        raise gone(token)
    with _lock:
        if token not in _unwritten:
            _hold(token, found, newest=False)
    return found


def _stored(token: str) -> Draft | None:
    """What the store has; None where it has nothing, or does not answer."""
    try:
        return library.store().get_draft(token)
    except SandtableError:
        logging.getLogger(__name__).warning("a draft could not be read", exc_info=True)
    return None


def _unpacked(stored: Draft | None, known: Iterable[Plan]) -> Kept | None:
    """None where the bytes are no draft. Raises InvalidInput where today's rules refuse it."""
    try:
        return None if stored is None else Kept(unpack(stored.payload, known), stored.owner, stored.version)
    except InvalidInput:
        raise
    except ValueError:
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
        while waiting := _waiting():
            for token, kept in waiting:
                try:
                    library.store().put_draft(token, pack(kept.work), kept.owner, kept.version, kept.past)
                except StoreProblem:
                    logging.getLogger(__name__).warning("drafts wait to be written", exc_info=True)
                    return False
                except DraftMoved:
                    _go_apart(token, kept)
                except Exception:  # one draft that cannot be written must not end the thread that writes them all
                    logging.getLogger(__name__).warning("a draft was not written", exc_info=True)
                    _settle(token, kept, written=False)
                else:
                    _settle(token, kept, written=True)
        return True


def _waiting() -> list[tuple[str, Kept]]:
    with _lock:
        return [(token, kept) for token, kept in _drafts.items() if _unwritten.get(token)]


def _settle(token: str, kept: Kept, written: bool) -> None:
    """It is not tried again, unless there is newer work under its token by now."""
    with _lock:
        if _drafts.get(token) is not kept:
            return
        if written:
            _unwritten.pop(token, None)
        else:
            _unwritten[token] = False


def _go_apart(token: str, kept: Kept) -> None:
    """What is kept here under the token, or newer work that went on from it, is a draft of its own from here on."""
    with _lock:
        kept = _drafts.pop(token, kept)
        new, line = new_token(), _line(kept.version)
        _apart[token, line] = _apart[token, kept.version] = new
        while len(_apart) > MAX_DRAFTS:
            _apart.popitem(last=False)
        if (session := _held.pop(token, None)) is not None:
            _held[new] = session
        _unwritten.pop(token, None)
        _hold(new, replace(kept, past=frozenset({"", f"{line}."})))
        _unwritten[new] = True


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
