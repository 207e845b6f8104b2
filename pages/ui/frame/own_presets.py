"""Making the presets of a plan of one's own from its draws, and keeping them in the library; see `session/own_presets.py`."""

from __future__ import annotations

import streamlit as st

from model import Scenario
from model.late import Late
from pages.ui.frame import permits, saving
from pages.ui.kit.formats import money, rate
from pages.ui.kit.texts import plain, t
from pages.ui.session import library, own_presets, results, state
from pages.ui.words.scenario_names import scenario_name

presets = Late("model.analysis.presets")


def offered() -> bool:
    """Whether the plan at hand is one's own: the sample has its presets."""
    return state.workspace().scenario.base.name != state.SAMPLE


def button(key: str) -> None:
    """Makes them, or makes them anew from the plan as it is."""
    known = own_presets.kept_of(state.workspace().scenario.base)
    barred = next(filter(None, map(_barred, known.values())), "")
    permits.button("save", t("preset.remake" if known else "preset.make"), key=key, icon=":material/tune:", on_click=make,
                   disabled=bool(barred), help=barred or t("preset.make_help"))


def _barred(preset: own_presets.Saved) -> str:
    """Why a preset takes no next version, by its name."""
    reason = permits.barring("save", preset.entry)
    return reason and t("preset.barred", name=plain(preset.entry.name), reason=reason)


def make() -> None:
    """The plan as it is and its two versions as scenarios in the library, new ones or the next versions of those there."""
    scenario = state.workspace().scenario
    found = results.risk_of(scenario)
    made = presets.presets(found)
    if not made:
        st.session_state["_notice"] = ("info", t("preset.nothing"))
        st.rerun()
    points = presets.points(found)
    notes = {key: t("preset.note", share=rate(share)) for key, share in points.items()}
    if saving.attempt(lambda: _keep(scenario, {key: made[key].named("", notes[key]) for key in own_presets.KEYS})):
        earned = {key: t("preset.stands", profit=money(float(results.result_of(made[key]).lines["net_profit"].sum())),
                         share=rate(points[key])) for key in own_presets.KEYS}
        st.session_state["_notice"] = ("success", t("preset.made", **earned))
    own_presets.look(scenario.base)
    st.rerun()


def _keep(scenario: Scenario, every: dict[str, Scenario]) -> None:
    known = own_presets.look(scenario.base)
    store, author = library.store(), saving.actor()
    for key, preset in every.items():
        if key in known:
            name = known[key].scenario.name
            store.save(preset.named(name, preset.note), author=author, id=known[key].entry.id)
        else:
            plan = scenario_name(scenario)[:saving.MAX_NAME - 30]
            name = saving.free_name(t("preset.of_plan", plan=plan, preset=t(f"preset.{key}")))
            store.save(preset.named(name, preset.note), author=author, tags=(own_presets.tag(scenario.base, key),))
