"""Many variants of one plan: which values they have, and what each of them comes to."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

from model.analysis.risk.simulate import YEARLY, simulate
from model.engine.evaluate import evaluate
from model.engine.kpis import KPIS, WHOLE, kpi
from model.plan.scenario import Scenario
from model.plan.schema import Value

#: percentiles of the draws in a row
POINTS = (10, 50, 90)


def grid(levels: Mapping[str, Sequence[Value]]) -> Iterator[dict[str, Value]]:
    """Every combination of values by address; the last address moves fastest."""
    for values in itertools.product(*levels.values()):
        yield dict(zip(levels, values, strict=True))


def outcome(scenario: Scenario, values: Mapping[str, Value], draws: int = 0, seed: int = 0) -> dict[str, float]:
    """What a scenario with these values comes to over the whole plan.

    By KPI; with draws also `<kpi>.mean`, `<kpi>.p10` … and `chance.<target>`: what the Risk page says of it. On one thread, so
    that as many may run side by side as there are processors. Raises InvalidInput with everything wrong in the values.
    """
    variant = scenario.with_values(values)
    plan = evaluate(variant)
    row = {key: float(kpi(plan, key, WHOLE)[0]) for key in KPIS}
    if draws:
        found = simulate(variant, draws, seed, plan=plan, by_month=False, threads=1)
        for key in YEARLY:
            summary = found.year(key)
            row |= {f"{key}.mean": float(summary.mean), **{f"{key}.p{p}": float(summary.point(p)) for p in POINTS}}
        row |= {f"chance.{key}": chance.chance for key, chance in found.chances.items()}
    return row
