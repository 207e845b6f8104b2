"""Every line of the model by month, as files: of the whole plan, and by channel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from model import LINES, Result
from pages.ui.kit.csv_tables import OF_ROW, Cell, Field, Table
from pages.ui.kit.texts import t
from pages.ui.words.channel_names import channel_name


def months(result: Result) -> Table:
    """Lines of all channels together."""
    rows = [[*_line(k), *_cells(result, k, result.lines[k])] for k in LINES]
    return Table([*_line_fields(), *_month_fields(result)], rows)


def channel_months(result: Result) -> Table:
    """Lines that are known by channel."""
    channel = t("channel.name")
    fields = [*_line_fields(), Field(channel), Field(t("file.key", label=channel)), *_month_fields(result)]
    rows = [[*_line(k), channel_name(result.scenario, c), c, *_cells(result, k, series)]
            for k in LINES if k in result.by_channel for c, series in zip(result.channels, result.by_channel[k], strict=True)]
    return Table(fields, rows)


def _line_fields() -> tuple[Field, ...]:
    return Field(t("plan.line")), Field(t("file.key", label=t("plan.line"))), Field(t("file.unit"))


def _line(key: str) -> tuple[Cell, ...]:
    return t(f"line.{key}.label"), key, LINES[key].unit


def _month_fields(result: Result) -> Sequence[Field]:
    return [Field(month, OF_ROW) for month in result.months] + [Field(t("file.total"), OF_ROW)]


def _cells(result: Result, key: str, series: np.ndarray) -> Iterator[float]:
    """The months and their total: of a balance what stands at the end."""
    months = np.broadcast_to(series, (len(result.months), result.draws))[:, 0]
    yield from months
    yield months[-1] if LINES[key].kind == "balance" else months.sum()
