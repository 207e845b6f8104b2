"""How forecasts fared: what was said after each month, held against what came, beside naive ways of saying it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from model.analysis.risk.simulate import Chance, RiskResult
from model.engine.evaluate import Result
from model.engine.kpis import KPIS, YEAR
from model.plan.book import Frozen
from model.plan.scenario import Scenario
from model.review.actuals import Actuals
from model.review.forecast import forecast
from model.review.kept import plan_of_record
from model.review.pace import measured, of_month

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
    """What today's model would have said before the first month and after each that is over; fewer where it was stopped.

    A split taken for the months left is that of the last of them: those before it know the plan of record.
    """
    out: list[Step] = []
    for over in range(actuals.closed + 1):
        if stop():
            break
        known, of = actuals.up_to(over), plan_of_record(scenario) if over < actuals.closed else scenario
        out.append(step_of(forecast(of, known, draws), known))
        progress((over + 1) / (actuals.closed + 1))
    return tuple(out)


def frozen(found: Step, actuals: Actuals, made: str) -> Frozen:
    """A forecast to keep with the plan. made: when."""
    ranges = tuple((key, *found.year[key]) for key in OF)
    months = tuple((f"{month} {key}", *value) for key in OF for month, value in found.months[key].items())
    return Frozen(actuals.months[found.months_over - 1] if found.months_over else "", made, ranges, months)


@dataclass(frozen=True, slots=True)
class Score:
    """Of forecasts of months that have come. Mean size of the error, in the KPI's unit, of the forecast, of the plan as it was,
    of plan × ratio so far, of last year × growth so far (nan where last year is not known); inside: in how many of `months`
    the 80 % band held.
    """

    kpi: str
    months: int
    inside: int
    forecast: float
    plan: float
    ratio: float
    trend: float


#: of a forecast of a month: how many months were over, which month it is of, and its range
_Said = tuple[int, int, float, float, float]


def score(plan: Result, actuals: Actuals, found: tuple[Step, ...], key: str) -> Score | None:
    """Of what each step says of its next month, where that is known; None where there is none."""
    months = actuals.months
    return _score(plan, actuals, key, [(i, i, *s.months[key][months[i]]) for s in found if (i := s.months_over) < len(months)])


def score_frozen(plan: Result, actuals: Actuals, key: str) -> Score | None:
    """Of all that the frozen forecasts of the plan's book said of months that have come since; None where there is none."""
    at = {month: i for i, month in enumerate(actuals.months)}
    said: list[_Said] = []
    for one in plan.scenario.book.forecasts:
        over = at[one.after] + 1 if one.after in at else 0
        for name, low, middle, high in one.months:
            month, _, kpi_key = name.partition(" ")
            if kpi_key == key and at.get(month, -1) >= over:
                said.append((over, at[month], low, middle, high))
    return _score(plan, actuals, key, said)


def _score(plan: Result, actuals: Actuals, key: str, said: list[_Said]) -> Score | None:
    came = measured(actuals, key)
    rows = [row for row in said if np.isfinite(came[row[1]])]
    if not rows or KPIS[key].bottom:
        return None
    planned, before = np.array([of_month(plan, actuals, key, i)[1:] for i in range(len(came))]).T
    over, at = (np.array([row[j] for row in rows]) for j in (0, 1))
    low, middle, high = np.array([row[2:] for row in rows]).T
    ratio, growth = (np.array([_so_far(came[:n], of[:n]) for n in over]) for of in (planned, before))
    errors = [float(np.abs(guess - came[at]).mean()) for guess in (
        middle, planned[at], planned[at] * ratio, before[at] * growth)]
    return Score(key, len(rows), int(((low <= came[at]) & (came[at] <= high)).sum()), *errors)


def _so_far(came: np.ndarray, of: np.ndarray) -> float:
    """What was reached of these months so far; 1 where nothing is known, or no ratio makes sense."""
    known = np.isfinite(came) & np.isfinite(of)
    total = of[known].sum()
    return float(came[known].sum() / total) if known.any() and total > 0 else 1.0
