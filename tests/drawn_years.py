"""Years drawn from a plan's own risks, as a shop would book them, and how well forecasts of them do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from actual_months import measured

from model import Result, Scenario, evaluate, review
from model.analysis.risk.simulate import columns
from model.review.actuals import SHOP, SIGNED, UNITS, Actuals, columns_of

#: drivers that vary from month to month beyond the plan's own distributions
_VARYING = ("cpm", "ctr", "cvr", "aov", "refund_rate", "visits")
KPIS = ("gmv", "net_profit")


def years(scenario: Scenario, count: int, seed: int, noise: float = 0.0, missed: float = 0.0) -> Result:
    """So many possible years (draws); noise: of each channel's drivers by month; missed: of each month's spend from its plan."""
    rng, months = np.random.default_rng(seed), int(scenario.get("months"))
    draws = {a: x[..., :count].astype(float) for a, x in columns(scenario, max(64, count), seed).items()}

    def month_by_month(address: str, value: np.ndarray, deviation: float) -> None:
        factor = np.exp(deviation * rng.standard_normal((months, count)) - deviation ** 2 / 2)
        draws[address] = draws.get(address, value) * factor
    if noise:
        for c, row in scenario.rows["channel"].items():
            for field in _VARYING:
                if f"channel.{c}.{field}" in draws or row.get(field):
                    month_by_month(f"channel.{c}.{field}", scenario.get(f"channel.{c}.{field}"), noise)
    if missed:
        plan = evaluate(scenario)
        for c in scenario.spending_channels:
            month_by_month(f"channel.{c}.share", plan.values.channel["share"][plan.channels.index(c)], missed)
    return evaluate(scenario, draws)


@dataclass(frozen=True)
class Score:
    """Of forecasts of many years by one KPI: error of the rest of the year (root of the mean square), share of years in the
    80 % band of the year, the band's mean width, mean error."""

    error: float
    cover: float
    width: float
    bias: float


def scores(scenario: Scenario, found: Result, closed: int, draws: int = 512) -> dict[str, Score]:
    """How the forecasts after so many closed months do on each of the years."""
    rows: dict[str, list] = {key: [] for key in KPIS}
    for i in range(found.draws):
        run = review.forecast(scenario, measured(scenario, found, closed, i), draws)
        for key in KPIS:
            truth, year = float(found.lines[key][:, i].sum()), run.year(key)
            rows[key].append((float(year.mean) - truth, float(year.point(10)) <= truth <= float(year.point(90)),
                              float(year.point(90) - year.point(10))))
    out = {}
    for key, each in rows.items():
        off, inside, width = np.array(each, float).T
        out[key] = Score(float(np.sqrt((off ** 2).mean())), float(inside.mean()), float(width.mean()), float(off.mean()))
    return out


def features(found: Result, closed: int, frame: Actuals, leave: frozenset[str] = frozenset()) -> np.ndarray:
    """What a regression may see (D, features): logarithms of every column's sum so far by channel, and of its last month."""
    out = [np.ones(found.draws)]
    for channel, kind in ((SHOP, SHOP), *frame.kinds):
        for column in columns_of(kind) if kind != SHOP else UNITS:
            line = found.lines.get(column) if channel == SHOP else found.by_channel[column][found.channels.index(channel)]
            if line is None or column in leave:
                continue
            line = np.broadcast_to(line, (len(found.months), found.draws))[:closed]
            parts = (line[-1], line[-1]) if column == "pool" else (line.sum(axis=0), line[-1])
            out += [x / 1e6 if column in SIGNED else np.log(np.maximum(x, 1.0)) for x in parts]
    return np.stack(out, axis=1)


def regression(train: Result, test: Result, closed: int, frame: Actuals, leave: frozenset[str] = frozenset(), ridge: float = 1.0) -> dict[str, float]:
    """Error of the rest of the year of a least-squares regression on other drawn years, by KPI."""
    x, y = features(train, closed, frame, leave), features(test, closed, frame, leave)
    middle, scale = x.mean(axis=0), x.std(axis=0)
    use = scale > 1e-12
    x, y = ((f[:, use] - middle[use]) / scale[use] for f in (x, y))
    x, y = (np.concatenate([np.ones((len(f), 1)), f], axis=1) for f in (x, y))
    out = {}
    for key in KPIS:
        weights = np.linalg.solve(x.T @ x + ridge * np.eye(x.shape[1]), x.T @ train.lines[key][closed:].sum(axis=0))
        out[key] = float(np.sqrt(((y @ weights - test.lines[key][closed:].sum(axis=0)) ** 2).mean()))
    return out


def naive(scenario: Scenario, test: Result, closed: int) -> dict[str, tuple[float, float]]:
    """Errors of the rest as planned, and of the plan × the ratio of GMV so far, by KPI."""
    plan, out = evaluate(scenario), {}
    ratio = test.lines["gmv"][:closed].sum(axis=0) / plan.lines["gmv"][:closed].sum()
    for key in KPIS:
        rest, truth = plan.lines[key][closed:].sum(), test.lines[key][closed:].sum(axis=0)
        out[key] = tuple(float(np.sqrt(((guess - truth) ** 2).mean())) for guess in (rest, rest * ratio))
    return out
