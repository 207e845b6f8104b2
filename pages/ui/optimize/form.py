"""The forms of the Optimize page: what is to be best, within which limits. Defaults that work."""

from __future__ import annotations

import math
from dataclasses import dataclass

import streamlit as st

from model import KPIS, Scenario
from model import units as u
from model.analysis.optimize import OBJECTIVES, Limits, Objective
from model.analysis.optimize.search.levers import ONE_BY_ONE
from model.analysis.optimize.search.limits import MOVE
from model.plan.schema import Driver
from model.units import Unit, shown_of
from pages.ui.kit import fields
from pages.ui.kit.formats import money_power, money_unit
from pages.ui.kit.texts import t
from pages.ui.optimize.split_limits import POINTS, SPEND, kept, limits
from pages.ui.session import results
from pages.ui.words import periods, reach

MEASURES = ("plan", "mean", "percentile", "shortfall", "chance")
#: how much of its share a channel may move
_MOVE = Driver("move", u.RATE, None, high=10.0)
#: channels × months up to which a split is found in less than half a second (29 × 12: 0.35 s, 29 × 36: 0.74 s)
QUICK_CELLS = 400
LEVELS = {"percentile": 0.1, "shortfall": 0.05}
#: KPIs that are asked for most; every other one follows
FIRST = ("net_profit", "gmv", "net_revenue", "net_margin_rate", "roas_net", "marketing_rate")
EVERY = (*FIRST, *(k for k in KPIS if k not in FIRST))


@dataclass(frozen=True, eq=False)
class Ask:
    """What the reader asks for; equal asks of one scenario have one answer."""

    objective: Objective
    limits: Limits
    phasing: bool

    @property
    def key(self) -> tuple:
        o, m = self.objective, self.limits
        return o, *limits_key(m), self.phasing

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ask) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def quick(self, scenario: Scenario) -> bool:
        """Whether the answer takes less than half a second: no draws, no months, and no huge plan."""
        cells = len(scenario.spending_channels) * scenario.get("months")
        return not (self.objective.uses_draws or self.phasing) and cells <= QUICK_CELLS


def limits_key(m: Limits) -> tuple:
    """Limits as something to compare: equal limits have equal keys."""
    by_name = (m.share_floor, m.share_ceiling, m.spend_floor, m.spend_ceiling, m.at_least, m.at_most)
    return m.move, m.points, *(tuple(sorted(d.items())) for d in by_name), m.locked, m.groups, m.budget


def objective_label(key: str) -> str:
    return t("optimize.profit_and_book") if key == "profit_and_book" else t(f"kpi.{key}.label")


def target_of(scenario: Scenario, key: str, period: str) -> float:
    """The plan's own target of a KPI over a period, else a tenth better than it is; 0 where it is undefined."""
    found, now = reach.target(results.result_of(scenario), key, period), today_of(scenario, key, period)
    if found:
        return float(found.target)
    return now + KPIS[key].good * abs(now) / 10 if math.isfinite(now) else 0.0


def today_of(scenario: Scenario, key: str, period: str) -> float:
    """A KPI of the plan as it is."""
    return periods.value(results.result_of(scenario), key, period)


def unit_of(key: str) -> Unit:
    """What an objective is counted in."""
    return KPIS[key].unit if key in KPIS else u.YUAN


def counted_in(key: str) -> tuple[int, str]:
    """What a KPI is typed and drawn in: (power of ten, word). Money in 万元 or million yuan, rates in per cent."""
    unit = unit_of(key)
    return (money_power(), money_unit()[1]) if unit == u.YUAN else (0, t(f"unit.{unit.key}.label"))


def counted(key: str, value: float) -> float:
    """A KPI's value in that."""
    return shown_of(value, unit_of(key)) / 10 ** counted_in(key)[0]


def typed(label: str, key: str, name: str, default: float) -> float:
    """A value of a KPI as the reader types it, stored as the model counts it."""
    (power, word), unit = counted_in(key), unit_of(key)
    most = 100.0 if unit in (u.RATE, u.FINE_RATE) else 1e12
    label = t("optimize.in_unit", label=label, unit=word) if word else label
    return fields.kept(label, name, Driver(key, unit, None, -most, most), default, power, width=220)


def measured(key: str, prefix: str, scenario: Scenario, period: str) -> Objective:
    """How the objective is measured: the plan itself, or a number of its draws; over which months."""
    plain = key in ONE_BY_ONE
    measure = kept(st.selectbox, t("optimize.measure"), MEASURES[:1] if plain else MEASURES, default=MEASURES[0], width=220,
                   key=f"{prefix}_measure_{plain}", format_func=lambda m: t(f"optimize.measure_{m}"),
                   help=t("optimize.measure_help"))
    target = None
    if measure == "chance":
        value = target_of(scenario, key, period) if key in KPIS else 0.0
        target = typed(t("optimize.target"), key, f"{prefix}_target_{key}{periods.suffix(period)}", value)
    return Objective(key, measure, LEVELS.get(measure), target, period=period)


def ask(scenario: Scenario) -> Ask:
    """The form of six lines."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        free = kept(st.toggle, t("optimize.free_total"), key="optimize_free", default=False, help=t("optimize.free_help"))
        keys = ("profit_and_book", *(k for k in OBJECTIVES if k != "profit_and_book")) if free else OBJECTIVES
        key = kept(st.selectbox, t("optimize.objective"), keys, key=f"optimize_objective_{free}", default=keys[0], width=260,
                   format_func=objective_label)
        objective = measured(key, "optimize", scenario, periods.whole(scenario.get("months")))
        move = moved("optimize_move", MOVE)
        points = fields.kept(t("optimize.points"), "optimize_points", POINTS, None, width=200, help=t("optimize.points_help"))
        phasing = kept(st.toggle, t("optimize.phasing"), key="optimize_phasing", default=False, help=t("optimize.phasing_help"))
    if free and key == keys[0]:
        st.caption(t("optimize.free_now", objective=objective_label(key)))
    budget = _total(scenario) if free else None
    return Ask(objective, Limits(move, points, budget=budget, **limits(scenario)), phasing)


def moved(key: str, default: float) -> float:
    """By what part of its share today a channel may move."""
    return fields.kept(t("optimize.move"), key, _MOVE, default, width=200, help=t("optimize.move_help"))


def _total(scenario: Scenario) -> tuple[float, float]:
    today = scenario.get("budget") * scenario.get("headline.budget")
    with st.container(horizontal=True):
        low, high = (fields.kept(t(f"optimize.total_{side}", unit=money_unit()[1]), f"optimize_{side}", SPEND, today * part,
                                 money_power(), width=220) for side, part in (("low", 0.7), ("high", 1.3)))
    return low, high
