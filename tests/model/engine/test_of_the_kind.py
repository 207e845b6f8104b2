"""A driver acts on the channels whose kind has it, and on no other, whoever moves it."""

from __future__ import annotations

import numpy as np

import plans
import samples
from model.analysis.risk.shocks import addresses
from model.engine.evaluate import evaluate
from model.engine.kpis import kpi
from model.engine.values import resolve
from model.plan.schema import TABLES, adjustable_drivers, applies

CHANNEL = TABLES["channel"]
OF_CHANNELS = [key for key, driver in adjustable_drivers().items() if driver is CHANNEL.get(key)]


def initiative(key: str, channel: str = "all", effect: float = -0.2) -> dict[str, object]:
    return {"initiative.try.start": "2027-01", f"effect.try_{channel}.initiative": "try",
            f"effect.try_{channel}.driver": key, f"effect.try_{channel}.channel": channel, f"effect.try_{channel}.effect": effect}


def test_an_initiative_for_all_channels_leaves_those_alone_that_do_not_have_the_driver():
    for scenario in (plans.scenario(plans.rich()), samples.sample()):
        before, rows = resolve(scenario, {}), scenario.rows["channel"]
        for key in OF_CHANNELS:
            after = resolve(scenario.with_values(initiative(key)), {})
            for i, channel in enumerate(after.channels):
                old, new = (v.channel[key][i].mean() for v in (before, after))
                moved = new != old and not np.isnan(new)
                assert moved == (applies(CHANNEL[key], rows[channel]) and old != 0), (key, channel, old, new)


def test_an_initiative_for_all_channels_is_one_for_each_that_has_the_driver():
    scenario = samples.sample()
    for key in OF_CHANNELS:
        each = {}
        for channel, row in scenario.rows["channel"].items():
            each |= initiative(key, channel) if applies(CHANNEL[key], row) else {}
        both = [evaluate(scenario.with_values(values)) for values in (initiative(key), each)]
        profits = [float(kpi(result, "net_profit")[0]) for result in both]
        assert profits[0] == profits[1], key


def test_an_initiative_on_a_channel_that_does_not_have_the_driver_changes_nothing():
    scenario = samples.sample()
    before = float(kpi(evaluate(scenario), "net_profit")[0])
    for key in OF_CHANNELS:
        for channel, row in scenario.rows["channel"].items():
            if not applies(CHANNEL[key], row):
                after = float(kpi(evaluate(scenario.with_values(initiative(key, channel))), "net_profit")[0])
                assert after == before, (key, channel)


def test_events_and_stress_tests_name_only_channels_that_have_the_driver():
    scenario = samples.sample()
    for key in OF_CHANNELS:
        for of in ("all", "paid", "owned", "organic", *scenario.rows["channel"]):
            for address in addresses(scenario, key, of):
                assert applies(CHANNEL[key], scenario.rows["channel"][address.split(".")[1]]), (key, of, address)
