"""What was typed about a saved scenario and not sent yet: it stays while other pages are looked at."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.ui.kit import views

_TYPED = "_library_typed"


def _key(id: str, part: str) -> str:
    return f"shelf_{part}_{id}"


def field(widget: Callable, label: str, id: str, part: str, said: str, **more) -> None:
    """A text field of a scenario. said: what stands there before anybody types."""
    views.show(widget, label, key=_key(id, part), value=_all().get((id, part), said), on_change=_keep, args=(id, part, said),
               **more)


def now(id: str, part: str, said: str) -> str:
    """In a callback: what stands in the field, even if it has told nobody yet."""
    return str(st.session_state.get(_key(id, part), _all().get((id, part), said)))


def forget(id: str, *parts: str) -> None:
    """It is sent."""
    for part in parts:
        _all().pop((id, part), None)


def _all() -> dict[tuple[str, str], str]:
    return st.session_state.setdefault(_TYPED, {})


def _keep(id: str, part: str, said: str) -> None:
    text = st.session_state[_key(id, part)]
    _all().pop((id, part), None)
    if text != said:
        _all()[id, part] = text
