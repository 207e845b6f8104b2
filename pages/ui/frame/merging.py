"""Two people's changes of one scenario in one: assumptions by their address, actual months by their cell."""

from __future__ import annotations

from collections.abc import Iterable

from model import Scenario
from model.errors import VersionConflict
from model.late import Late
from model.plan import book
from model.plan.book import Entry
from model.plan.schema import is_month
from pages.ui.kit.texts import t
from pages.ui.session import state
from pages.ui.words import actual_months, place_names
from pages.ui.words.month_labels import month_of_year

actuals, kept = Late("model.review.actuals"), Late("model.review.kept")


def collisions(conflict: VersionConflict) -> list[str]:
    """What both changed, and not to the same, by name."""
    started = conflict.started.scenario
    mine, theirs = ({a: new for a, _, new in state.differences(s, started)} for s in (conflict.mine, conflict.theirs.scenario))
    of_plan = [place_names.place_name(a) for a in mine if a in theirs and mine[a] != theirs[a]]
    own, other = (book.changed(s.book, started.book) for s in (conflict.mine, conflict.theirs.scenario))
    return of_plan + _names(conflict.mine, [e for e in own if e in other and own[e] != other[e]])


def of_months(scenario: Scenario, since: Scenario) -> list[str]:
    """What of its actual months, notes and forecasts is not as it was, by name."""
    return _names(scenario, book.changed(scenario.book, since.book))


def _names(scenario: Scenario, entries: Iterable[Entry]) -> list[str]:
    """What the plan was before a split has no name of its own: the split has."""
    return [_name(scenario, e) for e in entries if e[0] != "planned"]


def _name(scenario: Scenario, entry: Entry) -> str:
    """In words; of what a file had that can be no figure's place, as it stands there."""
    kind, *which = entry
    if kind == "notes":
        return t("desk.month_note", text=which[2])
    if kind in ("lag", "mature") or kind == "forecasts" and not which[0]:
        return t(f"desk.book_{kind}")
    if not is_month(which[0]) or kind == "cells" and which[2] not in actuals.UNITS:
        return " · ".join(which)
    if kind == "cells":
        return actual_months.place(scenario, (which[0], which[1], which[2]))
    return t("desk.month_books" if kind == "provisional" else "desk.month_forecast", month=month_of_year(which[0]))


def merged(conflict: VersionConflict) -> Scenario:
    """Theirs with what I changed since the version that both started from; where both changed, mine. Raises InvalidInput where
    the figures of both together cannot be."""
    mine, started = dict(conflict.mine.changes), dict(conflict.started.scenario.changes)
    theirs, before = conflict.theirs.scenario, conflict.started.scenario
    back = [a for a in started if a not in mine]
    changed = {a: v for a, v in mine.items() if a not in started or started[a] != v}
    name, note = (getattr(theirs if getattr(conflict.mine, part) == getattr(before, part) else conflict.mine, part)
                  for part in ("name", "note"))
    months = book.merged(conflict.mine.book, theirs.book, before.book)
    found = theirs.without(back).with_values(changed).named(name, note).with_book(months)
    kept.actuals_of(found)
    return found
