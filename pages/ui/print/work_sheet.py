"""The second sheet to print: the work of the plan, cut to what fits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from model import Result, Scenario
from model.analysis.followed import work_of
from model.plan import work as wo
from pages.ui.kit.formats import DASH
from pages.ui.kit.texts import own_name, t
from pages.ui.plan import work as page
from pages.ui.print.parts import Table, words
from pages.ui.rows import cell_words

#: rows that fit on the sheet, by table
MOST = {wo.ACTIVITY: 16, wo.OFFER: 12, wo.TASK: 34}
_FOLLOWED = 4


def tables(result: Result) -> tuple[Table, ...]:
    """What follows, activities, offers and tasks; nothing where nothing is written down."""
    scenario = result.scenario
    if not any(scenario.rows[table] for table in wo.WORK_TABLES):
        return ()
    return _followed(result), _activities(scenario), _offers(result), _tasks(result)


def _followed(result: Result) -> Table:
    rows = [[words(text) for text in page.followed_cells(result, w)] for w in work_of(result)[:_FOLLOWED]]
    head = [t("work.kind"), t("work.a_month"), t("work.in_all", count=len(result.months)), t("work.how")]
    return Table("followed", t("work.followed"), head, (26, 14, 14, 46), rows, empty=t("work.followed_none"))


def _activities(scenario: Scenario) -> Table:
    def often(key: str) -> str:
        times = cell_words.text_of(scenario, f"activity.{key}.times")
        return t("work.times", times=times, rhythm=_said(scenario, wo.ACTIVITY, "rhythm", key)) if times else DASH

    title = t("work.activities", count=len(scenario.rows[wo.ACTIVITY]))
    columns = (_field(scenario, wo.ACTIVITY, "channel"), (t("driver.activity.times.label"), often),
               _field(scenario, wo.ACTIVITY, "owner"))
    return _written(scenario, wo.ACTIVITY, title, (42, 18, 20, 20), columns)


def _offers(result: Result) -> Table:
    scenario = result.scenario
    title = t("work.offers", count=len(scenario.rows[wo.OFFER]))
    return _written(scenario, wo.OFFER, title, (70, 30), (_field(scenario, wo.OFFER, "segment"),), more=page.reach(result))


def _tasks(result: Result) -> Table:
    scenario = result.scenario

    def phase(key: str) -> str:
        return page.phase(scenario.rows[wo.TASK][key], result.months) or DASH

    fields = [_field(scenario, wo.TASK, f) for f in ("owner", "first", "last", "state")]
    return _written(scenario, wo.TASK, page.tasks_title(scenario), (44, 7, 15, 12, 12, 10), ((t("work.phase"), phase), *fields),
                    page.in_order(scenario))


#: a column's head, and its words by the row's key
Column = tuple[str, Callable[[str], str]]


def _field(scenario: Scenario, table: str, field: str) -> Column:
    return t(f"driver.{table}.{field}.label"), partial(_said, scenario, table, field)


def _said(scenario: Scenario, table: str, field: str, key: str) -> str:
    return cell_words.text_of(scenario, f"{table}.{key}.{field}") or DASH


def _written(scenario: Scenario, table: str, title: str, widths: tuple[float, ...], columns: Sequence[Column],
             keys: Sequence[str] = (), more: str = "") -> Table:
    """A table of rows as they are written down. keys: in another order than the plan's. more: said below them."""
    rows, keys = scenario.rows[table], keys or list(scenario.rows[table])
    lines = [[words(own_name(rows[k], t("work.unnamed"))), *(words(say(k)) for _, say in columns)] for k in keys[:MOST[table]]]
    left = [t("work.print_more", count=len(keys) - len(lines))] if len(keys) > len(lines) else []
    return Table(f"{table}_rows", title, [t(f"work.{table}"), *(head for head, _ in columns)], widths, lines,
                 " ".join([*left, *([more] if more else [])]), t("work.print_none"))
