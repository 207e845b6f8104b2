"""Names of Streamlit that are not documented are still there, and mean what our code takes them for."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit import config, error_util, logger, net_util, runtime
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.runtime.scriptrunner import ScriptRunContext, script_runner
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState
from streamlit.web import bootstrap
from streamlit.web.server.starlette import starlette_websocket

from pages.ui.kit import browser_files, page_look, streamlit_internals, texts
from samples import ROOT

HELD = "pages/ui/kit/streamlit_internals.py"


def test_this_is_the_release_in_which_the_names_were_read():
    assert st.__version__.startswith(f"{streamlit_internals.VERSION}."), (
        f"Streamlit is {st.__version__}: read {HELD} beside the new release, run the tests of tests/pages and tests/browser, "
        "look at data-testid in pages/ui/*/assets, and then write the new VERSION")


NAMES = {
    "error_util.show_uncaught_app_exception": (error_util, "our words for a page that fails (frame/safety_net.py)"),
    "runtime.exists": (runtime, "whose draft a tab may take (session/state.py)"),
    "runtime.get_instance": (runtime, "whose draft a tab may take (session/state.py)"),
    "Runtime.is_active_session": (runtime.Runtime, "whose draft a tab may take (session/state.py)"),
    "starlette_websocket._get_signed_cookie_with_chunks": (starlette_websocket, "who may upload (serving/headers.py)"),
    "starlette_websocket.USER_COOKIE_NAME": (starlette_websocket, "who may upload (serving/headers.py)"),
    "logger.setup_formatter": (logger, "lines of the log as JSON (serving/logs.py)"),
    "logger.update_formatter": (logger, "lines of the log as JSON (serving/logs.py)"),
    "components.v2": (st.components, "tables of numbers (kit/tables.py)"),
}


def test_names_of_modules_are_there():
    gone = [f"{name}: {leans}" for name, (of, leans) in NAMES.items() if not hasattr(of, name.rpartition(".")[2])]
    assert gone == [], f"gone from Streamlit, see {HELD}: {gone}"


def test_settings_of_the_configuration_are_known():
    for name, wanted in {"global.disableWidgetStateDuplicationWarning": True, "runner.postScriptGC": False}.items():
        try:
            assert config.get_option(name) is wanted, name
        except RuntimeError:
            pytest.fail(f"{name} in .streamlit/config.toml is a setting no more: see what took its place")


def test_a_run_has_a_session_and_goes_through_the_queue_that_we_write_into():
    """What is put into the list while it runs is run as well: Streamlit goes through it by an iterator. (That fragments are
    drawn along, and no second run is asked for: tests/browser.)"""
    names = ScriptRunContext.__dataclass_fields__
    gone = {"session_id", "fragment_ids_this_run", "fragment_storage"} - set(names)
    assert not gone, f"a run has no {gone} any more: see draw_along and session_id in {HELD}"
    assert hasattr(MemoryFragmentStorage, "resolve_target"), f"fragments are found by other names: see draw_along in {HELD}"
    assert "for fragment_id in fragment_ids_this_run" in inspect.getsource(script_runner), f"see draw_along in {HELD}"
    assert streamlit_internals.run_at_hand() is None and streamlit_internals.session_id() == ""


def test_the_editors_of_a_grids_cells_are_fetched_before_they_are_needed():
    """Where Streamlit's own scripts are called otherwise, the first keys typed into a cell are lost again."""
    found = streamlit_internals.cell_editors()
    assert len(found) == 2, f"the scripts of a grid's editors have other names: see cell_editors in {HELD}, kit/assets/grids.js"
    assert found[0] in page_look.script() and browser_files.read("kit/grids.js") in page_look.script()


class _Known:
    """A page's fragments, each under its name."""

    def resolve_target(self, names):
        return [f"id of {name}" for name in names]


def test_a_message_speaks_for_the_fragment_that_sent_it_and_for_no_other(monkeypatch):
    """Its other widgets' values may be from before the last answer; those drawn along did not send it either."""
    run = SimpleNamespace(fragment_ids_this_run=["id of presets"], fragment_storage=_Known())
    monkeypatch.setattr(streamlit_internals, "run_at_hand", lambda: run)

    def moved(fragment: str | None) -> bool:
        """In the callback of a widget of this fragment."""
        ThreadState.initialize(fragment_id=fragment)
        return streamlit_internals.moved_by_the_reader()

    assert moved("id of presets") and not moved("id of shares")
    assert streamlit_internals.draw_along(["answer", "shares"])
    assert run.fragment_ids_this_run == ["id of answer", "id of presets", "id of shares"]
    assert moved("id of presets") and not moved("id of shares")
    run.fragment_ids_this_run = ["id of shares"]
    assert moved("id of shares") and not moved("id of presets"), "the next message"
    assert moved(None) is None, "a widget of no fragment"
    run.fragment_ids_this_run = []
    assert moved("id of shares") is None, "the whole page is drawn: nobody knows"


def test_words_that_are_said_in_other_languages_are_streamlits():
    """In its scripts, to the letter; what it puts together from parts, in parts."""
    scripts = "\n".join(p.read_text(encoding="utf-8") for p in (Path(st.__file__).parent / "static/static/js").glob("*.js"))
    words = {key: text for key, text in texts.catalogue("en").items() if key.startswith("streamlit.")}
    together = {"streamlit.apply": ("Press Enter to ", "apply"), "streamlit.submit": ("Press Enter to ", "submit form")}
    missing = [key for key, text in words.items() for part in together.get(key, re.split(r"\{\w+\}", text)) if part not in scripts]
    assert len(words) > 40 and missing == []


def test_no_host_outside_is_asked_at_start(monkeypatch):
    """For the address under which others see this host, which would be printed."""
    asked = []
    monkeypatch.setattr(net_util, "get_external_ip", lambda: asked.append("external"))
    monkeypatch.chdir(ROOT)
    config.get_config_options(force_reparse=True)
    bootstrap._print_url(False)
    assert asked == [] and config.get_option("browser.gatherUsageStats") is False


def test_what_the_page_that_was_left_still_sends_is_dropped_and_nothing_else():
    """A box that the click on the menu closes tells of it after the next page was asked for."""
    known = {}

    def dropped(page: str, fragment: str = "") -> bool:
        return streamlit_internals._of_a_left_page(known, SimpleNamespace(page_script_hash=page, fragment_id=fragment))

    assert not dropped("simulate") and not dropped("simulate", "next_money")
    assert not dropped("channels"), "the menu"
    assert dropped("simulate", "next_money") and not dropped("channels", "bar")
    assert not dropped("simulate"), "back again"
    assert dropped("channels", "bar") and not dropped("simulate", "next_money")
    known["_sandtable_page"] = ("channels", "simulate", known["_sandtable_page"][2] - streamlit_internals.LATE - 1)
    assert not dropped("simulate", "next_money"), "the server changed the page by itself, long ago"


def test_the_first_thing_that_a_session_is_asked_draws_the_whole_page():
    """A tab that comes back names a fragment that its new session never drew; what it knows of its widgets goes with it."""
    moved = ClientState(page_script_hash="simulate", fragment_id="levers", query_string="w=x")
    moved.widget_states.widgets.add(id="lever_aov").double_value = 3
    known = {}
    whole = streamlit_internals._whole_at_first(known, moved)
    assert whole.fragment_id == "" and whole.widget_states == moved.widget_states and whole.query_string == "w=x"
    assert moved.fragment_id == "levers" and not streamlit_internals._of_a_left_page(known, whole)
    assert streamlit_internals._whole_at_first(known, moved) is moved, "once it has drawn the page, fragments are its own"


def test_streamlit_asks_for_runs_where_it_is_held():
    assert "request_rerun" in vars(AppSession) and {"page_script_hash", "fragment_id"} <= set(ClientState.DESCRIPTOR.fields_by_name)
