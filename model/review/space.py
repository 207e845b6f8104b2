"""What is uncertain in a plan as independent standard normal numbers: yearly scores, months' deviations, what events do.

Events happen or do not, and are described by what they leave in each month: the logarithms of their factors, with mean
and covariance from draws. That is what a month can show of them, and what of them lasts into the months to come.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from model.analysis.risk import shocks
from model.analysis.risk.correlation import correlate
from model.analysis.risk.engine import Inputs
from model.analysis.risk.inputs import monthly_name
from model.analysis.risk.simulate import Model, model_of
from model.plan.scenario import Scenario
from model.plan.schema import driver_of, value_at

#: draws of the events from which their covariance is taken, and the part of it that is too small to count
_DRAWS, _SMALL = 8192, 1e-6
_LEAST_FACTOR = 1e-3


@dataclass(frozen=True, eq=False)
class Space:
    """names: of the yearly scores. root: independent scores → correlated ones, back: the other way (names, names).

    monthly: addresses with a deviation of their own each month. places: numbers that events hit together; mean, basis,
    inverse: of the logarithms of their factors (places · months).
    """

    model: Model
    months: int
    names: tuple[str, ...]
    root: np.ndarray
    back: np.ndarray
    monthly: tuple[str, ...]
    places: tuple[tuple[str, ...], ...]
    mean: np.ndarray
    basis: np.ndarray
    inverse: np.ndarray

    @property
    def size(self) -> int:
        return len(self.names) + len(self.monthly) * self.months + self.basis.shape[1]

    def columns(self, point: np.ndarray, beside: np.ndarray | float = 0.0) -> dict[str, np.ndarray]:
        """Addresses' draws for `evaluate` at points of the space (size, D). beside: what the basis leaves of events' factors."""
        n, k = len(self.names), len(self.names) + len(self.monthly) * self.months
        z = self.root.astype(point.dtype, copy=False) @ point[:n]
        out = {a: self.model.uncertain.marginals[a].at(z[i]) for i, a in enumerate(self.names)}
        for j, a in enumerate(self.monthly):
            scores = point[n + j * self.months:n + (j + 1) * self.months]
            value, driver = out.get(a, value_at(self.model.scenario.rows, a)), driver_of(a)
            out[a] = np.clip(value * self.model.uncertain.monthly[a].factors(scores), driver.low, driver.high)
        logs = self.mean.astype(point.dtype)[:, None] + self.basis.astype(point.dtype, copy=False) @ point[k:] + beside
        factors = dict(zip(self.places, np.exp(logs).reshape(len(self.places), self.months, point.shape[1]), strict=True))
        return shocks.multiplied(self.model.scenario, out, shocks.by_address(factors))

    def point(self, inputs: Inputs) -> tuple[np.ndarray, np.ndarray]:
        """The points (size, D) of draws of all inputs, yearly ones as scores; what the basis leaves of events' factors."""
        z = np.stack([inputs[a] for a in self.names]) if self.names else np.zeros((0, next(iter(inputs.values())).shape[-1]))
        deviations = [inputs[monthly_name(a, m)][None] for a in self.monthly for m in range(self.months)]
        logs = _logs(self.model, self.places, inputs, self.months) - self.mean.astype(z.dtype)[:, None]
        events = self.inverse.astype(z.dtype) @ logs
        return (np.concatenate([self.back.astype(z.dtype) @ z, *deviations, events]),
                logs - self.basis.astype(z.dtype) @ events)


def _logs(model: Model, places: tuple[tuple[str, ...], ...], inputs: Inputs, months: int) -> np.ndarray:
    """Logarithms of the factors of all events by place and month (places · months, D)."""
    found = shocks.factors_by_place(model.risks, inputs, months)
    size = next(iter(inputs.values())).shape[-1]
    rows = [np.broadcast_to(np.log(np.maximum(found[place], _LEAST_FACTOR)), (months, size)) for place in places]
    return np.concatenate(rows) if rows else np.zeros((0, size), next(iter(inputs.values())).dtype)


@lru_cache(maxsize=8)
def space_of(scenario: Scenario) -> Space:
    """The space of a scenario's uncertain inputs."""
    model, months = model_of(scenario), int(scenario.get("months"))
    names = tuple(model.uncertain.marginals)
    root, back = _roots(model, names)
    draws = _events(model)
    places = tuple(place for place, factor in shocks.factors_by_place(model.risks, draws, months).items() if np.any(factor != 1))
    logs = _logs(model, places, draws, months) if draws else np.zeros((0, 1))
    values, vectors = np.linalg.eigh(np.cov(logs).reshape(len(logs), len(logs))) if len(logs) else (np.zeros(0), np.zeros((0, 0)))
    kept = values > _SMALL * max(values.sum(), _SMALL)
    basis = vectors[:, kept] * np.sqrt(values[kept])
    inverse = (vectors[:, kept] / np.sqrt(values[kept])).T
    return Space(model, months, names, root, back, tuple(model.uncertain.monthly), places, logs.mean(axis=1), basis, inverse)


def _roots(model: Model, names: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """The copula's root over all names, and its inverse (the nearest one where it has none)."""
    found = correlate(model.uncertain.correlation, names)
    root, back = np.eye(len(names)), np.eye(len(names))
    at = np.ix_(*[[names.index(n) for n in found.names]] * 2)
    root[at], back[at] = found.root, np.linalg.pinv(found.root, hermitian=True)
    return root, back


def _events(model: Model) -> dict[str, np.ndarray]:
    """Draws of whether events happen and of how they do, from a seed of their own."""
    rng, out = np.random.default_rng(0), {}
    for risk in model.risks:
        out[risk.name] = (rng.random(_DRAWS) < risk.probability).astype(float)
        out |= {name: marginal.at(rng.standard_normal(_DRAWS)) for name, marginal in risk.marginals().items()}
    return out
