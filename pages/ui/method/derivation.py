"""The Method page's way down: one number, its equation with the values in it, and each name one click further down.

The address bar is the truth (`?figure=line.gmv&row=platform&month=3&via=…`): a figure can be linked to and survives a reload.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from model import Result, UnknownName
from model.analysis.explain import derive as de
from model.plan import rules
from model.plan.schema import ONLY, SINGLE, TABLES, join
from model.units import YUAN, Unit
from pages.ui.kit import views
from pages.ui.kit.formats import DASH, between, ends, money_in_full, number
from pages.ui.kit.texts import name_of, plain, t
from pages.ui.method import figure_values
from pages.ui.session import state
from pages.ui.words import figures
from pages.ui.words.channel_names import channel_name
from pages.ui.words.place_names import shown
from pages.ui.words.sources import set_by

START = "kpi.net_profit"
#: steps kept of the way down
MAX_STEPS = 12

class Place(NamedTuple):
    """A figure, of a channel or row ("" all), in a month (1 … M, 0 the whole plan)."""

    figure: str
    row: str = ""
    month: int = 0

    @property
    def kind(self) -> str:
        return self.figure.partition(".")[0]

    @property
    def key(self) -> str:
        return self.figure.partition(".")[2]

    @property
    def node(self) -> de.Node:
        return de.Node(self.kind, self.key, self.row, self.month)


def place_of(node: de.Node) -> Place:
    return Place(f"{node.kind}.{node.key}", node.row, node.month)


# --- the address -------------------------------------------------------------------------------------------------------

def read(result: Result) -> tuple[Place, str]:
    """The figure that the address asks for, and what of it the plan does not have ("" if all is well)."""
    query = st.query_params
    if "figure" not in query:
        return Place(START), ""
    month = query.get("month", "0")
    place = Place(query["figure"], query.get("row", ""), int(month) if re.fullmatch("[0-9]{1,2}", month) else -1)
    if fits(result, place):
        return place, ""
    asked = " · ".join(query[k][:40] for k in ("figure", "row", "month") if k in query)
    alone = Place(place.figure)
    return (alone if fits(result, alone) else Place(START)), asked


def fits(result: Result, place: Place) -> bool:
    """Whether the plan has this figure, row and month."""
    if not figures.known(place.figure) or not 0 <= place.month <= len(result.months):
        return False
    if place.kind == "figure":
        return not place.row or place.row in figure_values.rows_of(place.key, result)
    try:
        de.derive(result, place.node)
    except UnknownName:
        return False
    return True


def way(result: Result) -> list[Place]:
    """The steps that led here."""
    out = []
    for text in st.query_params.get("via", "").split(",")[:MAX_STEPS]:
        figure, _, rest = text.partition("~")
        row, _, month = rest.partition("~")
        place = Place(figure, row, int(month) if re.fullmatch("[0-9]{1,2}", month) else 0)
        if text and fits(result, place):
            out.append(place)
    return out


def go(place: Place, via: list[Place]) -> None:
    """In a callback: to this figure, with the steps that led there."""
    said = {"figure": place.figure, "row": place.row, "month": str(place.month) if place.month else "",
            "via": ",".join(f"{p.figure}~{p.row}~{p.month}" for p in via[-MAX_STEPS:])}
    query = {k: v for k, v in (st.query_params.to_dict() | said).items() if v or k not in said}
    st.query_params.from_dict(query)  # at once: each parameter set by itself is an entry of the browser's history


# --- the page ----------------------------------------------------------------------------------------------------------

def draw(result: Result) -> None:
    place, bad = read(result)
    via = way(result) if not bad else []
    if bad:
        st.warning(t("derive.bad", what=plain(bad)))
    _controls(result, place)
    if via:
        _way_back(result, place, via)
    if place.kind == "figure":
        _defined(result, place, via)
    elif place.kind == "driver":
        _driver(result, place)
    else:
        _derived(result, place, via)


def _controls(result: Result, place: Place) -> None:
    """Which figure, of what, in which month: each a view of the address."""
    options = figures.every()
    rows, months = rows_of(result, place), list(range(len(result.months) + 1)) if place.kind != "figure" else []
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        views.show(st.selectbox, t("derive.pick"), options, key="method_pick", value=place.figure, format_func=pick_name,
                  width=460, on_change=_picked)
        if rows:
            views.show(st.selectbox, t("derive.row"), ["", *rows], key="method_row", value=place.row, width=200,
                      on_change=_picked, format_func=lambda r: rows.get(r, t("derive.every_row")))
        if months:
            views.show(st.selectbox, t("derive.month"), months, key="method_month", value=place.month, width=160,
                      on_change=_picked, format_func=lambda m: month_name(result, m))


def _picked() -> None:
    chosen = st.session_state
    figure, same = chosen["method_pick"], chosen["method_pick"] == st.query_params.get("figure", START)
    keep = same and "method_row" in chosen
    go(Place(figure, chosen.get("method_row", "") if keep else "", chosen.get("method_month", 0) if same else 0), [])


def pick_name(figure: str) -> str:
    """A figure in the list of all: its term and what kind it is."""
    return f"{figures.term(figure)} · {t('derive.kind_' + Place(figure).kind)}"


def rows_of(result: Result, place: Place) -> dict[str, str]:
    """What a figure can be asked for: channels, rows of its table, KPIs."""
    if place.kind == "figure":
        return figure_values.rows_of(place.key, result)
    if place.kind == "driver" and place.key.partition(".")[0] not in SINGLE:
        table, field = place.key.split(".", 1)
        found = result.scenario.rows[table]
        return {k: name_of(found, k) for k, row in found.items()
                if table != "channel" or rules.applies(TABLES[table][field], row)}
    if place.kind == "driver" or not de.by_channel(place.kind, place.key):
        return {}
    return {c: channel_name(result.scenario, c) for c in result.channels}


def month_name(result: Result, month: int) -> str:
    return result.months[month - 1] if month else t("derive.whole")


def _way_back(result: Result, place: Place, via: list[Place]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="method_way"):
        st.caption(t("derive.up"), width="content")
        for i, step in enumerate(via):
            st.button(f"{plain(full_name(result, step))} ‹", key=f"up_{i}", type="tertiary", on_click=go, args=(step, via[:i]))
        st.markdown(f"**{plain(full_name(result, place))}**", width="content")


def full_name(result: Result, place: Place) -> str:
    """The figure with its row and month."""
    more = [rows_of(result, place).get(place.row, "")] if place.row else []
    more += [month_name(result, place.month)] if place.month else []
    return " · ".join([figures.term(place.figure), *more])


def _head(result: Result, place: Place, value: str) -> None:
    name = full_name(result, place)
    st.markdown(f"#### {plain(t('derive.head', name=name, value=value) if value else name)}")


# --- lines, KPIs, terms, indices ---------------------------------------------------------------------------------------

def span(found: de.Span, unit) -> str:
    if found.one:
        return number(found.low, unit)
    low, high = ends(found.low, found.high, unit)
    return t("derive.varies", low=low, high=high)


def _derived(result: Result, place: Place, via: list[Place]) -> None:
    told = de.derive(result, place.node)
    _head(result, place, span(told.value, told.unit))
    if told.node.month != place.month:
        st.caption(t("derive.last_month", month=month_name(result, told.node.month)))
    if told.equations:
        st.code("\n".join(_equation_lines(result, told)), language=None, wrap_lines=True)
    about = [figures.formula(place.figure)] if not told.equations else [
        t(f"{place.figure}.help"), *(t(f"function.{f}") for f in told.functions)]
    st.caption("  \n".join(plain(x) for x in about))
    here = Place(place.figure, place.row, told.node.month)
    _names(result, told, [*via, here])
    if told.parts:
        by = de.by_channel(place.kind, place.key)
        st.markdown(t("derive.sums_channel" if by else "derive.sums_month"))
        values = [(plain(_part_name(result, p)), place_of(p), span(de.ledger(result).at(p), told.unit)) for p in told.parts]
        _links(values, [*via, here], "part")


def _part_name(result: Result, node: de.Node) -> str:
    return month_name(result, node.month) if node.month else channel_name(result.scenario, node.row)


def _equation_lines(result: Result, told: de.Derivation) -> list[str]:
    """Each equation in the model's names, in words, and, where it holds of these values, with them."""
    out = []
    for kind, text in told.equations:
        who = f"{t(f'derive.{kind}')}: " if kind else ""
        out += [f"{who}{told.node.key} = {text}", f"  = {_filled(text, _word)}"]
        if told.holds:
            values = dict(told.names)
            total = f" = {_in_full(told.value, told.unit)}" if told.unit == YUAN and told.value.one else ""
            out.append(f"  = {_filled(text, lambda n, v=values: _value_in(result, v[n]))}{total}")
    return out


_NAMES = re.compile(r"[a-z][a-z_0-9]+(\[m−1\])?")


def _filled(text: str, word) -> str:
    """The equation with each name replaced; functions stay."""
    return _NAMES.sub(lambda m: m[0] if m[0] in de.FUNCTIONS else word(m[0]), text)


def _word(name: str) -> str:
    before = name.endswith("[m−1]")
    kind, key = de.resolve(name.removesuffix("[m−1]"))
    label = figures.term(f"{kind}.{key}")
    return f"{label} [{t('derive.earlier')}]" if before else label


def _value_in(result: Result, node: de.Node | None) -> str:
    if node is None:
        return "0"
    found = _in_full(de.ledger(result).at(node), de.unit_of(node.kind, node.key))
    return f"({found})" if found.startswith("−") else found


def _in_full(found: de.Span, unit: Unit) -> str:
    """A value in an equation: money to the yuan, so that its sum can be checked by hand."""
    return money_in_full(found.low) if unit == YUAN and found.one else span(found, unit)


def _names(result: Result, told: de.Derivation, via: list[Place]) -> None:
    if not told.names:
        return
    st.markdown(f"**{t('derive.names' if told.equations else 'derive.made_of')}**", help=t("derive.names_help"))
    rows: list[tuple[str, Place | None, str]] = []
    for name, node in told.names:
        if node is None:
            why = "derive.nothing_there" if told.node.month else "derive.earlier_open"
            rows.append((plain(_word(name)), None, t(why)))
        else:
            value = span(de.ledger(result).at(node), de.unit_of(node.kind, node.key))
            rows.append((plain(_word(name)), place_of(node), t("derive.no_single") if value == DASH else value))
    _links(rows, via, "down")


def _links(rows: Sequence[tuple[str, Place | None, str]], via: list[Place], key: str) -> None:
    """Name and value a line, the name a button that goes there."""
    with st.container(key=f"method_{key}", gap="xsmall"):
        for i, (label, place, value) in enumerate(rows):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.button(label, key=f"{key}_{i}", type="tertiary", icon=":material/subdirectory_arrow_right:",
                          on_click=go, args=(place, via), disabled=place is None)
                st.markdown(plain(value), width="content")


# --- figures with a definition -----------------------------------------------------------------------------------------

def _defined(result: Result, place: Place, via: list[Place]) -> None:
    """A figure that is neither line nor KPI: its definition, its value where one can be had at once, what it is made of."""
    row, rows = figures.OTHERS[place.key], rows_of(result, place)
    if rows and not place.row:
        values = [(plain(name), place._replace(row=k), _value(result, place.key, k)) for k, name in rows.items()]
        st.markdown(f"#### {plain(figures.term(place.figure))}")
    else:
        values = []
        _head(result, place, _value(result, place.key, place.row) if place.row else t("derive.no_single"))
    st.code(f"{figures.term(place.figure)} = {figures.formula(place.figure)}", language=None, wrap_lines=True)
    st.caption(plain(_said("derive.unit", figures.unit_words(place.figure))))
    if values:
        _links(values, [*via, place], "part")
    uses = [de.Node(*de.resolve(n)) for n in row.uses]
    if row.by == figures.BY_KPI and place.row:
        uses = [de.Node("kpi", place.row)]
    if row.by == figures.BY_TARGET and place.row:
        uses.append(de.Node("kpi", str(result.scenario.rows["target"][place.row]["kpi"])))
    rows_below = [(plain(figures.term(f"{n.kind}.{n.key}")), place_of(n), _of_channel(result, n, place.row)) for n in uses]
    if rows_below:
        st.markdown(f"**{t('derive.made_of')}**", help=t("derive.names_help"))
        _links([(label, _with_row(result, p, place.row), value) for label, p, value in rows_below], [*via, place], "down")
    _page_link(row.page, "derive.see_page")


def _with_row(result: Result, below: Place, row: str) -> Place:
    """The same channel further down, where the number is known by channel."""
    return below._replace(row=row) if row in rows_of(result, below) else below


def _of_channel(result: Result, node: de.Node, row: str) -> str:
    place = _with_row(result, place_of(node), row)
    return span(de.ledger(result).at(place.node), de.unit_of(node.kind, node.key)) if de.has_series(node) else ""


def _value(result: Result, key: str, row: str) -> str:
    value = figure_values.value_of(key, row, result)
    return DASH if value is None or math.isnan(value) else number(value, figure_values.unit_of(key, row, result))


# --- assumptions -------------------------------------------------------------------------------------------------------

def _driver(result: Result, place: Place) -> None:
    """The end of the way: the assumption as entered and as used, who set it, its source, bounds, unit, and where to change it."""
    table, field = place.key.split(".", 1)
    driver, rows = TABLES[table][field], rows_of(result, place)
    _head(result, place, span(de.ledger(result).at(place.node), driver.unit) if de.has_series(place.node) else "")
    st.markdown(plain(t(f"{place.figure}.help")))
    keys = [ONLY] if table in SINGLE else [place.row] if place.row else list(rows)
    for key in keys[:40]:
        _entry(result, table, key, field, rows.get(key, ""))
    words = [_said("derive.unit", figures.unit_name(driver.unit))]
    if driver.unit.is_number:
        words.append(_said("derive.bounds", between(driver.low, driver.high, driver.unit)))
    if driver.soft:
        words.append(_said("derive.usual", between(driver.soft[0], driver.soft[1], driver.unit)))
    st.caption(" · ".join(plain(w) for w in words))
    _page_link("assumptions", "derive.edit_here", at=join(table, ONLY if table in SINGLE else place.row or "*", field))


def _entry(result: Result, table: str, row: str, field: str, name: str) -> None:
    """One value as entered: who set it, and its source."""
    scenario, address = result.scenario, join(table, row, field)
    who, source = set_by(scenario, address)
    words = [plain(name)] if name else []
    words.append(_said("derive.entered", f"**{plain(shown(address, scenario.get(address)))}**"))
    words.append(_said("derive.who", plain(who)))
    words += [_said("method.source", plain(source))] if source else []
    st.markdown(" · ".join(words))


def _said(key: str, value: str) -> str:
    return t("derive.head", name=t(key), value=value)


def _page_link(page: str, text: str, **query: str) -> None:
    pages = st.session_state.get("_pages", {})
    if page in pages:
        st.page_link(pages[page], label=t(text, page=t(f"page.{page}")), icon=":material/arrow_forward:",
                     query_params={**state.carried(), **query})
