"""`run`: any vectorised function of uncertain inputs, on correlated, scrambled Sobol draws, with errors of what it reports.

    >>> found = run(lambda x: {"profit": 0.42 * x["gmv"] - 7e6}, {"gmv": of_logarithm(math.log(28e6), 0.18)})
    >>> found["profit"].point(5), found["profit"].point_error(5)     # exactly 1,746,296
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from model.analysis.risk.correlation import Correlation, Pairs, correlate
from model.analysis.risk.distributions import Marginal
from model.analysis.risk.draws import AXES, CORES, Axes, Layout, axes_of, scores, uniforms, workers
from model.analysis.risk.sobol import MOST_BITS
from model.analysis.risk.summary import Summary, Tally, mean_and_error, quantile
from model.errors import InvalidInput, UnknownName, Violation

Inputs = Mapping[str, np.ndarray]
Function = Callable[[Inputs], Mapping[str, np.ndarray]]
SCRAMBLES = 16
#: numbers that go into one call of the function: near what evaluates fastest (8,192 draws of the sample plan)
_BLOCK_OF_INPUTS, _LEAST_BLOCK = 2 ** 20, 1024
#: draws in work at once, whole scrambles: memory stays that of so many, however many are asked for
BATCH = 16_384
#: events in the best spread dimensions, which makes them happen as often as they should, and together as often
STRATIFIED = 5
LEAST, MOST = 2 * SCRAMBLES, 2 ** 26
#: numbers of one shape of output that one thread sorts faster than several
_SORTED_ALONE = 2 ** 18
#: step of the gradient, in standard deviations
_STEP = 0.5


@dataclass(frozen=True, slots=True)
class Event:
    """Happens with `probability`; its input is then 1, or a draw of `size`, and 0 where it does not happen."""

    name: str
    probability: float
    size: Marginal | None = None

    @property
    def size_name(self) -> str:
        return f"{self.name} size"


@dataclass(frozen=True, eq=False)
class Run:
    """What a run found.

    draws: how many there are (whole scrambles of 2^bits points). outputs: the kept draws (…, kept). summaries: by output.
    axes: pass them to another run, and both see the same draws. stopped: whether `stop` ended it early.
    """

    draws: int
    scrambles: int
    layout: Layout
    axes: Axes
    correlation: Correlation
    outputs: Mapping[str, np.ndarray]
    summaries: Mapping[str, Summary]
    stopped: bool
    kept_scrambles: int

    def __getitem__(self, name: str) -> Summary:
        if name not in self.summaries:
            raise UnknownName(name)
        return self.summaries[name]

    def point(self, name: str, share: float) -> tuple[np.ndarray, np.ndarray]:
        """Any quantile of an output's kept draws, and its standard error."""
        draws = self.outputs[name]
        each = quantile(np.sort(draws.reshape(*draws.shape[:-1], self.kept_scrambles, -1), axis=-1), share)
        error = each.std(axis=-1, ddof=1) / math.sqrt(self.kept_scrambles)
        return quantile(np.sort(draws, axis=-1), share), error

    def chance(self, name: str, at_least: float) -> tuple[np.ndarray, np.ndarray]:
        """Share of the kept draws that reach `at_least`, and its standard error."""
        return mean_and_error((self.outputs[name] >= at_least).astype(float), self.kept_scrambles)


def layout_of(draws: int, seed: int, scrambles: int, stratified: tuple[str, ...] = ()) -> tuple[Layout, int]:
    """Points and scrambles for at least `draws` draws: powers of two in each, as many scrambles as are then needed."""
    bounds = {"draws": (draws, LEAST, MOST), "scrambles": (scrambles, 2, MOST), "seed": (seed, 0, 2 ** 63)}
    bad = [Violation("too_low" if value < low else "too_high", name, f"{value}", f"{low} … {high}")
           for name, (value, low, high) in bounds.items() if not low <= value <= high]
    if bad:
        raise InvalidInput(bad)
    bits = max(1, min(MOST_BITS, int(math.log2(draws / scrambles))))
    return Layout(seed, bits, stratified), max(scrambles, math.ceil(draws / 2 ** bits))


def run(function: Function, marginals: Mapping[str, Marginal], correlation: Pairs | None = None,
        events: Iterable[Event] = (), draws: int = 4096, seed: int = 0, *, scrambles: int = SCRAMBLES,
        toward: str | Sequence[str] | None = None, axes: Axes | None = None, stratified: int = STRATIFIED,
        block: int | None = None, threads: int | None = None, keep: int | None = None, counted: Collection[str] = (),
        precision: type = np.float64, progress: Callable[[int, int], None] | None = None,
        stop: Callable[[], bool] | None = None) -> Run:
    """Draws of every output of `function`, summed up.

    function: name → (D,) to name → (…, D); called on blocks, from several threads, so it must treat draws one by one.
    correlation: rank correlations by pair of names. toward: output(s) whose gradient the first axes are turned onto
    (default: the first output; "" for none); axes: those of another run instead. keep: draws kept in `outputs` (default
    all). block: draws of one call (default: by the number of inputs). counted: outputs that are 0 or 1, of which the mean
    is all one asks. precision: of the draws that `function` sees; np.float32 is faster, and off by a millionth of a standard
    deviation. progress(done, all) after each batch; stop() between batches: what is done by then is the result.
    The same arguments give the same numbers to the bit, whatever the block, the threads and the order of inputs.
    """
    events = tuple(events)
    layout, wanted, sized, copula = _set_up(marginals, correlation, events, draws, seed, scrambles, stratified)
    if axes is None:
        axes = find_axes(function, sized, copula, events, toward)
    work = _Work(function, sized, copula, events, layout, axes, block or _block(len(sized)), threads or CORES,
                 frozenset(counted), precision)
    return work.through(wanted, MOST if keep is None else keep, progress, stop)


def inputs(marginals: Mapping[str, Marginal], correlation: Pairs | None, events: Iterable[Event], draws: int, seed: int,
           axes: Axes, *, scrambles: int = SCRAMBLES, stratified: int = STRATIFIED,
           precision: type = np.float64) -> dict[str, np.ndarray]:
    """The draws (D,) that the function of such a run sees, by name."""
    events = tuple(events)
    layout, wanted, sized, copula = _set_up(marginals, correlation, events, draws, seed, scrambles, stratified)
    work = _Work(dict, sized, copula, events, layout, axes, 1, CORES, frozenset(), precision)
    return work.inputs(range(wanted), workers(CORES))


def _set_up(marginals, correlation, events: tuple[Event, ...], draws: int, seed: int, scrambles: int,
            stratified: int) -> tuple[Layout, int, dict[str, Marginal], Correlation]:
    """Points, how many scrambles of them, every input with its marginal, and their copula."""
    _check_events(events, marginals)
    layout, wanted = layout_of(draws, seed, scrambles, tuple(e.name for e in events[:stratified]))
    sized = dict(marginals) | {e.size_name: e.size for e in events if e.size is not None}
    return layout, wanted, sized, correlate(correlation, sized)


def _block(inputs: int) -> int:
    """Draws of one call of the function: the nearest power of two."""
    return int(np.clip(2 ** round(math.log2(_BLOCK_OF_INPUTS / max(inputs, 1))), _LEAST_BLOCK, BATCH))


def _check_events(events: Sequence[Event], marginals: Mapping[str, Marginal]) -> None:
    bad = [Violation("too_high" if e.probability > 1 else "too_low", f"event {e.name}", f"{e.probability:g}", "0 … 1")
           for e in events if not 0 <= e.probability <= 1]
    names = [*marginals, *AXES, *(n for e in events for n in (e.name, e.size and e.size_name) if n)]
    bad += [Violation("duplicate_row", f"input {name}") for name, count in Counter(names).items() if count > 1]
    if bad:
        raise InvalidInput(bad)


def find_axes(function: Function, marginals: Mapping[str, Marginal], correlation: Correlation,
              events: Sequence[Event] = (), toward: str | Sequence[str] | None = None) -> Axes:
    """Axes along the gradients of outputs (summed over their own axes) in independent scores; events do not happen."""
    if toward == "" or len(marginals) < 2:
        return Axes()
    names = tuple(sorted(marginals))
    z = np.concatenate([np.eye(len(names)), -np.eye(len(names))], axis=1) * _STEP
    at = {n: i for i, n in enumerate(names)}
    rows = [at[n] for n in correlation.names]
    if rows:
        z[rows] = correlation.root @ z[rows]
    inputs = {n: marginals[n].at(z[i]) for n, i in at.items()} | {e.name: np.zeros(z.shape[1]) for e in events}
    outputs = function(inputs)
    wanted = [next(iter(outputs))] if toward is None else [toward] if isinstance(toward, str) else toward
    sums = [np.broadcast_to(outputs[k], (*np.shape(outputs[k])[:-1], z.shape[1])).reshape(-1, z.shape[1]).sum(axis=0)
            for k in wanted]
    return axes_of(names, [np.nan_to_num(s[:len(names)] - s[len(names):]) for s in sums])


@dataclass(frozen=True)
class _Work:
    """One run's parts, and the way through its batches."""

    function: Function
    marginals: Mapping[str, Marginal]
    correlation: Correlation
    events: tuple[Event, ...]
    layout: Layout
    axes: Axes
    block: int
    threads: int
    counted: frozenset[str]
    precision: type

    def inputs(self, scrambles: range, pool: ThreadPoolExecutor) -> dict[str, np.ndarray]:
        """Every input's draws (D,) in these scrambles."""
        z = scores(self.layout, tuple(self.marginals), self.axes, self.correlation, scrambles, self.precision)
        out = z.values(self.marginals, pool)
        if self.events:
            u = uniforms(self.layout, tuple(e.name for e in self.events), scrambles)
            for e, points in zip(self.events, u, strict=True):
                size = np.ones(1, self.precision) if e.size is None else out[e.size_name]
                out[e.name] = np.where(points < e.probability, size, size.dtype.type(0))
        return out

    def outputs(self, scrambles: range, pool: ThreadPoolExecutor) -> dict[str, np.ndarray]:
        """Every output's draws (…, D), block by block."""
        inputs, size = self.inputs(scrambles, pool), len(scrambles) << self.layout.bits
        starts = range(0, size, self.block)

        def one(start: int) -> Mapping[str, np.ndarray]:
            part = {k: v[start:start + self.block] for k, v in inputs.items()}
            width = min(self.block, size - start)
            return {k: np.broadcast_to(v, (*np.shape(v)[:-1], width)) for k, v in self.function(part).items()}

        parts = list((pool.map if len(starts) > 1 else map)(one, starts))
        if len(parts) == 1:
            return dict(parts[0])
        return {k: np.concatenate([p[k] for p in parts], axis=-1) for k in parts[0]}

    def tally(self, tallies: dict[tuple[str, ...], Tally], outputs: Mapping[str, np.ndarray], scrambles: int, pool) -> None:
        """Outputs of one shape in one tally each: one sort for all of them; pieces of a large one on all threads."""
        if not tallies:
            tallies |= self.tallies(outputs)
        add = [(tally, np.stack([outputs[n] for n in names])) for names, tally in tallies.items()]
        list((pool.map if sum(a.size for _, a in add) > _SORTED_ALONE else map)(lambda job: job[0].add(job[1], scrambles), add))

    def tallies(self, outputs: Mapping[str, np.ndarray]) -> dict[tuple[str, ...], Tally]:
        """One for the outputs of a shape, or one a thread where they are many; settled by the first batch."""
        groups: dict[tuple, list[str]] = {}
        for name, draws in outputs.items():
            groups.setdefault((draws.shape, name in self.counted), []).append(name)
        return {names: Tally(counted) for (shape, counted), group in groups.items()
                for names in _pieces(group, self.threads if len(group) * math.prod(shape) > _SORTED_ALONE else 1)}

    def through(self, scrambles: int, keep: int, progress, stop) -> Run:
        """All batches, or those until `stop` says so; at least one."""
        step = max(1, BATCH >> self.layout.bits)
        tallies: dict[tuple[str, ...], Tally] = {}
        kept: dict[str, list[np.ndarray]] = {}
        done = kept_scrambles = 0
        pool = workers(self.threads)
        while done < scrambles and not (done and stop and stop()):
            batch = range(done, min(done + step, scrambles))
            outputs = self.outputs(batch, pool)
            names = tuple(outputs)
            keeping = kept_scrambles << self.layout.bits < keep
            self.tally(tallies, outputs, len(batch), pool)
            for name, draws in outputs.items() if keeping else ():
                kept.setdefault(name, []).append(draws)
            done, kept_scrambles = batch.stop, batch.stop if keeping else kept_scrambles
            if progress:
                progress(done << self.layout.bits, scrambles << self.layout.bits)
        outputs = {k: v[0] if len(v) == 1 else np.concatenate(v, axis=-1) for k, v in kept.items()}
        return Run(done << self.layout.bits, done, self.layout, self.axes, self.correlation, MappingProxyType(outputs),
                   MappingProxyType(_summaries(tallies, names)), done < scrambles, kept_scrambles)


def _pieces(names: Sequence[str], count: int) -> list[tuple[str, ...]]:
    step = -(-len(names) // count)
    return [tuple(names[i:i + step]) for i in range(0, len(names), step)]


def _summaries(tallies: Mapping[tuple[str, ...], Tally], order: Iterable[str]) -> dict[str, Summary]:
    """By output, in the order of the function's own."""
    found: dict[str, Summary] = {}
    for names, tally in tallies.items():
        found |= zip(names, tally.summary().each(), strict=True)
    return {name: found[name] for name in order}
