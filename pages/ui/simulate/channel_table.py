"""The per-channel table: results beside each other, and the assumptions in cells that can be edited."""

from __future__ import annotations

import math
from collections.abc import Mapping

import streamlit as st

from model import KPIS, Result, kpi, kpi_by_channel
from model import units as u
from model.analysis.sensitivity import WhatDecides
from pages.ui.kit import sections, tables
from pages.ui.kit.formats import DASH, difference, money, number, short
from pages.ui.kit.texts import t
from pages.ui.rows import cells, sheets
from pages.ui.session import state
from pages.ui.words import periods
from pages.ui.words.channel_names import channel_name
from pages.ui.words.figures import EDITABLE

#: columns of the results: lines first, then ratios
_COLUMNS = ("spend", "clicks", "orders", "new_customers", "gmv", "net_revenue", "contribution", "roas_gmv", "roas_net",
            "cac")
_LINES = ("spend", "clicks", "orders", "new_customers", "gmv", "net_revenue", "contribution")
#: what the last row says of all channels together, where that is a KPI of another name
_OF_ALL = {"cac": "cac_blended"}


def results_table(whole: Result, decides: WhatDecides, period: str) -> None:
    """Each channel's funnel and money over a period, totals last; and what one more yuan there is worth: within the period, and
    over all months with those after, which its head says."""
    result, months = periods.months_of(whole, period), len(whole.months)
    spans = {"marginal": period, "coming": periods.whole(months)}
    worth = [periods.labelled(t(f"budget.{key}"), of, months) for key, of in spans.items()]
    head = [t("channel.name")] + [t(f"channel.{key}") for key in _COLUMNS] + worth
    notes = [""] + [_note(key) for key in _COLUMNS] + [t("budget.marginal_help"), t("budget.coming_help")]
    columns = [_column(result, key) for key in _COLUMNS] + [_next(result, x) for x in (decides.marginal, decides.coming)]
    names = [channel_name(result.scenario, c) for c in result.channels] + [t("channel.total")]
    lines = [[name, *(column[i] for column in columns)] for i, name in enumerate(names)]
    tables.plain("channel_results", head, lines, notes, total=True)
    now, later = (list(x.values()) for x in (decides.marginal, decides.coming))
    harvest = now and max(now) < 0 and all(b > a for a, b in zip(now, later, strict=True))
    st.caption(t("budget.harvest")) if harvest else st.empty()


def _next(result: Result, worth: Mapping[str, float]) -> list[str]:
    """Of one more yuan, by channel; nothing of all together."""
    return [difference(worth[c], u.YUAN_EACH) if c in worth else DASH for c in result.channels] + [DASH]


def _note(key: str) -> str:
    own = t(f"{'line' if key in _LINES else 'kpi'}.{key}.help")
    of_all = _OF_ALL.get(key)
    return own if of_all is None else t("channel.of_all", own=own, label=t(f"kpi.{of_all}.label"), help=t(f"kpi.{of_all}.help"))


def _column(result: Result, key: str) -> list[str]:
    if key in _LINES:
        values = result.by_channel[key].sum(axis=(1, 2))
        show = money if key in ("spend", "gmv", "net_revenue", "contribution") else short
        return [show(v) if v or key != "spend" else DASH for v in values] + [show(values.sum())]
    values = kpi_by_channel(result, key)[:, 0]
    media = result.by_channel["media"].sum(axis=(1, 2))
    cells = [number(v if m > 0 else math.nan, KPIS[key].unit) for v, m in zip(values, media, strict=True)]
    return [*cells, number(float(kpi(result, _OF_ALL.get(key, key))[0]), KPIS[key].unit)]


def editor() -> None:
    """Assumptions by channel, opened on demand; each edit or paste is one step that can be undone."""
    sections.drawer(t("channel.edit"), "channel_edit", _grid)


def _grid() -> None:
    st.caption(t("channel.edit_help"))
    scenario = state.workspace().scenario
    cells.show(sheets.of_table("channel_editor", scenario, "channel", st.rerun, EDITABLE, head=t("channel.name")))
