"""The second sheet to print: the work of the plan, cut to what fits."""

from __future__ import annotations

from collections.abc import Callable

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
    title = t("work.activities", count=len(scenario.rows[wo.ACTIVITY]))
    return _written(scenario, wo.ACTIVITY, title, (42, 18, 20, 20), ("channel", _often, "owner"))


def _often(scenario: Scenario, key: str) -> str:
    times = cell_words.text_of(scenario, f"activity.{key}.times")
    return t("work.times", times=times, rhythm=_said(scenario, "activity", key, "rhythm")) if times else DASH


def _offers(result: Result) -> Table:
    title = t("work.offers", count=len(result.scenario.rows[wo.OFFER]))
    return _written(result.scenario, wo.OFFER, title, (70, 30), ("segment",), more=page.reach(result))


def _tasks(result: Result) -> Table:
    scenario = result.scenario

    def phase(_: Scenario, key: str) -> str:
        return page.phase(scenario.rows[wo.TASK][key], result.months) or DASH

    return _written(scenario, wo.TASK, page.tasks_title(scenario), (44, 7, 15, 12, 12, 10),
                    (phase, "owner", "first", "last", "state"), page.in_order(scenario))


Column = str | Callable[[Scenario, str], str]
_HEADS = {"phase": "work.phase", "_often": "driver.activity.times.label"}


def _written(scenario: Scenario, table: str, title: str, widths: tuple[float, ...], columns: tuple[Column, ...],
             keys: list[str] | None = None, more: str = "") -> Table:
    """A table of rows as they are written down. columns: fields, or what makes their words."""
    keys = list(scenario.rows[table]) if keys is None else keys
    head = [t(f"work.{table}"), *(t(f"driver.{table}.{c}.label" if isinstance(c, str) else _HEADS[c.__name__]) for c in columns)]
    rows = [[words(own_name(scenario.rows[table][k], t("work.unnamed"))),
             *(words(_said(scenario, table, k, c) if isinstance(c, str) else c(scenario, k)) for c in columns)]
            for k in keys[:MOST[table]]]
    left = [t("work.print_more", count=len(keys) - len(rows))] if len(keys) > len(rows) else []
    return Table(f"{table}_rows", title, head, widths, rows, " ".join([*left, *([more] if more else [])]), t("work.print_none"))


def _said(scenario: Scenario, table: str, key: str, field: str) -> str:
    return cell_words.text_of(scenario, f"{table}.{key}.{field}") or DASH
