"""The best split in the whole model: brute force, random plans, limits, draws, months, and what stops it."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from every import as_many, part
from hypothesis import given, settings
from hypothesis import strategies as st

import plans
from model import Scenario, customer_book, evaluate, kpi
from model.analysis.optimize import Group, Impossible, Limits, Objective, best_split
from model.analysis.optimize.search.objective import book_change
from model.analysis.risk.summary import lowest, quantile
from samples import changed, sample
from strategies import random_plans

FREE = Limits(move=None)


def value(scenario: Scenario, key: str = "net_profit") -> float:
    return float(kpi(evaluate(scenario), key)[0])


def spends(scenario: Scenario) -> dict[str, float]:
    result = evaluate(scenario)
    return dict(zip(result.channels, result.by_channel["spend"][:, :, 0].sum(axis=1), strict=True))


@cache
def shared_split():
    return best_split(sample())


# --- brute force --------------------------------------------------------------------------------------------------------

def s_shaped(**change) -> Scenario:
    """Three channels, two of them with a threshold, far from where they are best."""
    steep = {f"channel.{c}.{k}": v for c in ("search", "live") for k, v in
             {"shape": 3.0, "saturation": 1.2, "anyway": 0.3}.items()}
    return plans.scenario(plans.rich(), steep | {a.replace("__", "."): v for a, v in change.items()})


def grid_best(scenario: Scenario, channels, key: str, steps: int) -> float:
    """The best value over all splits in whole steps of the budget among these channels."""
    cells = np.array([(i, j) for i in range(steps + 1) for j in range(steps + 1 - i)]) / steps
    points = np.column_stack([cells, 1 - cells.sum(axis=1)]) if len(channels) == 3 else \
        np.column_stack([np.linspace(0, 1, steps + 1), np.linspace(1, 0, steps + 1)])
    draws = {f"channel.{c}.share": points[:, i] for i, c in enumerate(channels)}
    return float(np.nanmax(kpi(evaluate(scenario, draws), key)))


BRUTE = {"net_profit": "net_profit", "gmv": "gmv", "net_margin_rate": "net_margin_rate"}


@pytest.mark.parametrize("key", BRUTE)
@pytest.mark.parametrize("budget", part([3e6, 12e6, 40e6], 3, 1))
def test_three_channels_against_brute_force(key, budget):
    scenario = s_shaped(budget=budget)
    found = best_split(scenario, Objective(key), FREE, explained=False)
    dense = grid_best(scenario, ("search", "live", "private"), key, 60)
    assert found.value_after >= dense - 1e-9 * abs(dense)
    assert found.value_after <= dense + 0.02 * max(abs(dense), 1e-3 * budget if key != "net_margin_rate" else 0)


@pytest.mark.parametrize("key", BRUTE)
@pytest.mark.parametrize("budget", part([3e6, 12e6, 40e6], 3, 1))
def test_two_channels_against_brute_force(key, budget):
    values = {a: v for a, v in plans.rich().items() if not a.startswith("channel.private")}
    values |= {"channel.search.share": 0.5, "channel.live.share": 0.5, "budget": budget, "channel.live.shape": 3.0,
               "promotion.live_night.channels": "live"}
    scenario = plans.scenario(values)
    found = best_split(scenario, Objective(key), FREE, explained=False)
    dense = grid_best(scenario, ("search", "live"), key, 500)
    assert found.value_after == pytest.approx(dense, rel=3e-4) and found.value_after >= dense * (1 - 1e-9 * np.sign(dense))


def test_a_local_best_is_not_taken_for_the_best():
    """From today's split the climb ends lower than from the other starts."""
    scenario = s_shaped(channel__live__carry_over=0.0, channel__search__carry_over=0.0, channel__search__share=0.05,
                        channel__live__share=0.9, channel__private__share=0.05)
    alone = best_split(scenario, Objective("gmv"), FREE, starts_wanted=1, explained=False)
    many = best_split(scenario, Objective("gmv"), FREE, explained=False)
    assert many.value_after > 1.01 * alone.value_after and many.starts.spread > 0
    assert many.value_after >= grid_best(scenario, ("search", "live", "private"), "gmv", 60) * (1 - 1e-9)


# --- never worse --------------------------------------------------------------------------------------------------------

@settings(max_examples=as_many(5, 60))
@given(random_plans(months=st.sampled_from((12, 17, 24))), st.sampled_from((0.1, 0.3, None)),
       st.sampled_from(("net_profit", "gmv", "profit_and_book", "net_margin_rate")))
def test_random_plans_never_end_worse_than_they_start(values, move, key):
    scenario = plans.scenario(values)
    found = best_split(scenario, Objective(key), Limits(move=move), starts_wanted=3, explained=False)
    assert found.start_kept and found.gain >= 0
    after = Objective(key).outcome(evaluate(found.scenario))[0]
    before = Objective(key).outcome(evaluate(scenario))[0]
    assert after >= before - 1e-9 * abs(before) and after == pytest.approx(found.value_after, rel=1e-9, abs=1e-6)
    assert found.after.sum() == pytest.approx(found.before.sum(), rel=1e-9)


@st.composite
def feasible_limits(draw, channels, shares, total):
    """Limits of every kind that today's split keeps, some of them with nothing to spare."""
    def side(x, below):
        room = draw(st.sampled_from((0.0, 0.05, 0.5)))
        return x * (1 - room) if below else x * (1 + room)
    some = [c for c in channels if draw(st.booleans())]
    members = tuple(c for c in channels if draw(st.booleans())) or channels[:1]
    held = sum(shares[c] for c in members)
    return Limits(move=draw(st.sampled_from((0.2, None))), share_floor={c: side(shares[c], True) for c in some},
                  spend_ceiling={c: side(shares[c] * total, False) for c in channels if c not in some},
                  locked=frozenset(c for c in channels if draw(st.integers(0, 4)) == 0),
                  groups=(Group("g", members, side(held, True), min(1.0, side(held, False)),
                                spend_floor=side(held * total, True)),))


@settings(max_examples=as_many(5, 60))
@given(random_plans(months=st.sampled_from((12, 18))), st.data())
def test_random_limits_that_today_keeps_hold_and_never_make_it_worse(values, data):
    scenario = plans.scenario(values)
    shares = {c: scenario.get(f"channel.{c}.share") for c, row in scenario.rows["channel"].items() if row["kind"] != "organic"}
    total = scenario.get("budget") * scenario.get("headline.budget")
    limits = data.draw(feasible_limits(tuple(shares), shares, total))
    found = best_split(scenario, limits=limits, starts_wanted=3, explained=False)
    after, (group,) = found.shares, limits.groups
    assert found.start_kept and value(found.scenario) >= value(scenario) - 1e-9 * abs(value(scenario))
    assert found.after.sum() == pytest.approx(found.before.sum(), rel=1e-9)
    assert all(after[c] >= floor - 1e-6 for c, floor in limits.share_floor.items())
    assert all(after[c] * total <= most + 1e-6 * total for c, most in limits.spend_ceiling.items())
    assert all(after[c] == pytest.approx(shares[c], abs=1e-6) for c in limits.locked)
    together = sum(after[c] for c in group.channels)
    assert max(group.floor, group.spend_floor / total) - 1e-6 <= together <= group.ceiling + 1e-6


@pytest.mark.parametrize("key", ["net_profit", "net_margin_rate"])
def test_a_free_total_may_come_down_to_nothing(key):
    found = best_split(sample(), Objective(key), Limits(move=None, budget=(0.0, 3e7)))
    assert found.gain > 0 and value(found.scenario, key) == pytest.approx(found.value_after, rel=1e-9)
    nothing = best_split(sample(), Objective(key), Limits(move=None, budget=(0.0, 0.0)), explained=False)
    assert nothing.scenario.get("budget") == 0 and nothing.after.sum() == 0


def test_where_nothing_sells_the_split_is_still_one():
    idle = sample().with_values({f"channel.{c}.cvr": 0.0 for c in sample().rows["channel"]})
    for key in ("net_profit", "gmv", "net_margin_rate"):
        found = best_split(idle, Objective(key), FREE, explained=False)
        assert found.gain >= 0 and found.after.sum() == pytest.approx(13.2e6)


def test_the_scenario_has_the_value_and_the_shares_that_are_told():
    found = shared_split()
    assert value(found.scenario) == pytest.approx(found.value_after, rel=1e-12)
    assert value(found.start) == pytest.approx(found.value_before, rel=1e-12)
    assert found.plan_after["net_profit"] == pytest.approx(found.value_after, rel=1e-12)
    assert sum(found.shares.values()) == pytest.approx(1)
    assert {c: found.scenario.get(f"channel.{c}.share") for c in found.channels} == pytest.approx(found.shares)


def test_twice_the_same_question_gives_the_same_answer():
    assert best_split(sample(), explained=False).scenario == shared_split().scenario


# --- limits -------------------------------------------------------------------------------------------------------------

def shares_of(found):
    return found.shares, {c: sample().get(f"channel.{c}.share") for c in found.channels}


@pytest.mark.parametrize("move", [0.05, 0.3])
def test_no_share_moves_further_than_allowed(move):
    after, before = shares_of(best_split(sample(), limits=Limits(move=move), explained=False))
    assert all(abs(after[c] - before[c]) <= move * before[c] + 1e-9 for c in before)
    assert max(abs(after[c] / before[c] - 1) for c in before) == pytest.approx(move)


def test_floors_ceilings_locks_and_groups_hold():
    limits = Limits(move=None, share_floor={"creators": 0.1}, spend_ceiling={"platform": 5e6}, locked=frozenset({"private"}),
                    groups=(Group("live", ("creators", "own_live"), 0.2, 0.35),))
    found = best_split(sample(), limits=limits, explained=False)
    after = found.shares
    assert after["creators"] >= 0.1 - 1e-9 and after["private"] == pytest.approx(0.08)
    assert found.after[found.channels.index("platform")] <= 5e6 * (1 + 1e-9)
    assert 0.2 - 1e-9 <= after["creators"] + after["own_live"] <= 0.35 + 1e-9


def test_move_zero_leaves_one_split_and_says_that_it_is_proven():
    found = best_split(sample(), limits=Limits(move=0.0), explained=False)
    assert found.proven and found.gain == pytest.approx(0, abs=1e-6)
    assert not shared_split().proven


def test_all_locked():
    found = best_split(sample(), limits=Limits(locked=frozenset(shared_split().channels)))
    assert found.proven and found.value_after == pytest.approx(found.value_before)


@pytest.mark.parametrize(("limits", "holds"), [
    (Limits(at_least={"gmv": 1.13e8}), lambda p: p["gmv"] >= 1.13e8),
    (Limits(move=None, at_least={"net_margin_rate": 0.053}), lambda p: p["net_margin_rate"] >= 0.053),
    (Limits(at_most={"marketing_rate": 0.24}), lambda p: p["marketing_rate"] <= 0.24),
    (Limits(move=None, at_least={"gmv": 1.13e8}, at_most={"marketing_rate": 0.238}),
     lambda p: p["gmv"] >= 1.13e8 and p["marketing_rate"] <= 0.238),
])
@pytest.mark.parametrize("key", ["net_profit", "gmv"])
def test_limits_on_kpis_hold_to_the_last_yuan(limits, holds, key):
    found = best_split(sample(), Objective(key), limits, explained=False)
    assert holds(found.plan_after)


def test_a_target_at_the_edge_of_what_can_be_reached():
    most = best_split(sample(), Objective("gmv"), explained=False).value_after
    found = best_split(sample(), limits=Limits(at_least={"gmv": most * (1 - 1e-6)}), explained=False)
    assert found.plan_after["gmv"] >= most * (1 - 1e-6)


def test_the_total_is_free_within_its_range_and_the_book_counts():
    found = best_split(sample(), limits=Limits(budget=(6e6, 24e6)))
    assert found.objective.key == "profit_and_book"
    assert 6e6 <= found.after.sum() <= 24e6 and found.after.sum() != pytest.approx(13.2e6, rel=0.05)
    assert found.scenario.get("budget") == pytest.approx(found.after.sum())
    assert abs(found.explanation.price) < 0.01      # inside the range the next yuan is worth nothing
    harvest = best_split(sample(), Objective("net_profit"), Limits(budget=(6e6, 24e6)), explained=False)
    assert harvest.after.sum() == pytest.approx(6e6)


def test_a_headline_budget_factor_is_kept():
    scenario = changed(headline__budget=0.8)
    found = best_split(scenario, limits=Limits(budget=(9e6, 12e6)), explained=False)
    assert found.scenario.get("headline.budget") == 0.8
    assert found.scenario.get("budget") * 0.8 == pytest.approx(found.after.sum())


def test_a_plan_without_budget_gets_one_from_the_range():
    found = best_split(changed(budget=0.0), limits=Limits(move=None, budget=(1e6, 9e6)), explained=False)
    assert 1e6 * (1 - 1e-9) <= found.after.sum() <= 9e6 * (1 + 1e-9) and found.gain > 0


def test_the_change_of_the_book_is_closing_less_opening_by_the_same_rates():
    quiet = plans.scenario(plans.steady())
    result = evaluate(quiet)
    assert book_change(result) < customer_book(result)
    idle = dict.fromkeys(("repurchase_member_once", "repurchase_member_again", "repurchase_other_once",
                          "repurchase_other_again", "comeback_once", "comeback_again"), 0.0)
    assert book_change(evaluate(plans.scenario(plans.steady(), idle))) == pytest.approx(0, abs=1e-6)


# --- impossible asks ----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("limits", "code"), [
    (Limits(move=None, spend_floor={"platform": 9e6, "content": 5e6}), "floors_above_budget"),
    (Limits(move=None, share_ceiling=dict.fromkeys(("platform", "content", "creators", "own_live", "private"), 0.1)),
     "ceilings_below_budget"),
    (Limits(share_floor={"content": 0.3}), "bounds_crossed"),
    (Limits(move=0.1, groups=(Group("live", ("creators", "own_live"), 0.6),)), "limits_conflict"),
    (Limits(at_least={"gmv": 2e8}), "target_out_of_reach"),
    (Limits(at_most={"marketing_rate": 0.1}), "target_out_of_reach"),
    (Limits(at_most={"gmv": 5e7}), "target_out_of_reach"),
    (Limits(at_least={"gmv": 1.135e8, "net_margin_rate": 0.048}), "targets_conflict"),
    (Limits(locked=frozenset({"nobody"})), "unknown_reference"),
    (Limits(at_least={"fame": 1}), "unknown_reference"),
    (Limits(move=-0.1), "too_low"), (Limits(spend_floor={"content": np.nan}), "too_low"),
    (Limits(at_least={"gmv": np.nan}), "not_finite"), (Limits(groups=(Group("g", ("content",), -0.1),)), "too_low"),
    (Limits(groups=(Group("g", ("content",), 0.5, 0.2),)), "bounds_crossed"),
    (Limits(groups=(Group("g", ("content", "creators"), spend_floor=9e6),)), "limits_conflict"),
    (Limits(groups=(Group("g", (), 0.1),)), "limits_conflict"),
])
def test_what_cannot_be_asked_is_named(limits, code):
    with pytest.raises(Impossible) as caught:
        best_split(sample(), limits=limits)
    assert caught.value.code == code and caught.value.violations[0].advice


def test_floors_above_the_budget_by_channel():
    with pytest.raises(Impossible) as caught:
        best_split(sample(), limits=Limits(move=None, spend_floor={"platform": 9e6, "content": 5e6}))
    assert caught.value.data["by_channel"] == {"platform": 9e6, "content": 5e6}
    assert caught.value.data["budget"] == pytest.approx(13.2e6)


def test_a_conflict_names_the_limits_that_make_it():
    with pytest.raises(Impossible) as caught:
        best_split(sample(), limits=Limits(move=0.1, groups=(Group("live", ("creators", "own_live"), 0.6),)))
    assert set(caught.value.data["limits"]) >= {"group live", "move creators", "move own_live"}


def test_the_highest_reachable_is_told_with_its_split():
    with pytest.raises(Impossible) as caught:
        best_split(sample(), limits=Limits(at_least={"gmv": 2e8}))
    data = caught.value.data
    best = best_split(sample(), Objective("gmv"), explained=False)
    assert data["highest"] == pytest.approx(best.value_after, rel=1e-9) and data["kpi"] == "gmv"
    assert data["split"] == pytest.approx(best.shares, abs=1e-4)
    assert value(data["scenario"], "gmv") == pytest.approx(data["highest"], rel=1e-9)


@pytest.mark.parametrize("make", [lambda: Objective("fame"), lambda: Objective(measure="percentile"),
                                  lambda: Objective(measure="chance"), lambda: Objective(measure="guess")])
def test_objectives_that_do_not_exist(make):
    with pytest.raises(Impossible):
        make()


def test_draws_where_they_are_needed_and_where_they_must_not_be():
    with pytest.raises(Impossible, match="draws_missing"):
        best_split(sample(), Objective(measure="mean"))
    with pytest.raises(Impossible, match="draws_move_split"):
        best_split(sample(), draws={"channel.platform.share": np.array([0.4, 0.5])})


# --- draws --------------------------------------------------------------------------------------------------------------

@cache
def draws(size: int = 96) -> dict[str, np.ndarray]:
    chance = np.random.default_rng(3)
    rows = sample().rows["channel"]
    out = {f"channel.{c}.cvr": row["cvr"] * chance.lognormal(0, 0.12, size) for c, row in rows.items()}
    return out | {"inflation": chance.uniform(0, 0.2, size), "dispute_rate": chance.uniform(0, 0.01, (12, size))}


MEASURES = {"mean": Objective(measure="mean"), "percentile": Objective(measure="percentile", level=0.1),
            "shortfall": Objective(measure="shortfall", level=0.05), "chance": Objective(measure="chance", target=3.2e6)}


@pytest.mark.parametrize("measure", part(MEASURES, 2))
def test_objectives_over_draws(measure):
    objective = MEASURES[measure]
    found = best_split(sample(), objective, draws=draws(), starts_wanted=3)
    profit = {when: kpi(evaluate(s, draws()), "net_profit") for when, s in (("before", found.start), ("after", found.scenario))}
    by_hand = {"mean": np.mean, "percentile": lambda y: quantile(np.sort(y), 0.1), "shortfall": lambda y: lowest(np.sort(y), 0.05),
               "chance": lambda y: (y >= 3.2e6).mean()}[measure]
    assert found.value_after == pytest.approx(by_hand(profit["after"]), rel=1e-9)
    assert found.value_before == pytest.approx(by_hand(profit["before"]), rel=1e-9)
    assert found.value_after > found.value_before
    change = profit["after"] - profit["before"]
    gain = found.explanation.gain
    assert (gain.mean, gain.chance) == pytest.approx((change.mean(), (change > 0).mean()))
    assert (gain.low, gain.high) == pytest.approx(tuple(np.quantile(change, (0.1, 0.9))))


def test_the_best_mean_is_no_worse_than_the_best_plan_on_the_same_draws():
    by_mean = best_split(sample(), MEASURES["mean"], draws=draws(), explained=False)
    other = kpi(evaluate(shared_split().scenario, draws()), "net_profit").mean()
    assert by_mean.value_after >= other - 1e-5 * abs(other)


def test_without_spread_the_mean_is_the_plan():
    level = {"vat": np.full(16, sample().get("vat"))}
    found = best_split(sample(), MEASURES["mean"], draws=level, explained=False)
    assert found.value_after == pytest.approx(shared_split().value_after, rel=1e-5)


def test_before_income_tax():
    found = best_split(sample(), Objective(before_tax=True), explained=False)
    result = evaluate(found.scenario)
    income = result.lines["taxes"] - result.lines["net_revenue"] * sample().get("surcharge")
    assert found.value_after == pytest.approx(float((result.lines["net_profit"] + income).sum()), rel=1e-9)


# --- months -------------------------------------------------------------------------------------------------------------

@cache
def monthly():
    return best_split(sample(), phasing=True)


def test_months_bring_more_than_shares_alone_and_the_scenario_says_so():
    found = monthly()
    assert found.value_after > shared_split().value_after
    assert value(found.scenario) == pytest.approx(found.value_after, rel=1e-9)
    assert found.months_after.sum(axis=1) == pytest.approx(np.ones(len(found.channels)))
    assert np.all(np.abs(found.months_after - found.months_before) <= 0.3 * found.months_before + 1e-9)


def test_the_halo_follows_the_months_as_the_engine_has_it():
    """Spends by month through the draws axis say what a scenario with these months says."""
    scenario = changed(halo=0.6)
    found = best_split(scenario, limits=Limits(months=0.8), phasing=True, explained=False)
    assert value(found.scenario) == pytest.approx(found.value_after, rel=1e-9)


@pytest.mark.parametrize("months", [6, 18])
def test_months_of_other_plans(months):
    scenario = plans.scenario(plans.rich(), {"months": months})
    found = best_split(scenario, Objective("gmv"), phasing=True, starts_wanted=2, explained=False)
    assert value(found.scenario, "gmv") >= value(scenario, "gmv") * (1 - 1e-9)


# --- progress and stop --------------------------------------------------------------------------------------------------

def test_progress_rises_to_one():
    seen = []
    best_split(sample(), phasing=True, progress=seen.append, explained=False)
    assert seen == sorted(seen) and seen[-1] == 1.0 and len(seen) > 3


@pytest.mark.parametrize("after", [0, 1, 3])
def test_stopped_it_keeps_the_best_so_far(after):
    calls = iter(range(100))
    found = best_split(sample(), phasing=True, stop=lambda: next(calls) >= after, explained=False)
    assert found.stopped and found.start_kept and found.gain >= 0
    assert value(found.scenario) >= value(sample()) * (1 - 1e-9)
