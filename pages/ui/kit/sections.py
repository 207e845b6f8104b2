"""Sections of a long page: a closed one says what it has and costs nothing; a line of contents jumps to each and opens it.

What is open is kept with the session: a language makes another expander of each, another page drops them all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from pages.ui.kit.texts import t


@dataclass(frozen=True, slots=True)
class Section:
    """key: its box is `section_<key>`; the text `section.<key>` says what it has. title: key of its name. opened: at first."""

    key: str
    title: str
    draw: Callable[[], object]
    opened: bool = False


def fragments(sections: Sequence[Section]) -> list[str]:
    """What a callback asks for to draw these sections."""
    return [_fragment(section.key) for section in sections]


def _fragment(key: str) -> str:
    return f"fragment_{key}"


def _box(key: str) -> str:
    return f"section_{key}"


def contents(sections: Sequence[Section]) -> None:
    """A line with the names of the sections; the browser opens the one that is asked for and goes there (`sections.js`)."""
    names = "".join(f"<button type='button' data-section='{_box(s.key)}'>{escape(t(s.title))}</button>" for s in sections)
    st.html(f"<nav class='sd-contents' aria-label='{escape(t('section.contents'))}'>{names}</nav>")


def show(sections: Sequence[Section]) -> None:
    """The sections, a fragment each: opening one draws nothing else."""
    for section in sections:
        st.fragment(key=_fragment(section.key))(_show)(section)


def _show(section: Section) -> None:
    label = t("section.label", title=t(section.title), about=t(f"section.{section.key}"))
    drawer(label, _box(section.key), section.draw, None, section.opened)


def drawer(label: str, key: str, draw: Callable[[], object], icon: str | None = ":material/edit:",
           opened: bool = False) -> None:
    """An expander that draws only while it is open, and stays open when its label changes with the language. icon: in the place
    of the arrow."""
    # written always: with another label it is another expander, which would begin closed
    st.session_state[key] = bool(st.session_state.get(key, st.session_state.get(f"_{key}", opened)))
    box = st.expander(label, key=key, on_change="rerun", icon=icon)
    st.session_state[f"_{key}"] = box.open
    if box.open:
        with box:
            draw()
