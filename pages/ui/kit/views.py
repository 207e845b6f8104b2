"""Widgets as views of a value: one way to give them the value, for every kind of widget and every way to reach it.

Streamlit names a widget by its key *and its page*. A value written into the session only where it differs is lost when the
page changes: the session still finds it under the other page's widget, so nothing is written, and the new widget begins
with a default of its own (a slider: its minimum), in the browser and on the server. So each widget also gets the value as
its default, which is what anything mounted anew begins with, and the value is written once on each visit of a page, for
the browser may still hold the widget of an earlier visit. Within a visit it is written only where it differs, or where the
options have other words (the browser knows a choice by its words): what is written is sent back, over keys that the reader
still presses.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import streamlit as st

from pages.ui.kit.streamlit_internals import a_button_was_pressed, moved_by_the_reader
from pages.ui.kit.texts import unique

#: what a widget of options calls its first value
_DEFAULTS = {"selectbox": "index", "segmented_control": "default", "pills": "default", "multiselect": "default"}
_TOLD, _ON, _REPLACED = "_told", "_told_on", "_replaced"
#: seconds within which a browser may still say what it knew before the server told it otherwise
LAG = 10.0


def arrive(page: str) -> None:
    """In every run of a whole page: what was told on another page counts no more."""
    if st.session_state.get(_ON) != page:
        st.session_state[_ON], st.session_state[_TOLD] = page, {}


def _told_apart(options: Iterable, format_func: Callable[[object], str]) -> tuple[tuple[str, ...], Callable[[object], str]]:
    """The words of options, no two the same: a choice travels to the browser and back by its words."""
    words = unique({o: format_func(o) for o in options})
    return tuple(words.values()), lambda option: words[option] if option in words else format_func(option)


def _if_moved(key: str, act: Callable[..., None], *args, **more) -> None:
    """In a callback: what a widget does when its value has changed, if it was the reader who changed it."""
    moved = moved_by_the_reader()
    if moved or (moved is None and not _is_echo(key)):
        act(*args, **more)


def _is_echo(key: str) -> bool:
    """Whether the widget says what it said before the server told it otherwise, a moment ago: of two quick presses of undo the
    second carries what the browser knew before the first was answered."""
    if not a_button_was_pressed():
        return False
    now, said = time.monotonic(), st.session_state[key]
    return any(value == said and now - at < LAG for value, at in st.session_state.get(_REPLACED, {}).get(key, ()))


def _replace(key: str, value: object) -> None:
    """Tell the widget another value than it has, and remember what it had."""
    if key in st.session_state and st.session_state[key] != value:
        now, all_of = time.monotonic(), st.session_state.setdefault(_REPLACED, {})
        all_of[key] = [(old, at) for old, at in all_of.get(key, ()) if now - at < LAG] + [(st.session_state[key], now)]
    st.session_state[key] = value


def words_again(key: str, options: Iterable, format_func: Callable[[Any], str] = str) -> None:
    """Before a list to choose from whose value is its own: the browser knows what was chosen by its word, so where the options
    have other words than they had (of another language, of a renamed month) it is told the word anew.
    """
    words, told = _told_apart(options, format_func)[0], st.session_state.setdefault(_TOLD, {})
    if told.get(key, words) != words and key in st.session_state:
        _replace(key, st.session_state[key])
    told[key] = words


def choose(label: str, options: Iterable, *, key: str, format_func: Callable[[Any], str] = str, **more):
    """A list to choose from whose value is its own, in the words of the moment."""
    words_again(key, options, format_func)
    return st.selectbox(label, options, key=key, format_func=format_func, **more)


def show(widget: Callable, label: str, *args, key: str, value, **more):
    """A widget that shows this value, which is one of its options where it has any; gives what the widget holds."""
    told, name = st.session_state.setdefault(_TOLD, {}), _DEFAULTS.get(widget.__name__, "value")
    words: tuple[str, ...] = ()
    if name != "value":
        words, more["format_func"] = _told_apart(args[0], more.get("format_func", str))
    if "on_change" in more:
        more["on_change"] = partial(_if_moved, key, more["on_change"])
    if told.get(key) != words or key not in st.session_state or st.session_state[key] != value:
        _replace(key, value)
    told[key] = words
    return widget(label, *args, key=key, **{name: list(args[0]).index(value) if name == "index" else value}, **more)
