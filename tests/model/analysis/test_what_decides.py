"""What decides the result: one evaluation with many points says what evaluating each moved scenario says."""

from __future__ import annotations

import numpy as np
import pytest
from every import each, some

import plans
from model import evaluate, kpi, what_decides
from model.analysis.response import MARGINAL_STEP, responses
from model.analysis.sensitivity import SWING, as_draws, each_alone, uncertain_drivers
from model.plan.schema import TABLES, driver_of, join, split
from samples import changed, sample

SCENARIOS = {"sample": sample(), "rich": plans.scenario(plans.rich()), "tiers": plans.scenario(plans.tiered()),
             "moved": changed(headline__budget=0.8, headline__cvr=1.2, months=24),
             "at a bound": changed(headline__cvr=1.5, channel__platform__refund_rate=0.93)}
each_scenario = each("which", SCENARIOS)


def directly(scenario, values, key="net_profit") -> float:
    """The KPI of the scenario with these values in it, evaluated by itself."""
    return float(kpi(evaluate(scenario.with_values(values)), key)[0])


def moved(scenario, addresses, factor) -> dict[str, float]:
    return {a: min(max(scenario.get(a) * factor, driver_of(a).low), driver_of(a).high) for a in addresses}


@each("key", ["net_profit", "gmv", "net_margin_rate"])
@each("which", ["sample", "moved", "at a bound", "tiers"])
def test_each_swing_is_the_moved_scenario_minus_the_plan(which, key):
    scenario = SCENARIOS[which]
    found = {(s.table, s.key): s for s in what_decides(scenario, key).swings}
    base = float(kpi(evaluate(scenario), key)[0])
    drivers = uncertain_drivers(scenario)
    assert len(found) == len(drivers)
    for table, driver, addresses in some(drivers, keep=4, first=len(which) + len(key)):
        swing = found[table, driver]
        expected = [directly(scenario, moved(scenario, addresses, f), key) - base for f in (1 - SWING, 1 + SWING)]
        assert [swing.low, swing.high] == pytest.approx(expected, rel=1e-6, abs=1e-8 * max(1, abs(base))), driver


@each_scenario
def test_the_largest_swing_stands_first(which):
    swings = what_decides(SCENARIOS[which]).swings
    sizes = [s.size for s in swings]
    assert sizes == sorted(sizes, reverse=True) and sizes[0] > 0 and np.isfinite(sizes).all()
    assert len({(s.table, s.key) for s in swings}) == len(swings)
    assert all(s.size == max(abs(s.low), abs(s.high)) for s in swings)


@each_scenario
def test_the_marginal_profit_is_the_finite_difference_of_spending_more_there(which):
    scenario = SCENARIOS[which]
    found = what_decides(scenario).marginal
    rows = {c: r for c, r in scenario.rows["channel"].items() if r["kind"] != "organic"}
    assert set(found) == set(rows)
    budget = scenario.get("budget")
    before = evaluate(scenario)
    for channel in rows:
        shares = {f"channel.{c}.share": (r["share"] + MARGINAL_STEP * (c == channel)) / (1 + MARGINAL_STEP)
                  for c, r in rows.items()}
        after = evaluate(scenario.with_values(shares | {"budget": budget * (1 + MARGINAL_STEP)}))
        change = (kpi(after, "net_profit") - kpi(before, "net_profit"))[0]
        added = after.by_channel["spend"].sum() - before.by_channel["spend"].sum()  # of two years, twice the yearly step
        assert found[channel] == pytest.approx(change / added, rel=1e-6, abs=1e-7)


def test_only_that_channel_spends_more():
    scenario = sample()
    rows = {c: r["share"] for c, r in scenario.rows["channel"].items() if r["kind"] != "organic"}
    shares = {f"channel.{c}.share": (s + MARGINAL_STEP * (c == "content")) / (1 + MARGINAL_STEP) for c, s in rows.items()}
    more = evaluate(scenario.with_values(shares | {"budget": scenario.get("budget") * (1 + MARGINAL_STEP)}))
    change = (more.by_channel["spend"] - evaluate(scenario).by_channel["spend"]).sum(axis=(1, 2))
    for channel, yuan in zip(more.channels, change, strict=True):
        assert yuan == pytest.approx(scenario.get("budget") * MARGINAL_STEP * (channel == "content"), abs=0.01)


def test_the_marginal_profit_is_the_slope_of_spending():
    """A hundred times the step gives nearly the same slope: the step is small enough and not lost in rounding."""
    scenario = sample()
    found = what_decides(scenario).marginal["platform"]
    share = scenario.get("channel.platform.share")
    for step in (1e-5, 1e-2):
        shares = {f"channel.{c}.share": (r["share"] + step * (c == "platform")) / (1 + step)
                  for c, r in scenario.rows["channel"].items() if r["kind"] != "organic"}
        change = directly(scenario, shares | {"budget": scenario.get("budget") * (1 + step)}) - directly(scenario, {})
        assert found == pytest.approx(change / (scenario.get("budget") * step), rel=0.05, abs=0.01)
    assert share > 0


def test_nothing_is_moved_beyond_its_bounds():
    scenario = SCENARIOS["at a bound"]
    swing = next(s for s in what_decides(scenario).swings if s.key == "cvr")
    assert swing.high == pytest.approx(0, abs=1e-6) and swing.low < 0


def test_other_sizes_of_swing():
    small = {(s.table, s.key): s.high for s in what_decides(sample(), swing=0.01).swings}
    base = directly(sample(), {})
    assert small["headline", "aov"] == pytest.approx(directly(sample(), {"headline.aov": 1.01}) - base, rel=1e-6)


def test_every_headline_factor_and_every_driver_with_a_spread_that_moves_lines_is_asked():
    keys = {(table, key) for table, key, _ in uncertain_drivers(sample())}
    assert {k for t, k in keys if t == "headline"} == set(TABLES["headline"])
    spread = {(t, k) for t in ("business", "channel") for k, row in TABLES[t].items() if row.spread and not row.feeds}
    assert spread - keys == {("channel", k) for k in ("cpm", "ctr", "cvr", "aov", "refund_rate", "goods_margin_rate")} | {
        ("business", f"repurchase_{g}_{t}") for g in ("member", "other") for t in ("once", "again")}
    assert all(scenario_has for _, _, scenario_has in uncertain_drivers(sample()))


def test_the_next_yuan_is_that_of_the_channels_curve():
    """Simulate and Channels show one figure: of the sample, without a budget, of a channel without a share, over two years."""
    plans = (sample(), changed(budget=0.0), changed(headline__budget=1.2), changed(months=24),
             changed(channel__creators__share=0.0, channel__platform__share=0.6))
    for scenario in plans:
        here, there = what_decides(scenario), responses(scenario)
        assert here.marginal == pytest.approx({c: r.marginal for c, r in there.items()}, rel=1e-7), scenario.changes
        assert np.isfinite([s.size for s in here.swings]).all()
    assert set(map(bool, what_decides(changed(budget=0.0)).marginal.values())) == {True}


def test_points_as_draws_fill_in_the_plan_where_a_point_is_silent():
    draws = as_draws(sample(), [{}, {"vat": 0.1}, {"vat": 0.2, "halo": 0.5}])
    vat, halo = sample().get("vat"), sample().get("halo")
    assert {k: v.tolist() for k, v in draws.items()} == {"vat": [vat, 0.1, 0.2], "halo": [halo, halo, 0.5]}


@each("which", ["sample", "moved", "tiers"])
def test_each_number_alone_is_the_moved_scenario_minus_the_plan_and_shares_give_way(which):
    scenario = SCENARIOS[which]
    base = directly(scenario, {})
    every = [join(t, row, f) for t, rows in scenario.rows.items() for row in rows for f in TABLES[t]]
    found = each_alone(scenario, every)
    assert "vat" in found and any(a.endswith(".share") for a in found) and not any(a.startswith(("target.", "correlation.")) for a in found)
    for address, swing in some(found.items(), keep=9, first=len(which)):
        for factor, change in ((1 - SWING, swing.low), (1 + SWING, swing.high)):
            values = moved(scenario, (address,), factor)
            if split(address).field == "share":
                rows = [join(split(address).table, row, "share") for row in scenario.rows[split(address).table]]
                room = (1 - values[address]) / (1 - scenario.get(address))
                values |= {a: scenario.get(a) * room for a in rows if a != address and scenario.get(a)}
            assert directly(scenario, values) - base == pytest.approx(change, rel=1e-6, abs=1e-3), address
