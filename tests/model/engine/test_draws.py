"""The draws axis: one call for many draws gives, column by column, what a scenario with those values gives."""

from __future__ import annotations

import re

import numpy as np
import pytest
from every import each, every, some
from hypothesis import given
from hypothesis import strategies as st

import plans
import strategies
from model.engine.customer_value import customer_book, lifetime_values
from model.engine.evaluate import Result, evaluate
from model.engine.kpis import targets
from model.errors import UnknownName
from model.plan.scenario import Scenario
from model.plan.schema import driver_of

#: plans with a row in every table: tiers overrule what the plain drivers say of members, phasing what the season says
UNTIERED, TIERED = plans.scenario(plans.rich()), plans.scenario(plans.tiered())
PHASED = plans.scenario(plans.rich(), {"channel.live.phasing_mode": "own_season"} | {
    address: 1.0 for m in plans.MONTHS for address in (f"season.{m}.phasing", f"channel.live.phasing_{m}")})
#: not part of what follows from a plan: the frame is no number to draw, the rest is compared with
FRAME = {"months"}
COMPARED_WITH = ("target.", "last_year")
#: must add up to one, so that one alone cannot be another value
SHARES = re.compile(r"(channel|tier|timing)\..*\.share(_[23])?\Z")
#: of twelve months alike two are tried, of three channels' phasing one
REPEATED = re.compile(r"season\.(0[2-9]|1[02])\.|.*phasing_(0[2-9]|1[02])|channel\.(search|private)\.phasing")
NUMBERS = [a for a in plans.numeric_addresses(plans.tiered())
           if a not in FRAME and not a.startswith(COMPARED_WITH) and not SHARES.match(a) and not REPEATED.match(a)]


def plan_of(address: str) -> Scenario:
    return TIERED if address.startswith("tier.") else PHASED if "phasing" in address else UNTIERED


def said(scenario: Scenario, address: str) -> float | None:
    value = scenario.get(address)
    return driver_of(address).default if value is None else value


def two_values(scenario: Scenario, address: str) -> list[float]:
    """Two values a driver may have, both other than the plan's."""
    driver, base = driver_of(address), said(scenario, address)
    if base is None:
        return [max(driver.low, 0.01), max(driver.low, 0.02)] if driver.high <= 1 else [driver.low + 2, driver.low + 5]
    if driver.unit.whole:
        return [base + 1, base + 2]
    step = 0.1 * abs(base) or 0.05 * min(driver.high, 1.0)
    near = (base - step, base + step, base - 2 * step, base + 2 * step)
    return [v for v in near if driver.low <= v <= driver.high][:2]


def column(result: Result, d: int) -> dict[str, np.ndarray]:
    """Everything that a result says of one draw."""
    def pick(array):
        return array[..., d if array.shape[-1] > 1 else 0]
    out = {f"{name}.{key}": pick(array) for name in ("lines", "by_channel", "index")
           for key, array in getattr(result, name).items()}
    return out | {"customer_book": pick(customer_book(result)), "lifetime_values": pick(lifetime_values(result))}


def assert_same(drawn: Result, d: int, single: Result) -> None:
    ours, theirs = column(drawn, d), column(single, 0)
    for key in theirs:
        a, b = np.broadcast_arrays(ours[key], theirs[key])
        np.testing.assert_allclose(a, b, rtol=1e-11, atol=1e-6, err_msg=key)


@every(address=some(NUMBERS, keep=3))
def test_draws_of_an_address_are_the_scenario_with_that_value(address):
    """Or the address is refused; but never ignored."""
    scenario = plan_of(address)
    values = two_values(scenario, address)
    try:
        drawn = evaluate(scenario, {address: np.array(values)})
    except UnknownName:
        return
    for d, value in enumerate(values):
        assert_same(drawn, d, evaluate(scenario.with_values({address: value})))


def test_draws_of_all_channel_shares_together_are_the_scenario_with_those_shares():
    shares = {"channel.search.share": [0.5, 0.2], "channel.live.share": [0.4, 0.3], "channel.private.share": [0.1, 0.5]}
    drawn = evaluate(UNTIERED, {a: np.array(v) for a, v in shares.items()})
    for d in range(2):
        assert_same(drawn, d, evaluate(UNTIERED.with_values({a: v[d] for a, v in shares.items()})))


def test_draws_of_all_tier_shares_together_are_the_scenario_with_those_shares():
    shares = {"tier.silver.share": [0.6, 0.2], "tier.gold.share": [0.3, 0.3], "tier.diamond.share": [0.1, 0.5]}
    drawn = evaluate(TIERED, {a: np.array(v) for a, v in shares.items()})
    for d in range(2):
        assert_same(drawn, d, evaluate(TIERED.with_values({a: v[d] for a, v in shares.items()})))


def test_draws_of_all_timing_shares_together_are_the_scenario_with_those_shares_or_refused():
    base = UNTIERED.with_values({f"timing.{a:02d}.share": s for a, s in ((0, 0.2), (1, 0.5), (6, 0.3))})
    shares = {"timing.00.share": [0.1, 0.3], "timing.01.share": [0.6, 0.2], "timing.06.share": [0.3, 0.5]}
    try:
        drawn = evaluate(base, {a: np.array(v) for a, v in shares.items()})
    except UnknownName:
        return
    for d in range(2):
        assert_same(drawn, d, evaluate(base.with_values({a: v[d] for a, v in shares.items()})))


def test_draws_of_seasons_move_the_phasing_that_follows_them():
    """Phasing defaults to season / 12: a draw of the season spends as the scenario with that season does."""
    drawn = evaluate(UNTIERED, {"season.11.season": np.array([1.0, 1.6])})
    for d, value in enumerate((1.0, 1.6)):
        single = evaluate(UNTIERED.with_values({"season.11.season": value}))
        np.testing.assert_allclose(drawn.by_channel["spend"][..., d if drawn.draws > 1 else 0],
                                   single.by_channel["spend"][..., 0], rtol=1e-12)


MANY = [a for a in strategies.FREE if a not in FRAME]


@given(st.lists(st.sampled_from(MANY), min_size=1, max_size=8, unique=True), st.data())
def test_draws_of_several_addresses_at_once_are_the_scenarios_with_those_values(addresses, data):
    values = {a: [data.draw(strategies.value_of(a)) for _ in range(3)] for a in addresses}
    drawn = evaluate(UNTIERED, {a: np.array(v) for a, v in values.items()})
    for d in range(3):
        assert_same(drawn, d, evaluate(UNTIERED.with_values({a: v[d] for a, v in values.items()})))


@given(strategies.random_plans(), st.lists(st.sampled_from(MANY), min_size=1, max_size=3, unique=True),
       st.integers(2, 5))
def test_equal_draws_give_equal_columns_exactly_the_plan(values, addresses, size):
    scenario = plans.scenario(values)
    single = evaluate(scenario)
    drawn = evaluate(scenario, {a: np.full(size, float(said(scenario, a))) for a in addresses})
    assert drawn.draws == size
    rounding = 1e-12 * np.max(single.lines["gmv"])
    for key, line in drawn.lines.items():
        line = np.broadcast_to(line, (*line.shape[:-1], size))
        assert np.all(line == line[..., :1]), key
        np.testing.assert_allclose(line[..., 0], single.lines[key][..., 0], rtol=1e-12, atol=rounding, err_msg=key)


@given(strategies.random_plans(), st.lists(st.sampled_from(MANY), min_size=1, max_size=8, unique=True), st.data())
def test_draws_of_single_precision_give_lines_of_it_and_the_same_to_a_hundred_thousandth(values, addresses, data):
    """Risk draws so. Money is measured by the largest amount of the plan: a profit is a small difference of large sums."""
    scenario = plans.scenario(values)
    draws = {a: np.array([data.draw(strategies.value_of(a)) for _ in range(3)]) for a in addresses}
    double, single = evaluate(scenario, draws), evaluate(scenario, {a: v.astype(np.float32) for a, v in draws.items()})
    largest = max(np.max(np.abs(line)) for line in double.lines.values())
    for key, line in double.lines.items():
        assert single.lines[key].dtype == np.float32 and line.dtype == np.float64, key
        np.testing.assert_allclose(single.lines[key], line, rtol=1e-5, atol=1e-5 * largest, err_msg=key)
    v = single.values
    for arrays in (single.by_channel, single.index, v.business, v.channel, v.promotion, {"cost": v.initiative_cost, "team": v.payroll}):
        assert {k: a.dtype for k, a in arrays.items()} == dict.fromkeys(arrays, np.dtype(np.float32))


def test_one_draw_of_double_precision_among_single_ones_makes_all_double():
    result = evaluate(UNTIERED, {"vat": np.full(2, 0.1), "headline.ctr": np.ones(2, np.float32)})
    assert {a.dtype for a in result.lines.values()} == {np.dtype(float)}


@each("given", [[60, 70], np.array([60, 70]), np.array([60, 70], np.int8), np.array([60, 70], np.float16)])
def test_whole_numbers_and_lists_are_draws_of_double_precision_and_leave_other_rows_alone(given):
    """One channel's price in whole yuan must not round the prices of the others."""
    draws = {"channel.search.cpm": given, "vat": np.full(2, 0.1, np.float32)}
    result = evaluate(UNTIERED, draws)
    for d, cpm in enumerate((60.0, 70.0)):
        assert_same(result, d, evaluate(UNTIERED.with_values({"channel.search.cpm": cpm, "vat": float(np.float32(0.1))})))


@each("kpi, target, met", [
    ("hero_spend", 2_400_000, True), ("hero_spend", 2_400_008, True), ("hero_spend", 2_401_000, False),
    ("dispute_rate", 0.0026, True), ("dispute_rate", 0.002599, False)])
def test_a_target_that_the_plan_just_meets_is_not_missed_by_the_digits_of_single_precision(kpi, target, met):
    """2,400,000 of hero products, summed from twelve months, 26 disputes in 10,000: known to 4 millionths of themselves."""
    base = {"hero_budget_share": 1.0, "dispute_rate": 0.0026, "target.just.kpi": kpi, "target.just.value": float(target)}
    scenario = UNTIERED.with_values({"budget": 2_400_000.0} | base)
    drawn = evaluate(scenario, {"inflation": np.zeros(2, np.float32)})
    assert [bool(hit) for t in targets(drawn) if t.key == "just" for hit in np.broadcast_to(t.hit, 2)] == [met, met]


@each("address", ["headline.ctr", "headline.repurchase_rate", "headline.budget", "vat",
                                     "promotion.618.uplift", "channel.live.slot_share"])
def test_draws_that_change_nothing_keep_their_axis(address):
    drawn = evaluate(UNTIERED, {address: np.full(3, float(said(UNTIERED, address)))})
    assert drawn.draws == 3
    assert drawn.lines["net_profit"].shape == (12, 3)


@every(address=some([a for a in MANY if not a.endswith("opening_exposure")], keep=3, first=1))
def test_the_same_draw_in_every_month_is_the_draw_of_the_year(address):
    values = two_values(UNTIERED, address)
    year = evaluate(UNTIERED, {address: np.array(values)})
    months = evaluate(UNTIERED, {address: np.tile(values, (12, 1))})
    for d in range(2):
        ours = column(months, d)
        for key, theirs in column(year, d).items():
            np.testing.assert_allclose(ours[key], theirs, rtol=1e-11, atol=1e-6, err_msg=key)


#: without an effect on the lines, by nature only at the start, or a property of a whole year of people (the timing)
TIMELESS = ("opening_exposure", "slot_share", "slot_fee", "timing_same_month", "timing_decay")
MONTHLY = [a for a in MANY if not a.endswith(TIMELESS) and not driver_of(a).feeds]


@every(address=MONTHLY)
def test_a_draw_of_the_second_half_year_alone_is_not_ignored(address):
    """Draws may change by month (a second year, a monthly deviation): every driver listens in every month."""
    base, other = said(UNTIERED, address), two_values(UNTIERED, address)[0]
    by_month = np.full((12, 2), float(base))
    by_month[6:, 1] = other
    lines = evaluate(UNTIERED, {address: by_month}).lines
    moved = [key for key, line in lines.items() if not np.allclose(line[..., 0], line[..., -1], rtol=1e-9, atol=1e-9)]
    assert moved


@each("address", [
    "nonsense", "channel.search.nonsense", "channel.search", "channel..cpm", "headline.nonsense", "nonsense.search.cpm",
    "", "a.b.c.d", "season.13.season", "timing.13.share", "<script>alert(1)</script>", "x" * 10_000,
])
def test_an_address_that_no_plan_has_is_refused(address):
    with pytest.raises(UnknownName):
        evaluate(UNTIERED, {address: np.ones(2)})


@each("address", [
    "channel.nobody.cpm", "promotion.nobody.uplift", "team.nobody.heads", "initiative.nobody.cost_once",
    "effect.nobody.effect", "tier.nobody.share", "opening.nobody.people", "target.nobody.value",
    "month.2040-01.fill", "month.2026-12.fill", "last_year.2020-01.gmv",
])
def test_a_row_that_the_plan_does_not_have_is_refused(address):
    with pytest.raises(UnknownName):
        evaluate(UNTIERED, {address: np.ones(2)})


@each("table", ["team", "initiative", "effect", "promotion"])
def test_a_row_is_refused_in_a_plan_whose_table_is_empty(table):
    field = {"team": "heads", "initiative": "cost_once", "effect": "effect", "promotion": "uplift"}[table]
    rows = {a: v for a, v in plans.rich().items() if not a.startswith((f"{table}.", "effect."))}
    with pytest.raises(UnknownName):
        evaluate(plans.scenario(rows), {f"{table}.nobody.{field}": np.ones(2)})
