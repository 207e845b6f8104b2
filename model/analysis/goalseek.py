"""What would have to be true: the value of one number, or the least change of several, that brings a KPI to a target."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.analysis.optimize.asks import impossible
from model.analysis.optimize.search.climb import AIM, Lane, climb
from model.analysis.optimize.search.drawn import drawn
from model.analysis.optimize.search.levers import Asker, Lever, lever
from model.analysis.optimize.search.limits import Row, Rows
from model.analysis.optimize.search.objective import Objective
from model.analysis.risk.inputs import has_own_range
from model.plan.scenario import Scenario

#: points over a lever's range, points of each closer look, and how close the value is found (relative)
_GRID, _CLOSER, _CLOSE = 33, 9, 1e-12
#: the same over draws, where a point costs as many evaluations as there are draws; steps of the last search at most
_DRAWS_GRID, _DRAWS_CLOSER, _DRAWS_CLOSE, _STEPS = 17, 5, 1e-7, 40
#: closer looks at most, and those at a point that only comes nearest; draws that the search over several levers takes
_LOOKS, _NEAR_LOOKS, _DRAWS_LOOKS, _SEARCH_DRAWS = 16, 7, 4, 256
#: rounds of the search over several levers, and the gain that ends it
_OF_PLAN, _OVER_DRAWS = (40, 1e-10), (12, 1e-6)
#: parts of the progress after the search for the nearest and for the least change, and with one lever after the first look
_NEARER, _LEAST, _SEEN = 0.45, 0.95, 0.6
#: how far beyond what the smoothed search found the exact one looks
_FURTHER = 1.5
#: a target counts as reached within this part of its size
_HIT = 1e-6
#: two values of a KPI are alike within this part of it
_ALIKE = 1e-10
#: a lever counts as at its end within this part of its range
_AT_END = 1e-6


@dataclass(frozen=True, slots=True)
class Limit:
    """What keeps the KPI from the target. why: "low" or "high" end of the lever's range, "turn": both ways the KPI gets
    worse, "level": one way it gets worse, the other way no better, or "flat": over the whole range nothing changes."""

    address: str
    why: str


@dataclass(frozen=True, eq=False)
class Sought:
    """The answer. hit: whether the target is reached; if not, `values` come nearest and `limited_by` says what stops them.

    start, reached, target: the KPI as measured, in its unit (a chance: 0…1). values, today: by address, stored units.
    already: the plan is there, nothing need change. others: with one lever, further values that reach the target,
    the nearest first. curve: with one lever, (values, KPI) over its range for a picture. scenario: with the values in it.
    stopped: ended before its time; `values` are the best until then.
    """

    objective: Objective
    target: float
    start: float
    reached: float
    hit: bool
    already: bool
    levers: tuple[Lever, ...]
    values: Mapping[str, float]
    limited_by: tuple[Limit, ...]
    others: tuple[float, ...]
    curve: tuple[np.ndarray, np.ndarray] | None
    scenario: Scenario
    stopped: bool = False

    @property
    def change(self) -> float:
        """Size of the change: root mean square over the levers, as a part of each one's range."""
        parts = [(self.values[lv.address] - lv.today) / lv.width for lv in self.levers]
        return float(np.sqrt(np.mean(np.square(parts))))


def seek(scenario: Scenario, objective: Objective | str, target: float, levers: Sequence[str] | Mapping[str, tuple | None],
         draws: int | Mapping[str, np.ndarray] | None = None, progress: Callable[[float], None] | None = None,
         stop: Callable[[], bool] | None = None) -> Sought:
    """Bring a KPI to a target.

    objective: a KPI's key, or how it is measured over draws: Objective("gmv", "percentile", level=0.2) to a target in
    yuan, Objective("gmv", "chance", target=5e7) to 0.8 ("80 % sure of 50 million"). levers: addresses, or address ->
    (low, high) in stored units; None for the plausible range of the driver. One lever: the exact value, nearest to
    today's where several reach the target. Several: the least change, each weighed by its range; none where the plan is
    there already. draws: how many of the plan's own, on which the answer is what the cards of its scenario say, or given ones.
    The answer over draws is on the target's good side. progress: called with 0…1; stop: asked between the rounds of the
    search. Raises Impossible: not_a_lever, unknown_objective, draws_missing, not_finite.
    """
    objective = Objective(objective) if isinstance(objective, str) else objective
    if objective.uses_draws and not draws:
        raise impossible("draws_missing", "objective", got=objective.measure)
    if not np.isfinite(target):
        raise impossible("not_finite", "target", got=str(target))
    limits = levers if isinstance(levers, Mapping) else dict.fromkeys(levers)
    chosen = tuple(lever(scenario, a, r) for a, r in limits.items())
    if not chosen:
        raise impossible("not_a_lever", "levers")
    if objective.uses_draws and isinstance(draws, int):
        _moving_draws(scenario, chosen)
    asker = Asker(scenario, chosen, objective, drawn(scenario, draws if objective.uses_draws else None))
    if np.all(np.isnan(asker.outcomes(np.array([[lv.today for lv in chosen]])))):
        raise impossible("not_finite", objective.key, got="nan")
    search = _one if len(chosen) == 1 else _several
    return search(asker, float(target), progress or (lambda done: None), stop or (lambda: False))


def _moving_draws(scenario: Scenario, levers: Sequence[Lever]) -> None:
    """Raises Impossible for a number whose draws a row of its own places: the plan's value moves none of them."""
    for lv in levers:
        if has_own_range(scenario, lv.address):
            raise impossible("not_a_lever", lv.address, got=lv.address)


# --- one lever --------------------------------------------------------------------------------------------------------

def _one(asker: Asker, target: float, progress: Callable[[float], None], stop: Callable[[], bool]) -> Sought:
    only = asker.levers[0]
    grid = np.linspace(only.low, only.high, _DRAWS_GRID if asker.objective.uses_draws else _GRID)
    x = np.unique(np.append(grid, np.clip(only.today, only.low, only.high)))
    start = float(asker.measured(np.array([[only.today]]))[0])
    x, y = _seen(asker, x, progress, stop)
    if stop():
        return _stopped(asker, target, start, x, y)
    found = sorted(_crossings(asker, x, y, target, progress, stop), key=lambda v: abs(v - only.today))
    if found:
        answer = _answer(asker, target, start, np.array(found[:1]), True, (), tuple(found[1:]), (x, y))
        return replace(answer, stopped=stop())
    if (start - target) * asker.objective.side >= 0:  # better than asked all over the range
        return _answer(asker, target, start, np.array([only.today]), True, (), (), (x, y))
    if np.ptp(y) <= _HIT * max(abs(target), abs(start)) * _AT_END:
        return _answer(asker, target, start, np.array([only.today]), False, (Limit(only.address, "flat"),), (), (x, y))
    value, why = _nearest(asker, x, y, target, progress, stop)
    limits = () if stop() else (Limit(only.address, why),)
    return replace(_answer(asker, target, start, np.array([value]), False, limits, (), (x, y)), stopped=not limits)


def _seen(asker: Asker, x: np.ndarray, progress, stop) -> tuple[np.ndarray, np.ndarray]:
    """The KPI at these values; over draws one after the other, and only those before `stop` says so, at least one."""
    if not asker.objective.uses_draws:
        return x, asker.measured(x[:, None])
    y: list[float] = []
    for value in x:
        if y and stop():
            break
        y.append(float(asker.measured(np.array([[value]]))[0]))
        progress(_SEEN * len(y) / x.size)
    return x[:len(y)], np.array(y)


def _stopped(asker: Asker, target: float, start: float, x: np.ndarray, y: np.ndarray) -> Sought:
    """Of what was seen until then, today's value among it, the one that comes nearest."""
    only = asker.levers[0]
    values, seen = np.append(x, only.today), np.append(y, start)
    best = values[int(np.nanargmin(np.abs(seen - target)))]
    return replace(_answer(asker, target, start, np.array([best]), False, (), (), (x, y)), stopped=True)


def _crossings(asker: Asker, x: np.ndarray, y: np.ndarray, target: float, progress, stop) -> list[float]:
    """Values at which the KPI is the target: brackets on the grid, closed in on all at once."""
    miss = y - target
    out = [float(v) for v in x[miss == 0]]
    at = np.flatnonzero(miss[:-1] * miss[1:] < 0)
    if asker.objective.uses_draws:
        def missed(value: float) -> float:
            return float(asker.measured(np.array([[value]]))[0]) - target
        ends = [((x[i], miss[i]), (x[i + 1], miss[i + 1])) for i in at]
        return out + [_threshold(missed, *pair, asker.objective.side, asker.enough(target), progress, stop) for pair in ends]
    right = closed_in(lambda inner: asker.measured(inner.reshape(-1, 1)).reshape(inner.shape) - target,
                      x[at], x[at + 1], miss[at + 1] > 0, lambda done: progress(_SEEN + (1 - _SEEN) * done), stop)
    return out + [float(v) for v in right]


def closed_in(missed: Callable[[np.ndarray], np.ndarray], left: np.ndarray, right: np.ndarray, rising: np.ndarray,
              progress: Callable[[float], None] = lambda done: None, stop: Callable[[], bool] = lambda: False) -> np.ndarray:
    """Where a miss changes its sign within each bracket (B,), all closed in on at once; the end beyond it.

    missed: of values (B, n), a row a bracket. rising: whether it is above 0 at the bracket's right.
    """
    for look in range(_LOOKS):
        if not left.size or stop() or np.all(right - left <= _CLOSE * np.maximum(np.abs(left), np.abs(right))):
            break
        inner = left[:, None] + (right - left)[:, None] * np.linspace(0, 1, _CLOSER)
        here = missed(inner[:, 1:-1])
        beyond = np.where(rising[:, None], here > 0, here < 0)
        first = np.where(beyond.any(axis=1), beyond.argmax(axis=1), _CLOSER - 2)
        rows = np.arange(left.size)
        left, right = inner[rows, first], inner[rows, first + 1]
        progress((look + 1) / _LOOKS)
    return right


def _threshold(missed: Callable[[float], float], one: tuple[float, float], other: tuple[float, float], side: int,
               enough: float, progress, stop) -> float:
    """Where a KPI over draws crosses the target: the good end of a bracket of (value, miss), once it is narrow or reaches the
    target by no more than `enough`. False position, the weight of an end that stays halved (Illinois).
    """
    (a, weight), (b, miss) = one, other
    good, over = (a, side * weight) if side * weight >= 0 else (b, side * miss)
    for step in range(_STEPS):
        if stop() or over <= enough or abs(b - a) <= _DRAWS_CLOSE * max(abs(a), abs(b)):
            break
        x = b - miss * (b - a) / (miss - weight)
        found = missed(x)
        a, weight = (b, miss) if found * miss < 0 else (a, weight / 2)
        b, miss = x, found
        good, over = (b, side * miss) if side * miss >= 0 else (good, over)
        progress(_SEEN + (1 - _SEEN) * (step + 1) / _STEPS)
    return float(good)


def _nearest(asker: Asker, x: np.ndarray, y: np.ndarray, target: float, progress, stop) -> tuple[float, str]:
    """The value that comes nearest to a target out of reach, and what stops it."""
    side, today = (1.0 if target > np.nanmax(y) else -1.0), asker.levers[0].today

    def look(values: np.ndarray) -> np.ndarray:
        return side * asker.measured(values[:, None])
    x, seen = np.append(x, today), np.append(side * y, look(np.array([today])))
    return _peak(asker, 0, look, x, seen, progress, stop)


def _peak(asker: Asker, number: int, look, x: np.ndarray, seen: np.ndarray, progress, stop) -> tuple[float, str]:
    """Where over one lever's range `look` is largest, of several as good the nearest to today's, and what stops it."""
    lever = asker.levers[number]
    points, looks = (_DRAWS_CLOSER, _DRAWS_LOOKS) if asker.objective.uses_draws else (_CLOSER, _NEAR_LOOKS)
    for done in range(looks):
        if stop():
            break
        at = np.argsort(x, kind="stable")
        x, seen = x[at], seen[at]
        best = _best(x, seen, lever.today)
        inner = np.linspace(x[max(best - 1, 0)], x[min(best + 1, x.size - 1)], points)
        x, seen = np.append(x, inner), np.append(seen, look(inner))
        progress(_SEEN + (1 - _SEEN) * (done + 1) / looks)
    value = float(x[_best(x, seen, lever.today)])
    return value, _why(lever, x, seen, value)


def _best(x: np.ndarray, seen: np.ndarray, today: float) -> int:
    """The place of the best; of several that are as good the nearest to today's value."""
    good = seen >= np.nanmax(seen) - _ALIKE * abs(np.nanmax(seen))
    return int(np.argmin(np.where(good, np.abs(x - today), np.inf)))


def _why(lever: Lever, x: np.ndarray, seen: np.ndarray, value: float) -> str:
    """What stops a lever that has been looked at all over its range: seen is larger the better, value one of the best."""
    if np.nanmax(seen) - np.nanmin(seen) <= _ALIKE * np.nanmax(np.abs(seen)):
        return "flat"
    if value - lever.low < _AT_END * lever.width:
        return "low"
    if lever.high - value < _AT_END * lever.width:
        return "high"
    best = np.nanmax(seen) - _ALIKE * abs(np.nanmax(seen))
    worse = [np.nanmin(np.where(beyond, seen, np.inf)) < best for beyond in (x <= value, x >= value)]
    ends = [seen[np.argmin(x)], seen[np.argmax(x)]]
    return "turn" if all(worse) and max(ends) < best else "level"


# --- several levers ---------------------------------------------------------------------------------------------------

def _several(asker: Asker, target: float, progress: Callable[[float], None], stop: Callable[[], bool]) -> Sought:
    """The least change over levers scaled to 0…1: distance as the value, the target as a limit."""
    plan = np.array([lv.today for lv in asker.levers])
    low, width = np.array([lv.low for lv in asker.levers]), np.array([lv.width for lv in asker.levers])
    today, n = np.clip((plan - low) / width, 0, 1), plan.size
    start = float(asker.measured(plan[None])[0])
    if (start - target) * asker.objective.side >= 0:
        return _answer(asker, target, start, plan, True, (), (), None)
    reached = _reaching(asker.of_first(_SEARCH_DRAWS), target, start)

    def near(points: np.ndarray, numbers: np.ndarray):
        return -np.square(points - today).sum(axis=-1) / 2, (reached(points) - AIM)[..., None]

    def far(points: np.ndarray, numbers: np.ndarray):
        return reached(points), np.empty((*points.shape[:-1], 0))
    rows = _box(asker.levers)
    best = _climbed(asker, far, [today, *np.where(np.eye(n) > 0, 1.0, today), np.ones(n), np.zeros(n)], rows,
                    lambda done: progress(_NEARER * done), stop)
    if best.value < 0 and stop():
        return replace(_answer(asker, target, start, low + width * best.x, False, (), (), None), stopped=True)
    if best.value < 0:
        return _short(asker, target, start, low + width * best.x, stop)
    lane = _climbed(asker, near, [today, best.x, *((today + (best.x - today) * part) for part in (0.25, 0.5))], rows,
                    lambda done: progress(_NEARER + (_LEAST - _NEARER) * done), stop)
    values = _exactly(asker, target, plan, low + width * lane.x, low + width * best.x, start, stop)
    if values is None:
        return _short(asker, target, start, low + width * best.x, stop)
    return replace(_answer(asker, target, start, values, True, (), (), None), stopped=stop())


def _reaching(asker: Asker, target: float, start: float):
    """Function from scaled points to how far the KPI is on the good side of the target, as a part of its size."""
    low, width = np.array([lv.low for lv in asker.levers]), np.array([lv.width for lv in asker.levers])
    side, size = float(asker.objective.sign), max(abs(target), abs(start), 1e-9)

    def reached(points: np.ndarray) -> np.ndarray:
        outcome = asker.outcomes(low + width * points.reshape(-1, low.size))
        if asker.objective.measure == "chance":
            y = asker.objective.smooth(outcome, float(np.std(outcome)) or 1.0) - target
        else:
            y = asker.objective.smooth(outcome, 1.0) - side * target
        return (y / size).reshape(points.shape[:-1])
    return reached


def _exactly(asker: Asker, target: float, plan: np.ndarray, found: np.ndarray, best: np.ndarray, start: float,
             stop) -> np.ndarray | None:
    """The search smooths, on some of the draws; the last step, on the line through what it found, takes all as they are.

    None where neither the line through the least change nor the one to the best reaches the target.
    """
    if not asker.objective.uses_draws:
        return found
    low, high = (np.array([getattr(lv, end) for lv in asker.levers]) for end in ("low", "high"))
    for point, end in ((found, _FURTHER), (best, 1.0)):
        def at(part: float, point=point) -> np.ndarray:
            return np.clip(plan + part * (point - plan), low, high)

        def missed(part: float, at=at) -> float:
            return float(asker.measured(at(part)[None])[0]) - target
        if asker.objective.side * (reach := missed(end)) >= 0:
            return at(_threshold(missed, (0.0, start - target), (end, reach), asker.objective.side, asker.enough(target),
                                 lambda done: None, stop))
    return None


def _box(levers: tuple[Lever, ...]) -> Rows:
    n = len(levers)
    labels = [Row("lever", side, lv.address) for side in ("low", "high") for lv in levers]
    return Rows(np.vstack([np.eye(n), -np.eye(n)]), np.concatenate([np.zeros(n), -np.ones(n)]), tuple(labels))


def _climbed(asker: Asker, look, starts: Sequence[np.ndarray], rows: Rows, progress, stop) -> Lane:
    lanes = [Lane(np.asarray(x, float), rows, i) for i, x in enumerate(starts)]
    rounds, close = _OVER_DRAWS if asker.objective.uses_draws else _OF_PLAN
    climb(lanes, look, 1.0, rounds, close, stop, progress)
    return min(lanes, key=lambda lane: (lane.short > 2 * AIM, -lane.value))


def _short(asker: Asker, target: float, start: float, point: np.ndarray, stop) -> Sought:
    """The target out of reach with all levers: the nearest, with no lever moved for nothing, and what stops each of them."""
    side, limits, point = (1.0 if target > start else -1.0), [], point.copy()
    for i, lv in enumerate(asker.levers):

        def look(values: np.ndarray, i: int = i) -> np.ndarray:
            points = np.tile(point, (values.size, 1))
            points[:, i] = values
            return side * asker.measured(points)
        x = np.unique([*np.linspace(lv.low, lv.high, _CLOSER), point[i], lv.today])
        point[i], why = _peak(asker, i, look, x, look(x), lambda done: None, stop)
        limits.append(Limit(lv.address, why))
    return _answer(asker, target, start, point, False, tuple(limits), (), None)


def _answer(asker: Asker, target, start, point, hit, limits, others, curve) -> Sought:
    size = max(abs(target), abs(start), 1e-9)
    reached = float(asker.measured(point[None])[0])
    unmoved = bool(np.all(point == np.array([lv.today for lv in asker.levers])))
    hit = hit or abs(reached - target) <= _HIT * size
    if asker.objective.uses_draws:
        hit = asker.objective.side * (reached - target) >= 0
    values = {lv.address: float(v) for lv, v in zip(asker.levers, point, strict=True)}
    return Sought(asker.objective, target, start, reached, hit, hit and unmoved, asker.levers, values, () if hit else limits,
                  others, curve, asker.at(point))
