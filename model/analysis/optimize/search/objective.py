"""What is to be best: an outcome of the simulator, and how its draws become one number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from model.analysis.optimize.asks import impossible
from model.analysis.risk.summary import lowest, quantile
from model.engine.customer_value import customer_book
from model.engine.evaluate import Result
from model.engine.kpis import ALL, KPIS, ROUNDING, kpi, over, reached

PROFIT_AND_BOOK = "profit_and_book"
#: offered on the page; any other KPI may be asked for by its key
OBJECTIVES = ("net_profit", PROFIT_AND_BOOK, "gmv", "net_revenue", "net_margin_rate")
MEASURES = ("plan", "mean", "percentile", "shortfall", "chance")
_WITH_TAX = {"net_profit", PROFIT_AND_BOOK, "net_margin_rate"}
#: width of the smoothing while searching: in ranks for a percentile, in standard deviations for a chance
_RANKS, _DEVIATIONS = 0.02, 0.1
#: stands for an undefined outcome (0 ÷ 0): worse than anything
_WORST = -1e9


@dataclass(frozen=True, slots=True)
class Objective:
    """key: of OBJECTIVES or KPIS; KPIs of which less is good are made small (`turned`: the other way round). before_tax:
    before income tax. period: the whole plan, or one of its years, quarters or months (for a KPI, after tax).

    measure: "plan" (the plan's own value, no draws), or over draws "mean", "percentile" (at `level`, 0…1), "shortfall"
    (mean of the worst `level`) or "chance" (of reaching `target`, 0…1). Raises Impossible (`unknown_objective`).
    """

    key: str = "net_profit"
    measure: str = "plan"
    level: float | None = None
    target: float | None = None
    before_tax: bool = False
    turned: bool = False
    period: str = ALL

    def __post_init__(self):
        known = self.key in KPIS or self.key == PROFIT_AND_BOOK
        leveled = self.measure not in ("percentile", "shortfall") or self.level is not None and 0 < self.level < 1
        aimed = self.measure != "chance" or self.target is not None and np.isfinite(self.target)
        if not (known and self.measure in MEASURES and leveled and aimed):
            raise impossible("unknown_objective", "objective", got=f"{self.key}, {self.measure}",
                             allowed=", ".join(OBJECTIVES))

    @property
    def sign(self) -> int:
        """+1 where more is better, −1 where less is."""
        good = KPIS[self.key].good if self.key in KPIS else 1
        return -good if self.turned else good

    @property
    def side(self) -> int:
        """+1 where more of what is measured is better: of a chance always."""
        return 1 if self.measure == "chance" else self.sign

    @property
    def uses_draws(self) -> bool:
        return self.measure != "plan"

    @property
    def plain(self) -> Objective:
        """The same outcome, of the plan itself."""
        return replace(self, measure="plan", level=None, target=None, turned=False)

    def outcome(self, result: Result) -> np.ndarray:
        """The outcome of every draw (draws,), in its own unit."""
        if not self.before_tax or self.key not in _WITH_TAX:
            return _outcome(result, self.key, self.period)
        profit = (result.lines["net_profit"] + result.lines["taxes"]
                  - result.lines["net_revenue"] * result.values.business["surcharge"]).sum(axis=0)
        if self.key == "net_margin_rate":
            return profit / np.where(revenue := result.lines["net_revenue"].sum(axis=0), revenue, np.nan)
        return profit + (book_change(result) if self.key == PROFIT_AND_BOOK else 0)

    def measured(self, outcomes: np.ndarray, rounding: float = ROUNDING[8]) -> np.ndarray:
        """Outcomes (…, draws) as one number each, in the outcome's unit (a chance: 0…1), as the risk bands count them.

        rounding: what draws of their precision may miss a target by, relative.
        """
        y = np.nan_to_num(outcomes, nan=_WORST * self.sign)
        if self.measure == "percentile":
            return quantile(np.sort(y, axis=-1), self.level)  # type: ignore[arg-type]  # there, as __post_init__ sees to
        if self.measure == "shortfall":
            return self.sign * lowest(np.sort(self.sign * y, axis=-1), self.level)  # type: ignore[arg-type]
        if self.measure == "chance":
            return reached(y, self.target, self.sign, rounding).mean(axis=-1)  # type: ignore[arg-type]
        return y.mean(axis=-1, dtype=float)

    def smooth(self, outcomes: np.ndarray, deviation: float) -> np.ndarray:
        """`measured`, larger the better, without the jumps from draw to draw: what the search climbs."""
        y = np.nan_to_num(outcomes, nan=_WORST * self.sign)
        if self.measure == "percentile":
            ranks = (np.arange(y.shape[-1]) + 0.5) / y.shape[-1]
            weight = np.exp(-((ranks - self.level) / max(_RANKS, 1 / y.shape[-1])) ** 2 / 2)
            return self.sign * (np.sort(y, axis=-1) * (weight / weight.sum())).sum(axis=-1)
        if self.measure == "chance":
            far = (y - self.target) * self.sign / max(_DEVIATIONS * deviation, np.finfo(float).tiny)
            return ((1 + np.tanh(far / 2)) / 2).mean(axis=-1)
        return self.sign * self.measured(outcomes)


def _outcome(result: Result, key: str, period: str) -> np.ndarray:
    if key == PROFIT_AND_BOOK:
        return kpi(result, "net_profit") + book_change(result)
    return np.broadcast_to(over(result, key, period), (result.draws,))


def book_change(result: Result) -> np.ndarray:
    """What the people on the ladder are worth at the end less what those at the opening are, both by the same rates."""
    opening = replace(result, extra=MappingProxyType(
        {**result.extra, "closing_ladder": result.extra["opening_ladder"]}))
    return customer_book(result) - customer_book(opening)
