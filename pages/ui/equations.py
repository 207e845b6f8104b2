"""The method page's parts: equations with the numbers in hand, the glossary of assumptions, the limits."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import streamlit as st

from model import KPIS, LINES, Result, Scenario, kpi
from model.plan import rules
from model.plan.schema import TABLES, join
from pages.ui import state
from pages.ui.changes import shown
from pages.ui.formats import number
from pages.ui.levers import driver_label
from pages.ui.texts import has, own_name, own_source, plain, t

_NAME = re.compile(r"[a-z][a-z_0-9]+")
_TABLES = ("business", "channel", "headline")
_INDICES = ("season", "promo", "price", "basket", "refund_lift", "traffic_price", "pulse", "weight")


def _result() -> Result:
    return state.result_of(state.workspace().scenario)


def names_in(formula: str) -> list[str]:
    """The names of drivers, lines and indices that a formula mentions, in order, each once."""
    return list(dict.fromkeys(_NAME.findall(formula)))


def _total(result: Result, key: str) -> float:
    series = result.lines[key][:, 0]
    return float(series[-1] if LINES[key].kind == "balance" else series.sum())


def pick_one() -> None:
    """One result: its equation, its value, and the values of the names in the equation."""
    result = _result()
    options = [f"line.{k}" for k in LINES] + [f"kpi.{k}" for k in KPIS]
    chosen = st.selectbox(t("method.pick"), options, format_func=lambda k: t(f"{k}.label"), key="method_pick",
                          persist_state="session")
    kind, key = chosen.split(".", 1)
    formula = LINES[key].formula if kind == "line" else KPIS[key].equation
    value = _total(result, key) if kind == "line" else float(kpi(result, key)[0])
    unit = (LINES if kind == "line" else KPIS)[key].unit
    st.code(f"{key} = {formula}", language=None, wrap_lines=True)
    st.markdown(f"{t('method.value')}: **{plain(number(value, unit))}** · {plain(t(f'{kind}.{key}.help'))}")
    rows = [row for name in names_in(formula) if name != key for row in _rows_of(result, name)]
    if rows:
        st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", height="content")


def _rows_of(result: Result, name: str) -> list[dict[str, str]]:
    """What a name stands for: a line's total, a driver's value (by channel where it is one's), an index's range."""
    scenario = result.scenario
    if name in LINES:
        return [_entry(f"line.{name}", name, "", number(_total(result, name), LINES[name].unit), "")]
    for table in _TABLES:
        if name in TABLES[table]:
            return [_entry(f"driver.{table}.{name}", name, row, value, source)
                    for row, value, source in _values(scenario, table, name)]
    if name in result.index:
        series = result.index[name][:, 0]
        return [_entry(f"index.{name}", name, "", f"{series.min():.3f} – {series.max():.3f}", "")]
    return []


def _entry(text: str, name: str, row: str, value: str, source: str) -> dict[str, str]:
    label = t(f"{text}.label") if has(f"{text}.label") else name
    return {t("method.driver"): f"{label} ({name})", t("method.row"): row, t("method.current"): value,
            t("method.source"): source}


def _values(scenario: Scenario, table: str, key: str):
    """(row's name, value as text, source) of every row that has this driver."""
    changed = dict(scenario.changes)
    for row_key, row in scenario.rows[table].items():
        if table == "headline" or rules.applies(TABLES[table][key], row):
            address = join(table, row_key, key)
            source = t("method.changed_here") if address in changed else own_source(scenario.base.source_of.get(
                address, TABLES[table][key].source))
            yield own_name(row, row_key) if row_key else "", shown(address, scenario.get(address)), source


def all_lines() -> None:
    result = _result()
    rows = [{t("method.line"): t(f"line.{k}.label"), t("method.section"): t(f"method.section_{line.section}"),
             t("method.equation"): f"{k} = {line.formula}", t("method.value"): number(_total(result, k), line.unit)}
            for k, line in LINES.items()]
    with st.expander(t("method.equations"), icon=":material/function:"):
        st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", height=520)


def all_kpis() -> None:
    result = _result()
    rows = [{t("method.line"): t(f"kpi.{k}.label"), t("method.equation"): f"{k} = {row.equation}",
             t("method.value"): number(float(kpi(result, k)[0]), row.unit), t("method.about"): t(f"kpi.{k}.help")}
            for k, row in KPIS.items()]
    with st.expander(t("method.kpis"), icon=":material/speed:"):
        st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", height=520)


def month_indices() -> None:
    result = _result()
    frame = pd.DataFrame({t("method.month"): list(result.months)} | {
        t(f"index.{k}.label"): np.round(result.index[k][:, 0], 4) for k in _INDICES})
    with st.expander(t("method.index"), icon=":material/calendar_month:"):
        st.dataframe(frame, hide_index=True, width="stretch", height="content")


def glossary() -> None:
    """Every assumption of the scenario, searchable: value, unit, source, meaning."""
    scenario = state.workspace().scenario
    changed = dict(scenario.changes)
    rows = []
    for table, table_rows in scenario.rows.items():
        for row_key, row in table_rows.items():
            for field, value in row.items():
                address = join(table, row_key, field)
                known = own_source(scenario.base.source_of.get(address, ""))
                source = t("method.changed_here") if address in changed else known
                rows.append({t("method.driver"): driver_label(table, field),
                             t("method.row"): own_name(row, row_key) if row_key else t(f"table.{table}.label"),
                             t("method.current"): shown(address, value), t("method.source"): source,
                             t("method.about"): t(f"driver.{table}.{field}.help")})
    with st.expander(t("method.glossary"), icon=":material/menu_book:"):
        st.caption(t("method.glossary_help"))
        st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", height=520)


def limits() -> None:
    st.subheader(t("method.limits"))
    st.markdown("\n".join(f"- {t(f'method.limit.{k}')}" for k in "abcdefghij"))
    st.subheader(t("method.choices"))
    st.markdown("\n".join(f"- {t(f'method.choice.{k}')}" for k in "abc"))
