"""Where a number comes from: its equation, the values in it, and the numbers one level down, until drivers are reached.

An equation holds for one month (and one channel, where the number is known by channel). Totals of products are not
products of totals: at the top stands the sum over the channels or months, `parts`, unless the equation only adds.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from model.analysis.explain import formulas
from model.analysis.explain.terms import BALANCE, FIRST, FLOW, FUNCTIONS, INDICES, TERMS, Term
from model.engine import profit, traffic
from model.engine.evaluate import Result
from model.engine.kpis import KPIS, Kpi, kpi, kpi_by_channel
from model.engine.lines import LINES, Line
from model.errors import UnknownName
from model.plan import drivers as d
from model.plan import lists as li
from model.plan.schema import TABLES
from model.units import FACTOR, Unit

LINE, KPI, TERM, INDEX, DRIVER = "line", "kpi", "term", "index", "driver"
#: starts from nothing in every year of the plan
YEARLY = "profit_so_far"
_HOME = (d.CHANNEL, d.BUSINESS, li.MONTH)


class Node(NamedTuple):
    """A number: kind, key; row: its channel (or row of a table), "" all of them; month: 1 … M, 0 the whole plan."""

    kind: str
    key: str
    row: str = ""
    month: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """One number, or from the lowest to the highest where it differs over months or channels; nan where there is none."""

    low: float
    high: float

    @property
    def one(self) -> bool:
        return self.low == self.high or math.isnan(self.low)


@dataclass(frozen=True, slots=True)
class Derivation:
    """equations: (kind of channel, text). names: what stands in them, one level down; None for one that is 0 there, and
    at a total for one of the month before.

    holds: whether the values of `names` in the equation give the value. parts: what adds up to it where they do not.
    functions: names of functions in the equations.
    """

    node: Node
    unit: Unit
    value: Span
    equations: tuple[tuple[str, str], ...]
    names: tuple[tuple[str, Node | None], ...]
    holds: bool
    parts: tuple[Node, ...]
    functions: tuple[str, ...]


def resolve(name: str) -> tuple[str, str]:
    """(kind, key) of a name in a formula. Raises UnknownName."""
    if name in LINES:
        return LINE, name
    if name in TERMS:
        return TERM, name
    for table in _HOME:
        if name in TABLES[table]:
            return DRIVER, f"{table}.{name}"
    if name in INDICES:
        return INDEX, name
    table, _, field = name.partition(".")
    if field in TABLES.get(table, ()):
        return DRIVER, name
    raise UnknownName(name)


def row_of(kind: str, key: str) -> Line | Kpi | Term:
    """The declaration of a line, KPI or term. Raises KeyError."""
    return LINES[key] if kind == LINE else KPIS[key] if kind == KPI else TERMS[key]


def formula_of(kind: str, key: str) -> tuple[str, tuple[str, ...]]:
    """A number's formula ("" where words say it) and the names that it is made of."""
    if kind == DRIVER:
        return "", ()
    if kind == INDEX:
        return "", INDICES[key]
    row = row_of(kind, key)
    text = row.equation if isinstance(row, Kpi) else row.formula
    names = tuple(f"{n}[m−1]" if before else n for n, before in formulas.names_in(text, FUNCTIONS))
    return text, names or (row.uses if isinstance(row, Term) else ())


def unit_of(kind: str, key: str) -> Unit:
    """The unit of a number; indices are factors."""
    if kind == INDEX:
        return FACTOR
    if kind == DRIVER:
        table, _, field = key.partition(".")
        return TABLES[table][field].unit
    return row_of(kind, key).unit


def has_series(node: Node) -> bool:
    """Whether it has a value by month: rows of tables other than channels have none of their own."""
    return node.kind != DRIVER or node.key.partition(".")[0] in _HOME


def by_channel(kind: str, key: str) -> bool:
    """Whether it is known by channel."""
    if kind == INDEX:
        return key in ("promo", "price", "basket", "refund_lift", "traffic_price", "weight")
    if kind == DRIVER:
        return key.startswith(f"{d.CHANNEL}.")
    row = row_of(kind, key)
    return row.by_channel if isinstance(row, Kpi) else row.channel


def adds_up(kind: str, key: str) -> bool:
    """Whether its months add up to the plan's number."""
    return kind in (LINE, TERM) and (LINES if kind == LINE else TERMS)[key].kind == FLOW


class Ledger:
    """Every name's series by month of one plan, by channel where it is known so; computed when asked for."""

    def __init__(self, result: Result):
        self.result = result
        self.size = len(result.months)
        self._known: dict[tuple[str, int | None], np.ndarray | None] = {}
        outside = profit.within_plan(self.size)
        self.outside = outside
        self._functions: dict[str, Callable[..., Any]] = {
            "min": np.minimum, "max": np.maximum, "exp": np.exp, "hill": self._hill, "best_audience": self._audience,
            "ahead": lambda x, n: profit.ahead(x[:, None], outside, 30 * n[:, None])[1:, 0],
            "delayed": lambda x, n: profit.delayed(x[:, None], outside, 30 * n[:, None])[:, 0],
            "mean": lambda x: _all(x.mean(), x), "lowest": lambda x: np.minimum.accumulate(x),
        }

    @staticmethod
    def _hill(z, shape):
        return np.where(np.isfinite(z), traffic.hill(np.nan_to_num(z), shape), 0.0)

    @staticmethod
    def _audience(reach, audience, shape):
        return traffic.best_audience(reach, audience, shape)

    def kind_of(self, i: int) -> str:
        """The kind of channel i that formulas tell apart; "alone" is organic in a plan without an owned channel."""
        kind = self.result.scenario.rows[d.CHANNEL][self.result.channels[i]]["kind"]
        return "alone" if kind == d.ORGANIC and not self.result.values.has_owned else kind

    def series(self, name: str, i: int | None = None) -> np.ndarray | None:
        """A name by month (months,) for channel i, or over all (a rate by channel: None)."""
        kind, key = resolve(name)
        i = i if by_channel(kind, key) else None
        if (name, i) not in self._known:
            found = self._read(kind, key, i)
            self._known[name, i] = found if found is None else np.broadcast_to(np.asarray(found, float), (self.size,))
        return self._known[name, i]

    def _needed(self, name: str, i: int | None) -> np.ndarray:
        """The same where an equation names it. Raises UnknownName where it has no series there."""
        found = self.series(name, i)
        if found is None:
            raise UnknownName(name)
        return found

    def _read(self, kind: str, key: str, i: int | None) -> Any:
        r = self.result
        if kind == LINE:
            return _plan(r.lines[key] if i is None else r.by_channel[key][i])
        if kind == INDEX:
            if i is None:
                return _plan(r.index[key])
            of_channels = r.index[f"{key}_by_channel"]
            return _plan(of_channels[i if len(of_channels) > 1 else 0])
        if kind == DRIVER:
            return self._driver(key, i)
        if read := TERMS[key].read:
            found = read(r)
            return found if not TERMS[key].channel else found.sum(axis=0) if i is None else found[i]
        if TERMS[key].channel and i is None:
            every = [self.computed(key, c) for c in range(len(r.channels))]
            return sum(every) if TERMS[key].kind == FLOW else None
        return self.computed(key, i)

    def _driver(self, key: str, i: int | None):
        table, _, field = key.partition(".")
        values = self.result.values
        if table == d.CHANNEL:
            return None if i is None or field not in values.channel else _plan(values.channel[field][i])
        return _plan(values.business[field]) if table in _HOME and field in values.business else None

    def before(self, name: str, i: int | None = None) -> np.ndarray:
        """A name by the month before each month."""
        now = self._needed(name, i)
        first = FIRST.get(name)
        start = now[self.outside(np.array([-1]))[0]] if first is None else self._needed(first, i)[0] if first else 0.0
        out = np.concatenate([[start], now[:-1]])
        if name == YEARLY:
            out[::12] = 0.0
        return out

    def computed(self, key: str, i: int | None = None) -> np.ndarray:
        """A line or term by month from the names in its formula; 0 ÷ 0 is what its row says, nothing for lines."""
        row = LINES.get(key) or TERMS[key]
        equation = formulas.for_kind(row.formula, self.kind_of(i)) if i is not None else row.formula
        with np.errstate(divide="ignore", invalid="ignore"):
            found = formulas.value(equation, lambda n, before: (self.before if before else self._needed)(n, i), self._functions)
        found = np.broadcast_to(np.asarray(found, float), (self.size,))
        return np.where(np.isfinite(found), found, 0.0 if key in LINES else TERMS[key].empty)

    # --- values at a level ---------------------------------------------------------------------------------------------

    def at(self, node: Node) -> Span:
        """A number's value for its channel and month, or over all of them."""
        i = self.place(node)
        if node.kind == KPI:
            return _span([self._kpi(node.key, i, node.month)])
        name = node.key if node.kind != DRIVER else _short(node.key)
        rows = [self.series(name, i)]
        if rows[0] is None and by_channel(node.kind, node.key) and not node.row:
            rows = [self.series(name, c) for c in self.having(node.key) if self.series(name, c) is not None]
        months = slice(node.month - 1, node.month) if node.month else slice(None)
        values = [row[months] for row in rows if row is not None]
        if values and not node.month and adds_up(node.kind, node.key):
            return _span([values[0].sum()])
        if values and not node.month and self.balance(node):
            return _span([values[0][-1]])
        return _span(np.concatenate(values) if values else [])

    def having(self, key: str) -> list[int]:
        """Channels that have this number: a driver's kinds."""
        table, _, field = key.partition(".")
        kinds = TABLES[table][field].kinds if field else d.ALL_KINDS
        rows = self.result.scenario.rows[d.CHANNEL]
        return [i for i, c in enumerate(self.result.channels) if rows[c]["kind"] in kinds]

    def balance(self, node: Node) -> bool:
        """Whether the plan's number is its last month's."""
        return node.kind in (LINE, TERM) and (LINES if node.kind == LINE else TERMS)[node.key].kind == BALANCE

    def _kpi(self, key: str, i: int | None, month: int) -> float:
        period = slice(month - 1, month) if month else slice(None)
        return float(kpi(self.result, key, period)[0] if i is None else kpi_by_channel(self.result, key, period)[i, 0])

    def place(self, node: Node) -> int | None:
        """The channel's place; None for all."""
        return self.result.channels.index(node.row) if by_channel(node.kind, node.key) and node.row else None


@lru_cache(maxsize=64)
def ledger(result: Result) -> Ledger:
    """The series of a result, shared by all that is asked of it."""
    return Ledger(result)


def derive(result: Result, node: Node) -> Derivation:
    """A number's equation, values and parts. Raises UnknownName for a channel, month or name that the plan does not have."""
    _check(result, node)
    if node.kind == KPI and KPIS[node.key].equation in LINES:
        node = Node(LINE, KPIS[node.key].equation, node.row, node.month)
    book = ledger(result)
    if book.balance(node) and not node.month:
        node = node._replace(month=book.size)
    text, uses = formula_of(node.kind, node.key)
    i = book.place(node)
    equations = _equations(book, node, text, i)
    holds = node.kind == KPI or _at_bottom(node) or bool(text) and all(_of_totals(e) for _, e in equations)
    names = dict.fromkeys(n for _, e in equations for n in _written(e)) if text else dict.fromkeys(uses)
    functions = tuple(f for f in FUNCTIONS if any(f"{f}(" in e for _, e in equations))
    return Derivation(node, unit_of(node.kind, node.key), book.at(node), tuple(equations),
                      tuple((n, _child(book, node, n)) for n in names), holds, () if holds else _parts(book, node), functions)


def _check(result: Result, node: Node) -> None:
    known = {LINE: LINES, KPI: KPIS, TERM: TERMS, INDEX: INDICES}
    if node.kind == DRIVER:
        table, _, field = node.key.partition(".")
        fine = field in TABLES.get(table, ()) and (not node.row or node.row in result.scenario.rows[table])
    else:
        fine = node.key in known.get(node.kind, ()) and (
            not node.row or by_channel(node.kind, node.key) and node.row in result.channels)
    if not fine or not 0 <= node.month <= len(result.months):
        raise UnknownName(".".join(node[:3]))


def _equations(book: Ledger, node: Node, text: str, i: int | None) -> list[tuple[str, str]]:
    if not text:
        return []
    if i is not None:
        own = f"{KPIS[node.key].top} ÷ {KPIS[node.key].bottom}" if node.kind == KPI and KPIS[node.key].bottom else text
        return [("", formulas.for_kind(own, book.kind_of(i)))]
    parts = formulas.by_kind(text)
    present = {book.kind_of(c) for c in range(len(book.result.channels))}
    return [(kind, e) for kind, e in parts.items() if not kind or kind in present
            or kind == d.ORGANIC and "alone" in present and "alone" not in parts]


def _at_bottom(node: Node) -> bool:
    """At the level where the equation holds as it stands."""
    return bool(node.month) and (bool(node.row) or not by_channel(node.kind, node.key))


def _of_totals(equation: str) -> bool:
    return formulas.only_adds(equation) and all(adds_up(*resolve(n)) for n in _written(equation))


def _written(equation: str) -> list[str]:
    return [f"{n}[m−1]" if before else n for n, before in formulas.names_in(equation, FUNCTIONS)]


def _child(book: Ledger, node: Node, name: str) -> Node | None:
    plain, before = name.removesuffix("[m−1]"), name.endswith("[m−1]")
    month = node.month
    if before and not month:
        return None
    if before:
        month -= 1
        if month == 0:
            first = FIRST.get(plain)
            if first is None:
                month = int(book.outside(np.array([-1]))[0]) + 1
            else:
                plain, month = first, 1
        if plain == YEARLY and month % 12 == 0:
            plain = ""
    if not plain:
        return None
    kind, key = resolve(plain)
    return Node(kind, key, node.row if by_channel(kind, key) and node.kind != DRIVER else "", month)


def _parts(book: Ledger, node: Node) -> tuple[Node, ...]:
    """What a total is made of: its channels, then its months."""
    if by_channel(node.kind, node.key) and not node.row:
        return tuple(node._replace(row=book.result.channels[i]) for i in book.having(node.key if node.kind == DRIVER else ""))
    return tuple(node._replace(month=m) for m in range(1, book.size + 1)) if not node.month else ()


def _short(key: str) -> str:
    table, _, field = key.partition(".")
    return field if table in _HOME else key


def _plan(array: np.ndarray) -> np.ndarray:
    """Of (months or 1, draws) the plan's own."""
    return np.asarray(array)[:, 0]


def _all(value: float, like: np.ndarray) -> np.ndarray:
    return np.full(like.shape, value)


def _span(values) -> Span:
    found = [float(v) for v in values if math.isfinite(v)]
    return Span(min(found), max(found)) if found else Span(math.nan, math.nan)

