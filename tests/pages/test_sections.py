"""Sections of long pages: closed ones cost nothing, what is open stays open, and the line of contents names them all."""

from __future__ import annotations

import re
from html import unescape

import pytest
from screens import SECTIONS, app, component, goto, opened, sound

from pages.ui.kit import texts
from pages.ui.session import results

#: pages with sections, and one table of each that stands in one which is closed at first
LONG = {"plan": "targets", "channels": "platform_roi", "risk": "risk_stress", "customers": "customer_worth"}


def boxes(at) -> dict[str, str]:
    """Sections of the page by what the line of contents calls them."""
    (nav,) = [e.proto.body for e in at.get("html") if "sd-contents" in e.proto.body and "<style>" not in e.proto.body]
    return {key: unescape(name) for key, name in re.findall(r"data-section='(\w+)'>([^<]*)<", nav)}


def there(at, key: str) -> bool:
    return any(e.proto.id.endswith(f"-{key}") for e in at.get("bidi_component"))


@pytest.mark.parametrize("page", LONG)
def test_the_line_of_contents_names_every_section_in_both_languages(page):
    found = {language: boxes(app(language, page, sections=())) for language in texts.LANGUAGES}
    assert list(found["zh"]) == list(found["en"]) and len(found["en"]) > 4 and set(found["en"]) <= set(SECTIONS)
    assert set(found["zh"].values()).isdisjoint(found["en"].values())


@pytest.mark.parametrize(("page", "table"), LONG.items())
def test_a_closed_section_draws_nothing_and_stays_open_over_language_and_pages(page, table):
    at = app("zh", page, sections=())
    assert not there(at, table)
    box = next(k for k in boxes(at) if k.removeprefix("section_") in (table, table.removeprefix("risk_")))
    at = opened(at, box)
    assert there(at, table)
    at.session_state["lang"] = "en"
    assert there(sound(at.run()), table), "after a change of language"
    assert there(goto(goto(at, "simulate"), page), table), "back from another page"


def test_closed_sections_start_no_draws_and_no_work(monkeypatch):
    monkeypatch.setattr(results, "risk_of", None)
    assert component(app("en", "plan", sections=()), "statement"), "the statement is open"
    monkeypatch.undo()
    assert "_job_register" not in app("en", "risk", sections=()).session_state
