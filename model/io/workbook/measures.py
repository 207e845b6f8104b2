"""KPIs as formulas over months and periods, and targets held against them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from model.engine.kpis import KPIS, NOT_DRAWN, ROUNDING, TargetResult, find_period, kpi, targets
from model.engine.lines import LINES
from model.io.workbook import excel
from model.io.workbook.excel import CELL, ZERO, Formula, call, cell, of
from model.io.workbook.live import FIRST_MONTH, MEASURES, TOP, Cell, Live, Row, written
from model.plan import lists as li
from model.plan.schema import join

_OF_MONTHS = re.compile(r"(mean|lowest)\((\w+)\)")
_FUNCTION = {"mean": "AVERAGE", "lowest": "MIN"}


def place_kpis(live: Live) -> None:
    """A row for every KPI, in the order of KPIS: its months and its periods."""
    months = [slice(m, m + 1) for m in range(live.size)]
    for key, row in KPIS.items():
        live.add(MEASURES, Row("kpi", key, "", row.unit, tuple(_told(live, key, m) for m in months),
                            tuple(_told(live, key, m) for m in live.spans)))


def _told(live: Live, key: str, months: slice) -> Cell:
    value = float(kpi(live.result, key, months)[0])
    return ("" if key in NOT_DRAWN else measured(live, key, months).text), value if math.isfinite(value) else ""


def measured(live: Live, key: str, months: slice) -> Formula:
    """A KPI over months, as `kpis.kpi` counts it."""
    equation = KPIS[key].equation
    top, _, bottom = equation.partition(" ÷ ")
    if bottom:
        above, below = (_summed(live, name, months).text for name in (top, bottom))
        return Formula(f'IF({below}=0,"",{above}/{below})')
    if found := _OF_MONTHS.fullmatch(equation):
        same = live.series(found[2])[months]
        return call(_FUNCTION[found[1]], live.reach(found[2], months)) if len(set(same)) > 1 else same[0]
    if equation in LINES and LINES[equation].kind == "balance":
        return live.series(equation)[months][-1]
    return _summed(live, equation, months) if equation in LINES else sum(written(live, equation)[months], ZERO)


def _summed(live: Live, name: str, months: slice) -> Formula:
    reach = live.reach(name, months)
    return call("SUM", reach) if ":" in reach else Formula(reach, CELL)


@dataclass(frozen=True, slots=True)
class Aim:
    """A target of the plan. wanted, reached: formulas of its figure and of what the sheets come to."""

    target: TargetResult
    wanted: str
    reached: str

    def outcome(self, wanted: Formula, reached: Formula, words: Sequence[str]) -> Formula:
        """Hit, missed or undefined, as `kpis.reached` tells them; words: of the three."""
        short = (wanted - reached) if li.TARGET_KPIS[self.target.kpi] > 0 else (reached - wanted)
        slack = call("MAX", ROUNDING[8], self.target.rounding * call("ABS", wanted))
        hit, missed, undefined = map(excel.words, words)
        return Formula(f"IF(ISNUMBER({reached.text}),IF({short.text}<={slack.text},{hit},{missed}),{undefined})")


def aims(live: Live) -> list[Aim]:
    """The targets as the plan sets them. Of a year that the plan has only a part of, that part, as the model counts it."""
    out = []
    for found in targets(live.result):
        wanted = live.input(join(li.TARGET, found.key, "value"))
        if found.given:
            wanted = wanted * of(found.target / found.given)
        out.append(Aim(found, wanted.text, _where(live, found).text))
    return out


def _where(live: Live, target: TargetResult) -> Formula:
    """The cell of a target's KPI and period, or what it is where no cell says it."""
    months = find_period(target.period, live.result.months) or slice(0, live.size)
    row, sheet = TOP + list(KPIS).index(target.kpi), live.sheets[MEASURES]
    if months in live.spans:
        return cell(sheet, row, FIRST_MONTH + live.size + live.spans.index(months))
    if months.stop - months.start == 1:
        return cell(sheet, row, FIRST_MONTH + months.start)
    return measured(live, target.kpi, months)
