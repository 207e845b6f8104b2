"""Plans and scenarios as values: frozen, equal by content, sparse, composing; the base is never touched."""

from __future__ import annotations

import copy
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from every import each
from hypothesis import given
from hypothesis import strategies as st

import plans
import strategies
from model.engine.evaluate import evaluate
from model.errors import InvalidInput
from model.plan.scenario import OWN, Plan, Scenario, same
from model.plan.schema import driver_of

VALUES = plans.rich()
PLAN = plans.scenario(VALUES).base
BASE = Scenario(PLAN)


def radio(share: float = 0.1) -> dict[str, object]:
    """A complete new channel, its share taken from the search ads."""
    fields = {"kind": "paid", "share": share, "cpm": 20.0, "ctr": 0.01, "cvr": 0.02, "aov": 200.0,
              "goods_margin_rate": 0.5, "refund_rate": 0.3, "impressions_ref": 1e6}
    return {f"channel.radio.{k}": v for k, v in fields.items()} | {"channel.search.share": 0.6 - share}


@st.composite
def changes(draw, most: int = 5) -> dict[str, object]:
    """Values of some drivers, some of them the base's own."""
    addresses = draw(st.lists(st.sampled_from(strategies.FREE), max_size=most, unique=True))
    return {a: plans.number_at(VALUES, a) if draw(st.booleans()) else draw(strategies.value_of(a)) for a in addresses}


# --- frozen and hashable ------------------------------------------------------------------------------------------

@each("thing, name", [(PLAN, "values"), (PLAN, "name"), (BASE, "changes"), (BASE, "base")])
def test_a_plan_and_a_scenario_are_frozen(thing, name):
    with pytest.raises(FrozenInstanceError):
        setattr(thing, name, ())


@given(changes())
def test_equal_scenarios_have_equal_hashes_whatever_the_order_of_changes(change):
    one = BASE.with_values(change)
    other = Scenario(plans.scenario(VALUES).base, changes=tuple(reversed(change.items())))
    assert one == other and hash(one) == hash(other)
    assert len({one, other}) == 1


def test_scenarios_with_other_values_names_or_bases_are_not_equal():
    other_base = Scenario(plans.scenario(VALUES, {"budget": 1.0}).base)
    others = [BASE.with_values({"budget": 1.0}), BASE.named("other"), BASE.named("", "a note"), other_base]
    assert BASE not in others


def test_a_scenario_is_a_key_of_a_dictionary():
    results = {BASE: 1, BASE.with_values({"budget": 2.0}): 2}
    assert results[Scenario(PLAN)] == 1 and results[BASE.with_values({"budget": 2})] == 2


# --- sparse -------------------------------------------------------------------------------------------------------

@given(changes())
def test_only_what_differs_from_the_base_is_kept(change):
    kept = dict(BASE.with_values(change).changes)
    assert kept == {a: v for a, v in change.items() if not same(plans.number_at(VALUES, a), v)}


@each("change", [
    {"budget": 12_000_000}, {"headline.ctr": 1.0}, {"headline.ctr": 1}, {"vat": 0.13}, {"channel.shop.growth": 0.03},
    {"promotion.618.on": True}, {"promotion.618.name_zh": ""}, {"team.nobody": None}, {},
], ids=str)
def test_the_value_of_the_base_is_no_change(change):
    assert BASE.with_values(change).changes == ()


def test_setting_the_base_value_back_removes_the_change():
    moved = BASE.with_values({"budget": 9e6, "vat": 0.06})
    assert moved.with_values({"budget": 12e6}).changes == (("vat", 0.06),)
    assert moved.with_values({"budget": 12e6, "vat": 0.13}) == BASE


def test_true_is_not_one_and_one_is_one_point_zero():
    assert same(1, 1.0) and not same(1, True) and not same(0.0, False)


# --- composing ----------------------------------------------------------------------------------------------------

@given(changes(), changes())
def test_two_steps_are_one_step_with_the_later_value(first, second):
    assert BASE.with_values(first).with_values(second) == BASE.with_values(first | second)


@given(changes())
def test_without_its_changes_a_scenario_is_its_base(change):
    scenario = BASE.with_values(change)
    assert scenario.without(change) == BASE
    for address in change:
        assert scenario.without([address]).get(address) == BASE.get(address)


def test_without_an_address_that_is_not_changed_nothing_happens():
    assert BASE.without(["budget", "nonsense"]) == BASE


def test_a_name_and_a_note_stay_when_values_change():
    scenario = BASE.named("bold", "why").with_values({"budget": 1.0}).without(["budget"])
    assert (scenario.name, scenario.note) == ("bold", "why")
    assert scenario.named("new").note == "why"


def test_a_step_that_breaks_a_rule_leaves_the_scenario_as_it_was():
    scenario = BASE.with_values({"vat": 0.06})
    with pytest.raises(InvalidInput):
        scenario.with_values({"budget": -1.0})
    assert scenario.changes == (("vat", 0.06),)


def test_shares_must_move_together():
    with pytest.raises(InvalidInput):
        BASE.with_values({"channel.search.share": 0.5})
    assert BASE.with_values({"channel.search.share": 0.5, "channel.live.share": 0.4}).get("channel.live.share") == 0.4


# --- rows ---------------------------------------------------------------------------------------------------------

def test_a_removed_promotion_leaves_what_a_plan_without_it_gives():
    scenario = BASE.with_values({"promotion.618": None})
    without = {a: v for a, v in VALUES.items() if not a.startswith("promotion.618.")}
    assert scenario.changes == (("promotion.618", None),)
    assert "618" not in scenario.rows["promotion"]
    gmv, expected = (evaluate(s).lines["gmv"] for s in (scenario, plans.scenario(without)))
    np.testing.assert_allclose(gmv, expected, rtol=1e-12)


def test_all_promotions_can_be_removed():
    scenario = BASE.with_values({f"promotion.{p}": None for p in ("618", "live_night", "dropped")})
    assert np.all(evaluate(scenario).index["promo"] == 1)


def test_removing_a_row_drops_its_changes():
    moved = BASE.with_values({"promotion.618.uplift": 0.5, "promotion.618.discount": 0.2})
    assert moved.with_values({"promotion.618": None}).changes == (("promotion.618", None),)


def test_a_removed_row_comes_back_without_its_removal():
    assert BASE.with_values({"promotion.618": None}).without(["promotion.618"]) == BASE


def test_a_new_channel_leaves_what_a_plan_with_it_gives():
    scenario = BASE.with_values(radio())
    gmv, expected = (evaluate(s).lines["gmv"] for s in (scenario, plans.scenario(VALUES, radio())))
    np.testing.assert_allclose(gmv, expected, rtol=1e-12)
    assert scenario.get("channel.radio.saturation") == driver_of("channel.radio.saturation").default


def test_a_new_channel_taken_away_again_leaves_no_trace():
    scenario = BASE.with_values(radio())
    assert scenario.with_values({"channel.radio": None, "channel.search.share": 0.6}) == BASE
    assert scenario.without(radio()) == BASE


def test_a_channel_is_removed_when_its_share_goes_elsewhere():
    scenario = BASE.with_values({"channel.live": None, "channel.search.share": 0.9, "promotion.live_night": None})
    assert evaluate(scenario).channels == ("search", "private", "shop")


def test_a_channel_with_something_that_refers_to_it_is_not_removed():
    with pytest.raises(InvalidInput) as refused:
        BASE.with_values({"channel.live": None, "channel.search.share": 0.9})
    assert [v.place for v in refused.value.violations] == ["promotion.live_night.channels"]


def test_a_channel_without_owned_channel_books_members_repeats_to_the_shop():
    scenario = BASE.with_values({"channel.private": None, "channel.search.share": 0.7})
    result = evaluate(scenario)
    shop = result.channels.index("shop")
    np.testing.assert_allclose(result.by_channel["orders"][shop] - result.by_channel["channel_orders"][shop],
                               result.lines["repeats_member"] + result.lines["repeats_other"], rtol=1e-9)


def test_an_initiative_cannot_go_while_its_effects_stay():
    with pytest.raises(InvalidInput):
        BASE.with_values({"initiative.club": None})
    effects = {"effect.club_once": None, "effect.club_join": None}
    assert "club" not in BASE.with_values({"initiative.club": None} | effects).rows["initiative"]


def test_a_row_cannot_be_given_a_value():
    with pytest.raises(InvalidInput):
        BASE.with_values({"promotion.618": 3.0})


# --- the base is not touched --------------------------------------------------------------------------------------

def test_a_scenario_cannot_touch_its_base():
    plan = plans.scenario(VALUES).base
    before, rows = copy.deepcopy(plan.values), copy.deepcopy(plan.rows)
    scenario = Scenario(plan)
    for change in (radio(), {"promotion.618": None}, {"budget": 1.0, "season.05.season": 3.0},
                   {"channel.search.cpm": 99.0, "team.service": None, "headline.cvr": 1.1}):
        evaluate(scenario.with_values(change))
        scenario.with_values(change).as_plan("other")
    assert plan.values == before and plan.rows == rows


@given(changes())
def test_evaluating_scenarios_does_not_move_the_base(change):
    before = evaluate(BASE).lines["net_profit"].copy()
    evaluate(BASE.with_values(change))
    np.testing.assert_array_equal(evaluate(BASE).lines["net_profit"], before)


# --- reading ------------------------------------------------------------------------------------------------------

def test_get_gives_the_change_else_the_plan_else_the_default():
    scenario = BASE.with_values({"vat": 0.06})
    assert scenario.get("vat") == 0.06
    assert scenario.get("channel.search.cpm") == 64.0
    assert scenario.get("headline.cvr") == 1.0
    assert scenario.get("channel.search.shape") == 1.0
    assert scenario.get("channel.search.slot_fee") is None


@each("address", ["nonsense", "channel.nobody.cpm", "channel.search", "promotion.618.nonsense"])
def test_get_of_an_unknown_address_is_a_key_error(address):
    with pytest.raises(KeyError):
        BASE.get(address)


# --- as a plan ----------------------------------------------------------------------------------------------------

@given(changes())
def test_a_scenario_as_a_plan_gives_the_same_result(change):
    scenario = BASE.with_values(change)
    plan = scenario.as_plan("new")
    assert plan.name == "new"
    np.testing.assert_array_equal(evaluate(Scenario(plan)).lines["net_profit"], evaluate(scenario).lines["net_profit"])


def test_as_a_plan_removed_rows_are_gone_and_new_ones_there():
    plan = BASE.with_values(radio() | {"promotion.618": None}).as_plan("new")
    assert "618" not in plan.rows["promotion"] and plan.rows["channel"]["radio"]["cpm"] == 20.0


def test_as_a_plan_sources_stay_where_the_value_does():
    sources = (("technology", "A: bill"), ("budget", "J"), ("promotion.618.uplift", "C: x"))
    plan = Plan("test", tuple(VALUES.items()), sources)
    new = Scenario(plan).with_values({"budget": 1.0, "promotion.618": None}).as_plan("new")
    assert dict(new.source_of) == {"technology": "A: bill", "budget": OWN}


# --- fingerprint --------------------------------------------------------------------------------------------------

@given(st.sampled_from(strategies.FREE), st.data())
def test_the_fingerprint_changes_with_any_value(address, data):
    value = data.draw(strategies.value_of(address).filter(lambda v: not same(plans.number_at(VALUES, address), v)))
    assert BASE.with_values({address: value}).as_plan("test").fingerprint != BASE.as_plan("test").fingerprint


def test_the_fingerprint_is_twelve_hex_digits_and_not_the_names():
    assert len(PLAN.fingerprint) == 12 and int(PLAN.fingerprint, 16) >= 0
    assert BASE.as_plan("other").fingerprint == BASE.as_plan("test").fingerprint


def test_the_fingerprint_changes_with_a_row():
    prints = {s.as_plan("x").fingerprint for s in (BASE, BASE.with_values({"promotion.618": None}),
                                                  BASE.with_values({"team.x.heads": 1.0, "team.x.monthly_cost": 5e3}))}
    assert len(prints) == 3


def test_a_plan_with_a_line_that_is_a_row_and_no_value_is_refused():
    with pytest.raises(InvalidInput):
        Plan("test", (*VALUES.items(), ("promotion.618", 3.0)))
