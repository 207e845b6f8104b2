"""Are we on plan: what the measured months reached, beside what the plan and last year have of the same months."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import numpy as np

from model.engine.evaluate import Result
from model.engine.kpis import KPIS, TargetResult, kpi, last_year, period_of
from model.plan import drivers as d
from model.review.actuals import UNITS, Actuals

#: a column by month: of the shop, and of the channels of some kinds together
_Of = Callable[..., np.ndarray]
#: balances that a shop measures, each with its column
_BALANCES = {"pool": "pool", "closing_cash": "cash"}
#: ratios of which a shop measures the parts: KPI -> numerator and denominator
PARTS: Mapping[str, tuple[Callable[[_Of], np.ndarray], Callable[[_Of], np.ndarray]]] = MappingProxyType({
    "gross_margin_rate": (lambda of: of("net_revenue") - of("cost_of_goods"), lambda of: of("net_revenue")),
    "private_share": (lambda of: of("gmv", d.OWNED), lambda of: of("gmv")),
    "ctr": (lambda of: of("clicks", *d.SPENDING), lambda of: of("impressions", *d.SPENDING)),
})


def knowable() -> tuple[str, ...]:
    """KPIs that follow from measured columns."""
    return tuple(k for k, row in KPIS.items() if k in _BALANCES or k in PARTS or (
        row.special is None and row.top in UNITS and (not row.bottom or row.bottom in UNITS)))


@dataclass(frozen=True, slots=True)
class Pace:
    """A KPI over the measured months of a period. months: how many; plan, last_year: the same months'; whole: what the plan has
    of the whole period; target: what it is held against over the whole period, nan where there is none.
    """

    kpi: str
    months: int
    actual: float
    plan: float
    last_year: float
    whole: float
    target: float

    @property
    def gap(self) -> float:
        return self.actual - self.plan

    @property
    def done(self) -> float:
        """Part of the target, or of the plan where there is none, that is reached."""
        return self.actual / self._aim if self._aim else np.nan

    @property
    def due(self) -> float:
        """Part of it that the plan had reached by then."""
        return self.plan / self._aim if self._aim else np.nan

    @property
    def _aim(self) -> float:
        return self.target if np.isfinite(self.target) else self.whole

    @property
    def behind(self) -> bool:
        """On the bad side of the plan."""
        return bool(self.gap * KPIS[self.kpi].good < 0)


def measured(actuals: Actuals, key: str) -> np.ndarray:
    """A KPI's column by month (months,), nan where it was not measured; of a ratio its numerator."""
    return _over(key, partial(_of_actuals, actuals))[0]


def _over(key: str, of: _Of) -> tuple[np.ndarray, np.ndarray | None]:
    """A KPI's numerator and denominator by month; None where it has no denominator."""
    if key in PARTS:
        top, bottom = PARTS[key]
        return top(of), bottom(of)
    row = KPIS[key]
    return of(_BALANCES.get(key, row.top)), of(row.bottom) if row.bottom else None


def _of_actuals(actuals: Actuals, column: str, *kinds: str) -> np.ndarray:
    return sum((actuals.of(column, c) for c, kind in actuals.kinds if kind in kinds), np.zeros(len(actuals.months))) if kinds \
        else actuals.total(column)


def _of_result(plan: Result, column: str, *kinds: str) -> np.ndarray:
    rows = plan.scenario.rows[d.CHANNEL]
    return sum((plan.by_channel[column][i, :, 0] for i, c in enumerate(plan.channels) if rows[c]["kind"] in kinds),
               np.zeros(len(plan.months))) if kinds else plan.lines[column][:, 0]


def known_months(actuals: Actuals, key: str, span: slice) -> np.ndarray:
    """Which months of a period a KPI is known of, as indices of the plan's months."""
    top, bottom = _over(key, partial(_of_actuals, actuals))
    known = np.isfinite(top) if bottom is None else np.isfinite(top) & np.isfinite(bottom)
    indices = np.arange(len(actuals.months))[span]
    return indices[known[span]]


def reached(actuals: Actuals, key: str, months: np.ndarray) -> float:
    """A KPI over these measured months: a sum, a ratio of sums, or a balance at the last of them; nan of none."""
    if not len(months):
        return np.nan
    top, bottom = _over(key, partial(_of_actuals, actuals))
    return float(top[months][-1]) if key in _BALANCES else _summed(top[months], None if bottom is None else bottom[months])


def _summed(top: np.ndarray, bottom: np.ndarray | None) -> float:
    """A sum, or a ratio of sums, nan of nothing."""
    if bottom is None:
        return float(top.sum())
    return float(top.sum()) / float(bottom.sum()) if bottom.sum() else np.nan


def pace(plan: Result, actuals: Actuals, key: str, period: str, target: float = np.nan) -> Pace | None:
    """A KPI's pace over a period; None where none of its months was measured, or the plan does not reach it."""
    span = period_of(period, plan.months)
    months = known_months(actuals, key, span)
    if not len(months):
        return None
    return Pace(key, len(months), reached(actuals, key, months), _of_plan(plan, key, months), _of_last_year(plan, key, months),
                float(kpi(plan, key, span)[0]), target)


def of_month(plan: Result, actuals: Actuals, key: str, month: int) -> tuple[float, float, float]:
    """A KPI of one month of the plan: actual, planned, last year's; nan where it is not known."""
    one = np.array([month])
    return (reached(actuals, key, known_months(actuals, key, slice(month, month + 1))), _of_plan(plan, key, one),
            _of_last_year(plan, key, one))


def _of_plan(plan: Result, key: str, months: np.ndarray) -> float:
    if key in _BALANCES:
        return float(kpi(plan, key, slice(months[-1], months[-1] + 1))[0])
    if KPIS[key].adds_up:
        return float(sum(kpi(plan, key, slice(m, m + 1))[0] for m in months))
    top, bottom = _over(key, partial(_of_result, plan))
    return _summed(top[months], None if bottom is None else bottom[months])


def _of_last_year(plan: Result, key: str, months: np.ndarray) -> float:
    """nan where last year's figures do not say it: they are of the whole shop."""
    row = KPIS[key]
    if row.special is not None and key not in _BALANCES:
        return np.nan
    lines = last_year(plan, tuple(k for k in (row.top, row.bottom) if k)) if key != "closing_cash" else {}
    if row.top not in lines or (row.bottom and row.bottom not in lines):
        return np.nan
    top = lines[row.top][months]
    if key == "pool":
        return float(top[-1])
    return float(top.sum() / lines[row.bottom][months].sum()) if row.bottom else float(top.sum())


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left of a target that adds up. months: how many are not known yet; wanted: the target less `done`; planned: the
    plan's same months; so_far: the plan's months that are known.
    """

    months: int
    wanted: float
    planned: float
    done: float
    so_far: float


def rest(plan: Result, actuals: Actuals, target: TargetResult) -> Rest | None:
    """None where the target is no sum, nothing of it was measured, or all of its months were."""
    if target.kpi not in knowable() or not KPIS[target.kpi].adds_up:
        return None
    span = period_of(target.period, plan.months)
    known = known_months(actuals, target.kpi, span)
    left = np.setdiff1d(np.arange(len(plan.months))[span], known)
    if not len(known) or not len(left):
        return None
    done = reached(actuals, target.kpi, known)
    return Rest(len(left), float(target.target) - done, _of_plan(plan, target.kpi, left), done, _of_plan(plan, target.kpi, known))


@dataclass(frozen=True, slots=True)
class Standing:
    """A target and where it stands. state: hit, missed (all its months are measured), ahead, behind, unknown."""

    target: TargetResult
    pace: Pace | None
    state: str


def standings(plan: Result, actuals: Actuals, targets: tuple[TargetResult, ...]) -> tuple[Standing, ...]:
    """Every target of the plan against what was measured of its months."""
    return tuple(_standing(plan, actuals, target) for target in targets)


def _standing(plan: Result, actuals: Actuals, target: TargetResult) -> Standing:
    if target.kpi not in knowable():
        return Standing(target, None, "unknown")
    found = pace(plan, actuals, target.kpi, target.period, float(target.target))
    if found is None or not np.isfinite(found.actual):
        return Standing(target, None, "unknown")
    good = KPIS[target.kpi].good
    span = period_of(target.period, plan.months)
    if found.months == len(plan.months[span]):
        return Standing(target, found, "hit" if (found.actual - target.target) * good >= 0 else "missed")
    return Standing(target, found, "behind" if found.behind else "ahead")
