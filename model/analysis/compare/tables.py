"""Results side by side: every KPI, a line by month, a KPI or a line by channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from model.engine.evaluate import Result
from model.engine.kpis import KPIS, kpi, kpi_by_channel
from model.errors import UnknownName


@dataclass(frozen=True, slots=True)
class KpiRow:
    """A KPI of each result, and each minus the first; nan where undefined (R,). Of draw 0 where there are draws."""

    key: str
    values: np.ndarray
    differences: np.ndarray


@dataclass(frozen=True, slots=True)
class Overlay:
    """columns: months or channel keys of all results. values: (results, columns), nan where a result has none."""

    columns: tuple[str, ...]
    values: np.ndarray


def kpi_table(results: Sequence[Result]) -> tuple[KpiRow, ...]:
    """Every KPI over each result's own whole plan."""
    rows = []
    for key in KPIS:
        values = np.array([kpi(r, key)[0] for r in results])
        rows.append(KpiRow(key, values, values - values[0]))
    return tuple(rows)


def month_lines(results: Sequence[Result], key: str) -> Overlay:
    """A line by calendar month: plans of other starts and lengths lie where their months are. Raises UnknownName."""
    for result in results:
        if key not in result.lines:
            raise UnknownName(key)
    months = tuple(sorted({m for r in results for m in r.months}))
    lines = (np.broadcast_to(r.lines[key], (len(r.months), r.draws))[:, 0] for r in results)
    return _joined(months, [dict(zip(r.months, line, strict=True)) for r, line in zip(results, lines, strict=True)])


def channel_table(results: Sequence[Result], key: str) -> Overlay:
    """A KPI, or the sum of a line, by channel over the whole plan; every channel of any result. Raises UnknownName."""
    channels = tuple(dict.fromkeys(c for r in results for c in r.channels))
    return _joined(channels, [dict(zip(r.channels, _by_channel(r, key), strict=True)) for r in results])


def _by_channel(result: Result, key: str) -> np.ndarray:
    if key in KPIS and KPIS[key].by_channel:
        return kpi_by_channel(result, key)[:, 0]
    if key not in result.by_channel:
        raise UnknownName(key)
    return result.by_channel[key][..., 0].sum(axis=1)


def _joined(columns: tuple[str, ...], rows: Sequence[Mapping[str, float]]) -> Overlay:
    return Overlay(columns, np.array([[row.get(c, np.nan) for c in columns] for row in rows], float))
