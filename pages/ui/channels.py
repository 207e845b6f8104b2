"""The per-channel table: results beside each other, and the assumptions in cells that can be edited."""

from __future__ import annotations

import math

import streamlit as st

from model import KPIS, InvalidInput, Result, kpi, kpi_by_channel
from model.late import Late
from model.plan import rules
from model.plan.schema import TABLES
from pages.ui import parts, state
from pages.ui.budget import channel_name
from pages.ui.formats import DASH, money, number, short
from pages.ui.levers import driver_label
from pages.ui.texts import t

pd = Late("pandas")
#: columns of the results: lines first, then ratios
_COLUMNS = ("spend", "clicks", "orders", "new_customers", "gmv", "net_revenue", "contribution", "roas_gmv", "roas_net",
            "cac")
_LINES = ("spend", "clicks", "orders", "new_customers", "gmv", "net_revenue", "contribution")
#: assumptions that can be edited here
EDITABLE = ("cpm", "ctr", "cvr", "aov", "goods_margin_rate", "refund_rate", "new_share", "join", "platform_take",
            "creator_commission", "channel_fixed", "visits", "frequency")


def results_table(result: Result) -> None:
    """Each channel's funnel and money over the plan, totals last."""
    head = [t("channel.name")] + [t(f"channel.{key}") for key in _COLUMNS]
    notes = [""] + [t(f"{'line' if key in _LINES else 'kpi'}.{key}.help") for key in _COLUMNS]
    columns = [_column(result, key) for key in _COLUMNS]
    names = [channel_name(result.scenario, c) for c in result.channels] + [t("channel.total")]
    rows = [[name, *(column[i] for column in columns)] for i, name in enumerate(names)]
    parts.table(key="channel_results", data={"head": head, "help": notes, "rows": rows, "sum": True})


def _column(result: Result, key: str) -> list[str]:
    if key in _LINES:
        values = result.by_channel[key].sum(axis=(1, 2))
        show = money if key in ("spend", "gmv", "net_revenue", "contribution") else short
        return [show(v) if v or key != "spend" else DASH for v in values] + [show(values.sum())]
    values = kpi_by_channel(result, key)[:, 0]
    media = result.by_channel["media"].sum(axis=(1, 2))
    cells = [number(v if m > 0 else math.nan, KPIS[key].unit) for v, m in zip(values, media, strict=True)]
    return [*cells, number(float(kpi(result, key)[0]), KPIS[key].unit)]


def editor() -> None:
    """Assumptions by channel, opened on demand; each accepted cell is one step that can be undone."""
    box = st.expander(t("channel.edit"), key="channel_edit", on_change="rerun", icon=":material/edit:")
    if not box.open:
        return
    scenario = state.workspace().scenario
    with box:
        st.caption(t("channel.edit_help"))
        frame = _frame(scenario)
        # another scenario is another table: the editor must never be fed its own answer (it loses every second edit)
        key = f"channel_editor_{hash(scenario)}_{hash(tuple(frame.columns))}"
        st.data_editor(frame, key=key, hide_index=True, num_rows="fixed", placeholder="—", on_change=_edited, args=(key,),
                       column_config=_config(), width="stretch")


def _frame(scenario) -> pd.DataFrame:
    rows = scenario.rows["channel"]
    table = {"_name": [channel_name(scenario, c) for c in rows]}
    for field in EDITABLE:
        driver = TABLES["channel"][field]
        table[field] = [float(scenario.get(f"channel.{c}.{field}") * driver.unit.scale)
                        if rules.applies(driver, row) and scenario.get(f"channel.{c}.{field}") is not None else None
                        for c, row in rows.items()]
    return pd.DataFrame(table)


def _config() -> dict:
    config = {"_name": st.column_config.TextColumn(t("channel.name"), disabled=True, pinned=True)}
    for field in EDITABLE:
        driver = TABLES["channel"][field]
        unit = t(f"unit.{driver.unit.key}.label")
        label = driver_label("channel", field)
        config[field] = st.column_config.NumberColumn(t("rows.label", label=label, unit=unit) if unit else label,
                                                      help=t(f"driver.channel.{field}.help"),
                                                      format=f"%.{driver.unit.decimals}f")
    return config


def _edited(key: str) -> None:
    """Cells that the reader changed, taken together or not at all."""
    space = state.workspace()
    channels = list(space.scenario.rows["channel"])
    values = {}
    for index, cells in st.session_state[key]["edited_rows"].items():
        for field, value in cells.items():
            driver, row = TABLES["channel"][field], space.scenario.rows["channel"][channels[int(index)]]
            if rules.applies(driver, row) and value is not None:
                values[f"channel.{channels[int(index)]}.{field}"] = round(value / driver.unit.scale, 10)
    try:
        state.commit(space.scenario.with_values(values))
    except InvalidInput as problem:
        space.problem, space.problem_title = problem, "problem.cell"
    st.rerun()
