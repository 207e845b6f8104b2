"""The ROI to type into an ad platform: from which one on each channel pays, which one leaves a wanted margin, and today's."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import streamlit as st

from model import Result, Scenario, kpi
from model import units as u
from model.analysis.platform_roi import PlatformRoi, platform_roi, unordered_costs
from model.engine.kpis import YEAR
from model.plan.drivers import Driver
from pages.ui.channels import view
from pages.ui.frame import downloads, grids
from pages.ui.frame.grids import Cell, Grid, amount, figures, word, worded
from pages.ui.kit import fields, sections, views
from pages.ui.kit.csv_tables import Field, Table
from pages.ui.kit.formats import DASH, number, rate
from pages.ui.kit.texts import listed, plain, t, together
from pages.ui.session import results
from pages.ui.words.channel_names import channel_name
from pages.ui.words.month_labels import month_labels

#: what a platform shows and what it has to, in the order of the table
MEASURES = ("now", "break_even", "target", "break_even_coming", "target_coming")
#: how a channel stands, the best first; what a sentence counts together
VERDICTS = ("reached", "above", "later", "below", "never")
_WANTED = Driver("wanted", u.RATE, None, high=0.9)


@lru_cache(maxsize=64)
def found_of(scenario: Scenario, wanted: float, by_month: bool = False) -> PlatformRoi:
    result = results.result_of(scenario)
    months = len(result.months)
    return platform_roi(result, wanted, [slice(m, m + 1) for m in range(months)] if by_month else [slice(None)])


def verdict(now: float, break_even: float, target: float, coming: float) -> str:
    """Where today's ROI stands among those that it has to be; "" where there is none. coming: break-even with later repeats."""
    if math.isnan(now) or math.isnan(break_even):
        return ""
    if now >= target:
        return "reached"
    if now >= break_even:
        return "above"
    return "later" if now >= coming else "never" if math.isinf(coming) else "below"


def verdicts(found: PlatformRoi) -> list[str]:
    """Of each channel over the plan."""
    series = (found.now, found.break_even, found.target, found.break_even_coming)
    return [verdict(*map(float, row)) for row in np.stack([a[:, 0, 0] for a in series], axis=1)]


def value_of(result: Result, measure: str, channel: str) -> float:
    """One of the figures over the plan, nan where there is none or no ROI is enough."""
    found = found_of(result.scenario, 0.0)
    value = float(getattr(found, measure)[found.channels.index(channel), 0, 0]) if channel in found.channels else math.nan
    return value if math.isfinite(value) else math.nan


# --- what it says ------------------------------------------------------------------------------------------------------

def draw(result: Result) -> None:
    """The sentence, the margin that is wanted, the table by channel, and by month when it is asked for."""
    said = st.empty()
    wanted = _asked(result)
    found = found_of(result.scenario, wanted)
    with said:
        st.markdown(f"**{sentence(result, found)}**", help=t("roi.help"))
    grids.show(roi_grid(result, found))
    rows = list(zip(found.channels, found.now[:, 0, 0], found.break_even[:, 0, 0], strict=True))
    why = view.average_and_marginal(result.scenario, rows, view.responses_of(result.scenario))
    st.caption("  \n".join(filter(None, [t("roi.contains"), why])))
    sections.drawer(t("roi.months"), "roi_months", lambda: _months(result, wanted), ":material/calendar_month:")


def sentence(result: Result, found: PlatformRoi) -> str:
    """The channel that most is spent on, and how many stand where."""
    stand = verdicts(found)
    known = [i for i, v in enumerate(stand) if v]
    if not known:
        return t("roi.nobody")
    spend = result.by_channel["spend"].sum(axis=(1, 2))
    first = max(known, key=lambda i: spend[i])
    words = {k: number(float(getattr(found, k)[first, 0, 0]), u.RATIO) for k in MEASURES}
    even = found.break_even[first, 0, 0]
    text = [t("roi.lead" if math.isfinite(even) else "roi.lead_never", name=_name(result, found.channels[first]), **words)]
    if stand[first] == "later":
        text.append(t("roi.lead_later", **words))
    return together([*text, t("roi.tally", count=len(known), places=listed(
        [t(f"roi.stand_{v}", count=stand.count(v)) for v in VERDICTS if v in stand]))])


def _name(result: Result, channel: str) -> str:
    return plain(channel_name(result.scenario, channel))


def _asked(result: Result) -> float:
    """What the orders of a channel shall leave of their net revenue once the ads are paid."""
    costs = float(unordered_costs(result)[0])
    label, spread = t("rows.label", label=t("roi.wanted"), unit=t("unit.rate.label")), t("roi.shared", costs=rate(costs))
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        wanted = fields.kept(label, "roi_wanted", _WANTED, start(result), width=250, help=t("roi.wanted_help"))
        shared = st.toggle(spread, key="roi_shared", persist_state="session", help=t("roi.shared_help"))
    return wanted + (costs if shared and math.isfinite(costs) else 0.0)


def start(result: Result) -> float:
    """The net margin that the plan sets itself as its target; without one, what it reaches, but no loss."""
    aims = [x.target for x in results.targets_of(result) if (x.kpi, x.period) == ("net_margin_rate", YEAR)]
    wanted = aims[0] if aims else round(float(kpi(result, "net_margin_rate")[0]), 3)
    return min(max(0.0, wanted), _WANTED.high) if math.isfinite(wanted) else 0.0


# --- tables ------------------------------------------------------------------------------------------------------------

def _roi(value: float) -> Cell:
    """A needed ROI; words where no ROI is enough."""
    return Cell(t("roi.no_roi"), None) if math.isinf(value) else amount(value, u.RATIO)


def roi_grid(result: Result, found: PlatformRoi) -> Grid:
    """By channel over the plan, with the verdict in a word."""
    columns = [worded(t("channel.name")), *(figures(t(f"roi.{k}"), u.RATIO, t(f"roi.{k}_note")) for k in MEASURES),
               worded(t("roi.verdict")), figures(t("line.spend.label"), u.YUAN, t("line.spend.help"))]
    rows = [[word(channel_name(result.scenario, c)), *(_roi(float(getattr(found, k)[i, 0, 0])) for k in MEASURES),
             word(t(f"roi.is_{stand}") if stand else DASH), amount(float(result.by_channel["spend"][i].sum()), u.YUAN)]
            for i, (c, stand) in enumerate(zip(found.channels, verdicts(found), strict=True))]
    return Grid("platform_roi", columns, rows)


def _months(result: Result, wanted: float) -> None:
    """One of the figures by channel and month; the file has all of them."""
    key = st.session_state.get("roi_measure")
    key = views.show(st.segmented_control, t("roi.which"), MEASURES, key="roi_measure", value=key if key in MEASURES else
                     "break_even", required=True, format_func=lambda k: t(f"roi.{k}"))
    found = found_of(result.scenario, wanted, by_month=True)
    grids.table(month_grid(result, found, key))
    downloads.csv_button("platform_roi_months", lambda: months_table(result, found), t("grid.download"), type="tertiary")


def month_grid(result: Result, found: PlatformRoi, key: str) -> Grid:
    columns = [worded(t("channel.name")), *(figures(label, u.RATIO) for label in month_labels(result.months))]
    rows = [[word(channel_name(result.scenario, c)), *(_roi(float(v)) for v in getattr(found, key)[i, :, 0])]
            for i, c in enumerate(found.channels)]
    return Grid("platform_roi_months", columns, rows)


def months_table(result: Result, found: PlatformRoi) -> Table:
    """Every figure by channel and month; empty where no ROI is enough."""
    fields_ = [Field(t("channel.name")), Field(t("plan.month")), *(Field(t(f"line.{k}.label"), u.YUAN) for k in ("spend", "gmv")),
               *(Field(t(f"roi.{k}"), u.RATIO) for k in MEASURES)]
    rows = [[channel_name(result.scenario, c), month, *(float(result.by_channel[k][i, m, 0]) for k in ("spend", "gmv")),
             *(_finite(float(getattr(found, k)[i, m, 0])) for k in MEASURES)]
            for i, c in enumerate(found.channels) for m, month in enumerate(result.months)]
    return Table(fields_, rows)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
