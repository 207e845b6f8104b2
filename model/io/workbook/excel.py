"""Formulas of a spreadsheet as values to count with: what adds, multiplies and divides them writes the formula.

The equations of the model in words (`explain/formulas.py`) are thereby read into cells as they are read into numbers. Nothing
of 0 is written: what is added to it stands alone, what is multiplied by it is gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from xlsxwriter.utility import quote_sheetname, xl_col_to_name

#: how tightly a text holds together
SUM, PRODUCT, CALL, NUMBER, CELL = range(1, 6)


@dataclass(frozen=True, slots=True)
class Formula:
    """A text without its =. A division by a cell is 0 where that is 0, as lines of the model are."""

    text: str
    rank: int = CALL

    def within(self, rank: int) -> str:
        """The text where everything looser than `rank` needs brackets."""
        return self.text if self.rank >= rank else f"({self.text})"

    def __add__(self, other: Formula | float) -> Formula:
        other = of(other)
        if ZERO in (self, other):
            return other if self == ZERO else self
        return Formula(f"{self.text}+{other.text}", SUM)

    def __sub__(self, other: Formula | float) -> Formula:
        other = of(other)
        if other == ZERO:
            return self
        return Formula(f"{'' if self == ZERO else self.text}-{other.within(PRODUCT)}", SUM)

    def __mul__(self, other: Formula | float) -> Formula:
        other = of(other)
        if ZERO in (self, other):
            return ZERO
        return Formula(f"{self.within(PRODUCT)}*{other.within(PRODUCT)}", PRODUCT)

    def __truediv__(self, other: Formula | float) -> Formula:
        other = of(other)
        if self == ZERO:
            return ZERO
        divided = f"{self.within(PRODUCT)}/{other.within(CALL)}"
        return Formula(f"IF({other.text}=0,0,{divided})") if other.rank in (CALL, CELL) else Formula(divided, PRODUCT)

    def __radd__(self, other: float) -> Formula:
        return of(other) + self

    def __rsub__(self, other: float) -> Formula:
        return of(other) - self

    def __rmul__(self, other: float) -> Formula:
        return of(other) * self

    def __rtruediv__(self, other: float) -> Formula:
        return of(other) / self

    def __neg__(self) -> Formula:
        return ZERO - self


def of(value: Formula | float) -> Formula:
    """A number as a formula; in the fewest digits that say it."""
    if isinstance(value, Formula):
        return value
    value = float(value)
    return Formula(str(int(value)) if value.is_integer() else repr(value), NUMBER if value >= 0 else SUM)


ZERO = of(0)


def call(name: str, *arguments: Formula | float | str) -> Formula:
    """A function of a spreadsheet; texts are taken as they are."""
    return Formula(f"{name}({','.join(a if isinstance(a, str) else of(a).text for a in arguments)})")


def words(text: str) -> str:
    """A text within a formula."""
    return '"' + text.replace('"', '""') + '"'


def cell(sheet: str, row: int, column: int, fixed: bool = False) -> Formula:
    """A cell of a sheet. fixed: where it is copied to, it still names this one."""
    return Formula(f"{quoted(sheet)}{place(row, column, '$' if fixed else '')}", CELL)


def place(row: int, column: int, fixed: str = "") -> str:
    """A cell's name: E12 or $E$12."""
    return f"{fixed}{_column(column)}{fixed}{row + 1}"


_column = lru_cache(maxsize=256)(xl_col_to_name)


@lru_cache(maxsize=64)
def quoted(sheet: str) -> str:
    """The name of a sheet in front of its cells, in quotes whether it needs them or not: so that it can be found again."""
    name = quote_sheetname(sheet)
    return f"{name}!" if name.startswith("'") else f"'{name}'!"


def span(sheet: str, first: tuple[int, int], last: tuple[int, int]) -> str:
    """The cells from one (row, column) to another."""
    return f"{quoted(sheet)}{place(*first)}:{place(*last)}"


def here(text: str, sheet: str) -> str:
    """A formula as it stands on a sheet: cells of its own without the sheet's name."""
    return text.replace(quoted(sheet), "")


# --- functions of the model's equations, of months (M,) of formulas ---------------------------------------------------

lesser = np.frompyfunc(lambda a, b: call("MIN", a, b), 2, 1)
greater = np.frompyfunc(lambda a, b: call("MAX", a, b), 2, 1)


def ahead(monthly, outside, months_ahead, month: int, most: int) -> Formula:
    """Sum of the `months_ahead` months after a month: `profit.ahead`. most: that the plan allows."""
    parts = (call("MAX", 0, call("MIN", 1, months_ahead - j)) * monthly[_plan_month(outside, month + 1 + j)] for j in range(most))
    return sum(parts, ZERO)


def delayed(monthly, outside, months_late, month: int, most: int) -> Formula:
    """What is paid in a month of the amounts before it: `profit.delayed`."""
    parts = (call("MAX", 0, 1 - call("ABS", months_late - k)) * monthly[_plan_month(outside, month - k)] for k in range(most + 1))
    return sum(parts, ZERO)


def _plan_month(outside, month: int) -> int:
    return int(outside(np.array([month]))[0])
