"""Spends to outcomes: the simulator itself, any number of splits and draws in one call of `evaluate`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from model.analysis.optimize.asks import impossible
from model.analysis.optimize.search.objective import Objective
from model.engine.batch import BLOCK, evaluate_blocks
from model.engine.evaluate import evaluate
from model.engine.kpis import kpi
from model.engine.values import channel_order
from model.plan import drivers as d
from model.plan.scenario import Scenario
from model.plan.schema import Value, find, join, value_at

#: the column of the plan itself among the draws
PLAN = -1


def channels_to_move(scenario: Scenario) -> tuple[str, ...]:
    """Channels with a budget, in the engine's order. Raises Impossible (`nothing_to_move`) where there is none."""
    spending = scenario.spending_channels
    out = tuple(c for c in channel_order(scenario) if c in spending)
    if not out:
        raise impossible("nothing_to_move", "channel")
    return out


def yearly_budget(scenario: Scenario) -> float:
    """Yuan a year, the headline factor included."""
    return scenario.get("budget") * scenario.get("headline.budget")


def is_share(address: str) -> bool:
    """Whether an address is a channel's share of the budget: what is asked for, a search moves them itself."""
    a = find(address)
    return a is not None and a.table == d.CHANNEL and a.field == "share"


def plan_value(scenario: Scenario, address: str) -> float:
    """What the plan itself says at a drawn address."""
    a = find(address)
    value = value_at(scenario.rows, address) if a else None
    if value is None and a and a.field in d.LIKE:
        value = value_at(scenario.rows, join(a.table, a.row, d.LIKE[a.field]))
    return np.nan if value is None else float(value)


def _with_plan(scenario: Scenario, draws: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Draws with the plan's own value as one more column, the last: (months or 1, D + 1)."""
    size = max((np.shape(a)[-1] for a in draws.values()), default=0)
    out = {}
    for address, values in draws.items():
        values = np.atleast_2d(np.asarray(values, float))
        wide = np.broadcast_to(values, (values.shape[0], size))
        out[address] = np.concatenate([wide, np.full((values.shape[0], 1), plan_value(scenario, address))], axis=1)
    return out


@dataclass(frozen=True, eq=False)
class Simulator:
    """A scenario whose channels' spends are free.

    Spends are in units of `unit` yuan a year: points (P, n), or (P, n · 12) by channel and calendar month where
    `phased`. draws: address -> (months or 1, D + 1), the plan itself last.
    """

    scenario: Scenario
    channels: tuple[str, ...]
    unit: float
    draws: Mapping[str, np.ndarray] = field(default_factory=dict)
    phased: bool = False

    @classmethod
    def of(cls, scenario: Scenario, unit: float, draws: Mapping[str, np.ndarray] | None = None) -> Simulator:
        """A scenario's simulator; draws: address -> (D,) or (months, D). Raises Impossible (`nothing_to_move`)."""
        channels = channels_to_move(scenario)
        clash = [a for a in draws or {} if is_share(a)]
        if clash:
            raise impossible("draws_move_split", clash[0], got=clash[0])
        base = scenario
        if yearly_budget(scenario) != unit:
            base = scenario.with_values({"budget": unit / scenario.get("headline.budget")})
        return cls(base, channels, unit, _with_plan(scenario, draws or {}))

    @property
    def size(self) -> int:
        """Number of draws, the plan not counted."""
        return max((a.shape[1] for a in self.draws.values()), default=1) - 1

    def of_first(self, count: int) -> Simulator:
        """With the first `count` draws only."""
        kept = {k: np.concatenate([a[:, :count], a[:, -1:]], axis=1) for k, a in self.draws.items()}
        return Simulator(self.scenario, self.channels, self.unit, kept, self.phased)

    def by_month(self) -> Simulator:
        """With spends by channel and calendar month: every channel gets months of its own, level where shares are.

        Raises Impossible (`own_years`) where a later year has another split or months: those of all years are one pattern.
        """
        rows, own = self.scenario.rows[d.CHANNEL], ("share", d.PHASING[0])
        if any(rows[c].get(d.of_year(field, y)) is not None for c in self.channels for y in d.LATER_YEARS for field in own):
            raise impossible("own_years", "months", got=str(self.scenario.get("months")))
        level: dict[str, Value] = {f"channel.{c}.{field}": 1.0 for c in self.channels for field in d.PHASING}
        months = {f"channel.{c}.phasing_mode": "own_months" for c in self.channels}
        return Simulator(self.scenario.with_values(level | months), self.channels, self.unit, self.draws, True)

    def outcomes(self, points: np.ndarray, draw: np.ndarray, objective: Objective, kpis: tuple[str, ...] = ()) \
            -> tuple[np.ndarray, np.ndarray]:
        """(K,) outcomes and (len(kpis), K) KPIs of K columns: points (K, n) with the draws `draw` (K,), PLAN for none."""
        columns = {address: values[:, draw] for address, values in self.draws.items()}
        columns = {k: a[0] if a.shape[0] == 1 else a for k, a in columns.items()}
        columns |= self._months(points, columns) if self.phased else {
            f"channel.{c}.share": points[:, i] for i, c in enumerate(self.channels)}

        def pick(result):
            return {"outcome": np.broadcast_to(objective.outcome(result), (result.draws,)),
                    **{k: np.broadcast_to(kpi(result, k), (result.draws,)) for k in kpis}}
        found = pick(evaluate(self.scenario, columns)) if len(draw) <= BLOCK else \
            evaluate_blocks(self.scenario, columns, pick)
        return found["outcome"], np.stack([found[k] for k in kpis]) if kpis else np.empty((0, len(draw)))

    def _months(self, points: np.ndarray, columns: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Shares by month, and the halo measured against when the paid channels spend.

        With own months the engine compares each month's clicks with the reference spread as all paid spend is. Level
        months with shares by month would compare with a level reference; visits · (1 − halo + halo · k · lift) is
        written as other visits and another halo, k being level ÷ actual weight.
        """
        spend = points.reshape(points.shape[0], len(self.channels), 12)
        start = int(self.scenario.get("start")[5:7]) - 1
        calendar_month = (start + np.arange(int(self.scenario.get("months")))) % 12
        by_month = np.moveaxis(spend, 0, -1)[:, calendar_month]
        out = {f"channel.{c}.share": by_month[i] * 12 for i, c in enumerate(self.channels)}
        rows = self.scenario.rows[d.CHANNEL]
        paid = np.array([rows[c]["kind"] == d.PAID for c in self.channels])
        organic = next(c for c in rows if rows[c]["kind"] == d.ORGANIC)
        when, total = by_month[paid].sum(axis=0), spend[:, paid].sum(axis=(1, 2))
        k = np.divide(total / 12, when, out=np.zeros_like(when), where=when > 0)
        halo = columns.get("halo", self.scenario.get("halo"))
        visits = columns.get(f"channel.{organic}.visits", self.scenario.get(f"channel.{organic}.visits"))
        factor = 1 - halo + halo * k
        share = np.divide(halo * k, factor, out=np.zeros_like(k), where=factor > 0)
        return out | {"halo": share, f"channel.{organic}.visits": visits * factor}

    def month_weights(self) -> tuple[np.ndarray, np.ndarray]:
        """Today's weight of each calendar month (n, 12), sum 1, and which months lie outside the plan (12,)."""
        result = evaluate(self.scenario)
        weight = result.index["weight_by_channel"][:, :12, 0]
        months = [int(label[5:7]) - 1 for label in result.months[:12]]
        out = np.full((len(self.channels), 12), np.nan)
        for i in range(len(self.channels)):
            out[i, months] = weight[i if weight.shape[0] > 1 else 0]
        outside = np.isnan(out[0])
        left = np.maximum(0, 1 - np.nansum(out, axis=1, keepdims=True))
        out = np.where(np.isnan(out), left / max(1, outside.sum()), out)
        return out / out.sum(axis=1, keepdims=True), outside

    def scenario_of(self, point: np.ndarray) -> Scenario:
        """The scenario with these spends: shares, total and, where phased, months of each channel's own."""
        spend = np.maximum(0, point.reshape(len(self.channels), -1))
        total = spend.sum()
        if total <= 0:  # nothing to split: the shares say no more and stay
            return self.scenario.with_values({"budget": 0.0})
        share = spend.sum(axis=1) / total
        share[np.argmax(share)] += 1 - share.sum()
        values = {f"channel.{c}.share": float(s) for c, s in zip(self.channels, share, strict=True)}
        budget = total * self.unit / self.scenario.get("headline.budget")
        same = abs(total - 1) < 1e-12
        values["budget"] = self.scenario.get("budget") if same else float(budget)
        if self.phased:
            for c, months in zip(self.channels, spend, strict=True):
                level = months / months.sum() if months.sum() > 0 else np.full(12, 1 / 12)
                values |= {f"channel.{c}.phasing_{m + 1:02d}": float(w) for m, w in enumerate(level)}
        return self.scenario.with_values(values)
