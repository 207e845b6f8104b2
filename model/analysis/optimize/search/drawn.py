"""Draws for objectives over them: those of the risk bands, events included, or given ones.

With the plan's own, the search climbs on the first quarter of them (whole scrambles) and what is told is what `simulate`
says of the scenario found: the figure that its cards show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np

from model.analysis.optimize.search.objective import Objective
from model.analysis.optimize.search.simulate import is_share
from model.analysis.risk.engine import SCRAMBLES
from model.analysis.risk.simulate import PRECISION, columns, outcomes
from model.engine.kpis import ROUNDING
from model.plan.scenario import Scenario

#: the part of the plan's own draws that a search climbs on
_PART = 4


@dataclass(frozen=True, eq=False)
class Drawn:
    """columns: address -> (D,) or (months, D), what a search takes. own: number of the plan's own draws, on which a
    scenario is measured; 0 where draws were given, which are then all there is.
    """

    columns: Mapping[str, np.ndarray] = field(default_factory=dict)
    own: int = 0

    @property
    def size(self) -> int:
        """Number of draws that a figure stands on."""
        return self.own or max((np.shape(a)[-1] for a in self.columns.values()), default=1)

    def of_first(self, count: int) -> Drawn:
        """The first `count` columns only."""
        return replace(self, columns={k: np.asarray(a)[..., :count] for k, a in self.columns.items()})

    def outcomes(self, scenario: Scenario, objective: Objective) -> np.ndarray:
        """The objective's outcome in each of the plan's own draws (own,)."""
        return _outcomes(scenario, objective.plain, self.own)

    def measured(self, scenario: Scenario, objective: Objective) -> float:
        """The objective of a scenario over the plan's own draws, one number: what its cards show."""
        rounding = ROUNDING[np.dtype(PRECISION).itemsize]
        return float(objective.measured(self.outcomes(scenario, objective), rounding))


def drawn(scenario: Scenario, draws: int | Mapping[str, np.ndarray] | None) -> Drawn:
    """draws: how many of the plan's own, or given ones as `evaluate` takes them, or none."""
    if not isinstance(draws, int):
        return Drawn(draws or {})
    found = columns(scenario, max(draws // _PART, 2 * _PART), scrambles=SCRAMBLES // _PART)
    return Drawn({a: np.asarray(v, float) for a, v in found.items() if not is_share(a)}, draws)


@lru_cache(maxsize=64)
def _outcomes(scenario: Scenario, objective: Objective, draws: int) -> np.ndarray:
    return outcomes(scenario, objective.outcome, draws)


#: a benchmark that asks the same again must not be answered from memory
forget = _outcomes.cache_clear
