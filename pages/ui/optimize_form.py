"""The forms of the Optimize page: what is to be best, within which limits. Defaults that work."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from model import KPIS, Scenario, kpi
from model.analysis.optimize import OBJECTIVES, Limits, Objective
from model.analysis.optimize.limits import MOVE
from pages.ui import state
from pages.ui.budget import channel_name, current_shares
from pages.ui.formats import money_unit
from pages.ui.texts import plain, t

MEASURES = ("plan", "mean", "percentile", "shortfall", "chance")
LEVELS = {"percentile": 0.1, "shortfall": 0.05}
#: draws for objectives over draws
DRAWS = 2_000


@dataclass(frozen=True)
class Ask:
    """What the reader asks for; equal asks of one scenario have one answer."""

    objective: Objective
    limits: Limits
    phasing: bool

    @property
    def key(self) -> tuple:
        o, m = self.objective, self.limits
        return (o, m.move, *(tuple(sorted(d.items())) for d in (m.share_floor, m.share_ceiling, m.at_least, m.at_most)),
                m.locked, m.budget, self.phasing)


def objective_label(key: str) -> str:
    return t("optimize.profit_and_book") if key == "profit_and_book" else t(f"kpi.{key}.label")


def target_of(scenario: Scenario, key: str) -> float:
    """The plan's own yearly target of a KPI, else what it reaches."""
    rows = (r for r in scenario.rows["target"].values() if r["kpi"] == key and r.get("period", "year") == "year")
    found = next(rows, None)
    return float(found["value"]) if found else float(kpi(state.result_of(scenario), key)[0])


def measured(key: str, prefix: str, scenario: Scenario) -> Objective:
    """How the objective is measured: the plan itself, or a number of its draws."""
    measure = st.selectbox(t("optimize.measure"), MEASURES, key=f"{prefix}_measure", width=220,
                           format_func=lambda m: t(f"optimize.measure_{m}"), help=t("optimize.measure_help"))
    target = None
    if measure == "chance":
        scale = KPIS[key].unit.scale if key in KPIS else 1
        value = target_of(scenario, key) if key in KPIS else 0.0
        target = st.number_input(t("optimize.target"), value=value * scale, key=f"{prefix}_target_{key}", width=200) / scale
    return Objective(key, measure, LEVELS.get(measure), target)


def ask(scenario: Scenario) -> Ask:
    """The form of six lines."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        free = st.toggle(t("optimize.free_total"), key="optimize_free", help=t("optimize.free_help"))
        keys = ("profit_and_book", *(k for k in OBJECTIVES if k != "profit_and_book")) if free else OBJECTIVES
        key = st.selectbox(t("optimize.objective"), keys, key=f"optimize_objective_{free}", width=260,
                           format_func=objective_label)
        objective = measured(key, "optimize", scenario)
        move = st.number_input(t("optimize.move"), 0, 1000, int(MOVE * 100), 5, key="optimize_move", width=150,
                               help=t("optimize.move_help"))
        phasing = st.toggle(t("optimize.phasing"), key="optimize_phasing", help=t("optimize.phasing_help"))
    budget = _total(scenario) if free else None
    with st.expander(t("optimize.more_limits"), icon=":material/rule:"):
        floors, ceilings, locked = _channel_limits(scenario)
        at_least, at_most = _kpi_limits(scenario)
    return Ask(objective, Limits(move=move / 100, share_floor=floors, share_ceiling=ceilings, locked=locked, budget=budget,
                                 at_least=at_least, at_most=at_most), phasing)


def _total(scenario: Scenario) -> tuple[float, float]:
    divisor, unit = money_unit()
    today = scenario.get("budget") * scenario.get("headline.budget") / divisor
    with st.container(horizontal=True):
        low, high = (st.number_input(t(f"optimize.total_{side}", unit=unit), 0.0, value=round(today * part, 1), width=220,
                                     key=f"optimize_{side}") for side, part in (("low", 0.7), ("high", 1.3)))
    return low * divisor, high * divisor


def _channel_limits(scenario: Scenario) -> tuple[dict[str, float], dict[str, float], frozenset[str]]:
    """Floors and ceilings in per cent of the total, and what stays as it is."""
    shares = current_shares(scenario)
    st.caption(t("optimize.limits_help"))
    frame = pd.DataFrame({"name": [channel_name(scenario, c) for c in shares], "now": [100 * s for s in shares.values()],
                          "low": [None] * len(shares), "high": [None] * len(shares)}).astype({"low": float, "high": float})
    column = st.column_config.NumberColumn
    key = f"optimize_limits_{hash(tuple(shares))}"
    edited = st.data_editor(frame, key=key, hide_index=True, width="stretch", column_config={
        "name": st.column_config.TextColumn(t("channel.name"), disabled=True),
        "now": column(t("optimize.now"), format="%.1f%%", disabled=True),
        "low": column(t("optimize.floor"), format="%.1f%%", min_value=0, max_value=100),
        "high": column(t("optimize.ceiling"), format="%.1f%%", min_value=0, max_value=100)})
    locked = st.pills(t("budget.lock"), list(shares), selection_mode="multi", key="optimize_locks",
                      default=[c for c in shares if c in state.workspace().locks],
                      format_func=lambda c: plain(channel_name(scenario, c)))
    sides = [{c: float(v) / 100 for c, v in zip(shares, edited[side], strict=True) if pd.notna(v)} for side in ("low", "high")]
    return *sides, frozenset(locked)


def _kpi_limits(scenario: Scenario) -> tuple[dict[str, float], dict[str, float]]:
    """At least so much GMV or net margin, at most so much marketing rate; empty: no such limit."""
    divisor, unit = money_unit()
    with st.container(horizontal=True):
        gmv = st.number_input(t("optimize.least_gmv", unit=unit), 0.0, value=None, key="optimize_gmv", width=240)
        margin = st.number_input(t("optimize.least_margin"), -100.0, 100.0, value=None, key="optimize_margin", width=240)
        rate = st.number_input(t("optimize.most_marketing"), 0.0, 100.0, value=None, key="optimize_rate", width=240)
    least = {} if gmv is None else {"gmv": gmv * divisor}
    if margin is not None:
        least["net_margin_rate"] = margin / 100
    return least, {} if rate is None else {"marketing_rate": rate / 100}


def draws_of(scenario: Scenario) -> dict:
    """Draws of the uncertain assumptions, as objectives over draws take them; risk events are left out."""
    found = state.risk_of(scenario)
    return {a: found.driver_draws(a)[:DRAWS] for a in found.uncertain.marginals
            if not a.endswith(".share") and a != "budget" and not a.startswith("headline.budget")}
