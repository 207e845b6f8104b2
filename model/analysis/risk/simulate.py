"""`simulate`: the whole plan on common draws, with bands, chances of targets and expected shortfall.

    found = simulate(scenario)                       # 4,096 draws
    found.year("gmv").point(5), found.year("gmv").point_error(5)
    found.months("net_profit").points                # (7, months)
    found.chances["gmv_year"].chance, found.chances["gmv_year"].error
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from model.analysis.risk import engine, shocks
from model.analysis.risk.correlation import correlate
from model.analysis.risk.distributions import Marginal
from model.analysis.risk.draws import Axes, scores
from model.analysis.risk.inputs import Uncertain, monthly_name, uncertain
from model.analysis.risk.summary import Summary
from model.engine.evaluate import Result, evaluate
from model.engine.kpis import ALL, KPIS, NOT_DRAWN, ROUNDING, YEAR, TargetResult, kpi, targets, whole_targets
from model.engine.profit import ratio
from model.errors import UnknownName
from model.plan.scenario import Plan, Scenario
from model.plan.schema import driver_of, value_at

#: KPIs of each plan year and of the whole plan, those of the cards among them
YEARLY = ("gmv", "net_revenue", "net_profit", "net_margin_rate", "refund_rate", "marketing_rate", "roas_net",
          "gross_margin_rate", "closing_cash", "lowest_cash", "orders", "new_customers", "pool", "private_share")
#: draws whose outcomes are kept, for scatters and comparisons
KEEP = 65_536
WHOLE = "plan"
#: of the draws: a few yuan of a year's profit, beside sampling errors of thousands, in half the time
PRECISION = np.float32


@dataclass(frozen=True, slots=True)
class Chance:
    """Of meeting a target: nan where draws do not know the KPI, or where the plan's own is undefined. plan: what it reaches."""

    key: str
    kpi: str
    period: str
    target: float
    plan: float
    chance: float
    error: float


@dataclass(frozen=True, eq=False)
class RiskResult:
    """What draws say of a scenario.

    plan: the scenario itself, evaluated beside the draws without events. run: draws and summaries by output name.
    chances: by target's key. Periods are "all" (or "plan": all months) and "year" (or "year1"), "year2", …
    """

    scenario: Scenario
    plan: Result
    run: engine.Run
    uncertain: Uncertain
    chances: Mapping[str, Chance]
    off: frozenset[str] = field(default=frozenset())

    def year(self, key: str, period: str = WHOLE) -> Summary:
        """A KPI's distribution over a period; each entry is a number. Raises UnknownName."""
        return self.run[_period_name(self.run.summaries, key, period)]

    def months(self, key: str) -> Summary:
        """By month (months,): gmv, net_revenue, net_profit, net_margin_rate, cash (the flow of the month)."""
        return self.run[f"month.{key}"]

    def so_far(self, key: str, year: int = 1) -> Summary:
        """From the first month of a year of the plan (1, 2, 3) up to each month after it (months,); cash from the plan's."""
        return self.run[f"so_far.{key}" if year == 1 else f"so_far{year}.{key}"]

    def draws(self, key: str, period: str = WHOLE) -> np.ndarray:
        """A KPI's kept draws (D,)."""
        return self.run.outputs[_period_name(self.run.outputs, key, period)]

    def chance(self, key: str, at_least: float, period: str = WHOLE) -> tuple[float, float]:
        """Share of the draws in which a KPI reaches `at_least`, forgiven what rounding takes as a target is; standard error."""
        forgiven = at_least - ROUNDING[np.dtype(PRECISION).itemsize] * abs(at_least)
        found, error = self.run.chance(_period_name(self.run.outputs, key, period), forgiven)
        return float(found), float(error)

    def driver_draws(self, address: str) -> np.ndarray:
        """A driver's own yearly draws (D,), beside `draws`; computed anew, since they are many."""
        if address not in self.uncertain.marginals:
            raise UnknownName(address)
        return self.scores().value(address, self.uncertain.marginals[address]).astype(float)

    def scores(self):
        """Normal scores of all inputs in the kept scrambles."""
        names = tuple(_marginals(self.scenario, self.uncertain))
        return scores(self.run.layout, names, self.run.axes, self.run.correlation, range(self.run.kept_scrambles),
                      PRECISION)

    def shortfall(self, key: str, period: str = WHOLE) -> tuple[float, float]:
        """Mean of a KPI over its worst 5 % of draws (the highest for a cost), and its standard error."""
        found = self.year(key, period)
        return (float(found.worst), float(found.worst_error)) if KPIS[key].good > 0 else (
            float(found.best), float(found.best_error))

    def plan_value(self, key: str, period: str = WHOLE) -> float:
        """The plan's own value: not the average outcome."""
        return float(kpi(self.plan, key, _slice(period, len(self.plan.months)))[0])


def _output_of(period: str) -> str:
    """A period as the outputs of a run call it."""
    return {ALL: WHOLE, YEAR: "year1"}.get(period, period)


def _period_name(known: Mapping[str, object], key: str, period: str) -> str:
    name = f"{_output_of(period)}.{key}"
    return f"year1.{key}" if period in (WHOLE, ALL) and name not in known else name


def _slice(period: str, months: int) -> slice:
    if _output_of(period) == WHOLE:
        return slice(0, months)
    first = 12 * (int(_output_of(period).removeprefix(YEAR)) - 1)
    return slice(first, min(first + 12, months))


def periods(months: int) -> tuple[str, ...]:
    """The periods of a plan of so many months; a plan of one year has that year only."""
    years = tuple(f"year{y + 1}" for y in range(-(-months // 12)))
    return years if len(years) == 1 else (*years, WHOLE)


def _marginals(scenario: Scenario, found: Uncertain) -> dict[str, Marginal]:
    """All inputs of the draws but whether events happen."""
    out = dict(found.marginals) | found.scores(int(scenario.get("months")))
    for risk in shocks.risks(scenario):
        out |= risk.marginals()
    return out


@dataclass(frozen=True)
class Model:
    """A scenario as a function of its uncertain inputs. aims: the targets that draws are held against."""

    scenario: Scenario
    uncertain: Uncertain
    risks: tuple[shocks.Risk, ...]
    by_month: bool
    aims: tuple[TargetResult, ...] = ()

    def __call__(self, inputs: engine.Inputs) -> dict[str, np.ndarray]:
        months, result = int(self.scenario.get("months")), self.result(inputs)
        size = next(iter(inputs.values())).shape[-1] if inputs else 1
        out = self._kpis(result, months) | (_by_month(result) if self.by_month else {})
        out |= {f"target.{t.key}": t.held_against(result).hit.astype(float) for t in self.aims}
        out |= self._happened(inputs)
        return {k: np.broadcast_to(v, (*np.shape(v)[:-1], size)) for k, v in out.items()}

    def marginals(self) -> dict[str, Marginal]:
        """All inputs of the draws but whether events happen."""
        return _marginals(self.scenario, self.uncertain)

    def result(self, inputs: engine.Inputs) -> Result:
        """What follows from each draw."""
        return evaluate(self.scenario, self.draws(inputs, int(self.scenario.get("months"))))

    def draws(self, inputs: engine.Inputs, months: int) -> dict[str, np.ndarray]:
        """Addresses' draws for `evaluate`: the yearly values, times months' factors, times events' factors."""
        out = {a: inputs[a] for a in self.uncertain.marginals}
        for address, monthly in self.uncertain.monthly.items():
            factor = monthly.factors(np.stack([inputs[monthly_name(address, m)] for m in range(months)]))
            driver, value = driver_of(address), out.get(address, value_at(self.scenario.rows, address))
            out[address] = np.clip(value * factor, driver.low, driver.high)
        return shocks.multiplied(self.scenario, out, shocks.event_factors(self.risks, inputs, months))

    def _kpis(self, result: Result, months: int) -> dict[str, np.ndarray]:
        return {f"{period}.{key}": kpi(result, key, _slice(period, months)) for period in periods(months) for key in YEARLY}

    def _happened(self, inputs: engine.Inputs) -> dict[str, np.ndarray]:
        """By event, 1 where it happens in any year."""
        out: dict[str, np.ndarray] = {}
        for risk in self.risks:
            name = f"event.{risk.key}"
            out[name] = np.maximum(out.get(name, 0.0), inputs[risk.name].astype(float))
        return out


def _by_month(result: Result) -> dict[str, np.ndarray]:
    """Lines by month and so far (M, D)."""
    lines = {k: result.lines[k] for k in ("gmv", "net_revenue", "net_profit")}
    sums = {k: np.cumsum(v, axis=0) for k, v in lines.items()}
    out = {f"month.{k}": v for k, v in lines.items()} | {f"so_far.{k}": v for k, v in sums.items()}
    for year, first in enumerate(range(12, len(result.months), 12), 2):
        out |= {f"so_far{year}.{k}": np.cumsum(v[first:first + 12], axis=0) for k, v in lines.items()}
    return out | {"month.net_margin_rate": ratio(lines["net_profit"], lines["net_revenue"]),
                  "so_far.net_margin_rate": ratio(sums["net_profit"], sums["net_revenue"]),
                  "month.cash": result.lines["cash_flow"], "so_far.cash": result.lines["cash"]}


@lru_cache(maxsize=16)
def axes_of_plan(plan: Plan) -> Axes:
    """The axes of a named base: along the gradients of its net profit, then of its GMV, over all months."""
    scenario = Scenario(plan)
    found, months = uncertain(scenario), int(scenario.get("months"))
    model = Model(scenario, found, (), False)
    marginals = dict(found.marginals) | found.scores(months)
    wanted = [f"{periods(months)[-1]}.{key}" for key in ("net_profit", "gmv")]
    return engine.find_axes(model, marginals, correlate(found.correlation, marginals), (), wanted)


def simulate(scenario: Scenario, draws: int = 4096, seed: int = 0, *, base: Plan | None = None,
             plan: Result | None = None, by_month: bool = True, off: frozenset[str] = frozenset(),
             scrambles: int = engine.SCRAMBLES, block: int | None = None, threads: int | None = None,
             progress: Callable[[int, int], None] | None = None, stop: Callable[[], bool] | None = None) -> RiskResult:
    """The scenario on `draws` draws.

    base: the plan whose gradient turns the draws (default: the scenario's own base); scenarios with one base and seed
    share every draw. plan: the scenario's own result where it is known already. by_month: False spares the bands by
    month. off: events that never happen. The other arguments as in `run`. Raises InvalidInput for a number of draws that
    is out of bounds.
    """
    plan = plan or evaluate(scenario)
    model = model_of(scenario, off, by_month, aims_of(plan))
    return drawn(model, plan, draws, seed, base=base, off=off, scrambles=scrambles, block=block, threads=threads,
                 progress=progress, stop=stop)


def aims_of(plan: Result) -> tuple[TargetResult, ...]:
    """The targets of a plan that its draws can be held against."""
    return tuple(t for t in (*targets(plan), *whole_targets(plan)) if t.kpi not in NOT_DRAWN and t.outcome != "undefined")


def drawn(model: Model, plan: Result, draws: int, seed: int, *, base: Plan | None = None, off: frozenset[str] = frozenset(),
          **more) -> RiskResult:
    """A model on `draws` draws: those that all scenarios of a base (default: the model's own) share. more: as in `run`."""
    counted = {f"target.{t.key}" for t in model.aims} | {f"event.{r.key}" for r in model.risks}
    run = _run(engine.run, model, draws, seed, base, function=model, keep=KEEP, counted=counted, **more)
    aims = (*targets(plan), *whole_targets(plan))
    return RiskResult(model.scenario, plan, run, model.uncertain, _chances(aims, run), off)


def outcomes(scenario: Scenario, of: Callable[[Result], np.ndarray], draws: int = 4096, seed: int = 0) -> np.ndarray:
    """Any figure of the result in each of `simulate`'s draws (D,): the same draws, to the bit."""
    model, months = model_of(scenario), int(scenario.get("months"))

    def figure(inputs: engine.Inputs) -> dict[str, np.ndarray]:
        return {"": of(evaluate(scenario, model.draws(inputs, months)))}
    return _run(engine.run, model, draws, seed, function=figure, counted={""}).outputs[""]


def columns(scenario: Scenario, draws: int, seed: int = 0, scrambles: int = engine.SCRAMBLES) -> dict[str, np.ndarray]:
    """What `simulate` gives to `evaluate`, events included: address -> (draws,) or (months, draws)."""
    model = model_of(scenario)
    return model.draws(_run(engine.inputs, model, draws, seed, scrambles=scrambles), int(scenario.get("months")))


def model_of(scenario: Scenario, off: frozenset[str] = frozenset(), by_month: bool = False,
             aims: tuple[TargetResult, ...] = ()) -> Model:
    """A scenario as a function of its uncertain inputs."""
    return Model(scenario, uncertain(scenario), shocks.risks(scenario, off), by_month, aims)


def _run(how: Callable, model: Model, draws: int, seed: int, base: Plan | None = None, **more):
    """`engine.run` or `inputs` on the draws that all scenarios of a base (default: the model's own) share."""
    return how(marginals=model.marginals(), correlation=model.uncertain.correlation,
               events=[r.event() for r in model.risks], draws=draws, seed=seed,
               axes=axes_of_plan(base or model.scenario.base), precision=PRECISION, **more)


def _chances(aims: Iterable[TargetResult], run: engine.Run) -> dict[str, Chance]:
    out = {}
    for t in aims:
        found = run.summaries.get(f"target.{t.key}")
        chance = (np.nan, np.nan) if found is None else (float(found.mean), float(found.mean_error))
        out[t.key] = Chance(t.key, t.kpi, t.period, t.target, float(t.actual[0]), *chance)
    return out
