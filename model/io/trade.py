"""The trade's figures, `sample_data/trade.csv`: `group,key,field,value,low,high,grade,source_zh,source_en`, a number a row."""

from __future__ import annotations

import csv
import io

from model.plan.trade import Figure, Trade

#: fields that are text, whatever stands in them
_TEXTS = ("name_zh", "name_en", "first", "last")


def read_trade(data: bytes) -> Trade:
    """The figures of a file of ours. Raises KeyError where a column is missing."""
    figures: dict[tuple[str, str], dict[str, Figure]] = {}
    for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")):
        low, high = (_number(row[side]) for side in ("low", "high"))
        value = None if row["field"] in _TEXTS else _number(row["value"])
        source = f"{row['grade']}: {row['source_zh']} ‖ {row['grade']}: {row['source_en']}"
        figures.setdefault((row["group"], row["key"]), {})[row["field"]] = Figure(
            row["value"] if value is None else value, low, high, source)
    return Trade(figures)


def _number(text: str) -> float | None:
    """None for what is no number: a day, a name, an open end."""
    try:
        return float(text)
    except ValueError:
        return None
