"""The method page's parts: equations with the numbers in hand, the glossary of assumptions, the limits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from model import KPIS, LINES, Result, kpi
from model.plan.schema import join
from pages.ui.kit.formats import number
from pages.ui.kit.texts import name_of, own_source, t
from pages.ui.session import results, state
from pages.ui.words import figures
from pages.ui.words.driver_labels import driver_label
from pages.ui.words.place_names import shown

_INDICES = ("season", "promo", "price", "basket", "refund_lift", "traffic_price", "pulse", "weight")


def _result() -> Result:
    return results.result_of(state.workspace().scenario)


def _total(result: Result, key: str) -> float:
    series = result.lines[key][:, 0]
    return float(series[-1] if LINES[key].kind == "balance" else series.sum())


def all_lines() -> None:
    result = _result()
    rows = [{t("method.line"): t(f"line.{k}.label"), t("method.section"): t(f"method.section_{line.section}"),
             t("method.equation"): f"{k} = {line.formula}", t("method.value"): number(_total(result, k), line.unit)}
            for k, line in LINES.items()]
    with st.expander(t("method.equations"), icon=":material/function:"):
        st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", height=520, key="all_lines")


def all_kpis() -> None:
    result = _result()
    rows = [{t("method.line"): t(f"kpi.{k}.label"), t("method.equation"): f"{k} = {row.equation}",
             t("method.value"): number(float(kpi(result, k)[0]), row.unit), t("method.about"): t(f"kpi.{k}.help")}
            for k, row in KPIS.items()]
    with st.expander(t("method.kpis"), icon=":material/speed:"):
        st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", height=520, key="all_kpis")


def month_indices() -> None:
    result = _result()
    frame = pd.DataFrame({t("method.month"): list(result.months)} | {
        t(f"index.{k}.label"): np.round(result.index[k][:, 0], 4) for k in _INDICES})
    with st.expander(t("method.index"), icon=":material/calendar_month:"):
        st.dataframe(frame, hide_index=True, width="stretch", height="content", key="all_indices")


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
                             t("method.row"): name_of(table_rows, row_key) if row_key else t(f"table.{table}.label"),
                             t("method.current"): shown(address, value), t("method.source"): source,
                             t("method.about"): t(f"driver.{table}.{field}.help")})
    with st.expander(t("method.glossary"), icon=":material/menu_book:"):
        st.caption(t("method.glossary_help"))
        st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", height=520, key="all_assumptions")


def all_figures() -> None:
    """The glossary: every figure that a page shows, with its term, unit and formula."""
    rows = [{t("derive.term"): figures.term(k), t("method.section"): t("derive.kind_" + k.split(".")[0]),
             t("derive.unit"): figures.unit_words(k), t("derive.formula"): figures.formula(k)} for k in figures.every()]
    with st.expander(t("derive.glossary"), icon=":material/dictionary:"):
        st.caption(t("derive.glossary_help"))
        st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", height=520, key="all_figures")


def limits() -> None:
    st.subheader(t("method.limits"))
    st.markdown("\n".join(f"- {t(f'method.limit.{k}')}" for k in "abcdefghijk"))
    st.subheader(t("method.choices"))
    st.markdown("\n".join(f"- {t(f'method.choice.{k}')}" for k in "abcd"))
