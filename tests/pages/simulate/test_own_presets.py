"""Presets of a plan of one's own: made from its draws, kept in the library, its buttons on Simulate, never the sample's."""

from __future__ import annotations

import numpy as np
import pytest
from screens import again, app, click, goto, markdown, scenario, space

from model import Plan, Scenario, evaluate
from model.analysis.presets import points
from pages.ui.session import own_presets, results
from samples import sample_plan


def mine(**values: object) -> Scenario:
    return Scenario(Plan("mine", sample_plan().values)).with_values({a.replace("__", "."): v for a, v in values.items()})


def profit(plan: Scenario) -> float:
    return float(evaluate(plan).lines["net_profit"].sum())


def buttons(at) -> set[str]:
    return {b.key for b in at.button if str(b.key).startswith("preset_")}


def test_they_are_made_kept_applied_and_go_when_they_are_archived(store):
    at = app("en", scenario=mine(headline__traffic_price=1.1))
    assert buttons(at) == {"preset_make"}
    found = results.risk_of(scenario(at))
    draws, shares = found.draws("net_profit"), points(found)
    click(at, "preset_make")
    again(at)
    assert buttons(at) == {f"preset_{key}" for key in own_presets.KEYS} and len(space(at).undo) == 0
    saved = {e.name: store.open(e.id).scenario for e in store.list().entries}
    assert sorted(saved) == [f"Qinghe Apparel 2027 operating plan, {x}" for x in ("Ambitious", "Base", "Conservative")]
    for key in ("conservative", "ambitious"):
        click(at, f"preset_{key}")
        assert profit(scenario(at)) == pytest.approx(float(np.quantile(draws, shares[key])), rel=0.02)
        assert scenario(at).get("headline.traffic_price") == 1.1 and scenario(at).name == "", "what the plan says beside stays"
        assert [b.key for b in at.button if b.proto.type == "primary" and b.key.startswith("preset_")] == [f"preset_{key}"]
    click(at, "preset_base")
    assert scenario(at) == mine(headline__traffic_price=1.1) and len(space(at).undo) == 3
    for entry in store.list().entries:
        store.archive(entry.id, author="me")
    assert buttons(again(at)) == {"preset_make"}


def test_another_plan_does_not_see_them_and_the_desk_makes_them_anew(store):
    at = app("en", "scenarios", mine())
    click(at, "presets_make")
    assert "Presets of this plan" in markdown(again(at))
    at.session_state["workspace"].scenario = mine(headline__aov=1.05)
    click(again(at), "presets_make")
    assert sorted(e.version for e in store.list().entries) == [2, 2, 2]
    other = Scenario(Plan("other", tuple({**dict(sample_plan().values), "vat": 0.1}.items())))
    assert buttons(app("en", scenario=other)) == {"preset_make"}
    assert buttons(app("en")) == {f"preset_{key}" for key in own_presets.KEYS}
    assert "own_presets" not in markdown(goto(app("en"), "scenarios"))
