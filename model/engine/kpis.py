"""KPIs: ratios and sums of lines, nothing else; and the targets set on them.

A KPI is asked for a period (a slice of months). Undefined (0 ÷ 0) is nan, shown as a dash, never 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from model import units as u
from model.engine.customer_value import year_counts
from model.engine.evaluate import Result
from model.engine.profit import ratio
from model.errors import UnknownName
from model.plan import lists as li
from model.plan.rules import month_number
from model.units import Unit

Period = slice
WHOLE = slice(None)
#: of a target or a figure: the first plan year, and all months of a plan of more than one year
YEAR, ALL = "year", "all"


@dataclass(frozen=True, slots=True)
class Kpi:
    """top ÷ bottom over a period; `bottom` "" means the sum of `top` alone (or its last month where a balance).

    good: +1 where more is better, −1 where less is. by_channel: also known by channel.
    """

    key: str
    unit: Unit
    top: str
    bottom: str = ""
    good: int = 1
    by_channel: bool = False
    special: Callable[[Result, Period], np.ndarray] | None = None
    formula: str = ""

    @property
    def text_key(self) -> str:
        return f"kpi.{self.key}"

    @property
    def equation(self) -> str:
        return self.formula or (f"{self.top} ÷ {self.bottom}" if self.bottom else self.top)

    @property
    def adds_up(self) -> bool:
        """Whether a year's is the sum of its months': no ratio, balance or mean."""
        return not self.bottom and self.special in (None, _hero)


def _repurchase(result: Result, period: Period) -> np.ndarray:
    """Only for whole plan years of the plan itself (not for draws): nan otherwise."""
    months = range(*period.indices(len(result.months)))
    whole_year = len(months) == 12 and months[0] % 12 == 0
    if not whole_year or result.draws > 1:
        return np.full(result.draws, np.nan)
    twice, ever = year_counts(result, months[0] // 12)
    return ratio(np.array([twice]), np.array([ever]))


def _lowest_cash(result: Result, period: Period) -> np.ndarray:
    return result.lines["cash"][period].min(axis=0)


def _closing_cash(result: Result, period: Period) -> np.ndarray:
    return result.lines["cash"][period][-1]


def _pool(result: Result, period: Period) -> np.ndarray:
    return result.lines["pool"][period][-1]


def _private(result: Result, period: Period) -> np.ndarray:
    if not result.values.has_owned:
        return np.zeros(result.draws)
    own = result.by_channel["gmv"][result.values.paid, period].sum(axis=0)
    return ratio(own, result.lines["gmv"][period].sum(axis=0))


def _bought(top: str, bottom: str):
    """A ratio over the channels that are paid for: organic visits have no impressions and no cost."""
    def over_bought(result: Result, period: Period) -> np.ndarray:
        channels = slice(0, result.values.paid + result.values.has_owned)
        sums = (result.by_channel[k][channels, period].sum(axis=(0, 1)) for k in (top, bottom))
        return ratio(*sums)
    return over_bought


def _mean_input(key: str):
    def mean(result: Result, period: Period) -> np.ndarray:
        value = np.broadcast_to(result.values.business[key], (len(result.months), result.draws))
        return value[period].mean(axis=0)
    return mean


def _hero(result: Result, period: Period) -> np.ndarray:
    """The part of the spend that the plan tags for hero products."""
    return (result.lines["spend"] * result.values.business["hero_budget_share"])[period].sum(axis=0)


_ROWS = (
    Kpi("gmv", u.YUAN, "gmv", by_channel=True),
    Kpi("net_revenue", u.YUAN, "net_revenue", by_channel=True),
    Kpi("net_profit", u.YUAN, "net_profit"),
    Kpi("net_margin_rate", u.RATE, "net_profit", "net_revenue"),
    Kpi("refund_rate", u.RATE, "refunds", "gmv", good=-1, by_channel=True),
    Kpi("marketing_rate", u.RATE, "marketing", "net_revenue", good=-1),
    Kpi("spend_to_gmv", u.RATE, "spend", "gmv", good=-1, by_channel=True),
    Kpi("roas_gmv", u.RATIO, "gmv", "media", by_channel=True),
    Kpi("roas_net", u.RATIO, "net_revenue", "media", by_channel=True),
    Kpi("repurchase_rate_year", u.RATE, "", special=_repurchase,
        formula="customers_twice ÷ customers_ever"),
    Kpi("gross_margin_rate", u.RATE, "gross_profit", "net_revenue", by_channel=True),
    Kpi("orders", u.ORDERS, "orders", by_channel=True),
    Kpi("aov", u.YUAN_EACH, "gmv", "orders", by_channel=True),
    Kpi("ctr", u.FINE_RATE, "clicks", "impressions", by_channel=True, special=_bought("clicks", "impressions"),
        formula="ad_clicks ÷ impressions"),
    Kpi("cvr", u.FINE_RATE, "channel_orders", "clicks", by_channel=True),
    Kpi("new_customers", u.PEOPLE, "new_customers", by_channel=True),
    Kpi("cac", u.YUAN_EACH, "media", "new_customers", good=-1, by_channel=True,
        special=_bought("media", "new_customers"), formula="ad_media ÷ ad_customers"),
    Kpi("cac_blended", u.YUAN_EACH, "marketing", "new_customers", good=-1),
    Kpi("break_even_roas", u.RATIO, "gmv", "contribution", good=-1, by_channel=True),
    Kpi("pool", u.PEOPLE, "pool", special=_pool, formula="pool"),
    Kpi("private_share", u.RATE, "gmv", special=_private, formula="private_gmv ÷ gmv"),
    Kpi("contribution", u.YUAN, "contribution", by_channel=True),
    Kpi("marketing", u.YUAN, "marketing", good=-1),
    Kpi("repeat_orders", u.ORDERS, "repeat_orders"),
    Kpi("dispute_rate", u.FINE_RATE, "", good=-1, special=_mean_input("dispute_rate"), formula="mean(dispute_rate)"),
    Kpi("store_rating", u.POINTS, "", special=_mean_input("store_rating"), formula="mean(store_rating)"),
    Kpi("hero_spend", u.YUAN, "", special=_hero, formula="spend · hero_budget_share"),
    Kpi("turnover_days", u.DAYS, "", good=-1, special=_mean_input("turnover_days"), formula="mean(turnover_days)"),
    Kpi("closing_cash", u.YUAN, "cash", special=_closing_cash, formula="cash"),
    Kpi("lowest_cash", u.YUAN, "cash", special=_lowest_cash, formula="lowest(cash)"),
)
KPIS = MappingProxyType({row.key: row for row in _ROWS})
#: known for the plan itself only, not for draws
NOT_DRAWN = frozenset({"repurchase_rate_year"})


def kpi(result: Result, key: str, period: Period = WHOLE) -> np.ndarray:
    """A KPI over a period of months (draws,), in the unit of its row; nan where undefined. Raises UnknownName."""
    if key not in KPIS:
        raise UnknownName(key)
    row = KPIS[key]
    if row.special:
        return row.special(result, period)
    top = total(result, row.top, period)
    return ratio(top, total(result, row.bottom, period)) if row.bottom else top


def total(result: Result, line: str, period: Period) -> np.ndarray:
    """Sum of a line over months (D,), in double precision whatever the months are in; kept for the next KPI that asks."""
    key = line, period.start, period.stop
    known = result.sums.get(key)
    if known is None:
        known = result.sums[key] = result.lines[line][period].sum(axis=0, dtype=float)
        known.flags.writeable = False
    return known


def kpi_by_channel(result: Result, key: str, period: Period = WHOLE) -> np.ndarray:
    """A KPI over a period, by channel (channels, draws), in the unit of its row; nan where undefined. Raises UnknownName."""
    row = KPIS.get(key)
    if row is None or not row.by_channel:
        raise UnknownName(key)
    top = result.by_channel[row.top][:, period].sum(axis=1)
    return ratio(top, result.by_channel[row.bottom][:, period].sum(axis=1)) if row.bottom else top


def period_of(text: str, months: tuple[str, ...]) -> Period:
    """Months of a period that the plan reaches. Raises UnknownName where it does not."""
    found = find_period(text, months)
    if found is None:
        raise UnknownName(text)
    return found


def find_period(text: str, months: tuple[str, ...]) -> Period | None:
    """Months of a period (year, year2, all, Q1 … Q12, YYYY-MM); None where the plan does not reach it."""
    if text == ALL:
        return slice(0, len(months))
    if text.startswith(YEAR):
        first = (int(text[4:] or 1) - 1) * 12
        return slice(first, min(first + 12, len(months))) if first < len(months) else None
    if text.startswith("Q"):
        first = (int(text[1:]) - 1) * 3
        return slice(first, first + 3) if first + 3 <= len(months) else None
    first = month_number(text) - month_number(months[0])
    return slice(first, first + 1) if 0 <= first < len(months) else None


def over(result: Result, key: str, period: str) -> np.ndarray:
    """A KPI over a period by its name (draws,); nan where the plan does not reach it."""
    months = find_period(period, result.months)
    return np.full(result.draws, np.nan) if months is None else kpi(result, key, months)


def years_of(months: int) -> tuple[str, ...]:
    """The years of a plan of so many months, the last of which may be cut: year, year2, …"""
    return tuple(YEAR if y == 1 else f"{YEAR}{y}" for y in range(1, -(-months // 12) + 1))


def periods_of(months: int) -> tuple[str, ...]:
    """What yearly figures may be asked for: the years, and all of them together where there are several."""
    years = years_of(months)
    return years if len(years) == 1 else (*years, ALL)


# --- targets -----------------------------------------------------------------------------------------------------------

#: what sums of double (8 bytes) and single precision may be off by, relative
ROUNDING = MappingProxyType({8: 1e-9, 4: 4e-6})


def reached(actual: np.ndarray, target: float, good: int, rounding: float) -> np.ndarray:
    """Whether a target is met in the good direction (+1 more, −1 less), what rounding takes from it forgiven."""
    return (actual - target) * good >= -max(ROUNDING[8], rounding * abs(target))


@dataclass(frozen=True, slots=True)
class TargetResult:
    """A target and what the plan reaches: gap = actual − target. What is undefined is neither hit nor missed.

    given: as the planner set it for a whole year; target: the part of it that the plan's months carry, the same unless
    the year is cut. rounding: of the target; a plan that reaches it to the yuan must not fail by its digits.
    """

    key: str
    kpi: str
    period: str
    target: float
    actual: np.ndarray
    rounding: float = ROUNDING[8]
    given: float | None = None

    @property
    def gap(self) -> np.ndarray:
        return self.actual - self.target

    @property
    def hit(self) -> np.ndarray:
        """Reached in the KPI's good direction; where it is undefined it is not."""
        return reached(self.actual, self.target, li.TARGET_KPIS[self.kpi], self.rounding)

    @property
    def missed(self) -> np.ndarray:
        return ~self.hit & np.isfinite(self.actual)

    @property
    def outcome(self) -> str:
        """Of the plan itself: hit, missed or undefined."""
        return "hit" if self.hit[0] else "missed" if self.missed[0] else "undefined"

    @property
    def cut(self) -> bool:
        """Whether the plan has only a part of the year that the target was set for."""
        return self.given is not None

    def held_against(self, result: Result) -> TargetResult:
        """The same target against another result of the plan: its draws."""
        actual = kpi(result, self.kpi, period_of(self.period, result.months))
        return replace(self, actual=actual, rounding=ROUNDING[result.values.precision.itemsize])


def targets(result: Result) -> tuple[TargetResult, ...]:
    """Every target that lies within the plan, as the planner set them. A sum over a year of which the plan has only some
    months is set against their part of the year's budget."""
    out = []
    for key, row in result.scenario.rows[li.TARGET].items():
        name, given = row.get("period", YEAR), row["value"]
        period = find_period(name, result.months)
        if period is None:
            continue
        share = year_share(result, name) if name in years_of(len(result.months)) and KPIS[row["kpi"]].adds_up else 1.0
        cut = share != 1.0
        out.append(TargetResult(key, row["kpi"], name, given * share if cut else given, kpi(result, row["kpi"], period),
                                ROUNDING[result.values.precision.itemsize], given if cut else None))
    return tuple(out)


def year_share(result: Result, year: str) -> float:
    """The part of a year's budget that the plan's months of it carry; 1 of a whole year."""
    span = period_of(year, result.months)
    if span.stop - span.start == 12:
        return 1.0
    spends = result.values.channel["share"] * result.index["weight_by_channel"]
    return float(spends[:, span, 0].sum()) if spends.any() else float(result.index["weight"][span, 0].sum())


def whole_targets(result: Result) -> tuple[TargetResult, ...]:
    """Of a plan of several years: the sums of yearly targets that add up, where every year has one."""
    years, found = years_of(len(result.months)), targets(result)
    out = []
    for key in dict.fromkeys(x.kpi for x in found if KPIS[x.kpi].adds_up and len(years) > 1):
        parts = [x for year in years if (x := target_of(found, key, year))]
        if len(parts) == len(years):
            out.append(TargetResult(f"{ALL}.{key}", key, ALL, sum(x.target for x in parts), kpi(result, key), parts[0].rounding))
    return tuple(out)


def target_of(found: Iterable[TargetResult], key: str, period: str) -> TargetResult | None:
    """A KPI's target over a period, the first where there are several."""
    return next((x for x in found if (x.kpi, x.period) == (key, period)), None)


_OF_LAST_YEAR = tuple(driver.key for driver in li.LAST_YEAR_FIELDS)


def last_year(result: Result, keys: tuple[str, ...] = _OF_LAST_YEAR) -> dict[str, np.ndarray]:
    """Lines by month of the plan (months,) as they were a year earlier: of its first year as told, nan in months that were not
    told; of later years the plan's own."""
    rows, before = result.scenario.rows[li.LAST_YEAR], max(0, len(result.months) - 12)
    told = [rows.get(f"{int(label[:4]) - 1}{label[4:]}", {}) for label in result.months[:12]]
    return {k: np.concatenate([np.array([row.get(k) for row in told], float), result.lines[k][:before, 0]])
            for k in keys if k in _OF_LAST_YEAR}


def last_year_kpi(result: Result, key: str, period: Period = WHOLE) -> float:
    """A KPI over the same months a year earlier, nan where they are not known in full: of the plan's first year as told, of a
    later one the plan's own, of several years together nothing."""
    months = range(*period.indices(len(result.months)))
    if months.start >= 12:
        return float(kpi(result, key, slice(months.start - 12, months.stop - 12))[0])
    return np.nan if months.stop > 12 else _told_kpi(result, key, period)


def _told_kpi(result: Result, key: str, period: Period) -> float:
    """Last year's value of a KPI over months of the first year, of what was told of last year."""
    if key == "repurchase_rate_year":
        value = result.scenario.get("last_year_repurchase_rate")
        return np.nan if value is None or period.start else value
    row = KPIS[key]
    lines = last_year(result, (row.top, row.bottom))
    if row.top not in lines or row.bottom and row.bottom not in lines or row.special and key != "pool":
        return np.nan
    if key == "pool":
        return float(lines["pool"][period][-1])
    top = lines[row.top][period].sum()
    return float(ratio(top, lines[row.bottom][period].sum())) if row.bottom else float(top)
