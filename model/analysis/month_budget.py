"""The budget in yuan by channel and month, a year of the plan at a time: what it is, and the plan that typed yuan are.

Typed yuan become the year's budget, its split and each channel's own months (model.md section 3): whatever moves a budget or a
split afterwards moves them in proportion.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from model.engine.evaluate import evaluate
from model.plan import drivers as d
from model.plan.scenario import Scenario
from model.plan.schema import Value

#: nearer than this to whole cents, an amount is one of whole cents
_DUST = 1e-6
#: a year in which a plan of any length may start
_EARLY = "2000"


def covered(scenario: Scenario, year: int) -> int:
    """How many months of a year (1, 2, 3) a plan has."""
    return max(0, min(12, scenario.get("months") - 12 * (year - 1)))


def spent(scenario: Scenario, year: int) -> np.ndarray:
    """Yuan of each spending channel in the twelve months of a year (C, 12), also in those after the plan's end."""
    months = slice(12 * (year - 1), 12 * year)
    out = _by_month(scenario)[:, months]
    if (have := out.shape[1]) < 12:
        whole = scenario.with_values({"months": months.stop, "start": _EARLY + scenario.get("start")[4:]})
        out = np.concatenate([out, _by_month(whole)[:, months][:, have:]], axis=1)
    return out


def _by_month(scenario: Scenario) -> np.ndarray:
    result = evaluate(scenario)
    return result.by_channel["spend"][[result.channels.index(c) for c in scenario.spending_channels], :, 0]


def in_sight(amounts: np.ndarray) -> np.ndarray:
    """Amounts (C, M) as they are shown: to the cent where they are whole cents, else in whole yuan; rows add up to their totals,
    these to the total of all."""
    cents = np.round(amounts, 2)
    if np.abs(amounts - cents).max(initial=0.0) < _DUST:
        return cents
    totals = shared_out(np.round(amounts.sum()), amounts.sum(axis=1))
    return np.stack([shared_out(total, row) for total, row in zip(totals, amounts, strict=True)])


def shared_out(total: float, parts: np.ndarray) -> np.ndarray:
    """A total over parts in proportion, evenly where all are 0: in whole yuan, in cents where the total has some."""
    step = 1 if total == round(total) else 100
    weights = parts if parts.sum() > 0 else np.ones_like(parts)
    raw = total * step * weights / weights.sum()
    out = np.floor(raw + _DUST)
    missing = round(total * step - out.sum())
    out[np.argsort(out - raw, kind="stable")[:max(0, missing)]] += 1
    return out / step


def typed(scenario: Scenario, year: int, amounts: np.ndarray) -> dict[str, Value]:
    """The values that make a plan spend these yuan (C, months of the year that it has); months after its end stay as they are."""
    twelve = np.concatenate([amounts, spent(scenario, year)[:, amounts.shape[1]:]], axis=1)
    totals, budget = twelve.sum(axis=1), float(twelve.sum())
    values: dict[str, Value] = {d.of_year("budget", year): budget / scenario.get("headline.budget")}
    for channel, months, total in zip(scenario.spending_channels, twelve, totals, strict=True):
        if budget > 0:
            values[f"channel.{channel}.{d.of_year('share', year)}"] = float(total) / budget
        if total > 0:
            values |= {f"channel.{channel}.{f}": float(x) for f, x in zip(_fields(scenario, year), months, strict=True)}
            values |= {f"channel.{channel}.phasing_mode": "own_months"} if year == 1 else {}
    return values


def _fields(scenario: Scenario, year: int) -> list[str]:
    """A channel's weights of a year by the plan's months, the first of which may be any calendar month."""
    first = int(scenario.get("start")[5:7]) - 1
    return [d.of_year(d.PHASING[(first + m) % 12], year) for m in range(12)]


def typed_years(scenario: Scenario) -> tuple[int, ...]:
    """Years of the plan in which some channel has months of its own."""
    rows = [scenario.rows[d.CHANNEL][c] for c in scenario.spending_channels]
    first = any(row.get("phasing_mode") == "own_months" for row in rows)
    later = [y for y in d.LATER_YEARS if covered(scenario, y)
             and any(row.get(d.of_year(d.PHASING[0], y)) is not None for row in rows)]
    return (*([1] if first else []), *later)


def untyped(scenario: Scenario, year: int) -> dict[str, Value]:
    """The values that give a year's months back to the season and the promotions; its budget and split stay."""
    values: dict[str, Value] = {}
    for channel in scenario.spending_channels:
        if year > 1:
            values |= {f"channel.{channel}.{d.of_year(f, year)}": None for f in d.PHASING}
        elif scenario.get(f"channel.{channel}.phasing_mode") == "own_months":
            values |= {f"channel.{channel}.phasing_mode": "plan"} | {f"channel.{channel}.{f}": None for f in d.PHASING}
    return values


def by_period(amounts: np.ndarray, months: int) -> np.ndarray:
    """Sums to the cent over every so many months (C, periods), the last one of what is left."""
    return np.round(np.add.reduceat(amounts, np.arange(0, amounts.shape[1], months), axis=1), 2)


def edited(amounts: np.ndarray, months: int, cells: Mapping[tuple[int, int], float]) -> np.ndarray:
    """Amounts by month with these sums of every so many months, each shared out over its months as they were."""
    out = amounts.copy()
    for (row, period), total in cells.items():
        span = slice(period * months, (period + 1) * months)
        out[row, span] = shared_out(total, amounts[row, span])
    return out
