"""Some months of a result as a result of their own, for tables and pictures of one year of a longer plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from model.engine.evaluate import Result
from model.engine.kpis import Period


def part_of(result: Result, period: Period) -> Result:
    """Lines, channels, indices and inputs of these months only; the result itself where they are all of them.

    Not for KPIs, targets and checks, which ask the whole plan for a period (`kpi(result, key, period)`): customers' years
    are counted from the plan's first month.
    """
    months = len(result.months)
    if len(range(*period.indices(months))) == months:
        return result
    v = result.values
    values = replace(v, business=_cut(v.business, 0, months, period), channel=_cut(v.channel, 1, months, period))
    return replace(result, months=result.months[period], lines=MappingProxyType(_cut(result.lines, 0, months, period)),
                   by_channel=MappingProxyType(_cut(result.by_channel, 1, months, period)),
                   index=MappingProxyType(_cut(result.index, -2, months, period)), values=values, sums={})


def _cut(arrays: Mapping[str, np.ndarray], axis: int, months: int, period: Period) -> dict[str, np.ndarray]:
    """The months of arrays that have them along this axis; what is the same in all months stays as it is."""
    return {k: np.moveaxis(np.moveaxis(a, axis, 0)[period], 0, axis) if a.shape[axis] == months else a
            for k, a in arrays.items()}
