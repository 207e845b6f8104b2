"""The risk register: events by what they cost, mitigations by whether they are worth their money; and stress tests.

Every figure is a difference between two runs on the same draws, with and without the event or the mitigation, so that
its error is that of the difference alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from model.analysis.risk import shocks
from model.analysis.risk.compare import compare_risks
from model.analysis.risk.simulate import YEARLY, RiskResult, simulate
from model.analysis.risk.summary import WORST, mean_and_error, over_scrambles, quantile
from model.engine.evaluate import evaluate
from model.engine.kpis import kpi
from model.engine.profit import ratio
from model.plan import risks as ri
from model.plan.scenario import Plan, Scenario

#: what the register is about
PROFIT = "net_profit"


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event that is on. All over the whole plan, mitigations that are on taken into account.

    chance: that it happens at all. loss: of net profit, on average over all draws (yuan, positive), and its standard
    error. loss_if: on average where it happens. tail_share: of what the worst 5 % of draws by net profit lie below the
    average, the part that would not be there without it, and its error.
    """

    key: str
    chance: float
    loss: float
    loss_error: float
    loss_if: float
    tail_share: float
    tail_share_error: float


@dataclass(frozen=True, slots=True)
class MitigationRow:
    """A mitigation, compared with its absence, everything else as in the scenario.

    cost: over the whole plan. worth: average net profit with it minus without it, cost counted (yuan), and its standard
    error; worth_at_5: the same of the 5 % point, a bad year's profit. on: whether the scenario takes it.
    """

    key: str
    event: str
    on: bool
    cost: float
    worth: float
    worth_error: float
    worth_at_5: float
    worth_at_5_error: float

    @property
    def verdict(self) -> str:
        """"worth", "not_worth", or "unclear" within two standard errors."""
        if abs(self.worth) <= 2 * self.worth_error:
            return "unclear"
        return "worth" if self.worth > 0 else "not_worth"


@dataclass(frozen=True, slots=True)
class Register:
    """events: the largest expected loss first. mitigations: the largest worth first. stopped: some are missing."""

    result: RiskResult
    events: tuple[EventRow, ...]
    mitigations: tuple[MitigationRow, ...]
    stopped: bool


def register(scenario: Scenario, draws: int = 4096, seed: int = 0, *, base: Plan | None = None,
             progress: Callable[[int, int], None] | None = None, stop: Callable[[], bool] | None = None) -> Register:
    """The register on `draws` draws: one run for the scenario, one for each event and each mitigation."""
    def run(of: Scenario, off: frozenset[str] = frozenset()) -> RiskResult:
        return simulate(of, draws, seed, base=base or scenario.base, by_month=False, off=off)

    with_all = run(scenario)
    on = [k for k, row in scenario.rows[ri.EVENT].items() if row.get("on", True)]
    met = [k for k, row in scenario.rows[ri.MITIGATION].items() if row["event"] in on]
    jobs: list[tuple[str, Callable]] = [("event", lambda k=k: _event(k, with_all, run(scenario, frozenset([k])))) for k in on]
    jobs += [("mitigation", lambda k=k: _mitigation(k, scenario, with_all, run)) for k in met]
    rows: dict[str, list] = {"event": [], "mitigation": []}
    for i, (kind, job) in enumerate(jobs):
        if stop and stop():
            break
        rows[kind].append(job())
        if progress:
            progress(i + 1, len(jobs))
    complete = sum(map(len, rows.values())) == len(jobs)
    return Register(with_all, tuple(sorted(rows["event"], key=lambda r: (-r.loss, r.key))),
                    tuple(sorted(rows["mitigation"], key=lambda r: (-r.worth, r.key))), not complete)


def _event(key: str, with_all: RiskResult, without: RiskResult) -> EventRow:
    profit, scrambles = with_all.draws(PROFIT), with_all.run.kept_scrambles
    loss = without.draws(PROFIT) - profit
    happened = with_all.run.outputs[f"event.{key}"]
    mean, error = mean_and_error(loss, scrambles)
    chance = float(happened.mean())
    share, share_error = over_scrambles(_tail_share, scrambles, profit, loss)
    return EventRow(key, chance, float(mean), float(error), float(mean) / chance if chance else math.nan,
                    share, share_error)


def _tail_share(profit: np.ndarray, loss: np.ndarray) -> np.ndarray:
    """Of what the worst 5 % by profit lie below the average, the loss's part; along the last axis."""
    worst = np.argsort(profit, axis=-1, kind="stable")[..., :math.ceil(WORST * profit.shape[-1])]
    depth = profit.mean(axis=-1) - np.take_along_axis(profit, worst, -1).mean(axis=-1)
    return ratio(np.take_along_axis(loss, worst, -1).mean(axis=-1), depth)


def _point_gain(with_it: np.ndarray, without: np.ndarray) -> np.ndarray:
    return quantile(np.sort(with_it, axis=-1), WORST) - quantile(np.sort(without, axis=-1), WORST)


def _mitigation(key: str, scenario: Scenario, with_all: RiskResult, run) -> MitigationRow:
    row = scenario.rows[ri.MITIGATION][key]
    on = bool(row.get("on", False))
    other = run(scenario.with_values({f"mitigation.{key}.on": not on}))
    pair: tuple[RiskResult, RiskResult] = (with_all, other) if on else (other, with_all)
    gain = compare_risks(pair[0], pair[1], keys=(PROFIT,))[PROFIT].summary
    at_5 = over_scrambles(_point_gain, pair[0].run.kept_scrambles, *(r.draws(PROFIT) for r in pair))
    cost = row.get("cost_once", 0.0) + row.get("cost_monthly", 0.0) * int(scenario.get("months"))
    return MitigationRow(key, row["event"], on, cost, float(gain.mean), float(gain.mean_error), *at_5)


# --- stress tests -----------------------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class StressResult:
    """A stress test on the plan itself, without draws: KPIs over the whole plan, and their change from the plan's."""

    key: str
    kpis: Mapping[str, float]
    change: Mapping[str, float]


def stress(scenario: Scenario) -> tuple[StressResult, ...]:
    """Every stress test of the scenario, in the order of its rows; one evaluation for all of them."""
    keys = list(scenario.rows[ri.STRESS])
    if not keys:
        return ()
    draws = shocks.multiplied(scenario, {}, shocks.stress_factors(scenario, keys))
    result = evaluate(scenario, draws or {"vat": np.full(1 + len(keys), scenario.get("vat"))})
    values = {k: np.broadcast_to(kpi(result, k), (1 + len(keys),)) for k in YEARLY}
    return tuple(StressResult(key, {k: float(v[i]) for k, v in values.items()},
                              {k: float(v[i] - v[0]) for k, v in values.items()}) for i, key in enumerate(keys, 1))

