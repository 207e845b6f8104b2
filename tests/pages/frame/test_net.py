"""A page that fails shows our own words in the reader's language, with the way back at hand."""

from __future__ import annotations

import pytest
from screens import app, scenario, sound, space
from streamlit import error_util

import model
from pages.ui.frame import safety_net
from pages.ui.kit import texts
from pages.ui.session import results, state
from samples import changed

CARELESS = "test_net: this plan cannot be evaluated"


@pytest.fixture
def falling(monkeypatch):
    """The net is spread, and a plan whose orders are worth more than twice what they were cannot be evaluated."""
    def evaluate(scenario, *args, **more):
        if scenario.get("headline.aov") > 1.2:
            raise RuntimeError(CARELESS)
        return model.evaluate(scenario, *args, **more)

    monkeypatch.setattr(error_util, "show_uncaught_app_exception", safety_net.caught)
    monkeypatch.setattr(results, "evaluate", evaluate)
    results.result_of.cache_clear()
    yield
    results.result_of.cache_clear()


def fails_well(at, language: str) -> None:
    """Our words, the ways out, and nothing of Streamlit's own."""
    words = texts.catalogue(language)
    said = [e.value for e in at.error]
    assert any(words["net.failed"] in e and words["net.kept"] in e for e in said), said
    assert not at.exception and CARELESS not in str(said)
    assert not at.button(key="bar_undo").disabled and not at.button(key="net_undo").disabled


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_each_page_of_a_plan_that_cannot_be_evaluated_has_our_words_and_undo(falling, language):
    for page in ("simulate", "channels", "plan", "compare"):
        at = app(language, page)
        good = scenario(at)
        space(at).undo.append(good)
        space(at).scenario = good.with_values({"headline.aov": 1.3})
        at.run()
        fails_well(at, language)
    at.button(key="net_undo").click().run()
    assert scenario(at) == good


def test_a_move_that_cannot_be_evaluated_is_taken_back_from_the_page(falling):
    """The slider runs parts of a page: each of them fails where it stands."""
    at = app("en", "simulate")
    good = scenario(at)
    at.slider(key="lever_aov").set_value(30).run()
    assert not at.exception and any(texts.catalogue("en")["net.failed"] in e.value for e in at.error)
    at.run()
    fails_well(at, "en")
    at.button(key="bar_undo").click().run()
    assert scenario(at) == good


def _fails(*args, **more):
    raise RuntimeError(CARELESS)


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_a_callback_that_fails_has_our_words_and_loses_nothing(monkeypatch, language):
    """Of a widget that changes (on_change) and of a button (on_click), the first in a fragment, the second not."""
    monkeypatch.setattr(error_util, "show_uncaught_app_exception", safety_net.caught)
    at = app(language, "simulate", changed(headline__cvr=1.05))
    good = scenario(at)
    words = texts.catalogue(language)
    for name, act in (("commit", lambda: at.slider(key="lever_aov").set_value(30)),
                      ("apply_preset", lambda: at.button(key="preset_conservative").click())):
        with monkeypatch.context() as patch:
            patch.setattr(state, name, _fails)
            act().run()
        said = [e.value for e in at.error]
        assert not at.exception and [e for e in said if words["net.failed"] in e and words["net.kept"] in e], (name, said)
        assert CARELESS not in str(said) and at.button(key="net_again") and scenario(at) == good, name
        at.button(key="net_again").click().run()
        assert not sound(at).error and scenario(at) == good, name
        assert (at.slider(key="lever_aov").value, at.slider(key="lever_cvr").value) == (0, 5), name
