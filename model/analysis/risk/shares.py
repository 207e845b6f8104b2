"""What decides the result: variance shares that stay valid under correlation, Sobol indices, and swings.

Shares are Shapley effects (Owen and Prieur 2017, SIAM/ASA J. Uncertainty Quantification 5(1); in regression known as
LMG: Lindeman, Merenda and Gold 1980) of the regression on the inputs' normal scores. Sobol indices are not used under
correlation, since they no longer add up; covariance shares are not, since they can be negative. A Shapley effect shares
what two correlated inputs explain together equally among them. Independent groups of inputs are attributed one by one
(Broto, Bachoc and Depecker 2020, SIAM/ASA JUQ 8(2)), within a group by random orders. What the regression does not
explain (curvature, interplay) is named as `rest`, so that all add up to 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from model.analysis.risk import engine
from model.analysis.risk.correlation import Correlation, correlate
from model.analysis.risk.distributions import Z90, Marginal
from model.analysis.risk.draws import Axes, scores
from model.analysis.risk.inputs import deciding, monthly_name
from model.analysis.risk.shocks import risks
from model.analysis.risk.simulate import WHOLE, RiskResult
from model.analysis.sensitivity import swing_of
from model.late import Late

csgraph = Late("scipy.sparse.csgraph")

#: random orders of the inputs, each also taken backwards
_ORDERS = 128
_JITTER = 1e-9


@dataclass(frozen=True, slots=True)
class VarianceShares:
    """shares: of the variance, by input or event, the largest first, none negative. rest: what no input explains by
    itself. Together 1.
    """

    shares: Mapping[str, float]
    rest: float


def shapley(slopes: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Shapley effects (K,) of a linear function of normal scores with these slopes and correlations; sum = its variance."""
    out = np.zeros(len(slopes))
    count, group = csgraph.connected_components(np.abs(matrix) > _JITTER, directed=False)
    for g in range(count):
        at = np.flatnonzero(group == g)
        out[at] = _one_group(slopes[at], matrix[np.ix_(at, at)])
    return out


def _one_group(slopes: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """By orders: what each input adds to the explained variance of those before it.

    With R = L Lᵀ in that order and c the covariances with the output, the steps are the squares of L⁻¹ c.
    """
    size = len(slopes)
    rng = np.random.default_rng(size)
    forward = np.stack([rng.permutation(size) for _ in range(_ORDERS)]) if size > 2 else np.arange(size)[None]
    orders = np.concatenate([forward, forward[:, ::-1]])
    covariance = matrix @ slopes
    ordered = matrix[orders[:, :, None], orders[:, None, :]] + _JITTER * np.eye(size)
    steps = np.linalg.solve(np.linalg.cholesky(ordered), covariance[orders][:, :, None])[:, :, 0] ** 2
    out = np.zeros(size)
    np.add.at(out, orders, steps)
    return out / len(orders)


def shares_of(output: np.ndarray, normal_scores: Mapping[str, np.ndarray], correlation: Correlation,
              groups: Mapping[str, Sequence[np.ndarray]] | None = None) -> VarianceShares:
    """Shares of an output's draws (D,).

    normal_scores: of the inputs (D,), correlated by `correlation`. groups: by name, further regressors (D,) that are
    independent of the inputs and of other groups, such as an event and its length.
    """
    groups = groups or {}
    names, columns = list(normal_scores), list(normal_scores.values())
    spans = {}
    for name, regressors in groups.items():
        spans[name] = slice(len(columns), len(columns) + len(regressors))
        columns += regressors
    table, output = np.stack(columns).astype(float), np.asarray(output, float)
    table -= table.mean(axis=1, keepdims=True)
    centred = output - output.mean()
    moments = table @ table.T
    slopes = np.linalg.solve(moments + _JITTER * np.diag(np.diag(moments) + _JITTER), table @ centred)
    variance, left = centred @ centred, centred - slopes @ table
    if not variance > 0:
        return VarianceShares(dict.fromkeys([*names, *groups], 0.0), 1.0)
    raw = dict(zip(names, shapley(slopes[:len(names)], _matrix(names, correlation)), strict=True))
    raw |= {name: float(np.var(slopes[span] @ table[span])) for name, span in spans.items()}
    rest, total = float(left @ left / variance), sum(raw.values())
    shares = {k: float((1 - rest) * v / total) if total else 0.0 for k, v in raw.items()}
    return VarianceShares(dict(sorted(shares.items(), key=lambda kv: -kv[1])), rest)


def _matrix(names: Sequence[str], correlation: Correlation) -> np.ndarray:
    """Correlations of the normal scores of `names`, in their order."""
    out, at = np.eye(len(names)), {n: i for i, n in enumerate(names)}
    known = [i for i, n in enumerate(correlation.names) if n in at]
    rows = [at[correlation.names[i]] for i in known]
    out[np.ix_(rows, rows)] = correlation.matrix[np.ix_(known, known)]
    return out


def variance_shares(result: RiskResult, key: str = "net_profit", period: str = WHOLE) -> VarianceShares:
    """Shares of a KPI's variance by address and by "event.<key>" (whether, when, how long and how hard it happens)."""
    output, found = result.draws(key, period), result.scores()
    months = range(len(result.plan.months))
    groups = {f"{a} by month": [found.normal(monthly_name(a, m)) for m in months]
              for a in deciding(result.scenario, result.uncertain.monthly, key)}
    for risk in risks(result.scenario, result.off):
        if risk.probability:
            happened = result.run.outputs[f"event.{risk.key}"]
            parts = (found.normal(name) for name in risk.marginals())
            groups.setdefault(f"event.{risk.key}", [happened]).extend(happened * part for part in parts)
    scores_of = {a: found.normal(a) for a in deciding(result.scenario, result.uncertain.marginals, key)}
    return shares_of(output, scores_of, result.run.correlation, groups)


def usual_range(result: RiskResult, swing: tuple[str, str]) -> tuple[float, float] | None:
    """The 10 and 90 % points of a driver as changes of the plan's value, the median over its channels; None if it is certain."""
    ends = []
    for address, marginal in result.uncertain.marginals.items():
        today = result.scenario.get(address) if swing_of(address) == swing else None
        if today:
            ends.append(marginal.at(np.array([-Z90, Z90])) / today - 1)
    return None if not ends else (float(np.median([e[0] for e in ends])), float(np.median([e[1] for e in ends])))


@dataclass(frozen=True, slots=True)
class SobolIndex:
    first: float
    total: float


def sobol_indices(function: engine.Function, marginals: Mapping[str, Marginal], output: str, draws: int = 65_536,
                  seed: int = 0) -> dict[str, SobolIndex]:
    """First-order and total Sobol indices of an output of a function of independent inputs; errors of about 0.003.

    Pick-freeze on two independent sets of points. First order: Janon et al. (2014), ESAIM: Probability and Statistics 18;
    total: Jansen (1999), Computer Physics Communications 117. The function sees draws · (inputs + 2).
    """
    again = {n: f"{n} again" for n in marginals}
    names = (*marginals, *again.values())
    layout, count = engine.layout_of(draws, seed, engine.SCRAMBLES, names)
    z = scores(layout, names, Axes(), correlate(None, names), range(count))
    first = {n: z.value(n, m) for n, m in marginals.items()}
    second = {n: z.value(again[n], m) for n, m in marginals.items()}
    a, b = (function(x)[output] for x in (first, second))
    out = {}
    for name in marginals:
        mixed = function(first | {name: second[name]})[output]      # shares this one input with b, the others with a
        centre, variance = (b + mixed).mean() / 2, np.var(np.stack([a, b, mixed]))
        shared = np.mean((b - centre) * (mixed - centre)) / np.mean(((b - centre) ** 2 + (mixed - centre) ** 2) / 2)
        out[name] = SobolIndex(float(shared), float(np.mean((a - mixed) ** 2) / (2 * variance)))
    return out


@dataclass(frozen=True, slots=True)
class Swing:
    """An output at an input's 10 % and 90 % point, the others at their medians: change from all at their medians."""

    name: str
    low: float
    high: float

    @property
    def size(self) -> float:
        return abs(self.high - self.low)


def swings(function: engine.Function, marginals: Mapping[str, Marginal], output: str,
           together: Mapping[str, Sequence[str]] | None = None) -> tuple[Swing, ...]:
    """A tornado, the widest bar first. together: inputs that move as one, by the bar's name (default: each by itself)."""
    bars = together or {n: (n,) for n in marginals}
    z = {n: np.zeros(1 + 2 * len(bars)) for n in marginals}
    for i, members in enumerate(bars.values()):
        for n in members:
            z[n][1 + 2 * i:3 + 2 * i] = -Z90, Z90
    values = function({n: m.at(z[n]) for n, m in marginals.items()})[output]
    change = values[..., 1:] - values[..., :1]
    change = change.reshape(-1, change.shape[-1]).sum(axis=0)
    found = [Swing(name, float(change[2 * i]), float(change[2 * i + 1])) for i, name in enumerate(bars)]
    return tuple(sorted(found, key=lambda s: (-s.size, s.name)))
