"""Two to six scenarios side by side: which are compared, and what stands in the tables and pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import streamlit as st

from model import KPIS, LINES, Result, SandtableError, Scenario
from model.analysis import compare
from model.analysis.risk.compare import compare_risks
from model.analysis.risk.simulate import RiskResult
from model.engine.kpis import find_period
from model.late import Late
from model.plan.scenario import counted
from model.plan.schema import split
from model.units import RATE
from pages.ui.compare import specs
from pages.ui.frame import grids, saving
from pages.ui.frame.grids import Cell, Grid, estimates, ranges, word, worded
from pages.ui.kit import tables, views
from pages.ui.kit.formats import DASH, between, difference, money_unit, number, sure
from pages.ui.kit.texts import listed, plain, t, together
from pages.ui.session import library, results, state
from pages.ui.words import made_names, periods, place_names, reach
from pages.ui.words.channel_names import channel_name
from pages.ui.words.month_labels import month_labels
from pages.ui.words.scenario_names import scenario_name

pd = Late("pandas")
MOST = 6
#: how many saved scenarios the picker offers, newest first
OFFERED = 200
#: what the key of the approved budget begins with
_BUDGET = "budget:"
MAX_ASSUMPTIONS = 300
#: rows of the table of assumptions that are shown without scrolling in it
ROWS_SHOWN = 14
BRIDGED = ("net_profit", "gmv", "net_revenue", "net_margin_rate")
_MONTHLY = ("gmv", "net_profit", "net_revenue", "contribution", "marketing", "orders", "cash")
_TABLE = ("gmv", "net_revenue", "net_profit", "net_margin_rate", "gross_margin_rate", "refund_rate", "marketing_rate",
          "spend_to_gmv", "roas_gmv", "roas_net", "cac_blended", "aov", "repurchase_rate_year", "private_share")


@dataclass(frozen=True)
class Side:
    """One of the compared: its name as shown, the scenario, what follows from it."""

    name: str
    scenario: Scenario

    @property
    def result(self) -> Result:
        return results.result_of(self.scenario)


def pick() -> list[Side]:
    """The reader's choice, in the order chosen; the first is the one that the others are compared with."""
    offered = _offered()
    wanted = [_as_offered(k, offered) for k in state.workspace().compared]
    wanted = list(dict.fromkeys(k for k in wanted if k in offered or k.startswith("store:")))
    for key in wanted:  # one of a large library stands in no list, and is called by its name all the same
        if key not in offered:
            offered = _told_apart({**offered, key: _stored_name(key)})
    keys = views.show(st.multiselect, t("compare.pick"), list(offered), key="compare_pick", max_selections=MOST,
                     value=wanted or _first_choice(offered), format_func=lambda k: offered.get(k, k),
                     help=t("compare.pick_help"), placeholder=t("compare.choose"), on_change=_picked)
    sides: list[Side] = []
    taken: set[str] = set()
    for key in keys:
        scenario = _scenario(key)
        if scenario is None:
            continue
        name = offered[key]
        name = name if name not in taken else f"{name} ({len(taken) + 1})"
        taken.add(name)
        sides.append(Side(name, scenario))
    return sides


def _picked() -> None:
    """The choice outlives a reload, as the work does."""
    state.workspace().compared = tuple(st.session_state["compare_pick"])
    state.remember()


def _as_offered(key: str, offered: dict[str, str]) -> str:
    """The approved budget stands in the list as such, whichever way it was chosen."""
    budget = key.replace("store:", _BUDGET, 1)
    return budget if key.startswith("store:") and budget in offered else key


def _stored_name(key: str) -> str:
    with suppress(SandtableError):
        return made_names.said(library.store().open(key.removeprefix("store:")).scenario.name)
    return t("compare.gone")


def _offered() -> dict[str, str]:
    """key -> label of everything that can be compared."""
    space = state.workspace()
    out = {"now": t("compare.now", name=scenario_name(space.scenario))}
    if space.changed:
        out["saved"] = t("compare.saved", name=scenario_name(space.saved))
    if space.baseline not in (space.saved, space.scenario):
        out["pinned"] = t("compare.pinned", name=scenario_name(space.baseline))
    if space.scenario.book.cells:
        out["forecast"] = t("compare.as_forecast", name=scenario_name(space.scenario))
    if space.scenario.base.name == state.SAMPLE:
        out |= {f"preset:{k}": t("compare.preset", name=t(f"preset.{k}")) for k in state.PRESETS}
    try:
        budget = library.budget(space.scenario)
        if budget is not None and budget.approval is not None:
            out[f"{_BUDGET}{budget.id}"] = t("compare.approved", year=budget.approval.year, name=made_names.said(budget.name))
        out |= {f"store:{e.id}": made_names.said(e.name) for e in library.store().list(limit=OFFERED).entries
                if budget is None or e.id != budget.id}
    except SandtableError as problem:
        st.warning(saving.reason(problem))
    return _told_apart(out)


def _told_apart(labels: dict[str, str]) -> dict[str, str]:
    """The same labels, each once, for what is compared bears its label in tables and pictures too."""
    taken: dict[str, str] = {}
    for key, label in labels.items():
        free = next(n for n in (label, *(f"{label} ({i})" for i in range(2, len(labels) + 2))) if n not in taken)
        taken[free] = key
    return {key: label for label, key in taken.items()}


def _first_choice(offered: dict[str, str]) -> list[str]:
    if "forecast" in offered:
        return ["now", "forecast"]
    if "saved" in offered:
        return ["saved", "now"]
    others = [k for k in offered if k != "now"]
    if budget := [k for k in others if k.startswith(_BUDGET)]:
        return [*budget, "now"]
    presets = [k for k in others if k.startswith("preset:")]
    return presets if len(presets) > 1 else ["now", *others[:1]]


def _scenario(key: str) -> Scenario | None:
    space = state.workspace()
    kind, _, name = key.partition(":")
    if kind == "preset":
        return state.presets()[name]
    if kind in ("store", "forecast", "budget"):
        try:
            return results.as_forecast(space.scenario) if kind == "forecast" else library.store().open(name).scenario
        except SandtableError as problem:
            st.warning(saving.reason(problem))
            return None
    return {"now": space.scenario, "saved": space.saved, "pinned": space.baseline}[key]


def longest(sides: Sequence[Side]) -> int:
    """Months of the longest plan: its years are what may be chosen."""
    return max(len(s.result.months) for s in sides)


def verdict(sides: list[Side], bridge: compare.Bridge, start: int, end: int, period: str) -> None:
    """Which earns most, and what makes the difference between the two of the bridge."""
    most = max(periods.covered(s.result, period) for s in sides)
    sides_of_it = [s for s in sides if periods.covered(s.result, period) == most]  # more months earn more by themselves
    earned = [float(np.nan_to_num(periods.value(s.result, "net_profit", period), nan=-np.inf)) for s in sides_of_it]
    best, unit = sides_of_it[int(np.argmax(earned))], KPIS["net_profit"].unit
    # a difference that no one can read is none
    alike = len(earned) > 1 and len({number(value, unit) for value in earned}) == 1
    words = [t("compare.alike" if alike else "compare.best", name=plain(best.name), span=periods.span(period, longest(sides)),
               profit=number(max(earned), unit))]
    bars = sorted(bridge.bars, key=lambda b: -abs(b.value))
    if bars and bars[0].value:
        of = KPIS[bridge.kpi].unit
        words.append(t("compare.because", start=plain(sides[start].name), end=plain(sides[end].name),
                       difference=difference(bridge.end - bridge.start, of), kpi=t(f"kpi.{bridge.kpi}.label"),
                       group=group_label(bars[0].group), part=difference(bars[0].value, of)))
    st.subheader(together(words), anchor=False)


def group_label(group: str) -> str:
    return t(f"bridge.{group}")


@lru_cache(maxsize=200)
def _bridge(a: Scenario, b: Scenario, kpi_key: str, period: str) -> compare.Bridge:
    with results.COMPUTING:
        return compare.bridge(a, b, kpi_key, period=period)


def bridge_between(sides: list[Side], start: int, end: int, kpi_key: str, period: str) -> compare.Bridge:
    return _bridge(counted(sides[start].scenario), counted(sides[end].scenario), kpi_key, period)


def kpi_table(sides: list[Side], period: str) -> None:
    """Every KPI by scenario, with the difference from the first."""
    first, rest = sides[0], sides[1:]
    names = _with_months(sides, period)
    head = [periods.labelled(t("compare.kpi"), period, longest(sides)), names[0]]
    for name in names[1:]:
        head += [name, t("compare.against_first")]
    rows = []
    for key in _TABLE:
        row = KPIS[key]
        base = periods.value(first.result, key, period)
        cells = [t(f"kpi.{key}.label"), number(base, row.unit)]
        for side in rest:
            value = periods.value(side.result, key, period)
            cells += [number(value, row.unit), difference(periods.change(side.result, first.result, key, period), row.unit)]
        rows.append(cells)
    tables.plain("compare_kpis", head, rows)


def _with_months(sides: list[Side], period: str) -> list[str]:
    """Their names, each with its months where these are unequal."""
    spans = [periods.covered(s.result, period) for s in sides]
    unequal = len({*spans} - {0}) > 1
    return [t("period.of_months", text=s.name, count=n) if unequal and n else s.name for s, n in zip(sides, spans, strict=True)]


def _overlay(table: Callable[[list[Result], str], compare.Overlay], sides: list[Side], key: str, period: str) -> compare.Overlay:
    """A table of the months of the period, a row of nan for a plan that does not reach it."""
    there = [periods.covered(s.result, period) > 0 for s in sides]
    found = table([periods.months_of(s.result, period) for s, is_there in zip(sides, there, strict=True) if is_there], key)
    values = np.full((len(sides), len(found.columns)), np.nan)
    values[there] = found.values
    return compare.Overlay(found.columns, values)


def _title(kind: str, names: Sequence[str], totals: np.ndarray, said: Sequence[str], **words: str) -> None:
    """Who has most, or that all have the same."""
    known = {text for text, total in zip(said, totals, strict=True) if np.isfinite(total)}
    most, same = int(np.nanargmax(totals)), "_same" if len(known) == 1 < np.isfinite(totals).sum() else ""
    st.markdown(f"**{t(f'compare.{kind}{same}', name=plain(names[most]), value=said[most], **words)}**")


def months(sides: list[Side], period: str) -> None:
    """One line a scenario over the months of the period."""
    key = st.segmented_control(t("compare.line"), _MONTHLY, key="compare_line", default="gmv", required=True, wrap=True,
                               format_func=lambda k: t(f"line.{k}.label"))
    divisor, unit = money_unit() if LINES[key].unit.key == "yuan" else (1.0, t(f"unit.{LINES[key].unit.key}.label"))
    overlay = _overlay(compare.month_lines, sides, key, period)
    names, balance = tuple(s.name for s in sides), LINES[key].kind == "balance"
    totals = np.array([_over(v[np.isfinite(v)], balance) for v in overlay.values])
    said = [number(v, LINES[key].unit) for v in totals]
    _title("months_title_end" if balance else "months_title", names, totals, said, line=t(f"line.{key}.label"),
           span=periods.span(period, longest(sides)))
    st.vega_lite_chart(specs.months_data(month_labels(overlay.columns), names, overlay.values / divisor),
                       specs.months_spec(names, unit), key="compare_months", width="stretch",
                       alt=t("compare.months_alt", line=t(f"line.{key}.label"), names=_with(names, said)))


def _over(values: np.ndarray, balance: bool) -> float:
    """A flow's sum, a balance's last; nan of no months."""
    if not values.size:
        return np.nan
    return float(values[-1] if balance else values.sum())


def spend_by_channel(sides: list[Side], period: str) -> None:
    """Spend by channel over the period, the scenarios beside each other."""
    overlay = _overlay(compare.channel_table, sides, "spend", period)
    spending = np.nan_to_num(overlay.values).any(axis=0)
    keys = [k for k, spends in zip(overlay.columns, spending, strict=True) if spends]
    values = overlay.values[:, spending]
    divisor, unit = money_unit()
    label = {k: next(channel_name(s.scenario, k) for s in sides if k in s.scenario.rows["channel"]) for k in keys}
    names = tuple(s.name for s in sides)
    totals = np.array([_over(v[np.isfinite(v)], False) for v in overlay.values])
    said = [number(v, KPIS["gmv"].unit) for v in totals]
    _title("split_title", names, totals, said, span=periods.span(period, longest(sides)))
    st.vega_lite_chart(specs.split_data([label[k] for k in keys], names, np.nan_to_num(values) / divisor),
                       specs.split_spec(names, unit, len(keys)), key="compare_split", width="stretch",
                       alt=t("compare.split_alt", names=_with(names, said)))


def _with(names: Sequence[str], said: Sequence[str]) -> str:
    """Each name with its number."""
    return listed(f"{name} {value}" for name, value in zip(names, said, strict=True))


def assumptions(sides: list[Side]) -> None:
    """What differs, and only that."""
    found = compare.differences([s.scenario for s in sides])
    st.markdown(f"**{t('compare.assumptions', count=len(found))}**")
    if not found:
        st.caption(t("compare.same_assumptions"))
        return
    everyone = [s.scenario for s in sides]
    rows = [{t("desk.assumption"): place_names.place_name(d.address, *everyone)} |
            {s.name: _cell(d.address, v) for s, v in zip(sides, d.values, strict=True)} for d in found[:MAX_ASSUMPTIONS]]
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", key="compare_assumptions",
                 height="content" if len(rows) <= ROWS_SHOWN else "auto")
    if len(found) > MAX_ASSUMPTIONS:
        st.caption(t("compare.more", count=len(found) - MAX_ASSUMPTIONS))


def _cell(address: str, value: object) -> str:
    return DASH if value is None else place_names.shown(address, value)


def value_at(scenario: Scenario, address: str) -> str:
    """What stands at an address, a dash where the scenario has no such row; of a whole row, whether it is there."""
    a = split(address)
    there = a.row in scenario.rows[a.table]
    if not a.field:
        return t("changes.there" if there else "changes.not_there")
    return _cell(address, scenario.get(address) if there else None)


def _common(sides: list[Side], side: Side) -> RiskResult:
    """On draws that all the compared share: those of the first one's base."""
    draws = min(results.first_draws(s.scenario) for s in sides)
    return results.common_risk_of(side.scenario, sides[0].scenario.base, draws)


def risks(sides: list[Side], period: str) -> None:
    """Ranges and chances as on each one's own pages, and, on common draws, the chance that each beats the first."""
    reaching = [s for s in sides if find_period(period, s.result.months) is not None]
    title = periods.labelled(t("compare.risks"), period, longest(sides))
    st.markdown(f"**{title}**", help=t("compare.risks_help"))
    first = _common(sides, sides[0])
    columns = [worded(t("shelf.name")), *(ranges(t("compare.range", kpi=t(f"kpi.{k}.label")), KPIS[k].unit)
                                          for k in ("gmv", "net_profit")),
               estimates(t("compare.target_chance"), RATE), estimates(t("compare.loss_chance"), RATE),
               *(estimates(t("compare.beats", kpi=t(f"kpi.{k}.label"), name=sides[0].name), RATE)
                 for k in ("gmv", "net_profit"))]
    rows = []
    for side in sides:
        found = results.risk_of(side.scenario)
        if side not in reaching:
            rows.append([word(side.name), *(Cell(DASH, None) for _ in columns[1:])])
            continue
        both = side is not sides[0] and not periods.apart(side.result, sides[0].result, period)
        against = compare_risks(_common(sides, side), first, ("gmv", "net_profit"), period) if both else {}
        rows.append([word(side.name), *(_range(found, k, period) for k in ("gmv", "net_profit")), _target(found, period),
                     _loss(found, period), *(_beats(against.get(k)) for k in ("gmv", "net_profit"))])
    grids.show(Grid("compare_risks", columns, rows))


def _range(found: RiskResult, key: str, period: str) -> Cell:
    low, high = (float(found.year(key, period).point(p)) for p in (10, 90))
    return Cell(between(low, high, KPIS[key].unit), (low, high))


def _chance(chance: float, error: float) -> Cell:
    return Cell(sure(chance, error), (chance, 2 * error))


def _target(found: RiskResult, period: str) -> Cell:
    """Whether the plan reaches its GMV target, and how likely that is."""
    target = reach.target(found.plan, "gmv", period)
    if target is None:
        return Cell(DASH, None)
    chance = found.chances[target.key]
    return Cell(reach.short(target, found), (chance.chance, 2 * chance.error))


def _loss(found: RiskResult, period: str) -> Cell:
    chance, error = found.chance("net_profit", 0.0, period)
    return _chance(1 - chance, error)


def _beats(found) -> Cell:
    return Cell(DASH, None) if found is None else _chance(found.better, found.better_error)
