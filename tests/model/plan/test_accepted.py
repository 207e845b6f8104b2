"""What the checks accept evaluates: nothing passes a door and fails behind it. Single nasty values here; mixtures in the soak."""

from __future__ import annotations

import random

import mutations
import numpy as np
import pytest

import plans
from model import InvalidInput, Plan, Scenario, evaluate, from_json, from_link, read_plan
from model.plan.schema import applies, driver_of, split
from samples import sample_plan

RICH = plans.scenario(plans.rich())


def accepted(make) -> Scenario | None:
    try:
        return make()
    except InvalidInput:
        return None


def finite(scenario: Scenario) -> bool:
    return all(np.all(np.isfinite(line)) for line in evaluate(scenario).lines.values())


def test_every_address_refuses_or_evaluates_every_nasty_value():
    """A sample of the pairs, as a plan's own value and as a scenario's change; `make soak` tries far more."""
    chance = random.Random(20)
    pairs = [(a, v) for a in mutations.addresses(RICH) for v in mutations.VALUES]
    for address, value in chance.sample(pairs, 250):
        for make in (lambda a=address, v=value: Scenario(mutations.plan_of(RICH, {a: v})),
                     lambda a=address, v=value: Scenario(RICH.base, changes=((a, v),))):
            scenario = accepted(make)
            assert scenario is None or finite(scenario), (address, value)


def test_a_cell_that_a_channel_does_not_use_holds_a_number_or_nothing():
    unused = [a for a in mutations.addresses(RICH) if a.startswith("channel.") and driver_of(a).unit.is_number
              and not applies(driver_of(a), RICH.rows["channel"][split(a).row])]
    assert len(unused) > 20
    for address in unused:
        for value in ("-", "12%", [], {}, float("inf"), 10**400, True):
            assert accepted(lambda a=address, v=value: Scenario(RICH.base, changes=((a, v),))) is None, (address, value)
        assert accepted(lambda a=address: Scenario(mutations.plan_of(RICH, {a: "-"}))) is None, address


def test_a_number_that_a_channel_does_not_use_changes_nothing():
    plain, full = evaluate(RICH), {}
    for address in mutations.addresses(RICH):
        if address.startswith("channel.") and not applies(driver_of(address), RICH.rows["channel"][split(address).row]):
            full[address] = driver_of(address).high if driver_of(address).unit.is_number else driver_of(address).options[0]
    changed = evaluate(Scenario(RICH.base, changes=tuple(full.items())))
    for key, line in plain.lines.items():
        np.testing.assert_array_equal(line, changed.lines[key], key)


@pytest.mark.parametrize("address", ["months", "budget", "start", "headline.cvr", "initiative.pages.ramp_months",
                                     "opening.member_once_1-3.people", "mitigation.stock.cost_once", "channel.search.carry_over"])
def test_nothing_at_an_address_is_its_default(address):
    """`null` in a file or link."""
    null = Scenario(RICH.base, changes=((address, None),))
    said = Scenario(RICH.base, changes=((address, driver_of(address).default),))
    assert null == said and null.get(address) == driver_of(address).default and finite(null)
    assert finite(Scenario(mutations.plan_of(RICH, {address: None})))


def test_a_channel_of_another_kind_is_checked_whole():
    """What did not matter while it was organic does now."""
    base = Plan("b", tuple((plans.rich() | {"channel.shop.cpm": 0.0}).items()))
    assert Scenario(base).get("channel.shop.cpm") == 0.0
    with pytest.raises(InvalidInput) as caught:
        Scenario(base, changes=(("channel.shop.kind", "paid"),))
    assert ("too_low", "channel.shop.cpm") in {(v.code, v.place) for v in caught.value.violations}


@pytest.mark.parametrize(("change", "place", "code"), [
    ({"event.dear.length_low": "6个月", "event.dear.length_high": "12个月"}, "event.dear.length_low", "not_a_number"),
    ({"distribution.inflation.mean": "6元"}, "distribution.inflation.mean", "not_a_number"),
    ({"season.03.season": 1e-308}, "season.03.season", "too_low"),
    ({"event_effect.dear_cpm.likely": "2倍"}, "event_effect.dear_cpm.likely", "not_a_number"),
])
def test_it_is_refused_by_name(change, place, code):
    with pytest.raises(InvalidInput) as caught:
        Scenario(mutations.plan_of(RICH, change))
    assert (code, place) in {(v.code, v.place) for v in caught.value.violations}


def test_mixtures_at_the_doors_are_refused_in_our_words_or_compute():
    """The short form of `make soak`."""
    doors = (lambda c: Scenario(read_plan(mutations.csv_of(c), "own")), lambda c: from_json(mutations.json_of(c)),
             lambda c: from_link(mutations.link_of(c), {"sample": sample_plan()}))
    taken = 0
    for seed in range(60):
        scenario = accepted(lambda s=seed: doors[s % 3](random.Random(s)))
        if scenario is not None:
            mutations.hold(scenario)
            taken += 1
    assert 6 < taken < 54
