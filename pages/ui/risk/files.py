"""What the Risk page gives away: quantiles by month, and the draws themselves."""

from __future__ import annotations

import io

import numpy as np
import streamlit as st

from model import KPIS, LINES
from model.analysis.risk.simulate import RiskResult
from model.analysis.risk.summary import POINTS
from model.engine.kpis import periods_of
from model.late import Late
from model.plan.schema import driver_of
from model.units import NUMBER
from pages.ui.frame import downloads
from pages.ui.frame.decides import cause_name
from pages.ui.kit import csv_tables
from pages.ui.kit.csv_tables import OF_ROW, Field, Table
from pages.ui.kit.texts import t
from pages.ui.risk.view import TABLED, of_period
from pages.ui.words import place_names

pa, pq = Late("pyarrow"), Late("pyarrow.parquet")
#: draws written as CSV up to this many; more as Parquet
MOST_CSV = 16_384
_BANDED = ("gmv", "net_revenue", "net_profit", "net_margin_rate", "cash")


def offer(found: RiskResult) -> None:
    many = len(found.draws("gmv")) > MOST_CSV
    with st.container(horizontal=True):
        downloads.csv_button("risk_months", lambda: months_table(found), t("risk.csv_months"), "risk_csv_months")
        downloads.button(t("risk.draws_file"), "risk_draws_file", "draws", lambda: draws_file(found, many),
                         "parquet" if many else "csv")


def months_table(found: RiskResult) -> Table:
    """Quantiles by month, of the month and added up, each with two standard errors of its computation."""
    line, names = t("plan.line"), [t("risk.mean"), *(f"P{p}" for p in POINTS)]
    fields = [*map(Field, (line, t("file.key", label=line), t("plan.month"), t("file.counted"), t("file.unit"))),
              *(Field(n, OF_ROW) for n in names), *(Field(t("file.error", label=n), OF_ROW) for n in names)]
    rows = []
    for kind, read in (("one_month", found.months), ("so_far", found.so_far)):
        for key in _BANDED:
            banded, known = read(key), LINES[key] if key in LINES else KPIS[key]
            for i, month in enumerate(found.plan.months):
                numbers = (banded.mean[i], *banded.points[:, i])
                errors = (banded.mean_error[i], *banded.points_error[:, i])
                rows.append([t(f"{known.text_key}.label"), key, month, t(f"file.{kind}"), known.unit, *numbers,
                             *(2 * e for e in errors)])
    return Table(fields, rows)


def draws_file(found: RiskResult, many: bool) -> bytes:
    """CSV to count with, or Parquet in full precision where there are many."""
    columns = _draws(found)
    if not many:
        return csv_tables.csv_bytes(Table([field for field, _ in columns], zip(*(v for _, v in columns), strict=True)))
    heads, out = csv_tables.heads([field for field, _ in columns]), io.BytesIO()
    table = pa.table({head: np.asarray(v, float) * (f.unit.scale if f.unit else 1.0)
                      for head, (f, v) in zip(heads, columns, strict=True)})
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()


def _draws(found: RiskResult) -> list[tuple[Field, np.ndarray]]:
    """What each driver was, what happened and what came of it, draw by draw."""
    scenario, scores = found.scenario, found.scores()  # once: of many draws they are not kept
    out = [(Field(place_names.place_name(a, scenario), driver_of(a).unit), scores.value(a, m))
           for a, m in found.uncertain.marginals.items()]
    out += [(Field(t("file.happens", name=cause_name(scenario, ("event", k.removeprefix("event.")))), NUMBER), v)
            for k, v in found.run.outputs.items() if k.startswith("event.")]
    return out + [(Field(of_period(found, k, p), KPIS[k].unit), found.draws(k, p))
                  for k in TABLED for p in periods_of(len(found.plan.months))]
