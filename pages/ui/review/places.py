"""Reports of what cannot be read of actual months, in the words of the page."""

from __future__ import annotations

import re
from dataclasses import replace

from model import InvalidInput, Scenario
from model.plan import drivers as d
from model.plan.schema import is_month
from model.review import COLUMNS, SHOP
from model.review.actuals import SHOP_WORDS, UNITS
from pages.ui.kit.texts import t
from pages.ui.words.actual_months import column_name, place, row_name

_LINE = re.compile(r"line (\d+)(?:: (.*))?")
_BOUND = re.compile(r"(\w+) ≤ ")


def in_words(problem: InvalidInput, scenario: Scenario) -> InvalidInput:
    """A report whose places, columns and channels are called as the page calls them."""
    return InvalidInput([replace(v, place=_said(v.place, scenario), got=_said(v.got, scenario),
                                 allowed=_allowed(v.allowed, scenario)) for v in problem.violations])


def _said(text: str, scenario: Scenario) -> str:
    found = _LINE.fullmatch(text)
    if found is None:
        head, _, column = text.partition("heading: ")
        return t("review.at", line=t("review.at_heading"), place=column) if column and not head else _cell(text, scenario)
    line = t("review.at_line", line=found[1])
    return line if found[2] is None else t("review.at", line=line, place=_cell(found[2], scenario))


def _cell(text: str, scenario: Scenario) -> str:
    """A place as `actuals.place_of` writes it, a column or a line's month and channel; other text as it is."""
    if text in COLUMNS:
        return t(f"review.head.{text}")
    month, _, rest = text.partition(" ")
    if not is_month(month) or not rest:
        return text
    channel, _, column = rest.rpartition(" ")
    if column not in UNITS or not channel:
        channel, column = rest, ""
    shop = channel in SHOP_WORDS and channel not in scenario.rows[d.CHANNEL]
    return place(scenario, (month, SHOP if shop else channel, column))


def _allowed(text: str, scenario: Scenario) -> str:
    """Bounds and lists of what may stand there."""
    bound = _BOUND.match(text)
    if bound and bound[1] in UNITS:
        return f"{column_name(bound[1])} ≤ {text[bound.end():]}"
    words = text.split(", ")
    if all(w in COLUMNS for w in words):
        return ", ".join(t(f"review.head.{w}") for w in words)
    channels = scenario.rows[d.CHANNEL]
    if all(w in channels or w in SHOP_WORDS for w in words):
        return ", ".join(row_name(scenario, w if w in channels else SHOP) for w in words)
    return text
