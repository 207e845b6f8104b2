"""The bridge from one scenario's KPI to another's, by what a planner changed.

It is the Shapley value (Shapley 1953) of the game whose players are groups of changed drivers and whose worth
is the KPI of the plan that has only those changes: complete, and the same whatever the order of the changes. A bar
opens into its drivers by the Owen value (Owen 1977), so that the parts of a bar add up to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from model.analysis.compare.changes import RISK, Player, changed_addresses, mixed, players_between, value_at, without_risk
from model.analysis.compare.shapley import Exact, Sampled
from model.engine.batch import evaluate_blocks
from model.engine.evaluate import Result, evaluate
from model.engine.kpis import ALL, KPIS, over
from model.errors import UnknownName
from model.plan.lists import EFFECT
from model.plan.scenario import Scenario
from model.plan.schema import feeds, split

# --- what coalitions are worth ------------------------------------------------------------------------------------

#: scenarios, each with draws (address -> (D,), or none) -> the worth of each draw (D,)
_Measure = Callable[[Sequence[tuple[Scenario, Mapping[str, np.ndarray]]]], Sequence[np.ndarray]]


@dataclass(frozen=True, slots=True)
class _Game:
    """Players between a scenario and another, and how a coalition's plan is measured.

    scenario_cost: of one more scenario, in units of one more draw of a scenario at hand. effort: units to spend on
    what is sampled.
    """

    scenario: Scenario
    players: Sequence[Player]
    measure: _Measure
    scenario_cost: int
    effort: int

    @property
    def solid(self) -> np.ndarray:
        """Players that take a scenario of their own (P,) bool."""
        return np.array([not p.drawn for p in self.players])

    def cost(self, rows: np.ndarray) -> int:
        solid = self.solid
        return self.scenario_cost * len(_distinct(rows[:, solid])[0]) + (0 if solid.all() else len(rows))


def _distinct(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Index of one of each different row of (N, P) bool, and which of them each row is (N,)."""
    packed = np.packbits(np.pad(rows, ((0, 0), (1, 0))), axis=1)
    _, index, which = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    return index, which.reshape(-1)


def _worth(game: _Game, rows: np.ndarray) -> np.ndarray:
    """Worth of coalitions (N, P) bool -> (N,): each different one measured once, those of one scenario as its draws."""
    index, which = _distinct(rows)
    rows = rows[index]
    solid = game.solid
    patterns, of = _distinct(rows[:, solid])
    jobs, places = [], []
    for i, pattern in enumerate(patterns):
        mine = np.flatnonzero(of == i)
        scenario = mixed(game.scenario, [p for p, on in zip(game.players, rows[pattern] & solid, strict=True) if on])
        jobs.append((scenario, {x: np.where(rows[mine, j], after, before) for j, p in enumerate(game.players)
                                for x, (before, after) in p.drawn.items()}))
        places.append(mine)
    out = np.empty(len(rows))
    for mine, values in zip(places, game.measure(jobs), strict=True):
        out[mine] = values
    return out[which]


def _of_figure(figure: Callable[[Result], np.ndarray]) -> _Measure:
    def pick(result: Result) -> dict[str, np.ndarray]:
        return {"kpi": np.broadcast_to(figure(result), (result.draws,))}

    def measure(jobs):
        return [evaluate_blocks(s, draws, pick)["kpi"] if draws else pick(evaluate(s))["kpi"] for s, draws in jobs]
    return measure


# --- which coalitions to measure -----------------------------------------------------------------------------------

#: groups up to which every coalition is measured; more are sampled
EXACT_GROUPS = 10
#: coalitions up to which every one of a bar's opening is considered, as a power of two
_EXACT_BITS = 14
#: pairs of an order and its reverse; with fewer there is no telling the error
_MOST_PAIRS, _FEWEST_PAIRS = 256, 4


def _sampled(game: _Game, units: np.ndarray, others: np.ndarray, seed: Sequence[int], effort: float) -> Sampled:
    """As many pairs of orders as the effort allows, a few at the least."""
    pairs = _MOST_PAIRS
    while True:
        design = Sampled(units, others, pairs, np.random.default_rng(seed))
        if pairs <= _FEWEST_PAIRS or game.cost(design.rows) <= effort:
            return design
        pairs //= 2


def _opening(game: _Game, units: np.ndarray, others: np.ndarray, seed: Sequence[int], effort: float) -> Exact | Sampled:
    """Of a bar: every coalition where the effort allows it."""
    if len(units) + len(others) <= _EXACT_BITS:
        design = Exact(units, others)
        if game.cost(design.rows) <= effort:
            return design
    return _sampled(game, units, others, seed, effort)


# --- the bridge ---------------------------------------------------------------------------------------------------

#: why there is no bridge: the KPI is undefined for the first, for the second, for a plan between the two
UNDEFINED_FIRST, UNDEFINED_SECOND, UNDEFINED_BETWEEN = "undefined_first", "undefined_second", "undefined_between"

#: draws that cost as much time as one more scenario, measured on the sample plan; draws that take about half a second
_SCENARIO_COST = 150
_EFFORT = 24_000
#: KPIs that are known for a plan but not for draws of it
_ONE_BY_ONE = {"repurchase_rate_year"}


@dataclass(frozen=True, slots=True)
class Part:
    """A driver of a bar (or several that can only change together); the address of a row that comes or goes.

    error: standard error given the value of the bar.
    """

    addresses: tuple[str, ...]
    value: float
    error: float = 0.0


@dataclass(frozen=True, slots=True)
class Bar:
    """What one group of drivers adds, in the KPI's unit.

    error: standard error, 0 where exact. drivers: parts that sum to `value`, the largest first; empty where the bar
    was not opened.
    """

    group: str
    value: float
    error: float
    drivers: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Bridge:
    """From `start` to `end`: the bars sum to the difference. reason: why there are no bars, "" where there are."""

    kpi: str
    start: float
    end: float
    bars: tuple[Bar, ...]
    reason: str = ""

    @property
    def exact(self) -> bool:
        return all(bar.error == 0 and all(part.error == 0 for part in bar.drivers) for bar in self.bars)


def bridge(a: Scenario, b: Scenario, kpi_key: str = "net_profit", seed: int = 0, period: str = ALL) -> Bridge:
    """From a's KPI over the whole plan to b's, by group of drivers: Shapley value, each bar opened by the Owen value.

    Exact up to ten groups, from random orders with their standard errors above; bars of many drivers are opened from
    random orders too. Swapping a and b negates every bar exactly. Raises UnknownName for an unknown KPI.
    """
    if kpi_key not in KPIS:
        raise UnknownName(kpi_key)
    a, b = without_risk(a), without_risk(b)
    measure = _of_figure(lambda result: over(result, kpi_key, period))
    return _bridge(kpi_key, measure, a, b, seed, kpi_key in _ONE_BY_ONE, _SCENARIO_COST, _EFFORT)


def bridge_of(value: Callable[[Sequence[Scenario]], np.ndarray], a: Scenario, b: Scenario, seed: int = 0,
              effort: int = 500) -> Bridge:
    """The bridge of any value of scenarios: (scenarios) -> (n,), such as the 5 % point of their risk draws.

    effort: scenarios to evaluate for opening the bars, and for the bars themselves above ten groups; 0 leaves bars
    closed. The bars take one scenario for every coalition of up to ten groups in any case.
    """
    def measure(jobs):
        return list(np.asarray(value([scenario for scenario, _ in jobs]), float)[:, None])
    return _bridge("", measure, a, b, seed, True, 1, effort)


def bridge_by_month(scenario: Scenario, players: Sequence[Player], figure: Callable[[Result], np.ndarray], seed: int = 0,
                    effort: int = _EFFORT) -> Bridge:
    """From a figure of a scenario to that of the same one with drivers by month: each player's `drawn` are (M, 1) arrays.

    figure: of a result, (draws,). effort: draws to evaluate for opening the bars, and for the bars themselves above ten groups.
    """
    game = _Game(scenario, players, _of_figure(figure), _SCENARIO_COST, effort)
    if players:
        return _solved("", game, seed)
    (value,) = game.measure([(scenario, {})])
    return Bridge("", float(value[0]), float(value[0]), (), "" if np.isfinite(value[0]) else UNDEFINED_FIRST)


def _bridge(name: str, measure: _Measure, a: Scenario, b: Scenario, seed: int, one_by_one: bool, scenario_cost: int,
            effort: int) -> Bridge:
    changed = changed_addresses(a, b)
    swap = bool(changed) and _rank(a, min(changed)) > _rank(b, min(changed))
    if swap:  # one direction is computed, the other is its negative: else they would differ in the last digit
        a, b = b, a
        changed = changed_addresses(a, b)
    players = players_between(a, b, changed, one_by_one)
    if name:  # a KPI of the plan itself does not hang on risks, nor on what feeds another KPI alone
        players = [p for p in players if p.group != RISK and _moves(a, b, p, name)]
    if not players:
        (value,) = measure([(a, {})])
        return Bridge(name, float(value[0]), float(value[0]), (), "" if np.isfinite(value[0]) else UNDEFINED_FIRST)
    found = _solved(name, _Game(a, players, measure, scenario_cost, effort), seed)
    return _negated(found) if swap else found


def _moves(a: Scenario, b: Scenario, player: Player, name: str) -> bool:
    """Whether a KPI can follow from what changes; an effect may have another driver in each plan."""
    both = [{**one.rows[EFFECT], **other.rows[EFFECT]} for one, other in ((a, b), (b, a))]
    return any(feeds(x, effects) in ("", name) for x in player.addresses for effects in both)


def _rank(scenario: Scenario, address: str) -> tuple[bool, str]:
    """Orders two scenarios by what stands at an address at which they differ."""
    table, row, field = split(address)
    found = scenario.rows[table].get(row)
    return found is None, "" if found is None else repr(value_at(scenario, table, row, field) if field else sorted(found.items()))


def _solved(name: str, game: _Game, seed: int) -> Bridge:
    """All coalitions of groups and openings measured in one go, so that they share scenarios."""
    groups = list(dict.fromkeys(p.group for p in game.players))
    of = np.array([[p.group == g for p in game.players] for g in groups])
    none = of[:0]
    outer = Exact(of, none) if len(groups) <= EXACT_GROUPS else _sampled(game, of, none, (seed, 0), game.effort)
    inner = _openings(game, of, seed)
    ends = np.array([[False], [True]]).repeat(len(game.players), axis=1)
    designs = [outer, *inner.values()]
    worth = _worth(game, np.concatenate([ends, *(x.rows for x in designs)]))
    (start, end), *each = np.split(worth, np.cumsum([2, *(len(x.rows) for x in designs[:-1])]))
    if reason := _reason(start, end, each[0]):
        return Bridge(name, float(start), float(end), (), reason)
    values, errors = outer.closed(each[0], end - start)
    opened = dict(zip(inner, each[1:], strict=True))
    bars = []
    for i, group in enumerate(groups):
        mine = [p for p in game.players if p.group == group]
        bars.append(Bar(group, float(values[i]), float(errors[i]), _parts(mine, inner.get(i), opened.get(i),
                                                                          values[i], errors[i])))
    return Bridge(name, float(start), float(end), tuple(bars))


def _openings(game: _Game, of: np.ndarray, seed: int) -> dict[int, Exact | Sampled]:
    """Designs by group, of those that have more than one player; the effort in equal parts."""
    several = [i for i, mine in enumerate(of) if mine.sum() > 1]
    if not game.effort:
        return {}
    return {i: _opening(game, np.eye(of.shape[1], dtype=bool)[of[i]], np.delete(of, i, axis=0), (seed, 1 + i),
                        game.effort / len(several)) for i in several}


def _reason(start: float, end: float, between: np.ndarray) -> str:
    if np.isfinite(between).all() and np.isfinite([start, end]).all():
        return ""
    return UNDEFINED_FIRST if not np.isfinite(start) else UNDEFINED_SECOND if not np.isfinite(end) else UNDEFINED_BETWEEN


def _parts(players: Sequence[Player], design: Exact | Sampled | None, worth: np.ndarray | None, total: float,
           error: float) -> tuple[Part, ...]:
    """A bar's drivers; none where it was not opened, or where the KPI is undefined on the way."""
    if len(players) == 1:
        return (Part(players[0].addresses, float(total), float(error)),)
    if design is None or worth is None or not np.isfinite(worth).all():
        return ()
    values, errors = design.closed(worth, total)
    parts = [Part(p.addresses, float(v), float(e)) for p, v, e in zip(players, values, errors, strict=True)]
    return tuple(sorted(parts, key=lambda part: (-abs(part.value), part.addresses)))


def _negated(found: Bridge) -> Bridge:
    reasons = {UNDEFINED_FIRST: UNDEFINED_SECOND, UNDEFINED_SECOND: UNDEFINED_FIRST}
    bars = tuple(Bar(bar.group, -bar.value, bar.error, tuple(Part(p.addresses, -p.value, p.error) for p in bar.drivers))
                 for bar in found.bars)
    return Bridge(found.kpi, found.end, found.start, bars, reasons.get(found.reason, found.reason))
