"""The only place that knows how a stored value relates to a shown one (% = × 100, decimals, kinds)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Unit:
    """`shown = stored · scale`; `kind` is number | flag | text | choice | day | month | date.

    key is language-neutral and printed in CSV files; the words for it are in the locales (`unit.<key>`).
    """

    key: str
    scale: float = 1.0
    decimals: int = 0
    kind: str = "number"
    whole: bool = False

    @property
    def is_number(self) -> bool:
        return self.kind == "number"


YUAN = Unit("yuan")                                  # money
YUAN_EACH = Unit("yuan_each", decimals=2)            # money per order, parcel, member, …
YUAN_PER_1000 = Unit("yuan_per_1000", decimals=1)    # CPM
RATE = Unit("rate", scale=100.0, decimals=1)         # a share in 0…1, shown in per cent
FINE_RATE = Unit("fine_rate", scale=100.0, decimals=2)  # a small share, per cent with two decimals
FACTOR = Unit("factor", decimals=2)                  # × 1.00
RATIO = Unit("ratio", decimals=2)                    # ROAS and the like
NUMBER = Unit("number", decimals=2)                  # a shape parameter, an index
PEOPLE = Unit("people")
ORDERS = Unit("orders")
IMPRESSIONS = Unit("impressions")
CLICKS = Unit("clicks")
TIMES = Unit("times", decimals=1)                    # messages per member and month
COUNT = Unit("count")                                # pieces, shows, posts
DAYS = Unit("days")
POINTS = Unit("points", decimals=2)                  # a store's rating, 1 … 5
MONTHS = Unit("months", whole=True)
HEADS = Unit("heads", decimals=1)
FLAG = Unit("flag", kind="flag")
TEXT = Unit("text", kind="text")
CHOICE = Unit("choice", kind="choice")
DAY = Unit("day", kind="day")
MONTH = Unit("month", kind="month")
DATE = Unit("date", kind="date")                     # a day of a certain year


def shown_of(stored: float, unit: Unit) -> float:
    """A stored number as it is shown, to the digit: 0.57 is 57 %, where 0.57 · 100 would be 56.99999999999999."""
    return _moved(stored, unit, 1)


def stored_of(shown: float, unit: Unit) -> float:
    """The inverse of `shown_of`."""
    return _moved(shown, unit, -1)


def _moved(value: float, unit: Unit, way: int) -> float:
    """The decimal point is moved in the shortest decimal that says the number, so that nothing is rounded on the way."""
    if unit.scale == 1 or not math.isfinite(value):
        return float(value)
    return float(Decimal(repr(float(value))).scaleb(way * round(math.log10(unit.scale))))


def filed(stored: float, unit: Unit) -> float | int | None:
    """A stored number as a report's file has it, to count with: as shown, money to the cent, counts to hundredths, everything
    else to four decimals; None where it is undefined.
    """
    shown = float(stored) * unit.scale
    if not math.isfinite(shown):
        return None
    shown = round(shown, 2 if unit.decimals == 0 or unit.key.startswith("yuan") else 4)
    return int(shown) if shown.is_integer() else shown


def odds(rate, factor):
    """The rate whose odds are `factor` times as large, of any shape: stays within 0 and 1 (model.md section 1)."""
    return factor * rate / (1 - rate + factor * rate)
