"""The plan as it happened: its drivers in the months measured are the measured ones, so that the model gives these months.

How the drivers are found: solving.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from model.engine import profit
from model.engine.evaluate import Result, evaluate
from model.plan.scenario import Scenario
from model.review.actuals import CHANNEL_COLUMNS, SHOP_COLUMNS, Actuals
from model.review.kept import plan_of_record
from model.review.solving import Move, Solver

#: values that differ by less, relatively, are the plan's
_SAME = 1e-12


@dataclass(frozen=True, eq=False)
class Happened:
    """moves: what was different, each with its addresses. before, after: value by address and month (M, 1), plan and measured.

    model: what follows from `after`; booked: the same with every measured line as measured.
    """

    plan: Result
    moves: tuple[Move, ...]
    before: Mapping[str, np.ndarray]
    after: Mapping[str, np.ndarray]
    model: Result
    booked: Result


@lru_cache(maxsize=8)
def as_happened(scenario: Scenario, actuals: Actuals) -> Happened:
    """The plan of record with the drivers that were measured; months that were not stay as planned."""
    scenario = plan_of_record(scenario)
    plan = evaluate(scenario)
    solver = Solver(scenario, actuals, plan)
    model = solver.solved()
    moves = tuple(move for move in solver.moves if any(_moved(solver.before[a], solver.now[a]) for a in move.addresses))
    return Happened(plan, moves, MappingProxyType(solver.before), MappingProxyType(solver.now), model, booked(model, actuals))


def _moved(before: np.ndarray, after: np.ndarray) -> bool:
    return bool(np.any(np.abs(after - before) > _SAME * np.maximum(np.abs(before), np.abs(after))))


# --- what follows with the books in it --------------------------------------------------------------------------------

def booked(result: Result, actuals: Actuals) -> Result:
    """The result with every measured line as it was measured, sums made of them where they were not measured themselves."""
    by_channel = {k: _put_channels(result, actuals, k) for k in CHANNEL_COLUMNS}
    lines = dict(result.lines)
    for key in (*CHANNEL_COLUMNS, *SHOP_COLUMNS):
        if key in lines:
            own = by_channel[key].sum(axis=0) if key in by_channel else lines[key]
            lines[key] = _put(own, actuals.total(key) if key in by_channel else actuals.of(key))
    lines["net_sales"] = lines["gmv"] - lines["refunds"]
    lines["gross_profit"] = lines["net_revenue"] - lines["cost_of_goods"]
    lines["contribution"] = _put(lines["gross_profit"] - lines["take"] - lines["fulfilment"], actuals.of("contribution"))
    before_tax = lines["contribution"] - lines["marketing"] - lines["inventory"] - lines["overhead"]
    lines["taxes"] = _put(_taxes(result, lines["net_revenue"], before_tax), actuals.of("taxes"))
    lines["net_profit"] = _put(before_tax - lines["taxes"], actuals.of("net_profit"))
    lines |= _cash(result, lines["net_profit"], actuals)
    both = {**result.by_channel, **by_channel}
    return replace(result, lines=MappingProxyType(lines), by_channel=MappingProxyType(both), sums={})


def _taxes(result: Result, net_revenue: np.ndarray, before_tax: np.ndarray) -> np.ndarray:
    """Taxes (M, D) on the year's profit with the books in it: months to come pay for those that are over."""
    surcharge, rate = (result.values.business[key] for key in ("surcharge", "income_tax"))
    return surcharge * net_revenue + profit.income_taxes(before_tax - surcharge * net_revenue, rate)


def _cash(result: Result, net_profit: np.ndarray, actuals: Actuals) -> dict[str, np.ndarray]:
    """Cash (M, D): what was earned otherwise than computed comes in or is missing; from a measured balance on."""
    flow = result.lines["cash_flow"] + net_profit - result.lines["net_profit"]
    cash, measured = np.cumsum(flow, axis=0), actuals.of("cash")
    for m in np.flatnonzero(np.isfinite(measured)):
        cash[m:] += measured[m] - cash[m]
    return {"cash_flow": np.diff(cash, axis=0, prepend=np.zeros_like(cash[:1])), "cash": cash}


def _put(line: np.ndarray, measured: np.ndarray) -> np.ndarray:
    """A line (M, D) with the measured months (M,) in it."""
    given = measured[:, None]
    return np.where(np.isnan(given), line, given).astype(line.dtype, copy=False)


def _put_channels(result: Result, actuals: Actuals, key: str) -> np.ndarray:
    rows = [_put(result.by_channel[key][i], actuals.of(key, c)) for i, c in enumerate(result.channels)]
    return np.stack(rows)
