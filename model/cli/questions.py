"""Commands that ask the model: simulate, risk, optimize, goal-seek, compare, review."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from model.analysis.compare import bridge
from model.analysis.goalseek import seek
from model.analysis.optimize.search.limits import Limits
from model.analysis.optimize.search.objective import Objective
from model.analysis.optimize.split import best_split
from model.analysis.risk.simulate import YEARLY, RiskResult
from model.analysis.risk.simulate import simulate as draw
from model.cli import documents
from model.cli.plans import opened, scenario_argument, set_option, url_option, written
from model.cli.tables import Table, answers, shown
from model.engine.evaluate import Result, evaluate
from model.engine.kpis import ALL, KPIS, find_period, over, targets
from model.errors import UnknownName
from model.plan.numbers import NotANumber, read_number
from model.plan.scenario import Scenario
from model.plan.schema import driver_of
from model.review import bridge as review_bridge
from model.review import forecast, read_actuals
from model.review.kept import plan_of_record
from model.review.pace import standings
from model.units import RATE, Unit

_POINTS = (5, 10, 50, 90, 95)
#: steps of the progress on stderr
_STEPS = 1000


class Number(click.ParamType):
    """A number as people write it: 30%, 1.2万, 12,000."""

    name = "number"

    def __init__(self, unit: Unit):
        self.unit = unit

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, float):
            return value
        try:
            return float(read_number(value, self.unit))
        except NotANumber:
            self.fail(f"{value!r} is no number", param, ctx)


kpi_choice = click.Choice(list(KPIS))
period_option = click.option("--period", default=ALL, show_default=True,
                             help="all, year, year2, Q1 ... or a month (YYYY-MM) of the plan.")
draws_option = click.option("--draws", default=4096, show_default=True, help="How many draws of the uncertain assumptions.")
seed_option = click.option("--seed", default=0, show_default=True, help="Of the draws; the same seed gives the same digits.")
workbook_option = click.option("--workbook", type=click.Path(path_type=Path), help="Write all of it into an Excel workbook too.")
out_option = click.option("--out", type=click.Path(path_type=Path), help="Write the scenario found into a file (.json or .csv).")


@contextmanager
def _told(label: str) -> Iterator[Callable[..., None]]:
    """Progress on stderr where somebody watches; gives progress(done, all)."""
    with click.progressbar(length=_STEPS, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        def progress(done: float, whole: float = 1.0) -> None:
            bar.update(max(0, int(_STEPS * done / whole) - bar.pos))
        yield progress


def _known_period(result: Result, period: str) -> str:
    try:
        known = find_period(period, result.months) is not None
    except ValueError:
        known = False
    if not known:
        raise UnknownName(period)
    return period


@click.command()
@scenario_argument
@set_option
@period_option
@url_option
@answers
def simulate(scenario: str, changes: tuple[str, ...], period: str, url: str) -> dict[str, Any]:
    """Every KPI of a scenario and its targets, as the cards show them.

    \b
    sandtable simulate sample
    sandtable simulate sample --set headline.aov=+15% --csv
    """
    result = evaluate(opened(scenario, url, changes))
    _known_period(result, period)
    return {"scenario": result.scenario.name or result.scenario.base.name, "period": period, "kpis": _kpis(result, period),
            "targets": _targets(result)}


def _kpis(result: Result, period: str) -> Table:
    return Table(("kpi", "value", "unit"), [(k, over(result, k, period)[0], row.unit.key) for k, row in KPIS.items()],
                 [row.unit for row in KPIS.values()])


def _targets(result: Result) -> Table:
    found = targets(result)
    return Table(("target", "kpi", "period", "aim", "plan", "outcome"),
                 [(x.key, x.kpi, x.period, x.target, x.actual[0], x.outcome) for x in found], [KPIS[x.kpi].unit for x in found])


@click.command()
@scenario_argument
@set_option
@draws_option
@seed_option
@period_option
@url_option
@answers
def risk(scenario: str, changes: tuple[str, ...], draws: int, seed: int, period: str, url: str) -> dict[str, Any]:
    """How sure: percentiles of the KPIs and the chance of every target.

    \b
    sandtable risk sample
    sandtable risk sample --draws 16384 --seed 1 --json
    """
    with _told("draws") as progress:
        found = draw(opened(scenario, url, changes), draws, seed, progress=progress)
    _known_period(found.plan, period)
    return {"draws": draws, "seed": seed, "chances": _chances(found), "kpis": _percentiles(found, period)}


def _chances(found: RiskResult) -> Table:
    rows = [(c.key, c.kpi, c.period, shown(c.target, KPIS[c.kpi].unit), c.chance, c.error) for c in found.chances.values()]
    return Table(("target", "kpi", "period", "aim", "chance", "standard_error"), rows, [RATE] * len(rows))


def _percentiles(found: RiskResult, period: str) -> Table:
    rows = [(k, float(over(found.plan, k, period)[0]), float(found.year(k, period).mean),
             *(float(found.year(k, period).point(p)) for p in _POINTS)) for k in YEARLY]
    return Table(("kpi", "plan", "mean", *(f"p{p}" for p in _POINTS)), rows, [KPIS[k].unit for k in YEARLY])


@click.command()
@scenario_argument
@set_option
@click.option("--objective", type=kpi_choice, default="net_profit", show_default=True, help="What is to be best.")
@click.option("--move", type=Number(RATE), default="30%", show_default=True, help="No share moves by more than this part of it.")
@click.option("--lock", "locked", multiple=True, metavar="CHANNEL", help="A channel whose share stays. As often as wanted.")
@out_option
@url_option
@answers
def optimize(scenario: str, changes: tuple[str, ...], objective: str, move: float, locked: tuple[str, ...], out: Path | None,
             url: str) -> dict[str, Any]:
    """The best split of the budget over the channels, within limits.

    \b
    sandtable optimize sample
    sandtable optimize sample --move 10% --lock platform --out better.json
    """
    start = opened(scenario, url, changes)
    if unknown := set(locked) - set(start.rows["channel"]):
        raise UnknownName(", ".join(sorted(unknown)))
    with _told("search") as progress:
        found = best_split(start, Objective(objective), Limits(move, locked=frozenset(locked)), explained=False,
                           progress=progress)
    _keep(found.scenario, out)
    total = [float(x.sum()) or 1.0 for x in (found.before, found.after)]
    rows = [(c, a / total[0], b / total[1]) for c, a, b in zip(found.channels, found.before, found.after, strict=True)]
    unit = KPIS[objective].unit
    return {"objective": objective, "before": found.value_before, "after": found.value_after,
            "said": f"{shown(found.value_before, unit)} -> {shown(found.value_after, unit)}",
            "split": Table(("channel", "share_before", "share_after"), rows, [RATE] * len(rows))}


def _keep(scenario: Scenario, out: Path | None) -> None:
    if out is not None:
        written(scenario, out)
        click.echo(f"-> {out}", err=True)


@click.command("goal-seek")
@scenario_argument
@click.argument("kpi", type=kpi_choice)
@click.argument("target")
@click.option("--lever", "levers", multiple=True, required=True, metavar="ADDRESS", help="What may move. As often as wanted.")
@set_option
@period_option
@out_option
@url_option
@answers
def goal_seek(scenario: str, kpi: str, target: str, levers: tuple[str, ...], changes: tuple[str, ...], period: str,
              out: Path | None, url: str) -> dict[str, Any]:
    """What would have to be true for a KPI to reach a target; exit code 3 where it cannot.

    \b
    sandtable goal-seek sample gmv 1.14亿 --lever headline.aov
    sandtable goal-seek sample net_margin_rate 5% --lever headline.cvr --lever headline.refund_rate
    """
    unit, start = KPIS[kpi].unit, opened(scenario, url, changes)
    aim = Number(unit).convert(target, None, click.get_current_context(silent=True))
    with _told("search") as progress:
        found = seek(start, Objective(kpi, period=period), aim, levers, progress=progress)
    _keep(found.scenario, out)
    rows = [(lv.address, lv.today, found.values[lv.address]) for lv in found.levers]
    return {"kpi": kpi, "target": aim, "start": found.start, "reached": found.reached, "ok": found.hit,
            "said": f"{shown(found.start, unit)} -> {shown(found.reached, unit)}, target {shown(aim, unit)}: "
                    f"{'reached' if found.hit else 'not reached'}",
            "levers": Table(("address", "today", "value"), rows, [driver_of(lv.address).unit for lv in found.levers])}


@click.command()
@click.argument("first", metavar="SCENARIO")
@click.argument("second", metavar="SCENARIO")
@click.option("--kpi", type=kpi_choice, default="net_profit", show_default=True, help="Which difference is explained.")
@period_option
@workbook_option
@documents.language_option
@url_option
@answers
def compare(first: str, second: str, kpi: str, period: str, workbook: Path | None, language: str, url: str) -> dict[str, Any]:
    """Two scenarios side by side, and where the difference comes from, by groups of assumptions.

    \b
    sandtable compare sample better.json
    sandtable compare sample better.json --kpi gmv --csv
    """
    a, b = opened(first, url), opened(second, url)
    results = [evaluate(x) for x in (a, b)]
    for result in results:
        _known_period(result, period)
    found, unit = bridge(a, b, kpi, period=period), KPIS[kpi].unit
    if workbook:
        workbook.write_bytes(documents.comparison((a, b), found, period, language))
    values = [[over(result, k, period)[0] for result in results] for k in KPIS]
    return {"kpi": kpi, "from": found.start, "to": found.end,
            "bridge": Table(("group", "value", "error"), [(x.group, x.value, x.error) for x in found.bars],
                            [unit] * len(found.bars)),
            "kpis": Table(("kpi", "first", "second", "difference"),
                          [(k, x, y, y - x) for k, (x, y) in zip(KPIS, values, strict=True)], [k.unit for k in KPIS.values()])}


@click.command()
@scenario_argument
@click.argument("actuals", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--kpi", type=kpi_choice, default="net_profit", show_default=True, help="Which difference is explained.")
@draws_option
@seed_option
@workbook_option
@documents.language_option
@url_option
@answers
def review(scenario: str, actuals: Path, kpi: str, draws: int, seed: int, workbook: Path | None, language: str,
           url: str) -> dict[str, Any]:
    """Actual months (a CSV file) against the plan: every target, why, and where the year will land.

    \b
    sandtable review sample sample_data/actuals.csv
    sandtable review sample sample_data/actuals.csv --workbook june.xlsx --language en
    """
    plan = opened(scenario, url)
    months = read_actuals(actuals.read_bytes(), plan)
    if workbook:
        workbook.write_bytes(documents.review(plan, months, language))
    result, why = evaluate(plan_of_record(plan)), review_bridge(plan, months, kpi)
    landing = forecast(plan, months, draws, seed)
    found = standings(result, months, targets(result))
    rows = [(x.target.key, x.target.kpi, x.target.period, x.target.target, x.pace.actual if x.pace else None, x.state)
            for x in found]
    return {"kpi": kpi, "plan": why.start, "actual": why.end,
            "targets": Table(("target", "kpi", "period", "aim", "so_far", "state"), rows,
                             [KPIS[x.target.kpi].unit for x in found]),
            "bridge": Table(("group", "value"), [(x.group, x.value) for x in why.bars], [KPIS[kpi].unit] * len(why.bars)),
            "chances": _chances(landing), "landing": _percentiles(landing, ALL)}


COMMANDS = (simulate, risk, optimize, goal_seek, compare, review)
