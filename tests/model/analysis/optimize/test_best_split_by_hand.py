"""No answer of the optimizer is worse than what a planner would try by hand: leaving it, one channel more, in proportion."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import plans
from model import Scenario, evaluate
from model.analysis.optimize import Limits, Objective, best_split, frontier
from samples import changed, sample
from strategies import random_plans

#: everything in one channel, and a channel without a share
ALL_IN_ONE = {f"channel.{c}.share": float(c == "platform") for c in ("platform", "content", "creators", "own_live", "private")}
ONE_EMPTY = {"channel.creators.share": 0.0, "channel.platform.share": 0.6}


def shares_of(scenario: Scenario) -> dict[str, float]:
    return {c: scenario.get(f"channel.{c}.share") for c, row in scenario.rows["channel"].items() if row["kind"] != "organic"}


def values_at(scenario: Scenario, objective: Objective, spends: list[dict[str, float]]) -> np.ndarray:
    """The objective at yearly spends by channel, larger the better."""
    total = np.array([sum(s.values()) for s in spends])
    draws = {f"channel.{c}.share": np.array([s[c] for s in spends]) / np.maximum(total, 1e-300) for c in spends[0]}
    draws["budget"] = total / scenario.get("headline.budget")
    return np.nan_to_num(objective.outcome(evaluate(scenario, draws)), nan=-1e9 * objective.sign) * objective.sign


def by_hand(scenario: Scenario, limits: Limits) -> list[dict[str, float]]:
    """The plan, in proportion at both ends of the total, and every channel up and down as far as its own and the others'
    limits allow, the others in proportion: yearly spends by channel."""
    shares, today = shares_of(scenario), scenario.get("budget") * scenario.get("headline.budget")
    low, high = limits.budget or (today, today)
    reach = {c: limits.reach(c, s) for c, s in shares.items()}
    splits = [shares] if low <= today <= high else []
    for c, s in shares.items():
        others = {k: v for k, v in shares.items() if k != c}
        rest = sum(others.values())
        if not rest:
            continue
        for side in (1, -1):
            room = min([reach[c], 1 - s if side > 0 else s, *(reach[k] * rest / v for k, v in others.items() if v)])
            splits += [{c: s + side * part * room} | {k: v - side * part * room * v / rest for k, v in others.items()}
                       for part in (0.25, 0.5, 1.0)]
    return [{c: max(0.0, s) * total for c, s in split.items()} for split in splits for total in {low, high, *(
        [today] if low <= today <= high else [])}]


@settings(max_examples=12)
@given(random_plans(months=st.sampled_from((12, 17, 24))), st.sampled_from((0.1, 0.3, 1.0, None)), st.sampled_from((None, 0.0, 0.05)),
       st.booleans(), st.sets(st.sampled_from(("search", "live")), max_size=1),
       st.sampled_from(("net_profit", "gmv", "profit_and_book", "net_margin_rate", "cac")))
def test_no_answer_is_worse_than_what_one_would_try_by_hand(values, move, points, free, locked, key):
    scenario, objective = plans.scenario(values), Objective(key)
    today = scenario.get("budget") * scenario.get("headline.budget")
    limits = Limits(move, points, locked=frozenset(locked), budget=(0.5 * today, 1.4 * today) if free else None)
    found = best_split(scenario, objective, limits, explained=False)
    tried = values_at(scenario, objective, by_hand(scenario, limits))
    reached = found.value_after * objective.sign
    assert math.isnan(reached) or reached >= tried.max() - 1e-9 * abs(tried.max()), (reached, tried)


@settings(max_examples=5)
@given(random_plans(months=st.sampled_from((12, 17))), st.sampled_from((0.1, 0.3, None)))
def test_the_next_yuan_is_worth_no_less_than_the_simple_ways_to_spend_it(values, move):
    scenario, limits = plans.scenario(values), Limits(move)
    found, objective = best_split(scenario, limits=limits), Objective()
    before, e = dict(zip(found.channels, found.after, strict=True)), found.explanation
    shares = shares_of(scenario)
    for amount in (10_000.0, 100_000.0):
        assert e.next_best[amount] >= max(c.next[amount] for c in e.channels)
        total = sum(before.values()) + amount
        ways = [{k: v + amount * (k == c) for k, v in before.items()} for c in before]
        ways += [{c: v * total / sum(before.values()) for c, v in before.items()}]
        kept = [w for w in ways if all(abs(v / total - shares[c]) <= limits.reach(c, shares[c]) + 1e-9 for c, v in w.items())]
        best = values_at(found.scenario, objective, kept).max() - found.value_after
        assert e.next_total[amount] >= best - 1e-9 * abs(found.value_after), (amount, e.next_total, best)


def test_what_the_next_amount_brings_is_told_with_and_without_the_limits():
    """Two channels at their floors: in shares of a larger total they must get some of it, which costs more."""
    e = best_split(sample()).explanation
    assert e.next_total[1e5] == pytest.approx(-32_150, rel=0.01) and e.next_best[1e5] > max(c.next[1e5] for c in e.channels)
    free = best_split(sample(), limits=Limits(move=None)).explanation
    assert free.next_best[1e5] == pytest.approx(free.next_total[1e5], rel=1e-3)


# --- channels without a share -------------------------------------------------------------------------------------------

def test_with_all_in_one_channel_others_may_come_in():
    scenario = sample().with_values(ALL_IN_ONE)
    found = best_split(scenario)
    assert found.gain > 2e5 and 0 < found.shares["own_live"] <= 0.02 + 1e-9
    held = {h.kind for c in found.explanation.channels if c.channel == "own_live" for h in c.holding}
    assert held == {"move"}
    wider = best_split(scenario, limits=Limits(points=0.1), explained=False)
    assert wider.gain > found.gain and 0.02 < wider.shares["own_live"] <= 0.1 + 1e-9


def test_a_channel_without_a_share_may_come_in_where_it_pays():
    cheap = sample().with_values(ONE_EMPTY | {"channel.creators.cpm": 5.0})
    assert best_split(cheap, explained=False).shares["creators"] == pytest.approx(0.02, abs=1e-6)
    assert best_split(cheap, limits=Limits(points=0.0), explained=False).shares["creators"] == 0
    assert best_split(cheap, limits=Limits(move=0.0), explained=False).proven


def test_points_of_share_are_a_limit_of_their_own():
    found = best_split(sample(), limits=Limits(move=0.0, points=0.03), explained=False)
    moved = {c: found.shares[c] - s for c, s in shares_of(sample()).items()}
    assert max(map(abs, moved.values())) == pytest.approx(0.03, abs=1e-9) and found.gain > 0
    assert not found.proven
    both = best_split(sample(), limits=Limits(move=0.3, points=0.03), explained=False)
    assert both.shares["private"] == pytest.approx(0.05, abs=1e-9)  # 8 % may fall by 3 points, which is more than 30 %


def test_the_worth_of_a_point_of_share_is_what_a_new_search_gains():
    found = best_split(sample(), limits=Limits(move=0.0, points=0.03))
    held = next(h for c in found.explanation.channels for h in c.holding if c.channel == "creators")
    shares = shares_of(sample())
    wider = Limits(move=None, share_floor={c: s - 0.03 - 0.01 * (c == "creators") for c, s in shares.items()},
                   share_ceiling={c: s + 0.03 for c, s in shares.items()})
    gained = best_split(sample(), limits=wider, explained=False).value_after - found.value_after
    assert held.step == 0.01 and held.worth == pytest.approx(gained, rel=0.01)


def test_no_point_of_a_frontier_is_worse_than_the_plan_in_proportion():
    for scenario in (sample(), changed(**{a.replace(".", "__"): v for a, v in ALL_IN_ONE.items()})):
        totals = [8e6, 13.2e6, 18e6]
        found = frontier(scenario, totals=totals)
        plain = values_at(scenario, Objective(), [{c: s * t for c, s in shares_of(scenario).items()} for t in totals])
        assert [p.at for p in found.points] == pytest.approx(totals)
        for point, value in zip(found.points, plain, strict=True):
            assert point.value >= value - 1e-9 * abs(value)
