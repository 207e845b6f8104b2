"""What is uncertain in a scenario: marginals by address, their monthly part, rank correlations by pair, all from rows.

A driver with a `spread` carries PERT(spread low × value, value, spread high × value) unless a row of `distribution` says
otherwise. Headline factors are certain unless a row says so: they act on every channel, whose own values are uncertain.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from model.analysis.risk.correlation import Pairs
from model.analysis.risk.distributions import Marginal, make, normal, pert
from model.plan import drivers as d
from model.plan import lists as li
from model.plan import risks as ri
from model.plan import rules
from model.plan.risk_rules import form_of, numbers_of
from model.plan.scenario import Scenario
from model.plan.schema import TABLES, Row, driver_of, feeds, join, split

#: tables whose drivers' spreads count by themselves
_WITH_SPREAD = (d.BUSINESS, d.CHANNEL, li.PROMOTION, li.TIER, li.EFFECT)


@dataclass(frozen=True, slots=True)
class Monthly:
    """A monthly factor with mean 1: the exponential of a stationary AR(1) (deviation relative, rho by month)."""

    deviation: float
    rho: float

    def factors(self, scores: np.ndarray) -> np.ndarray:
        """Factors (M, D) from independent normal scores (M, D)."""
        sigma = math.sqrt(math.log1p(self.deviation ** 2))
        level, fresh = np.empty_like(scores), math.sqrt(1 - self.rho ** 2)
        level[0] = scores[0]
        for m in range(1, len(scores)):
            level[m] = self.rho * level[m - 1] + fresh * scores[m]
        return np.exp(sigma * level - sigma ** 2 / 2)


@dataclass(frozen=True)
class Uncertain:
    """marginals: of the yearly values, by address. monthly: by address. correlation: rank correlations by address pair."""

    marginals: Mapping[str, Marginal]
    monthly: Mapping[str, Monthly]
    correlation: Pairs

    def scores(self, months: int) -> dict[str, Marginal]:
        """Further inputs of the draws: a normal score by address and month."""
        return {monthly_name(a, m): normal(0, 1) for a in self.monthly for m in range(months)}


def monthly_name(address: str, month: int) -> str:
    """Name among the draws of a number's own deviation in a month (0 …)."""
    return f"{address} month {month + 1}"


def uncertain(scenario: Scenario) -> Uncertain:
    """The uncertain numbers of a scenario, in the order of its rows."""
    rows = {row["address"]: row for row in scenario.rows[ri.DISTRIBUTION].values()}
    places = dict.fromkeys(_usual(scenario)) | dict.fromkeys(rows)
    found = {a: _marginal(scenario, a, rows.get(a, {})) for a in places}
    marginals = {a: m for a, m in found.items() if m is not None}
    monthly = {a: Monthly(row["monthly_deviation"], row.get("monthly_rho", 0.5)) for a, row in rows.items()
               if row.get("monthly_deviation", 0.0) > 0 and scenario.get(a) is not None}
    return Uncertain(marginals, monthly, _pairs(scenario, tuple(marginals)))


def has_own_range(scenario: Scenario, address: str) -> bool:
    """Whether a row says where its draws lie, whatever the plan's value is."""
    families = (row.get("family", ri.SPREAD) for row in scenario.rows[ri.DISTRIBUTION].values() if row["address"] == address)
    return any(family not in (ri.SPREAD, ri.FIXED) for family in families)


def _usual(scenario: Scenario) -> Iterator[str]:
    """Addresses whose driver has a spread and whose row takes part in the plan."""
    tiers = bool(scenario.rows[li.TIER])
    for table in _WITH_SPREAD:
        for key, row in scenario.rows[table].items():
            if not _takes_part(scenario, table, row):
                continue
            for field, driver in TABLES[table].items():
                replaced = tiers and table == d.BUSINESS and field in li.BY_TIER
                if driver.spread and rules.applies(driver, row) and not replaced and _asked_for(scenario, driver):
                    yield join(table, key, field)


def _takes_part(scenario: Scenario, table: str, row: Row) -> bool:
    if table == li.EFFECT:
        return bool(scenario.rows[li.INITIATIVE][row["initiative"]].get("on", True)) and _asked_for(
            scenario, TABLES[d.BUSINESS].get(row["driver"]))
    return table != li.PROMOTION or bool(row.get("on", True))


def _asked_for(scenario: Scenario, driver: d.Driver | None) -> bool:
    """False for a driver that feeds one KPI only, if the plan has no target on that: draws would say nothing."""
    return driver is None or not driver.feeds or any(x["kpi"] == driver.feeds for x in scenario.rows[li.TARGET].values())


def deciding(scenario: Scenario, addresses: Iterable[str], key: str) -> tuple[str, ...]:
    """Of uncertain numbers those that can move a KPI: without what feeds another one alone. key "": those that move lines."""
    return tuple(a for a in addresses if feeds(a, scenario.rows[li.EFFECT]) in ("", key))


def _marginal(scenario: Scenario, address: str, row: Row) -> Marginal | None:
    """None where the value is certain."""
    driver, value = driver_of(address), scenario.get(address)
    family = row.get("family", ri.SPREAD)
    if family == ri.FIXED:
        return None
    form = form_of(row)
    if form is not None:  # a spread has none
        return make(family, form, numbers_of(scenario.rows, row), driver.low, driver.high)
    if driver.spread is None or not value:
        return None
    return _usual_spread(driver.spread, value, driver.low, driver.high)


@lru_cache(maxsize=4096)  # a slider moves few of some hundred
def _usual_spread(spread: tuple[float, float], value: float, lowest: float, highest: float) -> Marginal | None:
    low, high = sorted(factor * value for factor in spread)
    low, high = min(low, value), max(high, value)
    return pert(low, value, high).within(lowest, highest) if low < high else None


def _pairs(scenario: Scenario, addresses: tuple[str, ...]) -> dict[tuple[str, str], float]:
    """Pairs of addresses: said by themselves, or by drivers' keys (within a row, or one key across rows)."""
    out: dict[tuple[str, str], float] = {}
    by_field = _by_field(addresses)
    rows = sorted(scenario.rows[ri.CORRELATION].values(), key=lambda r: sum("." in r[side] for side in "ab"))
    for row in rows:  # single addresses last: they overrule what is said of a key
        for a, b in _meant(row["a"], row["b"], by_field, addresses):
            out[min(a, b), max(a, b)] = row["rho"]
    return out


def meant(a: str, b: str, addresses: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The pairs of uncertain addresses that two names of a correlation stand for; none where they meet no two."""
    return _meant(a, b, _by_field(addresses), addresses)


@lru_cache(maxsize=16)
def _by_field(addresses: tuple[str, ...]) -> Mapping[str, list[str]]:
    out: dict[str, list[str]] = {}
    for address in addresses:
        out.setdefault(split(address).field, []).append(address)
    return out


def _meant(a: str, b: str, by_field: Mapping[str, list[str]], addresses: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    first = [a] if a in addresses else by_field.get(a, []) if "." not in a else []
    second = [b] if b in addresses else by_field.get(b, []) if "." not in b else []
    both_keys = a not in addresses and b not in addresses and a != b
    for x in first:
        for y in second:
            same_row = split(x)[:2] == split(y)[:2]
            if x != y and (same_row or not both_keys):
                yield x, y
