"""Style sheets and scripts: files in a room's `assets`, read once and sent as they are."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

_ROOMS = Path(__file__).parents[1]
#: A component's own script travels with every update of its data. So what is drawn at every move has its script on the page
#: (`page_look.script`), and brings along only this: it waits for the page's, which may come a moment later.
_CALL = "const go=a=>{window.%s?%s(a):setTimeout(go,20,a)}\nexport default go"


@cache
def read(*places: str) -> str:
    """Return the texts of files, one after the other: "kit/cards.css" is `pages/ui/kit/assets/cards.css`."""
    parts = (place.split("/") for place in places)
    return "\n".join((_ROOMS / room / "assets" / name).read_text(encoding="utf-8").strip() for room, name in parts)


def style(*places: str) -> None:
    """Send these style sheets; once a page."""
    st.html(f"<style>{read(*places)}</style>")


def component(name: str, html: str, js: str, css: str = ""):
    """Make a component whose script, and style sheet if any, are such files: for what is drawn once a page."""
    return st.components.v2.component(f"sandtable_{name}", html=html, js=read(js), css=read(css) if css else None,
                                      isolate_styles=False)


def calling(name: str, html: str, function: str):
    """Make a component that a function of the page's scripts draws, found in the window: for what is drawn at every move."""
    return st.components.v2.component(f"sandtable_{name}", html=html, js=_CALL % (function, function), isolate_styles=False)
