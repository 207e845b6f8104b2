"""The plan as rows of months whose cells are formulas, from what the model computed of orders and customers down to cash.

The equations are those in words of lines and terms (`engine/lines.py`, `explain/terms.py`): `Live` reads them into formulas as
`explain/derive.py` reads them into numbers, and puts a row wherever an equation names something.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from model.analysis.explain import derive, formulas
from model.analysis.explain.terms import FIRST, FUNCTIONS, TERMS
from model.engine.evaluate import Result
from model.engine.kpis import period_of, periods_of
from model.engine.lines import LINES
from model.engine.values import CHANNEL_HEADLINES, effects_on
from model.errors import UnknownName
from model.io.workbook import excel
from model.io.workbook.excel import ZERO, Formula, cell, span
from model.io.workbook.inputs import VALUE
from model.plan import drivers as d
from model.plan import lists as li
from model.plan import risks as ri
from model.plan.schema import ONLY, TABLES, applies, driver_of, join, month_number
from model.units import FACTOR, Unit

#: sheets whose rows are months, and the one that they read
COMPUTED, CHANNELS, WORKINGS, STATEMENT, MEASURES = "computed", "channels", "workings", "statement", "kpis"
ASSUMPTIONS = "assumptions"
SERIES = (COMPUTED, CHANNELS, WORKINGS, STATEMENT, MEASURES)
#: where their first row and their first month stand
TOP, FIRST_MONTH = 4, 4
#: a name that is no figure of the model: the part of an initiative's effect that a month feels
RAMP = "ramp"
_OF_MODEL = ("funnel", "customers")


#: formula and value; what is undefined is an empty text
Cell = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """kind, key: the figure, as `derive` names them. channel: "" over all. cells, periods: formula ("" where the model computed
    it) and value; a period of which there is nothing to say is None."""

    kind: str
    key: str
    channel: str
    unit: Unit
    cells: tuple[Cell, ...]
    periods: tuple[Cell | None, ...]


@dataclass
class Live:
    """sheets: names by key. inputs: rows of the assumptions' cells by address. rows: by sheet, in the order in which they stand.
    followed: addresses of assumptions that some formula reads."""

    result: Result
    sheets: Mapping[str, str]
    inputs: Mapping[str, int]
    rows: dict[str, list[Row]] = field(default_factory=lambda: {k: [] for k in SERIES})
    followed: set[str] = field(default_factory=set)
    _known: dict[tuple[str, int | None], np.ndarray] = field(default_factory=dict)
    _places: dict[tuple[str, int | None], tuple[str, int]] = field(default_factory=dict)

    def __post_init__(self):
        self.book = derive.ledger(self.result)
        self.size = self.book.size
        self.spans = [period_of(p, self.result.months) for p in periods_of(self.size)]

    def input(self, address: str) -> Formula:
        """The cell of an assumption; its default where the sheet has none."""
        row = self.inputs.get(address)
        if row is None:
            return excel.of(driver_of(address).default or 0.0)
        self.followed.add(address)
        return cell(self.sheets[ASSUMPTIONS], row, VALUE, fixed=True)

    def alone(self) -> set[str]:
        """Addresses that nothing but the formulas follows: what else they move is not the model's to compute again."""
        return {a for a in self.followed if not (a.startswith(f"{li.TIER}.") and a.endswith(".share"))}

    def series(self, name: str, i: int | None = None) -> np.ndarray:
        """What stands for a name's months (M,), for a channel or over all: cells, or what needs no row of its own."""
        kind, key = derive.resolve(name)
        known = (name, i if derive.by_channel(kind, key) else None)
        if known not in self._known:
            self._place(name, kind, key, known[1])
        return self._known[known]

    def reach(self, name: str, months: slice) -> str:
        """The cells of a name's months over all channels."""
        self.series(name)
        sheet, row = self._places[name, None]
        start, stop, _ = months.indices(self.size)
        if stop - start == 1:
            return cell(self.sheets[sheet], row, FIRST_MONTH + start).text
        return span(self.sheets[sheet], (row, FIRST_MONTH + start), (row, FIRST_MONTH + stop - 1))

    # --- rows -----------------------------------------------------------------------------------------------------------

    def _place(self, name: str, kind: str, key: str, i: int | None) -> None:
        if kind == derive.DRIVER:
            self._known[name, i] = _assumed(self, name, key, i)
        elif _of_model(kind, key):
            self.put(COMPUTED, name, i, None)
        elif name in _SPECIAL:
            self.put(WORKINGS, name, None, _SPECIAL[name](self))
        elif not derive.by_channel(kind, key):
            self._below(name, kind)
        elif i is None:
            parts = {c: self.series(name, c) for c in range(len(self.result.channels))}
            self.put(_sheet(kind), name, None, self._sum(name, [c for c, p in parts.items() if set(p) != {ZERO}]))
        else:
            self._by_channel(name)

    def _by_channel(self, name: str) -> None:
        """All channels at once, so that they stand below each other. A term that is another row, or 0, needs none of its own."""
        kinds = (self.book.kind_of(i) for i in range(len(self.result.channels)))
        found = {i: written(self, formulas.for_kind(_equation(name), kind), i) for i, kind in enumerate(kinds)}
        for i, months in found.items():
            if name not in LINES and all(f.rank >= excel.NUMBER for f in months):
                self._known[name, i] = months
            else:
                self.put(CHANNELS, name, i, months)

    def _below(self, name: str, kind: str) -> None:
        """A row below contribution: it may name its own month before, and stands after all else that it names."""
        for other, before in formulas.names_in(_equation(name), FUNCTIONS):
            first = FIRST.get(other) if before else ""
            for needed in filter(None, (other, first)):
                if needed != name:
                    self.series(needed)
        sheet = _sheet(kind)
        self._known[name, None] = self._cells(sheet, TOP + len(self.rows[sheet]))
        self.put(sheet, name, None, written(self, _equation(name)))

    def _sum(self, name: str, channels: list[int]) -> np.ndarray:
        """The channels' cells added up, as one span where they stand below each other."""
        rows = [self._places[name, c][1] for c in channels if (name, c) in self._places]
        if len(channels) > 1 and rows == list(range(min(rows, default=0), min(rows, default=0) + len(channels))):
            sheet, columns = self.sheets[CHANNELS], range(FIRST_MONTH, FIRST_MONTH + self.size)
            return _months(excel.call("SUM", span(sheet, (rows[0], c), (rows[-1], c))) for c in columns)
        return sum((self.series(name, c) for c in channels), _months([ZERO] * self.size))

    def add(self, sheet: str, row: Row) -> tuple[str, int]:
        """Puts a row below the others of its sheet; its place."""
        self.rows[sheet].append(row)
        return sheet, TOP + len(self.rows[sheet]) - 1

    def put(self, sheet: str, name: str, i: int | None, months: np.ndarray | None) -> np.ndarray:
        """A row of a name, of these formulas or as the model computed it; its cells."""
        kind, key = derive.resolve(name)
        values = self.book.series(name, i)
        if values is None:
            raise UnknownName(name)
        texts = [""] * self.size if months is None else [f.text for f in months]
        cells = tuple(zip(texts, map(float, values), strict=True))
        channel = "" if i is None else self.result.channels[i]
        periods = tuple(self._periods(sheet, kind, key, cells))
        place = self.add(sheet, Row(kind, key, channel, derive.unit_of(kind, key), cells, periods))
        self._places[name, i] = place
        self._known[name, i] = self._cells(*place)
        return self._known[name, i]

    def ramp(self, initiative: str, steps: np.ndarray) -> np.ndarray:
        """The part of an initiative's effects that each month feels."""
        known = (f"{RAMP}.{initiative}", None)
        if known not in self._known:
            cells = tuple(("", float(step)) for step in steps)
            place = self.add(COMPUTED, Row(RAMP, initiative, "", FACTOR, cells, (None,) * len(self.spans)))
            self._known[known] = self._cells(*place)
        return self._known[known]

    def _periods(self, sheet: str, kind: str, key: str, cells) -> Iterable[Cell | None]:
        """Sums of a flow, the last month of a balance."""
        row, name = TOP + len(self.rows[sheet]), self.sheets[sheet]
        declared = (LINES[key] if kind == derive.LINE else TERMS[key]).kind if kind in (derive.LINE, derive.TERM) else ""
        for months in self.spans:
            values = [v for _, v in cells[months]]
            last = FIRST_MONTH + months.stop - 1
            if declared == "flow":
                yield excel.call("SUM", span(name, (row, FIRST_MONTH + months.start), (row, last))).text, float(np.sum(values))
            elif declared == "balance":
                yield cell(name, row, last).text, values[-1]
            else:
                yield None

    def _cells(self, sheet: str, row: int) -> np.ndarray:
        return _months(cell(self.sheets[sheet], row, FIRST_MONTH + m) for m in range(self.size))


def _months(formulas_of: Iterable[Formula]) -> np.ndarray:
    found = list(formulas_of)
    out = np.empty(len(found), object)
    out[:] = found
    return out


def _of_model(kind: str, key: str) -> bool:
    """Whether the workbook takes it as the model computed it: orders, customers, indices of the months."""
    return kind == derive.INDEX or kind == derive.LINE and LINES[key].section in _OF_MODEL or (
        kind == derive.TERM and not TERMS[key].formula and key not in _SPECIAL)


def _equation(name: str) -> str:
    return (LINES.get(name) or TERMS[name]).formula


def _sheet(kind: str) -> str:
    return STATEMENT if kind == derive.LINE else WORKINGS


# --- equations -----------------------------------------------------------------------------------------------------------

def written(live: Live, equation: str, i: int | None = None) -> np.ndarray:
    """An equation in words as formulas of every month (M,), for a channel or over all."""
    def read(name: str, before: bool) -> np.ndarray:
        return _before(live, name, i) if before else live.series(name, i)

    def by_month(function: Callable[..., Formula], driver: str) -> Callable:
        return lambda x, n: _months(function(x, live.book.outside, n[m], m, _most(driver)) for m in range(live.size))
    functions: dict[str, Callable] = {
        "min": excel.lesser, "max": excel.greater, "mean": lambda x: x, "lowest": lambda x: x,
        "ahead": by_month(excel.ahead, "turnover_days"), "delayed": by_month(excel.delayed, "credit_days")}
    found: Any = formulas.value(equation, read, functions)
    return found if isinstance(found, np.ndarray) else _months([excel.of(found)] * live.size)


def _most(driver: str) -> int:
    """How many months the bound of a driver in days reaches."""
    return int(-(-TABLES[d.BUSINESS][driver].high // 30))


def _before(live: Live, name: str, i: int | None) -> np.ndarray:
    """A name by the month before each month, as `Ledger.before`."""
    now, first = live.series(name, i), FIRST.get(name)
    start = now[int(live.book.outside(np.array([-1]))[0])] if first is None else live.series(first, i)[0] if first else ZERO
    out = _months([start, *now[:-1]])
    if name == derive.YEARLY:
        out[::12] = ZERO
    return out


# --- assumptions ---------------------------------------------------------------------------------------------------------

def _assumed(live: Live, name: str, key: str, i: int | None) -> np.ndarray:
    """A driver by month: its cell; a row of its own where a headline factor or an initiative changes it."""
    table, _, driver = key.partition(".")
    base = _of_tiers(live, driver) or live.input(join(table, ONLY if i is None else live.result.channels[i], driver))
    factors = list(_factors(live, table, driver, i))
    if not factors:
        return _months([base] * live.size)
    row = TABLES[table][driver]
    months = (excel.call("MAX", row.low, math.prod((f[m] for f in factors), start=base)) for m in range(live.size))
    return live.put(WORKINGS if i is None else CHANNELS, name, i, _months(excel.call("MIN", row.high, x) for x in months))


def _of_tiers(live: Live, driver: str) -> Formula | None:
    """The members' tiers' own mean, where they say it."""
    tiers = live.result.scenario.rows[li.TIER]
    if driver not in li.BY_TIER or not tiers:
        return None
    shares = [live.input(join(li.TIER, t, "share")) for t in tiers]
    own = [live.input(join(li.TIER, t, li.BY_TIER[driver])) for t in tiers]
    return sum((s * x for s, x in zip(shares, own, strict=True)), ZERO) / Formula(sum(shares, ZERO).text, excel.SUM)


def _factors(live: Live, table: str, driver: str, i: int | None) -> Iterable[Sequence[Formula]]:
    """What a driver is multiplied by, by month: its headline factor, and the effects of initiatives that are on."""
    scenario = live.result.scenario
    if table == d.CHANNEL and driver in CHANNEL_HEADLINES:
        yield [live.input(join(d.HEADLINE, ONLY, driver))] * live.size
    channel = "" if i is None else live.result.channels[i]
    for name, of_table, key, of_channel, steps in effects_on(scenario, live.result.values.calendar):
        mine = not channel or of_channel in ("all", channel) and applies(TABLES[table][driver], scenario.rows[table][channel])
        if (of_table, key) == (table, driver) and mine:
            size = live.input(join(li.EFFECT, name, "effect"))
            yield [1 + size * share for share in live.ramp(scenario.rows[li.EFFECT][name]["initiative"], steps)]


# --- terms whose words are not an equation -------------------------------------------------------------------------------

def _payroll(live: Live) -> np.ndarray:
    """Heads × monthly cost of all teams."""
    teams = live.result.scenario.rows[li.TEAM]
    each = (live.input(join(li.TEAM, t, "heads")) * live.input(join(li.TEAM, t, "monthly_cost")) for t in teams)
    return _months([sum(each, ZERO)] * live.size)


def _initiatives(live: Live) -> np.ndarray:
    """One-off cost in the first month, monthly cost from then on, of those that are on; of mitigations in all months."""
    rows, start = live.result.scenario.rows, month_number(live.result.months[0])
    on = {k: row for k, row in rows[li.INITIATIVE].items() if row.get("on", True)}
    paid = [(li.INITIATIVE, k, month_number(row["start"]) - start) for k, row in on.items()]
    paid += [(ri.MITIGATION, k, 0) for k, row in rows[ri.MITIGATION].items() if row.get("on", False)]
    out = _months([ZERO] * live.size)
    for table, key, first in paid:
        once, monthly = (live.input(join(table, key, field)) for field in ("cost_once", "cost_monthly"))
        for m in range(max(0, first), live.size):
            out[m] = out[m] + (once + monthly if m == first else monthly)
    return out


def _opening_stock(live: Live) -> np.ndarray:
    """The stock before the first month, from that month's days."""
    days, goods = live.series("turnover_days"), live.series("cost_of_goods")
    found = excel.ahead(goods, live.book.outside, days[0] / 30, -1, _most("turnover_days"))
    return _months([found] * live.size)


_SPECIAL: dict[str, Callable[[Live], np.ndarray]] = {
    "payroll": _payroll, "initiatives": _initiatives, "opening_stock": _opening_stock}
