"""What a setting of uncertainty looks like: a distribution's density, its monthly part, the correlations that are used.

    >>> drawn = density(pert(0.9, 1.0, 1.4))
    >>> drawn.likely, drawn.points           # most likely 1.0; 10, 50 and 90 % points

Everything is read off the functions that the draws themselves go through: the density from the inverse, paths from `run`,
correlations from the repaired copula.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import ndtr

from model.analysis.risk.correlation import Repair, correlate, of_ranks
from model.analysis.risk.distributions import SUPPORT, Z90, Marginal, cut_away, normal, standard_at
from model.analysis.risk.engine import run
from model.analysis.risk.inputs import Monthly, meant, monthly_name, uncertain
from model.analysis.risk.summary import POINTS
from model.plan import risks as ri
from model.plan.scenario import Scenario

#: normal scores of the curve's ends (one draw in 2,000 lies beyond each), and its cells
_REACH, _CELLS = 3.3, 240
#: a curve that is higher than so many times its average between the 10 and 90 % points is cut at the top of the picture
_TALLEST = 6.0
#: a smaller share cut off is not drawn: nobody would see it
SEEN = 5e-4
#: how far beyond a bound the part that was cut off is drawn, as a share of the curve's width
_BEYOND = 0.25
_PATH_DRAWS, PATHS = 1024, 3
#: names in one matrix: more cannot be read
MOST_NAMES = 24
#: smaller changes of a correlation do not show in its two decimals
_TOLD = 0.005


# --- a distribution -----------------------------------------------------------------------------------------------------

Curve = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True, eq=False)
class Density:
    """curve: values in the driver's stored unit and heights (1 is the highest), both (N,). off: the curves that truncation
    cut away, below and above the bounds, as high as they would be. below, above: shares of the draws they held.
    likely: the mode, None where no single value is the most likely. points: at 10, 50 and 90 %. flat: all equally likely.
    """

    curve: Curve
    off: tuple[Curve, ...]
    below: float
    above: float
    likely: float | None
    points: tuple[float, float, float]
    flat: bool


def density(marginal: Marginal) -> Density:
    """A distribution as it is drawn from, truncation and all."""
    p10, p50, p90 = (float(v) for v in marginal.at(np.array([-Z90, 0.0, Z90])))
    x, y = _curve(marginal)
    below, above = cut_away(marginal)
    off = [_cut_off(marginal, x, low, 1 - below - above) for low, share in ((True, below), (False, above)) if share > SEEN]
    top = min(max(float(part.max()) for part in (y, *(cut for _, cut in off))),
              _TALLEST * 0.8 / max(p90 - p10, 1e-300))
    mode = _MODE[marginal.family](*marginal.shape)
    likely = None if mode is None else marginal.offset + marginal.scale * min(max(mode, marginal.low), marginal.high)
    curve, *off = ((at, np.minimum(height / top, 1.0)) for at, height in ((x, y), *off))
    return Density(curve, tuple(off), below, above, likely, (p10, p50, p90), marginal.family == ri.UNIFORM)


def _curve(marginal: Marginal, reach: float = _REACH) -> Curve:
    """Mass of each cell over its width, closed at both ends."""
    z = np.linspace(-reach, reach, _CELLS + 1)
    edges = marginal.at(z)
    width = np.diff(edges)
    wide = width > 0
    y = np.diff(ndtr(z))[wide] / width[wide]
    return np.concatenate([edges[:1], ((edges[1:] + edges[:-1]) / 2)[wide], edges[-1:]]), np.concatenate([[0.0], y, [0.0]])


def _cut_off(marginal: Marginal, kept: np.ndarray, low: bool, share: float) -> Curve:
    """What of the untruncated curve lies beyond a bound, near enough to be drawn; its other end stands on the bound.

    share: of it that is kept, to which the kept curve was raised; the cut one is raised as much, so that the two meet.
    """
    x, y = _curve(replace(marginal, low=-math.inf, high=math.inf), 2 * _REACH)
    bound = marginal.offset + marginal.scale * (marginal.low if low else marginal.high)
    far = bound + (-1 if low else 1) * _BEYOND * (kept[-1] - kept[0])
    inside = (x >= far) & (x < bound) if low else (x > bound) & (x <= far)
    end = len(x[inside]) if low else 0
    return np.insert(x[inside], end, bound), np.insert(y[inside], end, np.interp(bound, x, y)) / share


def _beta_mode(a: float, b: float) -> float | None:
    if a <= 1 and b <= 1:
        return None
    return min(max((a - 1) / (a + b - 2), 0.0), 1.0) if a + b > 2 else float(a > b)


def _metalog_mode(skew: float) -> float:
    """Where the inverse is least steep: it has no closed form."""
    standard = (ri.METALOG, (skew,), *SUPPORT[ri.METALOG])

    def steep(z: float) -> float:
        ends = standard_at(standard, np.array([z - 1e-3, z + 1e-3]))
        return float(ends[1] - ends[0]) / math.exp(-z * z / 2)

    z = minimize_scalar(steep, bounds=(-3, 3), method="bounded").x
    return float(standard_at(standard, np.array([z]))[0])


#: the most likely value of each standard form, None where there is no single one
_MODE: Mapping[str, Callable[..., float | None]] = {
    ri.UNIFORM: lambda: None, ri.NORMAL: lambda: 0.0, ri.TRIANGULAR: lambda mode: mode, ri.BETA: _beta_mode,
    ri.LOGNORMAL: lambda sigma: math.exp(-sigma * sigma), ri.METALOG: _metalog_mode,
}


# --- its monthly part ---------------------------------------------------------------------------------------------------

@dataclass(frozen=True, eq=False)
class Paths:
    """A number month by month around the year's level. band: 10, 50 and 90 % points (3, M). paths: examples (PATHS, M)."""

    band: np.ndarray
    paths: np.ndarray


def paths(monthly: Monthly, months: int, level: float, low: float, high: float) -> Paths:
    """Months of a number whose yearly value is `level`, kept within its driver's bounds as the draws are."""
    band, examples = _factors(monthly, months)
    return Paths(np.clip(level * band, low, high), np.clip(level * examples, low, high))


@lru_cache(maxsize=256)
def _factors(monthly: Monthly, months: int) -> tuple[np.ndarray, np.ndarray]:
    names = [monthly_name("", m) for m in range(months)]
    found = run(lambda z: {"factor": monthly.factors(np.stack([z[n] for n in names]))},
                dict.fromkeys(names, normal(0, 1)), draws=_PATH_DRAWS, toward="")
    return (found["factor"].points[[POINTS.index(p) for p in (10, 50, 90)]], found.outputs["factor"][:, :PATHS].T)


# --- correlations -------------------------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Cell:
    """Two names of the planner's and what their rank correlation is: on average over the `count` pairs of numbers that
    they stand for. asked: by the planner, 0 where nothing was. changed: whether the repair changed any of these pairs.
    """

    a: str
    b: str
    asked: float
    used: float
    count: int
    changed: bool


@dataclass(frozen=True, slots=True)
class Matrix:
    """names: as the planner wrote them, at most MOST_NAMES, repaired ones first where there are more; left_out: how many
    more. cells: of each two names, a name with itself where it stands for several numbers. pairs: of numbers, correlated in
    all. repairs: by pair of addresses, the largest change first. idle: rows that meet no two uncertain numbers.
    """

    names: tuple[str, ...]
    left_out: int
    cells: tuple[Cell, ...]
    pairs: int
    repairs: tuple[Repair, ...]
    idle: tuple[str, ...]


def matrix(scenario: Scenario) -> Matrix:
    """The correlations that the draws of a scenario have, by the names that the planner wrote."""
    found = uncertain(scenario)
    copula, addresses = correlate(found.correlation, found.marginals), tuple(found.marginals)
    rows = scenario.rows[ri.CORRELATION]
    every = tuple(dict.fromkeys(row[side] for row in rows.values() for side in "ab"))
    repairs = told(copula.repairs)
    by_pair = {frozenset(r.pair): r for r in repairs}
    pairs = {(a, b): [frozenset(p) for p in set(map(frozenset, meant(a, b, addresses)))]
             for i, a in enumerate(every) for b in every[i:]}
    names = _most_changed(every, pairs, by_pair)
    at = {n: i for i, n in enumerate(copula.names)}

    def used(pair: frozenset[str]) -> float:
        a, b = (at.get(n) for n in sorted(pair))
        return 0.0 if a is None or b is None else of_ranks(float(copula.matrix[a, b]))

    def asked(pair: frozenset[str]) -> float:
        return by_pair[pair].asked if pair in by_pair else used(pair)

    cells = tuple(Cell(a, b, float(np.mean([asked(p) for p in of])), float(np.mean([used(p) for p in of])), len(of),
                       any(p in by_pair for p in of))
                  for (a, b), of in pairs.items() if of and a in names and b in names)
    return Matrix(names, len(every) - len(names), cells, len(found.correlation), repairs,
                  tuple(_idle(scenario, addresses)))


def told(repairs: tuple[Repair, ...]) -> tuple[Repair, ...]:
    """Those that a reader of two decimals would see."""
    return tuple(r for r in repairs if abs(r.used - r.asked) >= _TOLD)


def _most_changed(names: tuple[str, ...], pairs: Mapping, repairs: Mapping[frozenset[str], Repair]) -> tuple[str, ...]:
    """As many names as fit, those whose correlations were changed most first where there are more."""
    if len(names) <= MOST_NAMES:
        return names
    worst = dict.fromkeys(names, 0.0)
    for key, of in pairs.items():
        change = max((abs(repairs[p].used - repairs[p].asked) for p in of if p in repairs), default=0.0)
        worst |= {name: max(worst[name], change) for name in key}
    return tuple(sorted(names, key=lambda n: -worst[n]))[:MOST_NAMES]


def _idle(scenario: Scenario, addresses: tuple[str, ...]) -> Iterator[str]:
    for key, row in scenario.rows[ri.CORRELATION].items():
        if not any(True for _ in meant(row["a"], row["b"], addresses)):
            yield key
