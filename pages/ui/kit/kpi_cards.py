"""KPI cards as one element: a move then costs the browser little.

They hold our own words and numbers and are HTML: no text of a planner ever goes in, and what goes in is escaped all the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

#: cards in the large type of the first row
LARGE = 4


def draw(rows: Sequence[dict[str, str]], strip: Sequence[tuple[str, str, str]], jump: str) -> None:
    """KPI cards: label with its definition, value, change, last year, target. strip: (label, value, class of what is added) of
    what a phone keeps in sight; jump: the words that lead from there to the sliders."""
    cards = "".join(_card(row, "" if i < LARGE else " sd-small") for i, row in enumerate(rows))
    short = (f"<span>{escape(label)}<strong class='{name}'>{escape(value)}</strong></span>" for label, value, name in strip)
    st.html(f"<div class='sd-cards' role='list'>{cards}</div><div class='sd-strip' aria-hidden='true'>{''.join(short)}"
            f"<a class='sd-jump' tabindex='-1'>{escape(jump)}</a></div>")


def _card(row: dict[str, str], size: str) -> str:
    """A card's lines: none that would say nothing."""
    d = {key: escape(text, quote=True) for key, text in row.items()}
    return (f"<div class='sd-card{size}' role='listitem'>"
            f"<div class='sd-label' tabindex='0' aria-describedby='tip-{d['key']}'>{d['label']}</div>"
            f"<div class='sd-tip' id='tip-{d['key']}'>{d['help']}</div>"
            f"<div class='sd-value' title='{d['exact']}'>{d['value']}</div>"
            f"<p><span{_class(d['mood'])}>{d['change']}</span><span>{d['last']}</span></p>"
            f"<p><span{_class(d['verdict'])}>{d['target']}</span></p>"
            f"<p class='sd-sure'><span class='sd-chance-{d['key']}'></span><small class='sd-error-{d['key']}'></small></p>"
            f"<p class='sd-band-{d['key']}'></p></div>")


def _class(name: str) -> str:
    return f" class='{name}'" if name else ""


def added(texts: Mapping[str, str]) -> None:
    """Text at the end of elements, by their class: some bytes of style sheet, so that they are not sent a second time.

    A number above a slider's thumb is written over: it is the slider's own, rounded to its step.
    """
    rules = "".join(f'.{name}::after{{content:"{quoted(text)}"}}' for name, text in texts.items())
    over = ",".join(f".{name}" for name in texts if "stSliderThumbValue" in name)
    rules += f"{over}{{color:transparent!important}}" if over else ""
    st.html(f"<style>{rules}</style><span></span>")


def quoted(text: str) -> str:
    """Text within a string of a style sheet: whatever could end it is written as its code."""
    return "".join(c if c.isalnum() or c == "\u00a0" or c in " ,.:;%¥±·–−+（）()" else f"\\{ord(c):x} " for c in text)
