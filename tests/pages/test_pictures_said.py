"""Pictures for those who hear the page: each has an alternative that says what is drawn, and a message with today's numbers.

The message is the title before the picture (pages/ui/kit/chart_names.py makes it the picture's name in the browser).
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import astuple

import pytest
from every import turns
from screens import ROOT, app, settled, sound

from pages.ui.channels import specs as channels
from pages.ui.customers import specs as triangle
from pages.ui.kit import charts, texts
from pages.ui.simulate import specs as simulate_specs
from samples import changed

#: pages with pictures, and how many
PICTURES = {"simulate": 4, "channels": 6, "customers": 4, "plan": 4, "risk": 5, "compare": 3}
CHANGE = {"headline__aov": 0.9, "headline__cvr": 0.8, "headline__refund_rate": 1.1, "headline__repurchase_rate": 0.9,
          "headline__budget": 0.9, "season__11__season": 1.4,
          "task__q1_pool__state": "doing"}
NUMBER = re.compile(r"\d")
each_language = pytest.mark.parametrize("language", texts.LANGUAGES)


def pictures(at) -> list[tuple[str, str]]:
    """(message, alternative) of each picture: the message is the last title or bold line before it."""
    found, title = [], ""
    for node in at.main:
        if node.type in ("header", "subheader") or node.type == "markdown" and ("**" in node.value or node.value.startswith("#")):
            title = node.value
        elif node.type == "vega_lite_chart":
            found.append((title, node.proto.alt))
    return found


@pytest.mark.all_draws  # fewer correlate alike before and after the move
@pytest.mark.parametrize("page, language", turns(PICTURES, tuple(texts.LANGUAGES)))
def test_every_picture_has_an_alternative_and_a_message_with_numbers_that_follow_the_scenario(page, language, monkeypatch):
    monkeypatch.setattr(texts, "DEFAULT", language)  # AppTest asks a select box for its words outside of the session
    now, then = (pictures(opened(page, language, s)) for s in (None, changed(**CHANGE)))
    assert len(now) >= PICTURES[page] and len(now) == len(then)
    for message, alternative in (*now, *then):
        assert len(alternative) > 8 and not re.search(r"\{|nan|None", alternative), alternative
        assert NUMBER.search(message), message
    assert [a for a, b in zip(now, then, strict=True) if a == b] == []


def opened(page: str, language: str, scenario):
    at = app(language, page, scenario)
    if page == "compare" and scenario is not None:
        at.multiselect(key="compare_pick").set_value(["preset:base", "now", "preset:ambitious"])
        sound(at.run())
    return settled(at, "register") if "_job_register" in at.session_state else at


def test_the_best_split_says_what_it_is_worth():
    at = settled(app("en", "optimize"), "why")
    said = pictures(at)
    assert said and all(NUMBER.search(message) and alternative for message, alternative in said)


def _light(colour) -> float:
    """Relative luminance (WCAG 2.2) of red, green, blue in 0…255."""
    parts = [v / 255 / 12.92 if v / 255 <= 0.03928 else ((v / 255 + 0.055) / 1.055) ** 2.4 for v in colour]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _rgb(colour: str) -> list[int]:
    return [int(colour[i:i + 2], 16) for i in (1, 3, 5)]


@pytest.mark.parametrize("theme", simulate_specs.INKS)
def test_texts_of_pictures_on_a_canvas_can_be_read(theme):
    settings = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())["theme"][theme]
    for ink in astuple(simulate_specs.INKS[theme]):
        dark, pale = sorted((_light(_rgb(ink)), _light(_rgb(settings["backgroundColor"]))))
        assert (pale + 0.05) / (dark + 0.05) >= 4.5, ink


def test_numbers_on_grey_bars_can_be_read():
    assert (_light(_rgb(charts.GREY)) + 0.05) / (_light(_rgb(channels.ON_BAR)) + 0.05) >= 4.5


@pytest.mark.parametrize("theme", charts.HEAT)
def test_numbers_on_the_triangles_cells_can_be_read(theme):
    heat = charts.HEAT[theme]
    mark = triangle.triangle_spec(1.0, ("Jan",), ("", "", ""), heat)["layer"][1]["encoding"]["color"]
    for place in (i / 500 for i in range(501)):
        cell = [a + place * (b - a) for a, b in zip(_rgb(heat.little), _rgb(heat.much), strict=True)]
        ink = _rgb(mark["condition"]["value"] if place > heat.turn else mark["value"])
        dark, pale = sorted((_light(ink), _light(cell)))
        assert (pale + 0.05) / (dark + 0.05) >= 4.5, place
