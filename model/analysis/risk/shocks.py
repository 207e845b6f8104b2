"""Factors on drivers in some months: risk events with their mitigations, and stress tests.

An event starts at a random moment of its window and lasts a random time; in a month that it fills in part it counts in
part: factor 1 + (size − 1) · share of the month · what the mitigations leave. Sizes of one event are severe together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from model.analysis.risk.distributions import Marginal, normal, pert, uniform
from model.analysis.risk.engine import Event
from model.engine.values import Draws
from model.plan import drivers as d
from model.plan import lists as li
from model.plan import risks as ri
from model.plan import rules
from model.plan.scenario import Scenario
from model.plan.schema import TABLES, Row, driver_of, month_number, said, value_at


@dataclass(frozen=True, slots=True)
class Effect:
    """addresses: of the numbers it multiplies. size: (mild, likely, severe)."""

    addresses: tuple[str, ...]
    size: tuple[float, float, float]

    def at(self, severity: np.ndarray) -> np.ndarray:
        """Factors at normal scores of the severity: a PERT between mild and severe, whichever is larger."""
        mild, likely, severe = self.size
        if mild == severe:
            return np.full_like(severity, likely)
        mode = pert(0.0, (likely - mild) / (severe - mild), 1.0)
        return mild + (severe - mild) * mode.at(severity)


@dataclass(frozen=True, slots=True)
class Risk:
    """One event in one plan year. first, after: its window in months of the plan. left: of its effect, by mitigations."""

    key: str
    year: int
    probability: float
    first: float
    after: float
    length: Marginal | float
    effects: tuple[Effect, ...]
    left: float

    @property
    def name(self) -> str:
        return f"event.{self.key} year {self.year + 1}"

    def event(self) -> Event:
        """Whether it happens, as the draws know it."""
        return Event(self.name, self.probability)

    def marginals(self) -> dict[str, Marginal]:
        """Its further inputs; the same names whatever the scenario says."""
        return {f"{self.name} start": uniform(0, 1), f"{self.name} length": normal(0, 1),
                f"{self.name} severity": normal(0, 1)}

    def active(self, inputs: Mapping[str, np.ndarray], months: int) -> np.ndarray:
        """Share of each month in which it lasts (M, D), 0 in draws in which it does not happen."""
        start = self.first + inputs[f"{self.name} start"] * (self.after - self.first)
        long = self.length.at(inputs[f"{self.name} length"]) if isinstance(self.length, Marginal) else self.length
        long = np.asarray(long, start.dtype)
        month = np.arange(months, dtype=start.dtype)[:, None]
        share = np.minimum(start + long, month + 1) - np.maximum(start, month)
        return np.clip(share, 0, 1) * inputs[self.name]


def risks(scenario: Scenario, off: Iterable[str] = ()) -> tuple[Risk, ...]:
    """Every event of base and scenario by year; those switched off, removed or named in `off` never happen.

    They keep their place, so that the others see the same draws.
    """
    months = int(scenario.get("months"))
    keys = [*scenario.base.rows[ri.EVENT], *(k for k in scenario.rows[ri.EVENT] if k not in scenario.base.rows[ri.EVENT])]
    return tuple(_risk(scenario, key, year, key in off) for year in range(-(-months // 12)) for key in keys)


def _risk(scenario: Scenario, key: str, year: int, off: bool) -> Risk:
    row = scenario.rows[ri.EVENT].get(key)
    if row is None:
        return Risk(key, year, 0.0, 0.0, 1.0, 1.0, (), 1.0)
    first, after = _window(scenario, row, year)
    left = {"probability_factor": 1.0, "effect_factor": 1.0}
    for m in scenario.rows[ri.MITIGATION].values():
        if m["event"] == key and m.get("on", False):
            left = {k: v * m.get(k, 1.0) for k, v in left.items()}
    happens = not off and row.get("on", True) and after > first
    probability = row["probability"] * left["probability_factor"] if happens else 0.0
    effects = tuple(_effect(scenario, e) for e in scenario.rows[ri.EVENT_EFFECT].values() if e["event"] == key)
    return Risk(key, year, probability, first, after, _length(row), effects, left["effect_factor"])


def _window(scenario: Scenario, row: Row, year: int) -> tuple[float, float]:
    """The months of a plan year in which an event may begin: from, up to (not included)."""
    start, months = month_number(scenario.get("start")), int(scenario.get("months"))
    first, last = row.get("first"), row.get("last")
    first = 0 if first is None else month_number(first) - start
    after = months if last is None else month_number(last) - start + 1
    return float(max(first, 12 * year)), float(min(after, 12 * year + 12, months))


def _length(row: Row) -> Marginal | float:
    low, likely, high = (said(row, TABLES[ri.EVENT][k]) for k in ri.LENGTHS)
    return pert(low, likely, high) if low < high else float(likely)


def _effect(scenario: Scenario, row: Row) -> Effect:
    likely = row["likely"]
    mild, severe = (likely if row.get(k) is None else row[k] for k in ("mild", "severe"))
    return Effect(tuple(addresses(scenario, row["driver"], row.get("channel", ri.ALL))), (mild, likely, severe))


def addresses(scenario: Scenario, key: str, channel: str = ri.ALL) -> Iterator[str]:
    """The numbers of a plan that an adjustable driver's key stands for, in the channels named."""
    if key in TABLES[d.CHANNEL] and TABLES[d.CHANNEL][key].adjustable:
        rows = scenario.rows[d.CHANNEL]
        for c, row in rows.items():
            named = channel == c if channel in rows else channel == ri.ALL or row["kind"] == channel
            if named and rules.applies(TABLES[d.CHANNEL][key], row):
                yield f"channel.{c}.{key}"
    elif key in TABLES[li.MONTH]:
        first = month_number(scenario.get("start"))
        numbers = range(first, first + int(scenario.get("months")))
        yield from (f"month.{n // 12}-{n % 12 + 1:02d}.{key}" for n in numbers)
    elif key in li.BY_TIER and scenario.rows[li.TIER]:
        yield from (f"tier.{t}.{li.BY_TIER[key]}" for t in scenario.rows[li.TIER])
    else:
        yield key


def event_factors(found: Sequence[Risk], inputs: Mapping[str, np.ndarray], months: int) -> dict[str, np.ndarray]:
    """Factor (M, D) of every number that an event hits; a month's own row gets its month's (D,)."""
    return by_address(factors_by_place(found, inputs, months))


def factors_by_place(found: Sequence[Risk], inputs: Mapping[str, np.ndarray], months: int) -> dict[tuple[str, ...], np.ndarray]:
    """Factor (M, D) of the numbers that events hit together."""
    by_place: dict[tuple[str, ...], np.ndarray] = {}
    for risk in found:
        if not risk.probability or not risk.effects:
            continue
        active = risk.active(inputs, months) * risk.left
        severity = inputs[f"{risk.name} severity"]
        for effect in risk.effects:
            factor = 1 + (effect.at(severity) - 1) * active
            known = by_place.get(effect.addresses)
            by_place[effect.addresses] = factor if known is None else known * factor
    return by_place


def by_address(by_place: Mapping[tuple[str, ...], np.ndarray]) -> dict[str, np.ndarray]:
    """Factors of numbers hit together as each number's own; a month's own row gets its month's (D,)."""
    out: dict[str, np.ndarray] = {}
    for places, factor in by_place.items():
        for m, address in enumerate(places):
            mine = factor[m] if address.startswith(f"{li.MONTH}.") else factor
            out[address] = mine if address not in out else out[address] * mine
    return out


def multiplied(scenario: Scenario, draws: Draws, factors: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Draws with factors on some numbers, kept within their drivers' bounds (as initiatives are)."""
    out = dict(draws)
    for address, factor in factors.items():
        base = out.get(address)
        value = value_at(scenario.rows, address) if base is None else base
        if value is not None:
            out[address] = np.clip(value * factor, driver_of(address).low, driver_of(address).high)
    return out


# --- stress tests -----------------------------------------------------------------------------------------------------

def stress_factors(scenario: Scenario, keys: Sequence[str]) -> dict[str, np.ndarray]:
    """Factors of stress tests, one a column after the first, which is the plan: (M, 1 + tests)."""
    months, start = int(scenario.get("months")), month_number(scenario.get("start"))
    by_place: dict[tuple[str, ...], np.ndarray] = {}
    for row in scenario.rows[ri.STRESS_EFFECT].values():
        place = tuple(addresses(scenario, row["driver"], row.get("channel", ri.ALL)))
        factor = by_place.setdefault(place, np.ones((months, 1 + len(keys))))
        first = max(0, month_number(row["first"]) - start) if row.get("first") else 0
        after = max(0, month_number(row["last"]) - start + 1) if row.get("last") else months
        factor[first:after, 1 + keys.index(row["stress"])] *= row["factor"]
    return by_address(by_place)
