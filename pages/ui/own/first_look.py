"""What a plan of one's own comes to, and what of it still is the template's: the first thing to read after it was made."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from model import KPIS, Plan, Scenario, kpi
from model.analysis import first_look as look
from model.analysis.first_look import Met, Rest
from model.plan import drivers as d
from model.plan.new_plan import from_template
from model.plan.schema import driver_of, join, split
from model.units import RATE, YUAN, YUAN_EACH, Unit
from pages.ui.kit import tables
from pages.ui.kit.formats import between, fixed, number, size
from pages.ui.kit.texts import listed, name_of, plain, t
from pages.ui.session import results, state
from pages.ui.words.driver_labels import driver_label
from pages.ui.words.scenario_names import scenario_name

#: what became of typed blends, and of which plan that is
_MET = "_own_met"
_LOSS_SHOWN, _MOST = 3, 10
#: a blend that is met to the eye
_SEEN = 5e-4
_UNITS: dict[str, Unit] = {"aov": YUAN_EACH}


def remember(plan: Plan, met: Mapping[str, Met]) -> None:
    st.session_state[_MET] = (plan.fingerprint, dict(met))


def panel() -> bool:
    """Whether it is shown: while a plan made here is at hand and rests on the template in places."""
    scenario = state.workspace().scenario
    rests = [a for a, source in scenario.base.source_of.items() if from_template(source)]
    if scenario.base.name != "own" or not rests:
        return False
    result = results.result_of(scenario)
    found = look.resting_on_template(scenario, _MOST)
    with st.container(border=True, key="first_look"):
        st.subheader(t("first.title", name=plain(scenario_name(scenario))), anchor=False)
        said = {key: number(float(kpi(result, key)[0]), KPIS[key].unit) for key in ("gmv", "net_profit", "net_margin_rate")}
        st.markdown(plain(t("first.comes_to", span=t("period.short", count=len(result.months)), **said)))
        _health(scenario, result, found)
        if not result.values.payroll.any():
            st.markdown(plain(t("first.no_team")))
        _scaled(scenario)
        st.markdown(f"**{t('first.ten', count=len(found))}**", help=t("first.ten_help"))
        _table(scenario, found)
        pages = st.session_state.get("_pages", {})
        if found and "assumptions" in pages:
            at = ",".join(join(rest.table, "*", rest.key) if len(rest.addresses) > 1 else rest.addresses[0] for rest in found)
            st.page_link(pages["assumptions"], label=t("first.replace", count=len(found)), icon=":material/arrow_forward:",
                         query_params={**state.carried(), "at": at})
        st.button(t("first.simulate"), key="first_simulate", type="primary", on_click=_to_simulate)
    return True


def _to_simulate() -> None:
    st.session_state["_goto"] = "simulate"


def _health(scenario: Scenario, result, found: tuple[Rest, ...]) -> None:
    lost, months = look.loss_months(result), len(result.months)
    if not lost:
        st.markdown(plain(t("first.healthy")))
        return
    names = listed([driver_label(rest.table, rest.key) for rest in found[:_LOSS_SHOWN]])
    words = t("first.all_lost" if lost == months else "first.some_lost", count=lost, names=names)
    (st.warning if lost == months else st.info)(plain(words), icon=":material/monitoring:")


def _scaled(scenario: Scenario) -> None:
    """How typed figures of the whole shop were brought about."""
    fingerprint, met = st.session_state.get(_MET, ("", {}))
    if fingerprint != scenario.base.fingerprint:
        return
    lines = [_scaled_line(key, one) for key, one in met.items()]
    if lines:
        st.markdown("\n".join(f"- {plain(line)}" for line in lines))


def _scaled_line(key: str, one: Met) -> str:
    unit = _UNITS.get(key, RATE)
    words = {"label": driver_label(d.HEADLINE, key), "wanted": number(one.wanted, unit), "before": number(one.before, unit),
             "reached": number(one.reached, unit), "factor": fixed(one.factor, 3)}
    if not one.addresses:
        return t("first.typed_apart", **words)
    missed = abs(one.reached - one.wanted) > _SEEN * max(1.0, abs(one.wanted))
    return t("first.not_met" if missed else f"first.scaled_{'odds' if unit is RATE else 'value'}", **words)


def _table(scenario: Scenario, found: tuple[Rest, ...]) -> None:
    columns = [tables.Column(t("first.assumption"), "text"), tables.Column(t("first.value")), tables.Column(t("first.worth"))]
    lines = [tables.Line(f"{r.table}.{r.key}", [driver_label(r.table, r.key), _values(scenario, r), size(r.size, YUAN)])
             for r in found]
    tables.table("first_ten", t("first.ten", count=len(found)), columns, lines)


def _values(scenario: Scenario, rest: Rest) -> str:
    """The value as it stands; of several rows, the least and the most."""
    unit = driver_of(rest.addresses[0]).unit
    values = sorted({scenario.get(a) for a in rest.addresses})
    if len(values) == 1 and len(rest.addresses) == 1:
        a = split(rest.addresses[0])
        one = number(values[0], unit)
        return t("first.of_row", value=one, row=name_of(scenario.rows[a.table], a.row)) if a.row else one
    return t("first.from_to", values=between(values[0], values[-1], unit), count=len(rest.addresses))
