"""Every figure that a page shows has a term, a unit and a formula in both languages: the pages are opened and walked."""

from __future__ import annotations

import json
import re

import pytest
import screens
import streamlit as st
from every import turns
from screens import settled
from streamlit.testing.v1 import AppTest

from model import evaluate
from model.analysis.explain.derive import resolve
from pages.ui.frame import grids, shown, top_bar
from pages.ui.frame.grids import Cell, Grid, word, worded
from pages.ui.kit import tables, texts
from pages.ui.words import figures
from samples import changed, just_after_june, sample

LANGUAGES = tuple(texts.LANGUAGES)
each_language = pytest.mark.parametrize("language", LANGUAGES)
#: boxes that draw when they are opened
BOXES = {"simulate": ("channel_edit",), "channels": ("roi_months",)}
#: what of a page is drawn one at a time
TABS = {"simulate": ({"_decides_simulate": "share"},),
        "risk": ({"risk_table": "distribution"}, {"risk_table": "correlation"}, {"_decides_risk": "swing"})}
#: editors of single assumptions: their columns are drivers by key
_ID = re.compile(r"[0-9a-f]{32}-")
_SHEET = re.compile(r'<table class="sheet-(\w+)">(.*?)</table>', re.DOTALL)
#: counts of what columns repeat over
REPEATED = ("months", "cohorts", "sides", "rest")
EDITORS = re.compile(r"(edit_|risk_editor_|typed_)")


# --- what is on a page -------------------------------------------------------------------------------------------------

class Walker:
    """Elements of a page with what they show: tables with their columns, charts with their axes."""

    def __init__(self, page: str):
        self.page, self.charts, self.frames = page, {}, {}

    def watch(self, patch) -> None:
        """Charts and frames do not keep their keys on the way to the browser: they are noted where they are drawn."""
        draw, frame = st.vega_lite_chart, st.dataframe

        def noted(data, spec, *args, **more):
            self.charts[more["key"]] = spec
            return draw(data, spec, *args, **more)

        def framed(data, *args, **more):
            self.frames[more.get("key", "without a key")] = len(data.columns)
            return frame(data, *args, **more)

        patch.setattr(st, "vega_lite_chart", noted)
        patch.setattr(st, "dataframe", framed)

    def again(self, at: AppTest) -> None:
        """Only what is drawn from here on."""
        self.charts.clear()
        self.frames.clear()
        screens.again(at)

    def tables(self, at: AppTest) -> dict[str, int]:
        """Columns of each table of numbers by the table's key."""
        out = dict(self.frames)
        for e in at.get("bidi_component"):
            data = json.loads(e.proto.json or "{}")
            if "head" in data:
                out[_ID.split(e.proto.id)[-1]] = len(data["head"])
            for name, table in _SHEET.findall(data.get("sheet", "")):
                out[f"sheet_{name}"] = table.count('scope="col"')
        for e in at.dataframe:
            if _ID.search(e.proto.id):
                out[_ID.split(e.proto.id)[-1]] = len(e.value.columns)
        return out


def axes(spec, found=None) -> set[str]:
    """Titles of what is measured in a chart."""
    found = set() if found is None else found
    for value in spec.values() if isinstance(spec, dict) else ():
        if isinstance(value, dict) and value.get("type") == "quantitative":
            axis = value.get("axis")
            found |= {x for x in (value.get("title"), axis.get("title") if isinstance(axis, dict) else None) if x}
        axes(value, found)
    for value in spec if isinstance(spec, list) else ():
        axes(value, found)
    return found


def declared(page: str, key: str) -> tuple[str, ...] | None:
    """The figures of an element of a page; None where it is not declared."""
    elements = shown.SHOWN[page]
    if key in elements:
        return elements[key]
    return next((row for name, row in elements.items() if name.endswith("*") and key.startswith(name[:-1])), None)


def columns(figures_: tuple[str, ...], counts: dict[str, int]) -> int:
    """How many columns these figures make."""
    return sum(counts[k.split()[1]] if " " in k else 1 for k in figures_)


def undeclared(page: str, tables: dict[str, int], charts: dict[str, object], counts: dict[str, int]) -> list[str]:
    """What a page shows without saying which figure it is."""
    out = []
    for key, width in tables.items():
        said = declared(page, key)
        if said is None and not EDITORS.match(key):
            out.append(f"{page}: table {key} is not declared")
        elif said is not None and columns(said, counts) != width:
            out.append(f"{page}: table {key} has {width} columns, {columns(said, counts)} are declared")
    for key, spec in charts.items():
        said, titles = declared(page, key), axes(spec if isinstance(spec, dict) else json.loads(spec))
        if said is None:
            out.append(f"{page}: chart {key} is not declared")
        elif len(titles) > len(said):
            out.append(f"{page}: chart {key} measures {sorted(titles)}, declared are {said}")
    return out


def opened(page: str, language: str, walker: Walker, monkeypatch) -> AppTest:
    """A page with all of its boxes open and what it computes on request computed."""
    monkeypatch.setattr(texts, "DEFAULT", language)
    walker.watch(monkeypatch)
    at = screens.app(language, page)
    if BOXES.get(page):
        screens.opened(at, *BOXES[page])
    if page == "print":  # a table of its own says what differs from the baseline
        at.session_state["workspace"].scenario = changed(budget=14e6)
        screens.again(at)
    if page == "review":  # half a year is known, and refunds of it are still to come
        at.session_state["workspace"].scenario = just_after_june()
        screens.again(at)
    if page == "risk":  # two correlations that cannot both be: the repair is shown
        rows = {"a": "channel.platform.cvr", "b": "channel.platform.ctr", "rho": 0.99}
        others = {"x": {"b": "channel.platform.cpm"}, "y": {"a": "channel.platform.cpm", "rho": -0.99}}
        at.session_state["workspace"].scenario = changed(**{
            f"correlation__{key}__{f}": v for key, more in (("w", {}), *others.items()) for f, v in {**rows, **more}.items()})
        screens.again(at)
    if page in ("risk", "print"):
        settled(at, "register")
    if page == "review":
        settled(at, "landing", seconds=240)
        settled(at, "moves", seconds=240)
    walker.again(at)
    for box in TABS.get(page, ()):  # drawn one after the other; what was noted before stays
        for key, value in box.items():
            at.session_state[key] = value
        screens.again(at)
    return at


def counts_of(page: str) -> dict[str, int]:
    months = len(evaluate(sample()).months)
    return {"months": months, "cohorts": months, "sides": 3, "rest": 2}


# --- the walk ----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("page, language", turns([p for p in top_bar.PAGES if p not in ("optimize", "scenarios")], LANGUAGES))
def test_every_figure_of_every_page_is_declared(page, language, monkeypatch):
    walker = Walker(page)
    at = opened(page, language, walker, monkeypatch)
    tables = walker.tables(at)
    assert page in ("own",) or tables, "the walker sees no table"
    assert undeclared(page, tables, walker.charts, counts_of(page)) == []
    seen = {*tables, *walker.charts}
    assert [k for k in shown.SHOWN[page] if k not in ("cards", "statement_lines")
            and not any(x == k or k.endswith("*") and x.startswith(k[:-1]) for x in seen)] == [], "declared and not there"
    if page == "plan":
        rows = [r["key"] for r in screens.component(at, "statement")["rows"] if not r.get("of")]
        assert {f"line.{k}" for k in rows} == set(declared(page, "statement_lines"))
    if page == "simulate":
        cards = re.findall(r"sd-band-(\w+)", "".join(e.proto.body for e in at.get("html") if "sd-cards" in e.proto.body))
        assert len(set(cards)) == 8 and {f"kpi.{k}" for k in cards} <= set(declared(page, "cards"))


@pytest.mark.parametrize("tab, ask, language", [(*tab, language) for tab, language in turns(
    [(0, ""), (1, "frontier"), (2, "goal"), (3, "")], LANGUAGES)])
def test_every_figure_of_the_optimizer_is_declared(tab, ask, language, monkeypatch):
    walker = Walker("optimize")
    at = opened("optimize", language, walker, monkeypatch)
    at.session_state["optimize_tab"] = [x.label for x in at.tabs][tab]
    at.session_state["goal_own"] = ask == "goal"
    screens.again(at)
    if ask == "goal":
        settled(at, "needed")
    if ask:
        at.button(key=f"go_{ask}").click().run()
        settled(at, ask)
    if not tab:
        settled(at, "why")
    seen = {**walker.tables(at), **walker.charts}
    assert seen, "nothing was drawn"
    assert undeclared("optimize", walker.tables(at), walker.charts, counts_of("optimize")) == []


@each_language
def test_every_figure_of_the_library_is_declared(language, monkeypatch, store):
    store.save(sample().named("a"), author="me")
    walker = Walker("scenarios")
    at = opened("scenarios", language, walker, monkeypatch)
    tables = walker.tables(at)
    assert any(k.startswith("shelf_") for k in tables)
    assert undeclared("scenarios", tables, walker.charts, counts_of("scenarios")) == []


# --- what is declared --------------------------------------------------------------------------------------------------

@each_language
@pytest.mark.parametrize("page", shown.SHOWN)
def test_every_declared_figure_has_a_term_a_unit_and_a_formula(page, language, monkeypatch):
    monkeypatch.setattr(texts, "language", lambda: language)
    said = {k.split()[0] for row in shown.SHOWN[page].values() for k in row}
    assert [k for k in said if not figures.known(k)] == []
    for key in said:
        assert figures.term(key) and figures.unit_words(key) and figures.formula(key), key


@each_language
def test_every_figure_of_the_glossary_has_a_term_a_unit_and_a_formula(language, monkeypatch):
    monkeypatch.setattr(texts, "language", lambda: language)
    every = figures.every()
    assert len(every) == len(set(every)) > 200
    for key in every:
        assert figures.term(key) and figures.unit_words(key) and figures.formula(key), key


def test_no_declaration_is_left_of_what_no_page_shows():
    assert set(shown.SHOWN) == set(top_bar.PAGES)
    assert [k for rows in shown.SHOWN.values() for row in rows.values() for k in row if " " in k
            and k.split()[1] not in REPEATED] == []


# --- the walker itself -------------------------------------------------------------------------------------------------

def test_the_walker_finds_a_column_that_somebody_added(monkeypatch):
    """A deliberate break: the funnel's table with one more column."""
    show = grids.show

    def wider(grid):
        if grid.key == "funnel":
            grid = Grid(grid.key, [*grid.columns, worded("Luck")], [[*row, Cell("7", 7.0)] for row in grid.rows], grid.total)
        return show(grid)

    monkeypatch.setattr(grids, "show", wider)
    walker = Walker("channels")
    at = opened("channels", "en", walker, monkeypatch)
    assert undeclared("channels", walker.tables(at), walker.charts, counts_of("channels")) == [
        "channels: table funnel has 12 columns, 11 are declared"]


def test_the_walker_finds_a_table_that_nobody_declared(monkeypatch):
    show = grids.show

    def twice(grid):
        show(grid)
        if grid.key == "roas":
            tables.plain("luck", ["Channel", "Luck"], [[word("a").text, "7"]])

    monkeypatch.setattr(grids, "show", twice)
    walker = Walker("channels")
    at = opened("channels", "en", walker, monkeypatch)
    assert undeclared("channels", walker.tables(at), walker.charts, counts_of("channels")) == [
        "channels: table luck is not declared"]


def test_the_walker_finds_an_axis_that_nobody_declared():
    spec = {"encoding": {"x": {"type": "quantitative", "title": "Luck"}, "y": {"type": "quantitative", "axis": {"title": "¥"}}}}
    assert undeclared("simulate", {}, {"chart_split": spec}, {}) == [
        "simulate: chart chart_split measures ['Luck', '¥'], declared are ('figure.spend_year',)"]
    assert undeclared("simulate", {}, {"chart_luck": spec}, {}) == ["simulate: chart chart_luck is not declared"]


def test_every_figure_is_made_of_names_that_a_walk_down_knows():
    """Or its explanation on the Method page ends in an error: it is drawn only when somebody asks for it."""
    for key, row in figures.OTHERS.items():
        assert all(resolve(name) for name in row.uses), key
