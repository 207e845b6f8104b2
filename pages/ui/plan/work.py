"""What the plan has beside money: work that follows from its drivers, and activities, offers and tasks that are written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from model import Result, Scenario
from model.analysis.followed import SESSIONS, Followed, reached, work_of
from model.engine.cohorts import segments
from model.plan import work as wo
from model.plan.rules import is_date
from model.plan.schema import Row, month_number
from pages.ui.frame import downloads
from pages.ui.kit import tables
from pages.ui.kit.charts import GREY, INDIGO, TEAL
from pages.ui.kit.formats import counted, money, rate
from pages.ui.kit.texts import listed, own_name, plain, t
from pages.ui.plan import specs
from pages.ui.plan.row_files import table_of_rows
from pages.ui.plan.statement import ink
from pages.ui.rows import cell_words, cells, sheets
from pages.ui.session import results
from pages.ui.words import periods
from pages.ui.words.channel_names import channel_name
from pages.ui.words.month_labels import month_labels

Redraw = Callable[[], None]
#: columns of each grid beside the name
_COLUMNS = {wo.ACTIVITY: ("channel", "times", "rhythm", "owner", "note"), wo.OFFER: ("segment", "note"),
            wo.TASK: ("owner", "first", "last", "state", "note")}
_COLOURS = {wo.OPEN: GREY, wo.DOING: INDIGO, wo.DONE: TEAL}
#: tasks in the picture, and the width of their names there
_DRAWN, _ROOM = 40, 240


def draw(result: Result, redraw: Redraw) -> None:
    scenario = result.scenario
    st.caption(t("work.note"))
    periods.all_months()
    _followed(result)
    _head(scenario, wo.ACTIVITY, "activities", t("work.activities", count=len(scenario.rows[wo.ACTIVITY])))
    _cells(scenario, wo.ACTIVITY, redraw)
    _head(scenario, wo.OFFER, "offers", t("work.offers", count=len(scenario.rows[wo.OFFER])))
    st.caption(reach(result))
    _cells(scenario, wo.OFFER, redraw)
    title = tasks_title(scenario)
    _head(scenario, wo.TASK, "tasks", title)
    _timeline(result, title)
    _cells(scenario, wo.TASK, redraw)


# --- what follows ------------------------------------------------------------------------------------------------------

def _followed(result: Result) -> None:
    st.markdown(f"**{t('work.followed')}**", help=t("work.followed_help"))
    found = work_of(result)
    if not found:
        st.caption(t("work.followed_none"))
        return
    columns = [tables.Column(t("work.kind")), tables.Column(t("work.a_month")),
               tables.Column(t("work.in_all", count=len(result.months))), tables.Column(t("work.how"), "wide")]
    lines = [tables.Line(f"{w.kind}.{w.channel}", followed_cells(result, w)) for w in found]
    tables.table("work_followed", t("work.followed"), columns, lines)


def followed_cells(result: Result, found: Followed) -> list[str]:
    """Name, how many a month and in all, and how it is worked out."""
    scenario = result.scenario
    word = "work.shows" if found.kind == SESSIONS else "work.sent"
    values = [scenario.get(address) for address in found.drivers]
    if found.kind == SESSIONS:
        spend = float(result.by_channel["spend"][result.channels.index(found.channel)].sum())
        how = t("work.sessions_of", spend=money(spend), share=rate(values[0]), fee=money(values[1]))
    else:
        how = t("work.messages_of", frequency=f"{values[0]:g}")
    name = t(f"work.{found.kind}", channel=channel_name(scenario, found.channel))
    return [name, counted(found.a_month, word), counted(float(found.months.sum()), word), how]


def reach(result: Result) -> str:
    """Members in each segment in an average month."""
    return t("work.reached", list=listed(t("work.reach", segment=t(f"choice.segment.{k}.label"), people=said)
                                         for k, said in people(result).items()))


def people(result: Result) -> dict[str, str]:
    """How many members each segment has in an average month."""
    found = reached(segments(results.cohorts_of(result.scenario)))
    return {segment: counted(many, "customers.people") for segment, many in found.items()}


# --- what is written down ----------------------------------------------------------------------------------------------

def _head(scenario: Scenario, table: str, name: str, title: str) -> None:
    downloads.message(plain(title), name, lambda: table_of_rows(scenario, table), t(f"work.{name}_help"))


def _cells(scenario: Scenario, table: str, redraw: Redraw) -> None:
    sheet = sheets.of_table(f"edit_{table}", scenario, table, redraw, _COLUMNS[table], sheets.with_spare(scenario, table),
                            t(f"work.{table}"), named=True)
    cells.show(replace(sheet, numbered=table == wo.TASK))


def tasks_title(scenario: Scenario) -> str:
    """How many tasks there are, and how many of them are under way and done."""
    states = [row.get("state") or wo.UNSAID["state"] for row in scenario.rows[wo.TASK].values()]
    return t("work.tasks", count=len(states), doing=states.count(wo.DOING), done=states.count(wo.DONE))


def days(row: Row) -> tuple[str, str] | None:
    """First and last day of a task; of one that has a single date, that twice."""
    known = [str(row[f]) for f in ("first", "last") if row.get(f) and is_date(str(row[f]))]
    return (known[0], known[-1]) if known else None


def phase(row: Row, months: tuple[str, ...]) -> str:
    """The quarter of the plan in which a task begins, "" outside of it."""
    known = days(row)
    first = month_number(known[0][:7]) - month_number(months[0]) if known else -1
    return f"Q{first // 3 + 1}" if 0 <= first < len(months) else ""


def in_order(scenario: Scenario) -> list[str]:
    """Keys of the tasks as they begin; those without dates last."""
    rows = scenario.rows[wo.TASK]
    return sorted(rows, key=lambda k: days(rows[k]) or ("9", "9"))


def owner(scenario: Scenario, key: str) -> str:
    return cell_words.text_of(scenario, f"task.{key}.owner") or ""


def _timeline(result: Result, title: str) -> None:
    """The picture of the tasks as they begin, by their numbers in the table; and what is not in it."""
    scenario, months = result.scenario, len(result.months)
    rows, shown, outside = scenario.rows[wo.TASK], [], 0
    dated = [k for k in in_order(scenario) if days(rows[k])]
    number = {key: i for i, key in enumerate(sheets.with_spare(scenario, wo.TASK), 1)}
    for key in dated:
        first, last = days(rows[key]) or ("", "")
        place = specs.span(result.months[0], months, first, last)
        outside += place is None
        if place:
            state = t(f"choice.state.{rows[key].get('state') or wo.UNSAID['state']}.label")
            shown.append(specs.Span(f"{number[key]}. {own_name(rows[key], t('work.unnamed'))}", *place, state,
                                    t("work.dates", first=first, last=last), owner(scenario, key)))
    if shown:
        drawn = shown[:_DRAWN]
        colours = tuple((t(f"choice.state.{s}.label"), colour) for s, colour in _COLOURS.items())
        spec = specs.timeline_spec(tuple(month_labels(result.months)), len(drawn), colours, ink(), _ROOM)
        st.vega_lite_chart(specs.timeline_data(drawn, months), spec, key="chart_tasks", width="stretch",
                           alt=t("work.timeline_alt", title=title))
    _left_out(rows, dated, outside, len(shown))


def _left_out(rows, dated: list[str], outside: int, shown: int) -> None:
    turned = [own_name(rows[k], t("work.unnamed")) for k in dated if (d := days(rows[k])) and d[0] > d[1]]
    said = [t("work.no_dates", count=len(rows) - len(dated))] if len(rows) > len(dated) else []
    said += [t("work.outside", count=outside)] if outside else []
    said += [t("work.more", count=_DRAWN)] if shown > _DRAWN else []
    said += [t("work.turned", names=listed(turned[:8]))] if turned else []
    for line in said:
        st.caption(plain(line))
