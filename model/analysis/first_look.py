"""The first look at a new plan: what was typed of the whole shop is met, what rests on the template is named, losses are said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import brentq

from model.analysis.blended import blended
from model.analysis.sensitivity import SWING, as_draws, moved
from model.engine.evaluate import Result, evaluate
from model.engine.kpis import kpi
from model.engine.values import drawable
from model.plan import drivers as d
from model.plan import lists as li
from model.plan.new_plan import from_template
from model.plan.scenario import Plan, Scenario
from model.plan.schema import TABLES, driver_of, split
from model.units import odds

#: of the logarithm of the factor (of a value, or of a rate's odds): the first step, the farthest, and how near it is brought
_FIRST, _REACH, _CLOSE = 0.25, 9.0, 1e-9
#: passes over the blends: each shifts the others' weights a little
_PASSES = 6
#: a blend is met, relative
_MET = 1e-7


@dataclass(frozen=True, slots=True)
class Blend:
    """A figure of the whole shop that is typed as one. fields: of the rows that it scales, by table. measure: of a result."""

    table: str
    fields: tuple[str, ...]
    measure: Callable[[Result], float]
    rate: bool = True


def _kpi(key: str) -> Callable[[Result], float]:
    return lambda result: float(kpi(result, key)[0])


BLENDS: Mapping[str, Blend] = {
    "aov": Blend(d.CHANNEL, ("aov",), _kpi("aov"), rate=False),
    "refund_rate": Blend(d.CHANNEL, ("refund_rate",), _kpi("refund_rate")),
    "goods_margin_rate": Blend(d.CHANNEL, ("goods_margin_rate",), lambda result: blended(result, "goods_margin_rate")),
    "repurchase_rate": Blend(d.BUSINESS, tuple(f"repurchase_{g}_{t}" for g in li.GROUPS for t in li.DEPTHS),
                             lambda result: blended(result, "repurchase_rate")),
}


@dataclass(frozen=True, slots=True)
class Met:
    """What became of a typed blend. before: of the plan as it was put together. reached: now. factor: on the values, or on the
    odds of the rates, at `addresses`; none where every channel was typed by itself."""

    wanted: float
    before: float
    reached: float
    factor: float
    addresses: tuple[str, ...]


def meet(plan: Plan, wanted: Mapping[str, float]) -> tuple[Plan, dict[str, Met]]:
    """The plan in which the shop's figures are as typed, by key of `BLENDS`: values that nobody typed are scaled by one factor.

    What cannot be reached so is brought as near as the values' bounds let it, and says so in `Met.reached`.
    """
    scenario = Scenario(plan)
    first = evaluate(scenario)
    free = {key: _free(plan, BLENDS[key]) for key in wanted}
    opens = {a: float(v) for a, v in plan.values if any(a in addresses for addresses in free.values()) and v is not None}
    factors, values, made = dict.fromkeys(wanted, 1.0), dict(opens), first
    for _ in range(_PASSES):
        for key, aim in wanted.items():
            factors[key] *= _factor(scenario, values, BLENDS[key], free[key], aim)
            values |= _scaled(opens, BLENDS[key], free[key], factors[key])
        made = _with(scenario, values)
        if all(abs(BLENDS[k].measure(made) - aim) <= _MET * max(1.0, abs(aim)) for k, aim in wanted.items()):
            break
    out = replace(plan, values=tuple((a, values.get(a, v)) for a, v in plan.values))
    return out, {k: Met(aim, BLENDS[k].measure(first), BLENDS[k].measure(made), factors[k], free[k]) for k, aim in wanted.items()}


def _with(scenario: Scenario, values: Mapping[str, float]) -> Result:
    """The result with these values, which need no plan of their own to be tried."""
    return evaluate(scenario, {a: np.array([v]) for a, v in values.items()}) if values else evaluate(scenario)


def _free(plan: Plan, blend: Blend) -> tuple[str, ...]:
    """Addresses of a blend's values that still are the template's."""
    return tuple(a for a, _ in plan.values if split(a).table == blend.table and split(a).field in blend.fields
                 and from_template(plan.source_of.get(a, "")))


def _scaled(values: Mapping[str, float], blend: Blend, free: Sequence[str], factor: float) -> dict[str, float]:
    out = {}
    for a in free:
        value, driver = values[a], driver_of(a)
        scaled = odds(value, factor) if blend.rate and 0 < value < 1 else value * factor
        out[a] = min(max(float(scaled), driver.low), driver.high)
    return out


def _factor(scenario: Scenario, values: Mapping[str, float], blend: Blend, free: Sequence[str], aim: float) -> float:
    """The factor that brings a blend to its aim, from the values as they stand now."""
    if not free:
        return 1.0

    def gap(power: float) -> float:
        return blend.measure(_with(scenario, {**values, **_scaled(values, blend, free, float(np.exp(power)))})) - aim
    now = gap(0.0)
    if not np.isfinite(now) or abs(now) <= _MET * max(1.0, abs(aim)):
        return 1.0
    near, far = 0.0, float(-np.sign(now)) * _FIRST
    while gap(far) * now > 0:
        if abs(far) > _REACH:
            return float(np.exp(far))
        near, far = far, 3 * far
    return float(np.exp(brentq(gap, near, far, xtol=_CLOSE)))


# --- what rests on the template ----------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Rest:
    """An assumption that nobody replaced yet. size: change of the KPI by ± 10 % of it, the larger side."""

    table: str
    key: str
    addresses: tuple[str, ...]
    size: float


def resting_on_template(scenario: Scenario, count: int = 10, kpi_key: str = "net_profit") -> tuple[Rest, ...]:
    """The assumptions that matter most and still are the template's: ± 10 % of each, in one evaluation."""
    groups: dict[tuple[str, str], list[str]] = {}
    changed = {a for a, _ in scenario.changes}
    for address, value in scenario.base.values:
        a = split(address)
        if from_template(scenario.base.source_of.get(address, "")) and address not in changed and value \
                and drawable(scenario, address) and a.field != "share" and not TABLES[a.table][a.field].feeds:
            groups.setdefault((a.table, a.field), []).append(address)
    points: list[Mapping[str, float]] = [{}]
    for addresses in groups.values():
        points += [moved(scenario, addresses, 1 - SWING), moved(scenario, addresses, 1 + SWING)]
    found = kpi(evaluate(scenario, as_draws(scenario, points)), kpi_key)
    sizes = np.abs(found[1:] - found[0]).reshape(-1, 2).max(axis=1)
    out = [Rest(table, key, tuple(addresses), float(size))
           for ((table, key), addresses), size in zip(groups.items(), sizes, strict=True) if size > 0]
    return tuple(sorted(out, key=lambda rest: -rest.size)[:count])


def loss_months(result: Result) -> int:
    """In how many months the plan loses money."""
    return int((result.lines["net_profit"][:, 0] < 0).sum())
