"""A careful and a bold version of a plan, from its own draws: where net profit stands at their 20 and at their 80 % point.

A plan that itself lies high among its draws is no bolder at their 80 % point: there the bold version stands halfway from the plan
to the best of them; likewise the careful one of a plan that lies low.

How strongly each uncertain number goes with net profit over all draws says which way it has to go, and by how much to the others:
its mean normal score at the point. All go that way from where they stand in the plan, so far that the plan with them earns what
stands at the point.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from model.analysis.risk.distributions import Marginal
from model.analysis.risk.simulate import RiskResult
from model.engine.evaluate import evaluate
from model.plan.scenario import Scenario
from model.plan.schema import driver_of

#: share of the draws that earn less: in the careful version, in the bold one
LOW, HIGH = 0.2, 0.8
#: a correlation within so many standard errors of nothing is none: such a number stays as it is
_ERRORS = 3.0
#: how far to go, in multiples of the mean scores
_STEPS = np.linspace(-4.0, 4.0, 321)
#: normal scores among which a number of the plan is found
_SCORES = np.linspace(-4.0, 4.0, 1601)
#: significant digits of a number that is found
_DIGITS = 5


def points(found: RiskResult) -> dict[str, float]:
    """The share of the draws that earn less than each version, and than the plan itself (`base`)."""
    plan = float((found.draws("net_profit") < found.plan_value("net_profit")).mean())
    return {"conservative": min(LOW, plan / 2), "base": plan, "ambitious": max(HIGH, (1 + plan) / 2)}


def presets(found: RiskResult) -> dict[str, Scenario]:
    """The plan and both versions; nothing where no uncertain number moves net profit."""
    values = {name: values_at(found, share) for name, share in points(found).items() if name != "base"}
    return {name: found.scenario.with_values(values.get(name, {})) for name in points(found)} if all(values.values()) else {}


def values_at(found: RiskResult, share: float) -> dict[str, float]:
    """The uncertain numbers of the plan in which net profit stands at this point of its draws."""
    profit = found.draws("net_profit")
    if np.ptp(profit) == 0:
        return {}
    scores, wanted = _mean_scores(found, profit, share), float(np.quantile(profit, share))
    if not scores:
        return {}
    marginals = found.uncertain.marginals
    start = {a: _score_of(found.scenario.get(a), marginals[a]) for a in scores}
    draws = {a: np.asarray(marginals[a].at(start[a] + _STEPS * z), float) for a, z in scores.items()}
    far = _crossing(evaluate(found.scenario, draws).lines["net_profit"].sum(axis=0), wanted)
    return {a: _rounded(a, float(marginals[a].at(start[a] + far * z))) for a, z in scores.items()}


def _score_of(value: float, marginal: Marginal) -> float:
    """Where the plan's number stands in its distribution, as a normal score."""
    return float(np.interp(value, marginal.at(_SCORES), _SCORES))


def _mean_scores(found: RiskResult, profit: np.ndarray, share: float) -> dict[str, float]:
    """Mean normal score, where profit stands at this point, of each uncertain number that goes with it."""
    count, scores = len(profit), found.scores()
    rank = np.empty(count)
    rank[np.argsort(profit, kind="stable")] = (np.arange(count) + 0.5) / count
    earned = ndtri(rank)
    along = {a: float((scores.normal(a) * earned).mean()) for a in found.uncertain.marginals}
    return {a: r * float(ndtri(share)) for a, r in along.items() if abs(r) > _ERRORS / np.sqrt(count)}


def _crossing(profit: np.ndarray, wanted: float) -> float:
    """The step nearest to none, or between two, at which profit is as wanted; that of the nearest profit where it never is."""
    gap = profit - wanted
    turns = np.flatnonzero(np.sign(gap[:-1]) != np.sign(gap[1:]))
    if not len(turns):
        return float(_STEPS[np.argmin(np.abs(gap))])
    i = turns[np.argmin(np.abs(_STEPS[turns]))]
    return float(_STEPS[i] + (_STEPS[i + 1] - _STEPS[i]) * gap[i] / (gap[i] - gap[i + 1]))


def _rounded(address: str, value: float) -> float:
    driver = driver_of(address)
    value = float(f"{value:.{_DIGITS}g}")
    return min(max(float(round(value)) if driver.unit.whole else value, driver.low), driver.high)
