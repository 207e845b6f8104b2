"""What decides it, by two measures one click apart: every assumption moved alike, and each one's share of the uncertainty.

The first asks how much hangs on an assumption, the second also how little is known of it: where they name different ones,
the second says why.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import streamlit as st

from model import KPIS, Scenario
from model.analysis.sensitivity import SWING, swing_of
from model.late import Late
from pages.ui.kit import charts, views
from pages.ui.kit.formats import axis_unit, difference, none, rate, size
from pages.ui.kit.texts import inside, name_of, plain, t, together
from pages.ui.session import results
from pages.ui.words import periods
from pages.ui.words.driver_labels import driver_label

if TYPE_CHECKING:
    from model.analysis.risk.simulate import RiskResult

shares_of = Late("model.analysis.risk.shares")
SWINGS, SHARES = "swing", "share"
#: which one a page opens with
_FIRST = {"simulate": SWINGS, "risk": SHARES}
#: bars of either picture, and a share below which there is no bar
BARS, _LEAST = 10, 5e-4
#: what decides: (table, driver key), or ("event", key)
Cause = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Picture:
    """title: with numbers. spec: None where there is nothing to draw. help: of its title. why: why the other measure names
    another first, "" where it does not."""

    key: str
    title: str
    spec: dict[str, Any] | None = None
    data: Any = None
    help: str = ""
    why: str = ""

    @property
    def alt(self) -> str:
        """What is drawn, for those who hear the page."""
        return t(f"decides.{self.key}_alt")


def measure(page: str) -> str:
    return st.session_state.get(f"_decides_{page}", _FIRST[page])


def choice(page: str) -> None:
    """The switch between the two, which each page remembers."""
    views.show(st.segmented_control, t("decides.choice"), (SWINGS, SHARES), key=f"decides_{page}", value=measure(page),
               required=True, on_change=_choose, args=(page,), format_func=lambda m: t(f"decides.{m}", size=rate(SWING, 0)),
               label_visibility="collapsed", width="content")


def _choose(page: str) -> None:
    st.session_state[f"_decides_{page}"] = st.session_state[f"decides_{page}"]


def _help() -> str:
    """What the two measures are."""
    return t("decides.help", size=rate(SWING, 0))


def picture(page: str, scenario: Scenario, key: str, period: str, risk: Callable[[], RiskResult]) -> Picture:
    """The chosen measure's picture of a KPI over a period. risk: asked for where draws are needed."""
    kpi = inside(periods.labelled(t(f"kpi.{key}.label"), period, scenario.get("months")))
    return _shares(risk(), key, period, kpi) if measure(page) == SHARES else _swings(scenario, key, period, kpi)


def _swings(scenario: Scenario, key: str, period: str, kpi: str) -> Picture:
    top, unit = results.decides_of(scenario, period, key).swings[:BARS], KPIS[key].unit
    divisor, word = axis_unit(unit)
    extent = charts.nice(1.15 * max(*(s.size for s in top), 0.01 * divisor)) / divisor
    words = t("chart.less"), t("chart.more")
    data = charts.tornado_data([driver_label(s.table, s.key) for s in top], [s.low for s in top], [s.high for s in top],
                               divisor, *words, extent)
    said = {"first": inside(driver_label(top[0].table, top[0].key)), "size": size(top[0].size, unit), "kpi": kpi,
            "swing": rate(SWING, 0)}
    moved = not none(difference(top[0].size, unit))
    return Picture("chart_tornado", t("decides.swing_title" if moved else "decides.swing_none", **said),
                   charts.tornado_spec(word, *words), data, _help())


def _shares(found: RiskResult, key: str, period: str, kpi: str) -> Picture:
    shares, rest = causes(found, key, period)
    top = [(cause, share) for cause, share in shares[:BARS] if share > _LEAST]
    if not top:
        return Picture("chart_shares", t("risk.nothing_uncertain"))
    title = t("decides.share_title", first=inside(cause_name(found.scenario, top[0][0])), share=rate(top[0][1]), kpi=kpi)
    return Picture("chart_shares", title, charts.shares_spec(len(top), t("risk.share_of_variance")),
                   charts.shares_data([cause_name(found.scenario, c) for c, _ in top], [s for _, s in top]),
                   together([_help(), t("risk.shares_help", rest=rate(rest))]), why(found, key, period))


@lru_cache(maxsize=16)
def causes(found: RiskResult, key: str, period: str) -> tuple[tuple[tuple[Cause, float], ...], float]:
    """Share of a KPI's variance by cause, the largest first, and what none of them explains. A driver of several rows is one."""
    parts = shares_of.variance_shares(found, key, period)
    out: dict[Cause, float] = {}
    for name, share in parts.shares.items():
        event, address = name.startswith("event."), name.partition(" by month")[0]
        cause = ("event", name.removeprefix("event.")) if event else swing_of(address)
        out[cause] = out.get(cause, 0.0) + share
    return tuple(sorted(out.items(), key=lambda item: -item[1])), parts.rest


def cause_name(scenario: Scenario, cause: Cause) -> str:
    return name_of(scenario.rows["event"], cause[1]) if cause[0] == "event" else driver_label(*cause)


def why(found: RiskResult, key: str, period: str) -> str:
    """Why the largest share of the uncertainty is not what moves the KPI most; "" where it is."""
    top, shares = results.decides_of(found.scenario, period, key).swings[0], causes(found, key, period)[0]
    swing, share = (top.table, top.key), shares[0][0]
    if swing == share:
        return ""
    own = shares_of.usual_range(found, swing)
    ranges = [(swing, own), *([] if share[0] == "event" else [(share, shares_of.usual_range(found, share))])]
    known = [t("decides.range", name=plain(cause_name(found.scenario, c)), low=_change(r[0]), high=_change(r[1]))
             for c, r in ranges if r]
    reason = t("decides.why_event", first=plain(cause_name(found.scenario, share))) if share[0] == "event" else ""
    certain = "" if own else t("decides.why_certain", first=plain(cause_name(found.scenario, swing)))
    lead = t("decides.why", first=inside(plain(cause_name(found.scenario, swing))), swing=rate(SWING, 0))
    return together(filter(None, [lead, *known, reason, certain]))


def _change(part: float) -> str:
    return ("+" if part > 0 else "") + rate(part, 0)
