"""Why the months differ from the plan: the bridge by group of drivers and by driver and channel, and what no driver explains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.analysis.compare.bridge import Bar, bridge_by_month
from model.analysis.compare.changes import Player
from model.engine.evaluate import Result
from model.engine.kpis import KPIS, find_period, kpi
from model.errors import UnknownName
from model.plan.scenario import Scenario
from model.review.actuals import Actuals
from model.review.happened import as_happened
from model.review.kept import plan_of_record
from model.review.solving import UNEXPLAINED

#: of a bridge: the months that are over
TO_DATE = "to_date"
#: why there are no bars, beside those of Compare's bridge
NOTHING_CLOSED = "nothing_closed"
#: draws to evaluate for the bars and their openings: some hundredths of a second, and errors below a hundredth of the bar
_EFFORT = 1000


@dataclass(frozen=True, slots=True)
class Bridge:
    """From the plan's figure (`start`) to the measured one (`end`): the bars add up to the difference.

    bars: by group of drivers, each opened into driver and channel; the last is `unexplained`: measured − as happened in the
    model. reason: why there are no bars, "" where there are.
    """

    kpi: str
    period: str
    start: float
    end: float
    bars: tuple[Bar, ...]
    reason: str = ""

    @property
    def unexplained(self) -> float:
        """What the model does not explain; nan where there are no bars."""
        return self.bars[-1].value if self.bars else np.nan

    def bar(self, group: str) -> float:
        """What a group of drivers adds, 0 where none of it was different."""
        return sum(bar.value for bar in self.bars if bar.group == group)


def months_of(period: str, actuals: Actuals) -> slice:
    """The months of a period that are over. Raises UnknownName for a period that the plan does not reach."""
    if period == TO_DATE:
        return slice(0, actuals.closed)
    found = find_period(period, actuals.months)
    if found is None:
        raise UnknownName(period)
    return slice(found.start, max(found.start, min(found.stop, actuals.closed)))


def bridge(scenario: Scenario, actuals: Actuals, kpi_key: str = "net_profit", period: str = TO_DATE, seed: int = 0) -> Bridge:
    """From plan to actual: the Shapley value of each group of drivers, opened by the Owen value into drivers and channels.

    period: to_date, a month, Q1 …, year, all; of it the months that are over. Raises UnknownName for an unknown KPI or period.
    """
    if kpi_key not in KPIS:
        raise UnknownName(kpi_key)
    scenario, months = plan_of_record(scenario), months_of(period, actuals)
    found = as_happened(scenario, actuals)
    players = [Player(m.group, m.addresses, {}, {a: (found.before[a], found.after[a]) for a in m.addresses}) for m in found.moves]

    def figure(result: Result) -> np.ndarray:
        return kpi(result, kpi_key, months)
    start, model, end = (float(figure(result)[0]) for result in (found.plan, found.model, found.booked))
    if months.start >= months.stop:
        return Bridge(kpi_key, period, np.nan, np.nan, (), NOTHING_CLOSED)
    solved = bridge_by_month(scenario, players, figure, seed, _EFFORT)
    if solved.reason:
        return Bridge(kpi_key, period, start, end, (), solved.reason)
    bars = [bar for bar in solved.bars if bar.value or any(part.value for part in bar.drivers)]
    return Bridge(kpi_key, period, start, end, (*bars, Bar(UNEXPLAINED, end - model, 0.0, ())))
