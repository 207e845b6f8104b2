"""Actual months for tests, made by the model itself."""

from __future__ import annotations

import numpy as np

from model import Result, Scenario, review
from model.review.actuals import columns_of


def measured(scenario: Scenario, result: Result, months: int, draw: int = 0) -> review.Actuals:
    """The first months of a result as what was measured of a plan, every figure in full."""
    frame, cells = review.Actuals.none(scenario), {}
    kinds = {review.SHOP: review.SHOP, **dict(frame.kinds)}
    for channel, kind in kinds.items():
        for column in columns_of(kind):
            store = result.lines.get(column) if channel == review.SHOP else result.by_channel[column][result.channels.index(channel)]
            if store is not None:
                line = np.broadcast_to(store, (len(result.months), result.draws))[:, draw]
                cells |= {(m, channel, column): float(line[i]) for i, m in enumerate(result.months[:months])}
    return frame.with_cells(cells)
