"""The page to print: what stands on it, from a scenario's results, as one sheet A4 and as a file that needs no app; the work of
the plan, where it has any, on a second sheet.

Everything that may grow (months, channels, targets, risks, changes) is cut to what fits, and what was left out is
counted in words. The words are escaped by the template, whoever wrote them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

import numpy as np

from model import KPIS, Result, Scenario
from model.analysis.risk.register import Register
from model.analysis.risk.simulate import RiskResult
from model.engine.kpis import NOT_DRAWN, YEAR
from model.engine.lines import WATERFALL
from model.plan import lists as li
from model.plan.schema import Row
from pages.ui.assumptions.found import stated
from pages.ui.compare import bridges, comparison
from pages.ui.compare.comparison import Side
from pages.ui.kit import charts
from pages.ui.kit.formats import DASH, difference, fixed, money, money_unit, number, rate, signed, with_error
from pages.ui.kit.texts import name_of, t, together
from pages.ui.print import parts as parts
from pages.ui.print import work_sheet
from pages.ui.print.parts import Cell, Picture, Table, words
from pages.ui.risk import view
from pages.ui.session import results, state
from pages.ui.session.workspace import Stored
from pages.ui.simulate import pictures, summary
from pages.ui.words import figures, grounds, periods, reach
from pages.ui.words.channel_names import channel_name
from pages.ui.words.month_labels import month_labels
from pages.ui.words.scenario_names import scenario_name

#: lines that fit; a target whose KPI has a name wider than this takes two
TARGETS, RISKS, CHANGES, SPENDING, NAME = 23, 6, 6, 8, 56
_SIGNS = {"hit": "✓ ", "missed": "✗ "}
_YUAN = KPIS["net_profit"].unit


@dataclass(frozen=True, slots=True)
class Work:
    """What is printed. stored: the saved version the scenario started from; changed: whether it has moved since; period:
    the year that yearly figures speak of.
    """

    scenario: Scenario
    baseline: Scenario
    found: RiskResult
    register: Register
    stored: Stored | None
    changed: bool
    day: date
    period: str = YEAR

    @property
    def result(self) -> Result:
        return results.result_of(self.scenario)

    @property
    def before(self) -> Result:
        return results.result_of(self.baseline)

    @property
    def year(self) -> Result:
        """The months of the period."""
        return periods.months_of(self.result, self.period)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that stands on the page, in words of the reader's language."""

    name: str
    facts: tuple[str, ...]
    verdict: str
    cards: tuple[dict, ...]
    months_title: str
    unit: str
    legend: tuple[tuple[str, str], ...]
    months: Picture
    fall: Table
    split: Table
    targets: Table
    risks: Table
    changes: Table
    notes: tuple[tuple[str, str], ...]
    work: tuple[Table, ...]
    work_title: str


def document(work: Work) -> str:
    """A whole HTML document: no script, nothing fetched."""
    return parts.document("onepage.html", sheet(work))


def body(work: Work) -> str:
    """The sheet alone, for a page that has the style sheet."""
    return parts.rendered("onepage.html", sheet(work))


def sheet(work: Work) -> Sheet:
    colours, stacked, legend = _stacks(work.year)
    return Sheet(
        scenario_name(work.scenario), _facts(work), _verdict(work), _cards(work), pictures.months_title(work.year),
        t("print.unit", unit=money_unit()[1]), (*legend, *_marks()),
        _months(work, stacked, colours), _fall(work.year), _split(work), _targets(work), _risks(work), _changes(work),
        grounds.notes(work.scenario, work.found.run.draws, stated(work.scenario)), work_sheet.tables(work.result),
        t("work.print_title"))


# --- the answer --------------------------------------------------------------------------------------------------------

def _facts(work: Work) -> tuple[str, ...]:
    """Period, version, what it is compared with, day."""
    months = work.year.months
    saved = t("print.unsaved") if work.stored is None else t(
        "print.version_changed" if work.changed else "print.version", number=work.stored.version)
    return (f"{months[0]} – {months[-1]}" if len(months) > 1 else months[0], saved,
            t("print.printed", day=work.day.isoformat()), t("print.against", name=scenario_name(work.baseline)))


def _verdict(work: Work) -> str:
    decides = results.decides_of(work.scenario, work.period)
    return together([summary.sentence(work.result, work.before, decides, work.period),
                     *view.sentences(work.found, work.period)])


def _cards(work: Work) -> tuple[dict, ...]:
    """The cards of Simulate, each with its range and chance, a line each."""
    def drawn(key: str) -> list[str]:
        of = () if key in NOT_DRAWN else (summary.target_chance, summary.band)
        return [line for words in of if (line := words(work.found, key, work.period))]

    return tuple(summary.card(work.result, work.before, key, work.period) | {"band": drawn(key)} for key in figures.CARDS)


# --- months and money --------------------------------------------------------------------------------------------------

def _stacks(result: Result) -> tuple[list[str], np.ndarray, tuple[tuple[str, str], ...]]:
    """Colours, GMV (stacks, months) and legend, as on Simulate."""
    names, gmv = pictures.stacked(result)
    colours = list(parts.CHANNELS[:len(names)])
    return colours, gmv, tuple(zip(colours, names, strict=True))


def _months(work: Work, stacked: np.ndarray, colours: list[str]) -> Picture:
    divisor, _ = money_unit()
    targets = pictures.month_targets(work.year, results.targets_of(work.result))
    marks = [None if m is None else m / divisor for m in targets]
    return parts.months_picture(month_labels(work.year.months), stacked / divisor, colours,
                                work.year.lines["net_profit"][:, 0] / divisor, marks, t("chart.months_alt"))


def _marks() -> tuple[tuple[str, str], ...]:
    return (charts.TARGET, t("chart.target")), (charts.TEAL, t("print.below", line=t("line.net_profit.label")))


def _fall(result: Result) -> Table:
    amounts = pictures.falls(result)
    taken = [*map(abs, amounts[:-1]), amounts[-1]]
    rows = [[words(t(f"chart.fall_{key}")), Cell(bars=bars), Cell(money(amount)), Cell(_per_100(amount, amounts[0]))]
            for key, amount, bars in zip(WATERFALL, taken, parts.fall_bars(amounts), strict=True)]
    return Table("fall", pictures.fall_title(amounts), ["", "", t("print.amount"), t("chart.per_100")], (21, 42, 20, 17), rows)


def _per_100(amount: float, gmv: float) -> str:
    return signed(fixed(100 * amount / gmv, 1, "")) if gmv else DASH


def _split(work: Work) -> Table:
    """Spend by channel, beside the baseline's where any differs; the smaller ones together where they are many."""
    now, before = pictures.spend_over(work.result, work.period), pictures.spend_over(work.before, work.period)
    names = {c: channel_name(s, c) for s in (work.baseline, work.scenario) for c in s.spending_channels}
    rows = sorted(((names[c], before.get(c, 0.0), now.get(c, 0.0)) for c in names), key=lambda r: -max(r[1:]))
    if len(rows) > SPENDING:
        rest = rows[SPENDING - 1:]
        rows = [*rows[:SPENDING - 1], (t("print.others", count=len(rest)), sum(r[1] for r in rest), sum(r[2] for r in rest))]
    same = not before or all(abs(old - new) < 0.5 for _, old, new in rows)
    high, total, old_total = max([*(max(r[1:]) for r in rows), 1e-9]), sum(now.values()), sum(before.values())
    head = [t("channel.name"), "", t("chart.now"), t("budget.share")]
    cells = [[words(name), Cell(bars=parts.pair_bars(None if same else old, new, high)), *([] if same else [Cell(money(old))]),
              Cell(money(new)), Cell(_share(new, total) if same else f"{_share(old, old_total)} → {_share(new, total)}")]
             for name, old, new in rows]
    title = pictures.split_said(work.result, work.before, work.period)
    if same:
        return Table("split", title, head, (30, 36, 18, 16), cells)
    return Table("split", title, [*head[:2], t("chart.pinned"), *head[2:]], (23, 22, 16, 16, 23), cells)


def _share(part: float, total: float) -> str:
    return rate(part / total) if total else DASH


# --- targets, risks, changes -------------------------------------------------------------------------------------------

def _targets(work: Work) -> Table:
    found = {x.key: x for x in results.targets_of(work.result)}
    given = work.scenario.rows[li.TARGET]
    missed = {k for k, x in found.items() if x.outcome == "missed"}
    ordered = sorted(given, key=lambda k: (k not in missed, k not in found))
    shown, left = _cut(ordered, TARGETS, [_lines(given[k]) for k in ordered])
    title = reach.tally(tuple(found.values()))
    head = [t("compare.kpi"), t("risk.period"), t("chart.target"), t("plan.reached"), t("plan.gap"), t("print.chance_head")]
    more = t("print.more_targets", count=len(left), missed=len(missed & set(left))) if left else ""
    rows = [_target(work, k, given[k], found.get(k)) for k in shown]
    return Table("targets", title, head, (20, 14.5, 13.5, 13.5, 20.5, 18), rows, more, t("print.no_targets"))


def _target(work: Work, key: str, row: Row, found) -> list[Cell]:
    unit = KPIS[row["kpi"]].unit
    period = periods.period_name(row.get("period", YEAR), len(work.result.months))
    first = [Cell(t(f"kpi.{row['kpi']}.label"), "name"), words(period)]
    if found is None:
        return [*first, Cell(number(row["value"], unit)), Cell(DASH), words(t("plan.outside")), Cell(DASH)]
    chance, mark = work.found.chances[key], _SIGNS.get(found.outcome, "")
    outcome = reach.outcome(found) if found.outcome == "undefined" else mark + difference(float(found.gap[0]), unit)
    return [*first, Cell(number(found.target, unit)), Cell(number(float(found.actual[0]), unit)),
            Cell(outcome, reach.mood(found)), Cell(reach.chance_in_cell(chance))]


def _risks(work: Work) -> Table:
    found, events = work.register, work.scenario.rows["event"]
    shown, left = _cut(found.events, RISKS)
    rows = [[words(name_of(events, r.key)), Cell(rate(r.chance)),
             Cell(with_error(r.loss, 2 * r.loss_error)), Cell(rate(r.tail_share))] for r in shown]
    title = t("print.risks", first=rows[0][0].text) if rows else t("risk.register")
    more = [t("print.more", count=len(left))] if left else []
    more += [t("risk.stopped")] if found.stopped else []
    head = [t("table.event.label"), t("risk.chance"), t("risk.loss"), t("risk.tail_share")]
    return Table("risks", title, head, (30, 13, 36, 21), rows, together(more), t("print.no_risks"))


def _changes(work: Work) -> Table:
    """What differs from the baseline by what it does to net profit, the largest first."""
    sides = [Side(scenario_name(s), s) for s in (work.baseline, work.scenario)]
    bridge = comparison.bridge_between(sides, 0, 1, "net_profit", work.period)
    lines = [_part(part, sides) for bar in bridge.bars for part in bar.drivers]
    lines += [(bar.value, comparison.group_label(bar.group), "", len(state.differences(work.scenario, work.baseline)))
              for bar in bridge.bars if not bar.drivers]
    shown, _ = _cut(sorted(lines, key=lambda x: -abs(x[0])), CHANGES)
    count = len(state.differences(work.scenario, work.baseline))
    left = count - sum(x[3] for x in shown)
    gap = periods.change(work.result, work.before, "net_profit", work.period)
    title = t("print.changes", count=count, gap=difference(gap, _YUAN)) if count else t("print.no_changes")
    rows = [[Cell(name, "text", span=1 if values else 2), *([words(values)] if values else []), Cell(difference(value, _YUAN))]
            for value, name, values, _ in shown]
    head = [t("desk.assumption"), f"{t('chart.pinned')} → {t('chart.now')}", t("card.net_profit")]
    more = t("print.more", count=left) if rows and left > 0 else ""
    return Table("changes", title, head, (46, 32, 22), rows, more, t("print.no_effect") if count else t("print.as_baseline"))


def _part(part, sides: list[Side]) -> tuple[float, str, str, int]:
    """(what it does to net profit, name, values before and after, how many assumptions)."""
    values = " → ".join(comparison.value_at(s.scenario, part.addresses[0]) for s in sides) if len(part.addresses) == 1 else ""
    return part.value, bridges.comparison_name(part, sides), values, len(part.addresses)


def _cut(rows: Iterable, most: int, lines: Sequence[int] = ()) -> tuple[list, list]:
    """What is shown and what is not: the line that counts the rest is one of the most. lines: of each row (default: one)."""
    rows = list(rows)
    ends = list(accumulate(lines or [1] * len(rows)))
    if not rows or ends[-1] <= most:
        return rows, []
    fit = sum(end < most for end in ends)
    return rows[:fit], rows[fit:]


def _lines(target: Row) -> int:
    return 2 if parts.wide(t(f"kpi.{target['kpi']}.label")) > NAME else 1
