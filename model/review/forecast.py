"""Where the year will land: the months that are over as they were, the rest conditioned on what they showed.

Uncertain inputs are normal scores (`space.py`), what a month shows is nearly linear in them (`observed.py`): their mean given
the months is found by Gauss–Newton steps, and every draw is moved and narrowed towards it along the directions that the
months tell something of. What they tell nothing of stays as wide as before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from scipy.special import ndtri

from model.analysis.risk.distributions import Marginal, normal
from model.analysis.risk.engine import Inputs
from model.analysis.risk.simulate import Model, RiskResult, aims_of, drawn, simulate
from model.engine.evaluate import Result, evaluate
from model.plan import drivers as d
from model.plan.scenario import Scenario
from model.review.actuals import Actuals
from model.review.happened import Happened, as_happened, booked
from model.review.kept import plan_of_record
from model.review.observed import Series, observed
from model.review.space import Space, space_of
from model.review.spending import planned_shares, shares_that_spend, spend_of

#: Gauss–Newton steps at most, by how little the last one moves, their difference for the slope, and how far scores may go
_STEPS, _SETTLED, _DIFFERENCE, _FARTHEST = 6, 1e-5, 0.25, 4.0
#: what months vary by beyond the plan's own distributions before any were seen (relative), how many months that counts for,
#: and the least of it: the model itself is no better
_NOISE, _WORTH, _LEAST = 0.02, 4.0, 0.004
#: how much of the noise of a column reaches GMV: dearer traffic does by about half
_OF_ORDERS = (("impressions", 0.25), ("clicks", 1.0), ("orders", 1.0), ("gmv", 1.0))
#: a month's spend that misses its plan by more is no noise (logarithm)
_MOST_MISSED = 0.5
#: the input that the noise of the months to come is made of
_NOISY = "noise of months"
#: median of |x| to the deviation of a normal x
_NORMAL = 1.4826


@dataclass(frozen=True, eq=False)
class Learned:
    """What the months told: of the space's point mean (size,) and narrowing (size, size), of the noise of months by kind.

    noise: deviation of a single month by column, relative. spend: of a month's spend from its plan.
    """

    mean: np.ndarray
    narrowing: np.ndarray
    noise: Mapping[str, float]
    spend: float


def learn(space: Space, series: tuple[Series, ...], happened: Happened) -> Learned:
    """The scores given what the months show."""
    seen, chance = (np.concatenate([getattr(s, name) for s in series]) for name in ("values", "chance"))
    spent = {a: x for a, x in happened.after.items() if a.endswith(".share")}
    mean, noise, spread = np.zeros(space.size), dict[str, float](), np.zeros(0)
    for _ in range(_STEPS):
        level, slope = _linear(space, series, spent, mean)
        noise = noise or _noise(space, series, seen - level, slope)
        spread = np.sqrt(chance + np.concatenate([np.full(len(s.months), noise[s.kind] ** 2) for s in series]))
        scaled = slope / spread[:, None]
        inner = np.eye(space.size) + scaled.T @ scaled
        before, mean = mean, np.linalg.solve(inner, scaled.T @ ((seen - level + slope @ mean) / spread))
        mean = mean.clip(-_FARTHEST, _FARTHEST)
        if np.abs(mean - before).max(initial=0.0) < _SETTLED:
            break
    else:  # where events bend the model between two months, steps go to and fro over the bend: the mean lies between them
        mean = (mean + before) / 2
    values, vectors = np.linalg.eigh(inner)
    return Learned(mean, (vectors / np.sqrt(values)) @ vectors.T, noise, _missed(happened))


def _linear(space: Space, series: tuple[Series, ...], spent: Mapping[str, np.ndarray],
            at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What the months would show at a point (seen,), and by how much more of each direction (seen, size)."""
    points = at[:, None] + _DIFFERENCE * np.eye(space.size, space.size + 1, 1)
    result = evaluate(space.model.scenario, {**space.columns(points), **spent})
    found = np.concatenate([s.of(result) for s in series])
    return found[:, 0], (found[:, 1:] - found[:, :1]) / _DIFFERENCE


def _noise(space: Space, series: tuple[Series, ...], off: np.ndarray, slope: np.ndarray) -> dict[str, float]:
    """Deviation of single months by kind: of what changes from month to month, what the plan's own distributions do not make."""
    without_events = slope[:, :space.size - space.basis.shape[1]]
    rows = np.split(np.arange(len(off)), np.cumsum([len(s.months) for s in series])[:-1])
    steps: dict[str, list[np.ndarray]] = {s.kind: [np.zeros((2, 0))] for s in series}
    for s, at in zip(series, rows, strict=True):
        own = (np.diff(without_events[at], axis=0) ** 2).sum(axis=1) + s.chance[1:] + s.chance[:-1]
        steps[s.kind].append(np.stack([np.diff(off[at]), own]))
    return {kind: _deviation(*np.concatenate(found, axis=1)) for kind, found in steps.items()}


def _deviation(change: np.ndarray, own: np.ndarray) -> float:
    """Of a single month, from changes between two and the variance that these have anyway."""
    count = len(change)
    seen = max(0.0, ((_NORMAL * np.median(np.abs(change))) ** 2 - np.median(own)) / 2) if count else 0.0
    return max(_LEAST, float(np.sqrt((count * seen + _WORTH * _NOISE ** 2) / (count + _WORTH))))


def _missed(happened: Happened) -> float:
    """By how much the spend of a month and channel misses its plan, relatively; 0 where it was not measured."""
    pairs = [np.concatenate([x, happened.after[a]], axis=1) for a, x in happened.before.items() if a.endswith(".share")]
    planned, spent = np.concatenate([np.zeros((0, 2)), *pairs]).T
    seen = (planned > 0) & (spent > 0) & (spent != planned)
    off = np.log(spent[seen] / planned[seen]).clip(-_MOST_MISSED, _MOST_MISSED)
    return float(np.sqrt(np.mean(off ** 2))) if len(off) else 0.0


# --- draws ------------------------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class Conditioned(Model):
    """The rest of the year as a function of the draws: `Model` of the plan of record with what was learned and what is over.

    over: values by month (months, 1), measured ones and behind them the plan's. decided: those of them that draws do not move.
    """

    space: Space = field(kw_only=True)
    learned: Learned = field(kw_only=True)
    actuals: Actuals = field(kw_only=True)
    over: Mapping[str, np.ndarray] = field(kw_only=True)
    decided: frozenset[str] = field(kw_only=True)
    wobbles: Mapping[str, float] = field(kw_only=True)

    def marginals(self) -> dict[str, Marginal]:
        """Scores of everything, and the one from which the months' own noise is made."""
        return super().marginals() | dict.fromkeys((*self.uncertain.marginals, _NOISY), normal(0, 1))

    def result(self, inputs: Inputs) -> Result:
        """The rest of the year of each draw behind the months as they were."""
        point, beside = self.space.point(inputs)
        moved = self.learned.mean.astype(point.dtype)[:, None] + self.learned.narrowing.astype(point.dtype) @ point
        draws = self._undecided(moved, beside)
        months = len(self.actuals.months) - self.actuals.closed
        for a, scores in zip(self.wobbles, noise_scores(inputs[_NOISY], months * len(self.wobbles)).reshape(
                len(self.wobbles), months, point.shape[1]), strict=True):
            draws[a] = self._wobbling(a, draws, scores)
        return booked(evaluate(self.scenario, self._behind(draws)), self.actuals)

    def likely(self) -> dict[str, np.ndarray]:
        """Where the months point to, behind those that are over: values by address, (months, 1) or (1,)."""
        return self._behind(self._undecided(self.learned.mean[:, None]))

    def _undecided(self, point: np.ndarray, beside: np.ndarray | float = 0.0) -> dict[str, np.ndarray]:
        return {a: x for a, x in self.space.columns(point, beside).items() if a not in self.decided}

    def _behind(self, draws: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Draws of the months to come behind those that are over."""
        closed = np.arange(len(self.actuals.months))[:, None] < self.actuals.closed
        precision = next(iter(draws.values())).dtype if draws else np.dtype(float)
        for a, x in self.over.items():
            draws[a] = np.where(closed, x, draws.get(a, x)).astype(precision)
        return draws

    def _wobbling(self, address: str, draws: Mapping[str, np.ndarray], scores: np.ndarray) -> np.ndarray:
        """A number's draws with the noise of single months in those to come."""
        deviation = self.wobbles[address]
        factor = np.exp(deviation * scores - deviation ** 2 / 2)
        value = np.broadcast_to((draws if address in draws else self.over)[address], (len(self.actuals.months), scores.shape[-1]))
        return np.concatenate([value[:self.actuals.closed], value[self.actuals.closed:] * factor])


def noise_scores(seeds: np.ndarray, count: int) -> np.ndarray:
    """Normal scores (count, D), each draw's made of its own seed (D,), so that no block or thread changes them.

    Thousands of them: more than Sobol points have dimensions. The generator is SplitMix64 (Steele et al. 2014).
    """
    state = np.ascontiguousarray(seeds, np.float32).view(np.uint32).astype(np.uint64) << np.uint64(32)
    state = state + (np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15))[:, None]
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        state = (state ^ (state >> np.uint64(shift))) * np.uint64(factor)
    state ^= state >> np.uint64(31)
    return ndtri(((state >> np.uint64(11)).astype(float) + 0.5) * 2.0 ** -53).astype(np.float32)


def _wobbles(scenario: Scenario, learned: Learned, over: Mapping[str, np.ndarray], closed: int) -> dict[str, float]:
    """Which numbers carry the noise of the months to come: that of the whole funnel stands in conversion."""
    orders = np.sqrt(sum(learned.noise.get(kind, 0.0) ** 2 * weight for kind, weight in _OF_ORDERS))
    out = {}
    for c in scenario.rows[d.CHANNEL]:
        out[f"channel.{c}.cvr"] = float(orders)
        out[f"channel.{c}.refund_rate"] = learned.noise.get("refunds", 0.0)
        if f"channel.{c}.share" in over:
            out[f"channel.{c}.share"] = learned.spend
    return {a: deviation for a, deviation in out.items() if deviation > 0 and closed < int(scenario.get("months"))}


def forecast(scenario: Scenario, actuals: Actuals, draws: int = 4096, seed: int = 0) -> RiskResult:
    """Draws of the year as `simulate` makes them, given the months that are over: those stand as they were in every draw.

    Without any it is `simulate`. plan: the plan of record's own result, to be held against.
    """
    model, of_record = conditioned(scenario, actuals), plan_of_record(scenario)
    return simulate(scenario, draws, seed) if model is None else drawn(model, evaluate(of_record), draws, seed)


@lru_cache(maxsize=8)
def conditioned(scenario: Scenario, actuals: Actuals) -> Conditioned | None:
    """The year given the months that are over; None where they show nothing.

    All of it is computed in the plan of record: what the months left spend since another split was taken for them are shares by
    month in it, so that no month that is over moves.
    """
    of_record = plan_of_record(scenario)
    plan = evaluate(of_record)
    series = observed(actuals, plan)
    if not series:
        return None
    space, happened = space_of(of_record), as_happened(of_record, actuals)
    learned = learn(space, series, happened)
    over = {a: x for a, x in planned_shares(plan).items() if a not in space.names}
    over |= {a: happened.after[a] for move in happened.moves if move.channel for a in move.addresses}
    over |= {a: happened.after[a] for a in happened.after if a.endswith(".share")}
    taken = _taken(scenario, plan, over, actuals.closed) if scenario.book.planned else {}
    over |= taken
    return Conditioned(of_record, space.model.uncertain, space.model.risks, True, aims_of(plan), space=space, learned=learned,
                       actuals=actuals, over=over, decided=frozenset(taken),
                       wobbles=_wobbles(of_record, learned, over, actuals.closed))


def _taken(scenario: Scenario, of_record: Result, over: Mapping[str, np.ndarray], closed: int) -> dict[str, np.ndarray]:
    """Shares by month (months, 1) of the plan of record that spend in the months left what the plan does now."""
    shares, planned = shares_that_spend(of_record, spend_of(evaluate(scenario))[..., None]), planned_shares(of_record)
    return {a: np.where(np.arange(len(x))[:, None] < closed, over.get(a, planned[a]), x) for a, x in shares.items()}
