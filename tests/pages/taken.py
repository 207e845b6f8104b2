"""Every file that the pages offer, taken as a browser takes it: made on a thread that knows no session."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import streamlit as st
from screens import again, app, settled, sound

from model import Scenario
from pages.ui.kit import texts
from pages.ui.session import state

#: boxes that must be open for what they offer
BOXES = {"simulate": ("bar_file",), "channels": ("roi_months",)}
PAGES = ("simulate", "channels", "customers", "plan", "compare", "own")
#: tabs of the Optimize page that answer when they are asked, and what those find by themselves that answer on opening
ASKED, FOUND = {"frontier": 1, "goal": 2}, {0: "why", 2: "needed"}


@contextmanager
def watched() -> Iterator[dict[str, tuple[str, Callable[[], bytes]]]]:
    """Name and maker of each file that is offered, by the key of its button."""
    found: dict[str, tuple[str, Callable[[], bytes]]] = {}
    offer = st.download_button

    def button(label, data, file_name, key, **look):
        found[key] = (file_name, data)
        return offer(label, data, file_name, key=key, **look)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(st, "download_button", button)
        yield found


def read(make: Callable[[], bytes]) -> bytes:
    """The file; one that asks for the session, which it will not have, fails."""
    def workspace():
        raise AssertionError("a file asks for the session")
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(1) as pool:
        patch.setattr(state, "workspace", workspace)
        return pool.submit(make).result()


def every_file(language: str, scenario: Scenario | None = None) -> dict[str, tuple[str, bytes]]:
    """What every page offers, made: name of the file and its bytes by the key of the button."""
    with watched() as found, texts.speaking(language):  # AppTest words the options of a box outside of any session
        for page in PAGES:
            app(language, page, scenario, boxes=BOXES.get(page, ()))
        settled(app(language, "risk", scenario), "register")
        settled(app(language, "print", scenario), "register")
        at = app(language, "optimize", scenario)
        names = [tab.label for tab in at.tabs]
        for place, key in FOUND.items():
            at.session_state["optimize_tab"] = names[place]
            settled(again(at), key)
        for key, place in ASKED.items():
            at.session_state["optimize_tab"], at.session_state["goal_own"] = names[place], True
            again(at).button(key=f"go_{key}").click().run()
            settled(at, key)
        at.session_state["optimize_tab"] = names[3]
        sound(at.run())
        return {key: (name, read(make)) for key, (name, make) in found.items()}
