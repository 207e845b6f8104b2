"""What figures of actual months are called: month, channel or the whole shop, column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model import LINES, Scenario
from model.late import Late
from model.plan import drivers as d
from pages.ui.kit.texts import t
from pages.ui.words.channel_names import channel_name
from pages.ui.words.month_labels import month_of_year

if TYPE_CHECKING:
    from model.review.actuals import Place

actuals = Late("model.review.actuals")

def column_name(column: str) -> str:
    return t(f"line.{column}.label") if column in LINES else t(f"review.column.{column}")


def row_name(scenario: Scenario, channel: str) -> str:
    return t("review.shop") if channel == actuals.SHOP else channel_name(scenario, channel)


def place(scenario: Scenario, of: Place) -> str:
    """A cell: month, channel, column; a line has no column."""
    month, channel, column = of
    known = channel == actuals.SHOP or channel in scenario.rows[d.CHANNEL]
    parts = [month_of_year(month), row_name(scenario, channel) if known else channel, *([column_name(column)] if column else [])]
    return " · ".join(parts)
