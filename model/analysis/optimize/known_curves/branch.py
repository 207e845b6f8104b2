"""Branch and bound for separable S-shaped curves under one budget: the search behind `allocate`.

Each channel is cut at its inflection: below it ("off") the curve is convex and replaced by its chord, above it ("on")
it is concave and kept. How many channels are on is fixed in every node: with the number known the relaxation is tight
even for thirty channels that hardly differ, where the plain concave envelope (Udell and Boyd, "Maximizing a sum of
sigmoids", 2013) would have to tell all subsets apart. For n channels on and a price of money p the bound is

    budget · p + Σ off_i(p) + the n largest of (on_i(p) − off_i(p)),     off, on = max over the piece of value − p · x

smallest over p (Lagrangian dual). on_i(p) is convex in p, so a chord between two tabulated prices lies above it: the
table gives true bounds, off by the square of its step.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace

import numpy as np

from model.analysis.optimize.known_curves.curves import Bundle

ON, OFF, OPEN = 1, 0, -1
#: prices in the table: spends per channel whose slopes are taken, and even steps around the price of the optimum
_SPENDS, _EVEN, _AROUND = 8, 192, 1.5
#: prices around it, as parts of those steps, at which functions are asked; rounds and precision of their water-filling,
#: and the rounds after which kinks are looked for
_ASKED = np.array([0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1])
_LEARN, _LEARNT, _SMOOTH = 24, 1e-9, 4
#: where a slope is taken that is infinite at the floor, as a part of the way to the ceiling
_ABOVE = 1e-12
_KELLEY, _SECANT, _REFINED, _CLOSER, _FLAT, _ROUNDING, _DIGITS = 60, 80, 16, 6, 1e-13, 1e-12, 1e-13


@dataclass(frozen=True, eq=False)
class Pieces:
    """A problem: curves, bounds (C,), the inflections between them, and values at all three."""

    curves: Bundle
    low: np.ndarray
    high: np.ndarray
    turn: np.ndarray
    budget: float

    @classmethod
    def of(cls, curves: Bundle, low: np.ndarray, high: np.ndarray, budget: float) -> Pieces:
        """The pieces of curves between their bounds (C,), money. Raises Impossible: not_s_shaped, not_finite."""
        return cls(curves, low, high, np.clip(curves.inflection(low, high), low, high), budget)

    def worth(self, prices: np.ndarray) -> np.ndarray:
        """Value less cost of the best spend on each concave piece (P, C), or a bound above it; prices ascend."""
        return self.curves.worth(prices, self.turn, self.high)

    def near(self, prices: np.ndarray) -> bool:
        """Ask functions where these prices lead; False where no curve has to be asked."""
        return self.curves.near(prices, self.turn, self.high)


class Table:
    """on_i at ascending prices: worth (P, C) of the best spend on the concave piece less its cost. Grows where looked at."""

    def __init__(self, pieces: Pieces, prices: np.ndarray):
        self._pieces = pieces
        self.prices, self.worth = prices, pieces.worth(prices)

    def add(self, prices: np.ndarray, asked: np.ndarray) -> None:
        """More prices; curves that are functions are asked at the prices `asked`, which brings all bounds closer."""
        every, first = np.unique(np.concatenate([self.prices, prices]), return_index=True)
        if self._pieces.near(asked):
            self.worth = self._pieces.worth(every)
        else:
            self.worth = np.concatenate([self.worth, self._pieces.worth(prices)])[first]
        self.prices = every

    def renew(self, price: float) -> bool:
        """Bounds by what functions have said since, around a price; False where no curve has to be asked."""
        if not self._pieces.curves.sampled:
            return False
        steps = price + np.append(_ASKED, -_ASKED[1:]) * abs(price) * (1 - 1 / _AROUND)
        self.add(steps, steps[:1])
        return True

    def refine(self, price: float) -> None:
        """More prices in the cells that touch one: what its chords lose falls with the square of their number."""
        right = int(np.searchsorted(self.prices, price))
        first = max(0, right - 1)
        last = min(self.prices.size - 1, right + (self.prices[min(right, self.prices.size - 1)] == price))
        ends = zip(self.prices[first:last], self.prices[first + 1:last + 1], strict=True)
        prices = np.concatenate([np.linspace(a, b, _REFINED) for a, b in ends])
        self.add(prices, np.append(prices, price))


@dataclass(frozen=True, eq=False)
class Node:
    """Some channels forced on or off (state (C,) of ON, OFF, OPEN), so many on in all, the interval of each off piece."""

    state: np.ndarray
    count: int
    off: np.ndarray          # (2, C): ends of the off piece
    off_value: np.ndarray    # (2, C)


def table_of(p: Pieces) -> Table:
    """Worth by price, dense around the price at which the concave envelopes spend the budget."""
    table = Table(p, _slopes(p))
    coarse, ends = table.prices, np.stack([p.low, p.turn])
    values = np.stack([p.curves.value(e) for e in ends])
    off = (values[:, None] - ends[:, None] * coarse[:, None]).max(axis=0)
    price = coarse[np.argmin(p.budget * coarse + np.maximum(table.worth, off).sum(axis=1))]
    steps = abs(price) * (1 - 1 / _AROUND)
    table.add(price + np.linspace(-1, 1, _EVEN) * steps, price + np.append(_ASKED, -_ASKED[1:]) * steps)
    return table


def _slopes(p: Pieces) -> np.ndarray:
    """Ascending prices: slopes along the concave pieces, and one far beyond either end."""
    grid = p.turn[:, None] + (p.high - p.turn)[:, None] * np.linspace(0, 1, _SPENDS) ** 2
    ends = np.stack([p.low, p.turn, p.high])
    spans = np.diff(ends, axis=0)
    values = np.stack([p.curves.value(e) for e in ends])
    rises = np.diff(values, axis=0)
    chords = np.divide(rises, spans, out=np.zeros_like(spans), where=spans > 0)
    slopes = p.curves.slope(grid)
    # what so small a price takes from a value is lost in its last digit: it is no price
    nothing = _DIGITS * np.max(np.abs(values)) / max(abs(p.budget), np.finfo(float).tiny)
    slopes = np.unique(np.where(np.abs(slopes) < nothing, 0.0, slopes)[np.isfinite(slopes)])
    # chords lie between the outer prices but are none of them: where the bound has a kink, a cell must hold both sides
    least, most = min(slopes[0], chords.min()), max(slopes[-1], chords.max())
    width = most - least or abs(most) or 1.0
    return np.concatenate([[least - width], slopes, [most + width]])


class Relaxation:
    """The bound of a node, and which channels are on at it."""

    def __init__(self, pieces: Pieces, table: Table):
        self.pieces, self.table = pieces, table

    def feasible(self, node: Node) -> bool:
        """Whether the pieces of some choice can spend exactly the budget."""
        p = self.pieces
        least = self._extreme(node, p.turn - node.off[0], node.off[0], smallest=True)
        most = self._extreme(node, p.high - node.off[1], node.off[1], smallest=False)
        slack = _ROUNDING * max(abs(most), abs(p.budget))
        return least <= p.budget + slack and most >= p.budget - slack

    def _extreme(self, node, extra, base, smallest: bool) -> float:
        forced = node.state == ON
        free = np.sort(extra[node.state == OPEN])
        left = node.count - int(forced.sum())
        chosen = free[:left] if smallest else free[free.size - left:]
        return base.sum() + extra[forced].sum() + chosen.sum()

    def at(self, node: Node, price: float, cell: int):
        """Bound, slope of the bound, which are on, and the off piece's end, at a price within a cell of the table."""
        prices, worth = self.table.prices, self.table.worth
        step = (worth[cell + 1] - worth[cell]) / (prices[cell + 1] - prices[cell])
        on = worth[cell] + step * (price - prices[cell])
        ends = node.off_value - price * node.off
        upper = (ends[1] > ends[0]).astype(int)
        off = np.maximum(ends[0], ends[1])
        gain = np.where(node.state == OPEN, on - off, np.where(node.state == ON, np.inf, -np.inf))
        chosen = np.zeros(gain.size, bool)
        chosen[np.argsort(-gain, kind="stable")[:node.count]] = True
        spend = np.where(chosen, -step, node.off[upper, np.arange(gain.size)])
        bound = price * self.pieces.budget + np.where(chosen, on, off).sum()
        return bound, self.pieces.budget - spend.sum(), chosen, upper

    def solve(self, node: Node):
        """(bound, price, left, right): the smallest bound, its price, and what `at` says on either side of it."""
        cell = self._cell(node)
        left_price, right_price = self.table.prices[cell], self.table.prices[cell + 1]
        left, right = self.at(node, left_price, cell), self.at(node, right_price, cell)
        for _ in range(_KELLEY):  # piecewise linear within a cell: tangents meet at the minimum after a few
            if left[1] >= 0 or right[1] <= 0:
                break
            price = (right[0] - left[0] + left[1] * left_price - right[1] * right_price) / (left[1] - right[1])
            middle = self.at(node, price, cell)
            below = left[0] + left[1] * (price - left_price)
            if not left_price < price < right_price or middle[0] - below <= _FLAT * abs(middle[0]):
                break
            if middle[1] < 0:
                left_price, left = price, middle
            else:
                right_price, right = price, middle
        price = left_price if left[0] < right[0] else right_price
        return min(left[0], right[0]), float(price), left, right

    def _cell(self, node: Node) -> int:
        """The cell of the table with the smallest bound: the bound is convex in the price."""
        low, high = 0, self.table.prices.size - 1
        while high - low > 1:
            middle = (low + high) // 2
            cell = min(middle, self.table.prices.size - 2)
            low, high = (middle, high) if self.at(node, self.table.prices[middle], cell)[1] < 0 else (low, middle)
        return low


@dataclass(frozen=True, eq=False)
class Found:
    """The best split, its value, the proven bound above every split, and how many nodes were looked at."""

    spend: np.ndarray
    value: float
    bound: float
    nodes: int


class Search:
    """Best first over nodes; keeps the best split found."""

    def __init__(self, pieces: Pieces, tolerance: float, most: int):
        self.pieces, self.tolerance, self.most = pieces, tolerance, most
        self.relaxed = Relaxation(pieces, table_of(pieces))
        part = (pieces.budget - pieces.low.sum()) / (pieces.high - pieces.low).sum()
        even = pieces.low + (pieces.high - pieces.low) * part
        self.best = _spent(even, pieces.low, pieces.high, pieces.budget)
        self.tried: set[bytes] = set()
        self.value = float(pieces.curves.value(self.best).sum())
        self.heap: list[tuple] = []  # (−bound, number, node, what its relaxation says)
        self.nodes, self.closed = 0, -np.inf

    def run(self) -> Found:
        """Split nodes, the best bound first, until the gap is closed or the nodes are used up."""
        for node in self._first():
            self._bound(node)
        while self.heap and self.nodes < self.most and self._open(-self.heap[0][0]):
            bound, _, node, solved = heapq.heappop(self.heap)
            self._settle(node, -bound, *solved)
        bound = max([self.closed, self.value] + [-entry[0] for entry in self.heap[:1]])
        return Found(self.best, self.value, bound, self.nodes)

    def _open(self, bound: float) -> bool:
        return bound > self.value + self.tolerance * abs(self.value)

    def _first(self):
        """A node for every number of channels that may be on."""
        p = self.pieces
        state = np.where(p.turn <= p.low, ON, np.where(p.turn >= p.high, OFF, OPEN))
        off = np.stack([p.low, p.turn])
        values = np.stack([p.curves.value(e) for e in off])
        fixed = int((state == ON).sum())
        return [Node(state, n, off, values) for n in range(fixed, fixed + int((state == OPEN).sum()) + 1)]

    def _bound(self, node: Node) -> None:
        """Bound a node, and keep it where it may hold more than the best split."""
        self.nodes += 1
        if not self.relaxed.feasible(node):
            return
        bound, *solved = self.relaxed.solve(node)
        if self._open(bound):
            heapq.heappush(self.heap, (-bound, self.nodes, node, solved))
        else:
            self.closed = max(self.closed, bound)

    def _settle(self, node: Node, bound: float, price: float, left, right) -> None:
        """Take the splits a relaxation points at; branch where they leave doubt, look closer where only the table does."""
        for chosen, upper in (left[2:], right[2:], (left[2], self._tear(node, left, right)[0])):
            self._try(node, chosen, upper)
        if self.relaxed.table.renew(price):
            closer, price, left, right = self.relaxed.solve(node)
            bound = min(bound, closer)
        split = self._split(node, left, right)
        if not self._open(bound):
            self.closed = max(self.closed, bound)
        elif split:
            for child in self._children(node, split):
                self._bound(child)
        else:
            self._closer(node, bound, price)

    def _closer(self, node: Node, bound: float, price: float) -> None:
        """Settle a node again on a finer table, until that no longer changes what it says."""
        for _ in range(_CLOSER):
            self.relaxed.table.refine(price)
            closer, price, left, right = self.relaxed.solve(node)
            if closer < bound - _FLAT * abs(bound) or self._split(node, left, right):
                return self._settle(node, closer, price, left, right)
        self.closed = max(self.closed, bound)

    def _split(self, node: Node, left, right) -> tuple:
        """Where to branch: (channel,) that is on at one side of the price only, or (channel, spend) to cut its off piece."""
        unsure = left[2] != right[2]
        if np.any(unsure):
            return (int(np.argmax(np.where(unsure, self.pieces.high - node.off[0], -np.inf))),)
        return self._tear(node, left, right)[1]

    def _tear(self, node: Node, left, right) -> tuple[np.ndarray, tuple]:
        """Ends of the off pieces when those between the two sides go down one after the other until the budget holds.

        And (channel, spend) of the last one, where it would stop between its ends.
        """
        upper, width, excess = left[3].copy(), node.off[1] - node.off[0], -left[1]
        torn = np.flatnonzero((left[3] != right[3]) & ~left[2] & (width > 0))
        for i in torn[np.argsort(-width[torn], kind="stable")]:
            cut = node.off[1, i] - excess
            upper[i], excess = 0, excess - width[i]
            if node.off[0, i] < cut < node.off[1, i]:
                return upper, (int(i), float(cut))
            if excess <= 0:
                break
        return upper, ()

    def _children(self, node: Node, split: tuple):
        i = split[0]
        if len(split) == 1:
            for state in (ON, OFF):
                changed = node.state.copy()
                changed[i] = state
                room = int((changed == ON).sum()) <= node.count <= int((changed != OFF).sum())
                if room:
                    yield replace(node, state=changed)
            return
        cut = split[1]
        at_cut = float(self.pieces.curves.value(np.where(np.arange(node.state.size) == i, cut, node.off[0]))[i])
        for end in (0, 1):
            off, values = node.off.copy(), node.off_value.copy()
            off[end, i], values[end, i] = cut, at_cut
            yield replace(node, off=off, off_value=values)

    def _try(self, node: Node, chosen: np.ndarray, upper: np.ndarray) -> None:
        """The best split with these channels on and the others at these ends of their off pieces."""
        ends = node.off[upper, np.arange(chosen.size)]
        low = np.where(chosen, self.pieces.turn, ends)
        high = np.where(chosen, self.pieces.high, ends)
        key = low.tobytes() + high.tobytes()
        if key in self.tried:
            return
        self.tried.add(key)
        filled = fill(self.pieces, low, high)
        if filled is None:
            return
        spend = filled[0]
        value = float(self.pieces.curves.value(spend).sum())
        if value > self.value:
            self.best, self.value = spend, value


def fill(p: Pieces, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, float] | None:
    """Water-filling on concave pieces: spends between their bounds at one slope, all of the budget, and that slope.

    None where the bounds cannot hold the budget.
    """
    slack = _ROUNDING * abs(p.budget)
    if low.sum() > p.budget + slack or high.sum() < p.budget - slack:
        return None
    slopes = np.stack([p.curves.slope(low), p.curves.slope(high)])
    if not np.all(np.isfinite(slopes[0])):  # a root is infinitely steep at zero: the price is sought just above it
        slopes[0] = p.curves.slope(low + _ABOVE * (high - low))
    slopes = slopes[:, high > low]
    steep, flat = (slopes.max(), slopes.min()) if slopes.size else (0.0, 0.0)

    def spend(price):
        return p.curves.at_slope(np.full(low.size, price), low, high)
    for i in range(_LEARN):
        price = _root(lambda price: spend(price).sum() - p.budget, flat, steep)
        if p.curves.learn(price, low, high, i > _SMOOTH) <= _LEARNT * max(abs(price), _LEARNT * steep):
            break
    piecewise = _spent(spend(price), low, high, p.budget)
    return _spent(piecewise, p.low, p.high, p.budget), price


def _root(excess, left: float, right: float) -> float:
    """Where a falling function is nil, between two prices: the Illinois rule, which keeps its bracket."""
    at_left, at_right = excess(left), excess(right)
    side = 0
    for _ in range(_SECANT):
        if at_left <= 0 or at_right >= 0 or right - left <= 4 * np.spacing(max(abs(left), abs(right))):
            break
        price = (left * at_right - right * at_left) / (at_right - at_left)
        price = price if left < price < right else (left + right) / 2
        here = excess(price)
        if here == 0:
            return price
        if here > 0:
            left, at_left, at_right, side = price, here, at_right / 2 if side == 1 else at_right, 1
        else:
            right, at_right, at_left, side = price, here, at_left / 2 if side == -1 else at_left, -1
    return left if abs(at_left) < abs(at_right) else right


def _spent(spend: np.ndarray, low: np.ndarray, high: np.ndarray, budget: float) -> np.ndarray:
    """The last cents to where there is room, so that the sum is the budget."""
    out = np.clip(spend, low, high)
    for _ in range(out.size + 2):
        rest = budget - out.sum()
        if rest == 0:
            break
        room = high - out if rest > 0 else out - low
        i = int(np.argmax(room))
        out[i] += np.sign(rest) * min(abs(rest), room[i])
    return out
