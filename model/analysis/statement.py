"""The profit and loss statement as rows: lines of the P&L with their signs, each line's parts, any periods.

Order, signs and which rows are sums come from LINES; here stands only what a line consists of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from model.engine.evaluate import Result
from model.engine.kpis import last_year
from model.engine.lines import LINES

#: lines that stand inside another line of the statement
INSIDE = {"commission": "marketing", "media": "marketing"}
MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, eq=False)
class Row:
    """A row of the statement. line: its line. part: "" or what part of the line; `channel` tells whether it is one.

    values: signed, by month (M,). sum: it is what the rows above add up to. kind: flow | balance.
    """

    line: str
    part: str
    channel: bool
    sum: bool
    kind: str
    values: np.ndarray

    @property
    def key(self) -> str:
        return f"{self.line}/{self.part}" if self.part else self.line


def statement(result: Result) -> tuple[Row, ...]:
    """The P&L's rows in the order of LINES, a line's parts after it, cash last."""
    out = []
    for key, line in LINES.items():
        if line.section == "cash" or line.section == "pnl" and line.kind == "flow" and key not in INSIDE:
            sign = line.sign or 1
            out.append(Row(key, "", False, not line.sign, line.kind, sign * _plain(result, result.lines[key])))
            channels = set(result.channels) if line.channel else set()
            out += [Row(key, part, part in channels, False, line.kind, sign * values)
                    for part, values in parts(result, key).items()]
    return tuple(out)


def _plain(result: Result, values) -> np.ndarray:
    """The plan's own numbers by month."""
    return np.broadcast_to(values, (len(result.months), result.draws))[:, 0]


def parts(result: Result, key: str) -> Mapping[str, np.ndarray]:
    """What a line consists of, by month; together they are the line. Empty where it has no parts."""
    made = {"marketing": _marketing, "inventory": _inventory, "overhead": _overhead, "taxes": _taxes}
    if key in made:
        return {k: _plain(result, v) for k, v in made[key](result).items()}
    if not LINES[key].channel:
        return {}
    return {c: _plain(result, result.by_channel[key][i]) for i, c in enumerate(result.channels)}


def _marketing(result: Result) -> dict[str, np.ndarray]:
    lines, b = result.lines, result.values.business
    return {"spend": lines["spend"], "commission": lines["commission"],
            "channel_fixed": lines["media"] - lines["spend"] - lines["commission"],
            "member_benefit": lines["pool"] * b["member_benefit"], "join_cost": lines["joiners"] * b["join_cost"]}


def _inventory(result: Result) -> dict[str, np.ndarray]:
    b = result.values.business
    return {k: result.lines["stock"] * b[k] / 12 for k in ("carrying_rate", "write_off_rate")}


def _overhead(result: Result) -> dict[str, np.ndarray]:
    v = result.values
    fixed = {k: v.business[k] for k in ("technology", "supply_chain_reserve", "other_overhead")}
    return {"payroll": v.payroll, **fixed, "initiatives": v.initiative_cost}


def _taxes(result: Result) -> dict[str, np.ndarray]:
    surcharge = result.lines["net_revenue"] * result.values.business["surcharge"]
    return {"surcharge": surcharge, "income_tax": result.lines["taxes"] - surcharge}


def periods(months: int, size: int) -> list[slice]:
    """Spans of `size` months from the first; the last one may be shorter."""
    return [slice(first, min(first + size, months)) for first in range(0, months, size)]


def total(row: Row, period: slice = slice(None)) -> float:
    """A flow's sum, a balance's last month."""
    values = row.values[period]
    return float(values[-1] if row.kind == "balance" else values.sum())


def last_years(result: Result) -> dict[str, np.ndarray]:
    """Last year's signed values of lines, by month of the plan; nan in months that it does not have."""
    return {k: (LINES[k].sign or 1) * v for k, v in last_year(result).items() if k in LINES}


@dataclass(frozen=True, slots=True)
class Growth:
    """Year on year over the months that last year has. rate: nan where last year was nothing or the sign differs."""

    before: float
    now: float
    months: int

    @property
    def rate(self) -> float:
        return self.now / self.before - 1 if self.months and self.before * self.now > 0 else np.nan


def growth(row: Row, before: Mapping[str, np.ndarray], period: slice = slice(None)) -> Growth:
    """A row against the same months of last year; parts are not known of last year."""
    if row.part or row.line not in before or row.kind == "balance":
        return Growth(np.nan, np.nan, 0)
    last = before[row.line][period]
    known = np.isfinite(last)
    return Growth(float(last[known].sum()), float(row.values[period][known].sum()), int(known.sum()))
