"""How forecasts fared: what was said after each month, held against what came, beside two naive ways of saying it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from model.analysis.risk.simulate import Chance, RiskResult
from model.engine.evaluate import Result
from model.engine.kpis import KPIS, YEAR, kpi
from model.plan.book import Frozen
from model.plan.scenario import Scenario
from model.review.actuals import Actuals
from model.review.forecast import forecast
from model.review.pace import measured

#: of a year and of a month: what is forecast
OF = ("gmv", "net_profit")
#: rows of a summary's points that are the 10 %, 50 % and 90 % points
_LOW, _MIDDLE, _HIGH = 1, 3, 5
Range = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Step:
    """What could be said when so many months were over. year: by KPI, of the first plan year; months: by KPI and month to
    come; chances: by target's key.
    """

    months_over: int
    year: Mapping[str, Range]
    months: Mapping[str, Mapping[str, Range]]
    chances: Mapping[str, Chance]


def step_of(found: RiskResult, actuals: Actuals) -> Step:
    """A forecast given these months, in short."""
    over = actuals.closed
    months = {key: {m: _range(found.months(key).points[:, i]) for i, m in enumerate(actuals.months) if i >= over} for key in OF}
    return Step(over, {key: _range(found.year(key, YEAR).points) for key in OF}, months, dict(found.chances))


def _range(points: np.ndarray) -> Range:
    return float(points[_LOW]), float(points[_MIDDLE]), float(points[_HIGH])


def steps(scenario: Scenario, actuals: Actuals, draws: int = 4096, progress: Callable[[float], None] = lambda part: None,
          stop: Callable[[], bool] = lambda: False) -> tuple[Step, ...]:
    """What today's model would have said before the first month and after each that is over; fewer where it was stopped."""
    out: list[Step] = []
    for over in range(actuals.closed + 1):
        if stop():
            break
        known = actuals.up_to(over)
        out.append(step_of(forecast(scenario, known, draws), known))
        progress((over + 1) / (actuals.closed + 1))
    return tuple(out)


def frozen(found: Step, actuals: Actuals, made: str) -> Frozen:
    """A forecast to keep with the plan. made: when."""
    ranges = tuple((key, *found.year[key]) for key in OF)
    months = tuple((f"{month} {key}", *value) for key in OF for month, value in found.months[key].items())
    return Frozen(actuals.months[found.months_over - 1] if found.months_over else "", made, ranges, months)


@dataclass(frozen=True, slots=True)
class Score:
    """Of forecasts of the next month. errors: mean size of the error, in the KPI's unit, of the forecast, of the plan as it was,
    of plan × ratio so far; inside: in how many of `months` the 80 % band held.
    """

    kpi: str
    months: int
    inside: int
    forecast: float
    plan: float
    ratio: float


def score(plan: Result, actuals: Actuals, found: tuple[Step, ...], key: str) -> Score | None:
    """Of every step whose next month is known; None where there is none."""
    came, planned = measured(actuals, key), np.array([float(kpi(plan, key, slice(i, i + 1))[0]) for i in range(len(plan.months))])
    rows = [(i, *s.months[key][actuals.months[i]]) for s in found if (i := s.months_over) < len(came) and np.isfinite(came[i])]
    if not rows or KPIS[key].bottom:
        return None
    at = np.array([row[0] for row in rows])
    low, middle, high = np.array([row[1:] for row in rows]).T
    ratio = np.array([_so_far(came[:i], planned[:i]) for i in at])
    inside = int(((low <= came[at]) & (came[at] <= high)).sum())
    errors = [float(np.abs(guess - came[at]).mean()) for guess in (middle, planned[at], planned[at] * ratio)]
    return Score(key, len(rows), inside, *errors)


def _so_far(came: np.ndarray, planned: np.ndarray) -> float:
    """What was reached of the plan so far; 1 where nothing is known, or no ratio makes sense."""
    known = np.isfinite(came)
    total = planned[known].sum()
    return float(came[known].sum() / total) if known.any() and total > 0 else 1.0
