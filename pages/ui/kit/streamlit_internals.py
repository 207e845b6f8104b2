"""Every name of Streamlit that is not documented, in one place: after an update, this is what to look at.

Held by tests/pages/kit/test_streamlit_internals.py, which says of each name what leans on it. `streamlit.errors` stands here as
well: no other module of the pages imports from within Streamlit. Names of elements (`data-testid`) stand in the style sheets
and scripts of `assets`.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from logging import Logger
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit import error_util, logger, runtime
from streamlit.errors import StreamlitAPIException
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState

from model.late import Late

#: of the server, which the command line never starts
_server = Late("streamlit.web.server.starlette.starlette_websocket")

#: the release that all of this was read in
VERSION = "1.67"
NotHere = StreamlitAPIException


def run_at_hand() -> Any | None:
    """The run of a script that this thread is in; None outside of any."""
    return get_script_run_ctx(suppress_warning=True)


def session_id() -> str:
    """The browser tab that this run belongs to, until it is reloaded; "" outside of any run."""
    run = run_at_hand()
    return run.session_id if run else ""


def client_address() -> str:
    """From where this browser speaks, as far as the server can tell: "" for this machine, and outside of any run."""
    found = st.context.ip_address if runtime.exists() and run_at_hand() else None
    return found if isinstance(found, str) else ""


def claims_of(cookies: Mapping[str, str]) -> dict[str, Any]:
    """What the cookie of a sign-in says that a request brings; nothing where this site's `cookie_secret` has not signed it."""
    found = _server._get_signed_cookie_with_chunks(dict(cookies), _server.USER_COOKIE_NAME)
    try:
        said = json.loads(found or b"{}")
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def is_open(session: str) -> bool:
    """Whether a browser is connected to this session."""
    return runtime.exists() and bool(runtime.get_instance().is_active_session(session))


def _fragments() -> tuple[list[str], Any]:
    """The fragments that the run at hand draws, in the very list that it goes through, and where their names are known.

    No fragment where the run draws the whole page, or Streamlit keeps no queue.
    """
    run = run_at_hand()
    queue: Any = getattr(run, "fragment_ids_this_run", None)
    known: Any = getattr(run, "fragment_storage", None)
    return (queue if isinstance(queue, list) and hasattr(known, "resolve_target") else []), known


#: the list of fragments of the run at hand, and what stood in it before `draw_along` put more there
_begun: threading.local = threading.local()


def moved_by_the_reader() -> bool | None:
    """In a callback: whether the message that began this run came from the widget's own fragment.

    None where the whole page is drawn: nobody knows. A message carries the values of all widgets as the browser knows them.
    What those of other fragments say in it may be from before the last answer reached the browser, and nobody has moved them.
    """
    queue, _ = _fragments()
    begun = _begun.ids if queue and getattr(_begun, "queue", None) is queue else tuple(queue)
    own = ThreadState.get().fragment_id if begun else None
    return own in begun if own is not None else None


def a_button_was_pressed() -> bool:
    """In a callback: whether the message that began this run came with a press."""
    held = getattr(getattr(run_at_hand(), "session_state", None), "_state", None)
    states = getattr(held, "_new_widget_state", None)
    if states is None:
        return False
    return any(states.widget_metadata[id].value_type == "trigger_value" and states.get(id) for id in states.states
               if id in states.widget_metadata)


def draw_along(fragments: Sequence[str]) -> bool:
    """Put fragments into the run that has begun: the first of them, the widget's own fragment, the others.

    False where the run draws the whole page, or Streamlit keeps no queue.
    """
    queue, known = _fragments()
    if not queue:
        return False
    wanted = known.resolve_target(list(fragments))
    if getattr(_begun, "queue", None) is not queue:
        _begun.queue, _begun.ids = queue, tuple(queue)
    queue[:] = dict.fromkeys((*wanted[:1], *queue, *wanted[1:]))
    return True


#: seconds within which a page that was left may still send what happened on it
LATE = 3.0


def let_a_page_be_drawn() -> None:
    """What a fragment of the page that was just left still sends does not stop the drawing of the next one.

    A click on the menu closes an open box of the page, too: the browser asks for the next page and then tells of the box.
    Streamlit would break off the page's run for the sake of a fragment that is no more, and leave the page empty.

    And a tab that comes back to a server without its session (another one, or after a long sleep) says nothing until something is
    moved in it, and then names a fragment that the new session never drew. Streamlit would refuse it, each time, without a word:
    the first thing that a session is asked draws the whole page. Once a process.
    """
    ask = AppSession.request_rerun
    if getattr(ask, "sandtable", False):
        return

    def request_rerun(session: Any, client_state: Any) -> None:
        known = vars(session)
        asked = client_state and _whole_at_first(known, client_state)
        if asked is None or not _of_a_left_page(known, asked):
            ask(session, asked)

    request_rerun.sandtable = True  # type: ignore[attr-defined]
    AppSession.request_rerun = request_rerun  # type: ignore[assignment, method-assign]


def _whole_at_first(known: dict[str, Any], message: Any) -> Any:
    """The message; where it is a session's first and names a fragment, the same that asks for the whole page."""
    if not message.fragment_id or "_sandtable_page" in known:
        return message
    whole = type(message)()
    whole.CopyFrom(message)
    whole.ClearField("fragment_id")
    return whole


def _of_a_left_page(known: dict[str, Any], message: Any) -> bool:
    """Whether a fragment's message comes from the page that this session has left a moment ago. known: kept from call to call:
    the page at hand, the one before it and when it was left."""
    page, left, at = known.get("_sandtable_page", ("", "", 0.0))
    here, now = message.page_script_hash, time.monotonic()
    if message.fragment_id and here == left and here != page and now - at < LATE:
        return True
    if here != page:
        known["_sandtable_page"] = (here, page, now)
    return False


def show_failures(draw: Callable[[BaseException], None]) -> None:
    """Draw what a failed script shows by `draw`: that of a page, of a fragment, of a callback."""
    error_util.show_uncaught_app_exception = draw  # type: ignore[assignment]  # its argument has another name


@lru_cache(maxsize=1)
def cell_editors() -> list[str]:
    """Names of Streamlit's own scripts with the editors of a grid's cells, beside its main one."""
    folder = Path(st.__file__).parent / "static" / "static" / "js"
    return sorted(path.name for kind in ("data-grid", "number") for path in folder.glob(f"{kind}-overlay-editor.*.js"))


def settle_loggers(settle: Callable[[Logger], None]) -> None:
    """Loggers of Streamlit and its server are as `settle` makes them: those that there are, and each that is made later."""
    logger.setup_formatter = settle  # type: ignore[assignment]  # its argument has another name
    logger.update_formatter()


def page_of_streamlit() -> str:
    """The one page that Streamlit serves, as it is installed."""
    return (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
