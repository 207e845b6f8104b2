"""From last year's net profit to this one's: what each block of the statement adds or takes, as far as last year is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.engine.evaluate import Result
from model.engine.kpis import last_year, period_of, total

#: what is left after each block, top to bottom; the blocks are the differences between two that are known. After marketing there
#: is no line of that name: it is the contribution less marketing
LEFT = ("net_revenue", "gross_profit", "contribution", "after_marketing", "net_profit")


@dataclass(frozen=True, slots=True)
class Step:
    """key: the last of the lines in `LEFT` that the block reaches to. change: of net profit, in yuan."""

    key: str
    change: float


@dataclass(frozen=True, slots=True)
class YearOnYear:
    """before, now: net profit last year and in this plan; the steps lead from one to the other."""

    before: float
    now: float
    steps: tuple[Step, ...]


def year_on_year(result: Result, period: str) -> YearOnYear | None:
    """The way from last year's net profit to the plan's over a period; None where last year's is not known in full, and of
    several years together."""
    span = period_of(period, result.months)
    if span.stop - span.start > 12:
        return None
    told, now = last_year(result), {k: float(total(result, k, span)[0]) for k in (*LEFT, "marketing") if k in result.lines}
    before = {k: float(np.sum(v[span])) for k, v in told.items()}
    for values in (before, now):
        values["after_marketing"] = values.get("contribution", np.nan) - values.get("marketing", np.nan)
    known = [k for k in LEFT if np.isfinite(before.get(k, np.nan))]
    if "net_profit" not in known:
        return None
    gains = [now[k] - before[k] for k in known]
    steps = [Step(k, gain - earlier) for k, gain, earlier in zip(known, gains, [0.0, *gains], strict=False)]
    return YearOnYear(before["net_profit"], now["net_profit"], tuple(steps))
