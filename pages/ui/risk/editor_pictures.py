"""Pictures beside the editor of the risk settings: a distribution with its monthly part, the matrix of correlations."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st

from model import Scenario
from model.analysis.risk import pictures_data
from model.analysis.risk.correlation import Repair
from model.analysis.risk.distributions import Marginal
from model.analysis.risk.inputs import Uncertain, uncertain
from model.plan import risks as ri
from model.plan.risk_rules import value_at
from model.plan.schema import driver_of
from model.units import FACTOR, NUMBER, YUAN
from pages.ui.frame import grids
from pages.ui.frame.grids import Cell, Grid, figures, worded
from pages.ui.kit.formats import Step, ends, fixed, money_unit, number, rate, signed
from pages.ui.kit.texts import plain, t, unique
from pages.ui.risk import specs
from pages.ui.rows.row_editor import choose
from pages.ui.rows.row_rules import months_of
from pages.ui.words import place_names
from pages.ui.words.driver_labels import driver_label
from pages.ui.words.month_labels import month_labels

#: tables that have a picture
DRAWN = (ri.DISTRIBUTION, ri.CORRELATION)
PICKED = "risk_picture"
_POINTS = ("p10", "p50", "p90")
#: repairs shown in the table; the download has all
_MOST_REPAIRS = 12


def beside(scenario: Scenario, table: str, before: Scenario | None) -> None:
    """The picture of what a table sets. before: what the last picture showed, to turn to the row that was edited."""
    if table == ri.DISTRIBUTION:
        _distributions(scenario, before)
    elif table == ri.CORRELATION:
        _correlations(scenario)


def shown(address: str, value: float, step: Step | None = None) -> str:
    """A driver's value in its unit; factors as factors."""
    unit = driver_of(address).unit
    return signed(f"× {fixed(value, 2, '')}") if unit == FACTOR else number(value, unit, step)


def _shown_ends(address: str, low: float, high: float) -> tuple[str, str]:
    return ends(low, high, driver_of(address).unit, lambda value, _, step: shown(address, value, step))


def _axis(address: str) -> tuple[float, str]:
    """What an axis of a driver's values counts in: (divisor, word)."""
    unit = driver_of(address).unit
    if unit == YUAN:
        return money_unit()
    return 1 / unit.scale, "%" if unit.scale == 100 else t(f"unit.{unit.key}.label")


# --- distributions ------------------------------------------------------------------------------------------------------

def _distributions(scenario: Scenario, before: Scenario | None) -> None:
    found = uncertain(scenario)
    rows = [row["address"] for row in scenario.rows[ri.DISTRIBUTION].values()]
    words = unique({a: place_names.place_name(a, scenario) for a in dict.fromkeys([*rows, *found.marginals])})
    if not words:
        st.caption(t("risk.nothing_uncertain"))
        return
    edited = _edited(scenario, before)
    if edited:
        st.session_state[f"_next_{PICKED}"] = edited
    address = choose(t("risk_picture.which"), words, PICKED)
    left, right = st.columns(2, gap="medium")
    with left:
        _density(address, words[address], found.marginals.get(address), float(value_at(scenario.rows, address)))
    with right:
        _months(scenario, found, address)


def _edited(scenario: Scenario, before: Scenario | None) -> str | None:
    """The driver of the row in which two scenarios differ, the last one where there are several."""
    if before is None:
        return None
    old, new = (s.rows[ri.DISTRIBUTION] for s in (before, scenario))
    changed = [row["address"] for key, row in new.items() if old.get(key) != row]
    return changed[-1] if changed else None


def _density(address: str, name: str, marginal: Marginal | None, planned: float) -> None:
    if marginal is None:
        st.markdown(f"**{t('risk_picture.certain', driver=plain(name), value=shown(address, planned))}**")
        return
    drawn, (divisor, unit) = pictures_data.density(marginal), _axis(address)
    st.markdown(f"**{density_title(address, name, drawn)}**", help=t("risk_picture.density_help"))
    curves = [("curve", *drawn.curve)]
    sides = [side for side, share in (("below", drawn.below), ("above", drawn.above)) if share > pictures_data.SEEN]
    curves += [(side, *curve) for side, curve in zip(sides, drawn.off, strict=True)]
    marks = [("point", t(f"risk_picture.{k}", value=shown(address, v)), v / divisor)
             for k, v in zip(_POINTS, drawn.points, strict=True)]
    marks.append(("plan", t("risk_picture.plan", value=shown(address, planned)), planned / divisor))
    st.vega_lite_chart(specs.density_data([(r, x / divisor, y) for r, x, y in curves], marks),
                       specs.density_spec(unit), key="chart_density", width="stretch", alt=t("risk_picture.density_alt"))
    for side, share in (("below", drawn.below), ("above", drawn.above)):
        if share > pictures_data.SEEN:
            bound = getattr(driver_of(address), "low" if side == "below" else "high")
            st.caption(t(f"risk_picture.cut_{side}", share=rate(share), bound=shown(address, bound)))


def density_title(address: str, name: str, drawn: pictures_data.Density) -> str:
    """What the curve says, as a sentence."""
    low, high = _shown_ends(address, drawn.points[0], drawn.points[2])
    middle = shown(address, drawn.points[1])
    if drawn.flat:
        first, last = _shown_ends(address, *(float(drawn.curve[0][i]) for i in (0, -1)))
        return t("risk_picture.flat", driver=plain(name), first=first, last=last, low=low, high=high)
    if drawn.likely is None:
        return t("risk_picture.no_mode", driver=plain(name), middle=middle, low=low, high=high)
    return t("risk_picture.likely", driver=plain(name), likely=shown(address, drawn.likely), low=low, high=high)


def _months(scenario: Scenario, found: Uncertain, address: str) -> None:
    monthly = found.monthly.get(address)
    if monthly is None:
        st.caption(t("risk_picture.no_months"))
        return
    driver, level, (divisor, unit) = driver_of(address), float(value_at(scenario.rows, address)), _axis(address)
    months = months_of(scenario)
    drawn = pictures_data.paths(monthly, len(months), level, driver.low, driver.high)
    low, high = _shown_ends(address, *(float(np.median(drawn.band[i])) for i in (0, 2)))
    title = t("risk_picture.months", level=shown(address, level), low=low, high=high, rho=rate(monthly.rho, 0))
    st.markdown(f"**{title}**", help=t("risk_picture.months_help"))
    labels = month_labels(months)
    words = tuple(t(f"risk_picture.{k}_word") for k in _POINTS)
    st.vega_lite_chart(specs.paths_data(labels, drawn.band / divisor, drawn.paths / divisor, level / divisor),
                       specs.paths_spec(unit, words), key="chart_paths", width="stretch", alt=t("risk_picture.months_alt"))


# --- correlations -------------------------------------------------------------------------------------------------------

def _correlations(scenario: Scenario) -> None:
    found = pictures_data.matrix(scenario)
    if not found.cells:
        st.caption(t("risk_picture.no_correlations"))
        return
    names = unique({n: _short(scenario, n) for n in found.names})
    st.markdown(f"**{matrix_title(scenario, found)}**", help=t("risk_picture.matrix_help"))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _matrix(found, names)
    with right:
        repairs_table(scenario, found.repairs)
        if found.left_out:
            st.caption(t("risk_picture.left_out", count=found.left_out))
        if found.idle:
            idle = (scenario.rows[ri.CORRELATION][key] for key in found.idle)
            pairs = "; ".join(_pair(scenario, (row["a"], row["b"])) for row in idle)
            st.caption(t("risk_picture.idle", pairs=plain(pairs)))


def _matrix(found: pictures_data.Matrix, names: Mapping[str, str]) -> None:
    cells = [(names[c.a], names[c.b], c.asked, c.used, c.changed) for c in found.cells]
    st.vega_lite_chart(specs.matrix_data(cells), width="stretch", key="chart_matrix", alt=t("risk_picture.matrix_alt"),
                       spec=specs.matrix_spec(tuple(names.values()), (t("risk_picture.asked"), t("risk_picture.used"))))


def _short(scenario: Scenario, name: str) -> str:
    """A name for an axis: which rows a driver stands for is said beside the picture."""
    table = place_names.table_of(name)
    return driver_label(table, name) if table else place_names.place_name(name, scenario)


def _pair(scenario: Scenario, pair: tuple[str, str]) -> str:
    return " – ".join(place_names.correlate_name(scenario, name) for name in pair)


def matrix_title(scenario: Scenario, found: pictures_data.Matrix) -> str:
    """Whether the correlations fit together, and the largest change where they do not."""
    if not found.repairs:
        return t("risk_picture.valid", count=found.pairs)
    return repair_sentence(scenario, found.repairs)


def repair_sentence(scenario: Scenario, repairs: tuple[Repair, ...]) -> str:
    """How far the correlations in use are from those asked for."""
    worst = repairs[0]
    return t("risk_picture.repaired", count=len(repairs), pair=plain(_pair(scenario, worst.pair)),
             asked=_signed(worst.asked), used=_signed(worst.used))


def _signed(value: float) -> str:
    return signed(fixed(value, 2, "+"))


def repairs_table(scenario: Scenario, repairs: tuple[Repair, ...]) -> None:
    """Each pair that was changed."""
    if not repairs:
        return
    columns = [worded(t("risk_picture.pair")), *(figures(t(k), NUMBER) for k in (
        "risk_picture.asked", "risk_picture.used", "risk.change"))]
    rows = [[grids.word(_pair(scenario, r.pair)), Cell(_signed(r.asked), r.asked), Cell(_signed(r.used), r.used),
             Cell(_signed(r.used - r.asked), r.used - r.asked)] for r in repairs]
    grids.show(Grid("risk_repairs", columns, rows), _MOST_REPAIRS)
    if len(rows) > _MOST_REPAIRS:
        st.caption(t("changes.more", count=len(rows) - _MOST_REPAIRS))
