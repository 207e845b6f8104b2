"""What a split must keep to: limits as a planner says them, and as linear rows over the spends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from model.analysis.optimize.asks import impossible
from model.analysis.optimize.search.quadratic import nearest
from model.engine.kpis import KPIS

MOVE = 0.3
#: of the total: as far as a channel without a share may come, where a move is relative and nothing else is said
OPENING = 0.02
#: a limit in money is relaxed by so many yuan, one in shares by so much, to say what that is worth
YUAN_POINT, SHARE_POINT = 10_000.0, 0.01
_ROUNDING = 1e-9
_NO_CEILING = 1e300
#: conflicting limits that a sentence names; the data has all
_NAMED = 4


@dataclass(frozen=True, slots=True)
class Group:
    """Channels that together stay between floor and ceiling (of the total, 0…1) and two spends (yuan a year)."""

    name: str
    channels: tuple[str, ...]
    floor: float = 0.0
    ceiling: float = 1.0
    spend_floor: float = 0.0
    spend_ceiling: float = np.inf


@dataclass(frozen=True)
class Limits:
    """move: no share leaves today's by more than this part of it; None for no such limit. points: but by so much of the
    total (0…1) every share may; None: only one of 0, which has no part to move by, by OPENING.

    share_floor, share_ceiling: of the total, by channel. spend_floor, spend_ceiling: yuan a year, by channel. locked:
    channels whose share stays. budget: the total may be chosen between these (yuan a year); None: it stays. months:
    with phasing, no month's weight in a channel leaves today's by more than this part of it. at_least, at_most: KPIs of
    the plan itself, in their units.
    """

    move: float | None = MOVE
    points: float | None = None
    share_floor: Mapping[str, float] = field(default_factory=dict)
    share_ceiling: Mapping[str, float] = field(default_factory=dict)
    spend_floor: Mapping[str, float] = field(default_factory=dict)
    spend_ceiling: Mapping[str, float] = field(default_factory=dict)
    locked: frozenset[str] = frozenset()
    groups: tuple[Group, ...] = ()
    budget: tuple[float, float] | None = None
    months: float = MOVE
    at_least: Mapping[str, float] = field(default_factory=dict)
    at_most: Mapping[str, float] = field(default_factory=dict)

    def reach(self, channel: str, share: float) -> float:
        """By how much of the total a channel's share may leave today's, 0…1."""
        if channel in self.locked:
            return 0.0
        if self.move is None:
            return 1.0
        opening = OPENING if share == 0 and self.move > 0 else 0.0
        return max(self.move * share, opening if self.points is None else self.points)

    def check(self, channels: tuple[str, ...]) -> None:
        """Raises Impossible for a name that does not exist or a number that cannot be meant."""
        named = [*self.share_floor, *self.share_ceiling, *self.spend_floor, *self.spend_ceiling, *self.locked]
        named += [c for g in self.groups for c in g.channels]
        for c in named:
            if c not in channels:
                raise impossible("unknown_reference", "limits", got=c, allowed=", ".join(channels))
        for key in [*self.at_least, *self.at_most]:
            if key not in KPIS:
                raise impossible("unknown_reference", "limits", got=key, allowed=", ".join(KPIS))
        numbers = [self.move or 0.0, self.points or 0.0, self.months, *self.share_floor.values(), *self.share_ceiling.values(),
                   *self.spend_floor.values(), *self.spend_ceiling.values(), *(self.budget or ())]
        numbers += [x for g in self.groups for x in (g.floor, g.ceiling, g.spend_floor, min(g.spend_ceiling, _NO_CEILING))]
        for number in numbers:
            if not np.isfinite(number) or number < 0:
                raise impossible("too_low", "limits", got=str(number), allowed="≥ 0")
        for key, number in [*self.at_least.items(), *self.at_most.items()]:
            if not np.isfinite(number):
                raise impossible("not_finite", key, got=str(number))

    def kpis(self) -> tuple[tuple[str, float, int], ...]:
        """(KPI, bound, +1 for at least, −1 for at most)."""
        return (*((k, v, 1) for k, v in self.at_least.items()), *((k, v, -1) for k, v in self.at_most.items()))


@dataclass(frozen=True, slots=True)
class Row:
    """One linear limit. kind: move | lock | share | spend | group | group_spend | budget | nothing | month;
    side: "low" | "high".

    point: by how much the row gives way when the limit is relaxed by one point (in spends of the whole budget), and
    `step` what that point is: 0.01 of a share or of today's share, or yuan.
    """

    kind: str
    side: str
    name: str
    point: float = 0.0
    step: float = SHARE_POINT


@dataclass(frozen=True, eq=False)
class Rows:
    """Limits as a · x ≥ least over spends x (in units of `unit` yuan); labels say which limit each row is."""

    a: np.ndarray
    least: np.ndarray
    labels: tuple[Row, ...]

    def violation(self, x: np.ndarray) -> float:
        """By how much x (n,) misses the worst limit, in the rows' units; 0 where all are kept."""
        return float(np.max(self.least - self.a @ x, initial=0.0))

    def with_total(self, low: float, high: float) -> Rows:
        """The same limits with another range of the total."""
        least = self.least.copy()
        for i, row in enumerate(self.labels):
            if row.kind == "budget":
                least[i] = low if row.side == "low" else -high
        return Rows(self.a, least, self.labels)

    def nearest(self, x: np.ndarray) -> np.ndarray | None:
        """The nearest point within the limits, None where there is none."""
        step = nearest(x, self.a, self.least).step
        return None if step is None else x + step

    def project(self, x: np.ndarray) -> np.ndarray:
        """The nearest point within the limits. Raises Impossible (`limits_conflict`) naming the limits that conflict."""
        found = nearest(x, self.a, self.least)
        if found.step is None:
            rows = [r for r, w in zip(self.labels, found.multiplier, strict=True)
                    if w > _ROUNDING * max(found.multiplier.max(), 1)]
            names = tuple(dict.fromkeys(f"{r.kind} {r.name}".strip() for r in rows))
            raise impossible("limits_conflict", "limits", got=", ".join(names[:_NAMED]), limits=names,
                             rows=tuple(dict.fromkeys((r.kind, r.side, r.name) for r in rows)))
        return x + found.step


class _Builder:
    """Collects rows over n spends."""

    def __init__(self, n: int):
        self.n = n
        self.a: list[np.ndarray] = []
        self.least: list[float] = []
        self.labels: list[Row] = []

    def add(self, vector: np.ndarray, least: float, row: Row) -> None:
        self.a.append(vector)
        self.least.append(least)
        self.labels.append(row)

    def share(self, members: np.ndarray, low: float, high: float, kind: str, name: str, point: float = SHARE_POINT):
        """low ≤ Σ members ÷ total ≤ high."""
        if low > 0:
            self.add(members - low, 0.0, Row(kind, "low", name, point))
        if high < 1:
            self.add(high - members, 0.0, Row(kind, "high", name, point))

    def spend(self, members: np.ndarray, low: float, high: float, kind: str, name: str, unit: float):
        """low ≤ Σ members ≤ high, in spends of the whole budget."""
        if low > 0:
            self.add(members, low, Row(kind, "low", name, YUAN_POINT / unit, YUAN_POINT))
        if np.isfinite(high):
            self.add(-members, -high, Row(kind, "high", name, YUAN_POINT / unit, YUAN_POINT))

    def rows(self) -> Rows:
        return Rows(np.array(self.a), np.array(self.least), tuple(self.labels))


def linear_rows(limits: Limits, channels: tuple[str, ...], today: np.ndarray, unit: float) -> Rows:
    """The limits of the shares. today (n,): spends in units of `unit` yuan."""
    n, build = len(channels), _Builder(len(channels))
    total = today.sum()
    share = today / total if total > 0 else np.full(n, 1 / n)
    for i, c in enumerate(channels):
        one = np.eye(n)[i]
        build.add(one, 0.0, Row("nothing", "low", c))
        if c in limits.locked:
            build.share(one, share[i], share[i], "lock", c)
        elif limits.move is not None:
            reach = limits.reach(c, share[i])
            point = SHARE_POINT * share[i] if reach == limits.move * share[i] else SHARE_POINT
            build.share(one, share[i] - reach, share[i] + reach, "move", c, point)
        build.share(one, limits.share_floor.get(c, 0.0), limits.share_ceiling.get(c, 1.0), "share", c)
        build.spend(one, limits.spend_floor.get(c, 0.0) / unit, limits.spend_ceiling.get(c, np.inf) / unit, "spend", c, unit)
    for g in limits.groups:
        members = np.array([float(c in g.channels) for c in channels])
        build.share(members, g.floor, g.ceiling, "group", g.name)
        build.spend(members, g.spend_floor / unit, g.spend_ceiling / unit, "group_spend", g.name, unit)
    low, high = (b / unit for b in limits.budget) if limits.budget else (total, total)
    build.add(np.ones(n), low, Row("budget", "low", "", YUAN_POINT / unit, YUAN_POINT))
    build.add(-np.ones(n), -high, Row("budget", "high", "", YUAN_POINT / unit, YUAN_POINT))
    _check_sums(limits, channels, share, low * unit, high * unit)
    return build.rows()


def _check_sums(limits: Limits, channels, share, low: float, high: float) -> None:
    """Names the plain contradictions before a solver finds them; the rest is for `Rows.project`."""
    if low > high * (1 + _ROUNDING):
        raise impossible("bounds_crossed", "budget", got=float(low), allowed=float(high), channels=())
    floors, ceilings = bounds(limits, channels, share, high)
    crossed = [c for c in channels if floors[c] > ceilings[c] * (1 + _ROUNDING) + _ROUNDING]
    if crossed:
        raise impossible("bounds_crossed", ", ".join(crossed), got=float(floors[crossed[0]]),
                         allowed=float(ceilings[crossed[0]]), channels=tuple(crossed))
    _check_groups(limits, high)
    for code, sums, limit, wrong in (("floors_above_budget", floors, high, sum(floors.values()) > high * (1 + _ROUNDING)),
                                     ("ceilings_below_budget", ceilings, low,
                                      sum(bounds(limits, channels, share, low)[1].values()) < low * (1 - _ROUNDING))):
        if wrong:
            holding = tuple(c for c in channels if sums[c] > 0 or code.startswith("ceil"))
            raise impossible(code, "limits", got=float(sum(sums.values())), allowed=float(limit), channels=holding,
                             by_channel={c: float(sums[c]) for c in holding}, budget=float(limit))


def _check_groups(limits: Limits, total: float) -> None:
    """Names a group whose floor is above its own ceiling; what its channels cannot give is for `Rows.project`."""
    for g in limits.groups:
        least, most = max(g.floor * total, g.spend_floor), min(g.ceiling * total, g.spend_ceiling)
        if least > most * (1 + _ROUNDING):
            raise impossible("bounds_crossed", g.name, got=float(least), allowed=float(most), group=g.name, channels=g.channels)


def bounds(limits: Limits, channels, share, total: float) -> tuple[dict[str, float], dict[str, float]]:
    """Each channel's smallest and largest spend (yuan) at a total, groups and the others left aside."""
    low, high = {}, {}
    for c, s in zip(channels, share, strict=True):
        floors = [limits.share_floor.get(c, 0.0) * total, limits.spend_floor.get(c, 0.0)]
        ceilings = [limits.share_ceiling.get(c, 1.0) * total, limits.spend_ceiling.get(c, np.inf), total]
        floors.append((s - limits.reach(c, s)) * total)
        ceilings.append((s + limits.reach(c, s)) * total)
        low[c], high[c] = float(max(floors)), float(min(ceilings))
    return low, high


def month_rows(shares: Rows, limits: Limits, weights: np.ndarray, channels: tuple[str, ...], fixed: np.ndarray) -> Rows:
    """The same limits over spends by channel and month (n · 12), and those of each month's weight.

    weights (n, 12): today's, sum 1. fixed (12,) bool: months outside the plan, whose weights stay.
    """
    n = len(channels)
    build = _Builder(n * 12)
    for vector, least, label in zip(shares.a, shares.least, shares.labels, strict=True):
        build.add(np.repeat(vector, 12), least, label)
    for i, c in enumerate(channels):
        total = np.zeros((n, 12))
        total[i] = 1.0
        for m in range(12):
            reach = 0.0 if fixed[m] else limits.months
            cell = np.zeros((n, 12))
            cell[i, m] = 1.0
            for side, sign in (("low", -1), ("high", 1)):
                vector = sign * ((1 + sign * reach) * weights[i, m] * total - cell)
                build.add(vector.ravel(), 0.0, Row("month", side, f"{c}.{m + 1:02d}", SHARE_POINT * weights[i, m]))
    return build.rows()
