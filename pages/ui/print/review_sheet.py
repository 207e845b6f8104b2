"""The review on one page: are we on plan, why not, where the year will land, and what was decided. Cut to what fits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from model import KPIS, Result, Scenario
from model.review import Actuals
from model.review.kept import bare
from model.review.pace import knowable, standings
from model.review.record import OF
from pages.ui.kit.formats import DASH, difference, number, rate
from pages.ui.kit.texts import t, together
from pages.ui.print.parts import Cell, Table, fall_bars, words
from pages.ui.review import answer, entering, landing, notes, refunds, standing, why
from pages.ui.session import results
from pages.ui.words import periods
from pages.ui.words.month_labels import month_of_year
from pages.ui.words.scenario_names import scenario_name

#: rows that fit
BARS, TARGETS, NOTES = 9, 16, 9


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that stands on the page, in words of the reader's language."""

    title: str
    name: str
    facts: tuple[str, ...]
    verdict: str
    landing: str
    pace: Table
    bridges: tuple[Table, ...]
    targets: Table
    notes: Table


def sheet(scenario: Scenario, actuals: Actuals, period: str, day: date) -> Sheet:
    plan = entering.plan_of(scenario)
    said = answer.verdict(plan, actuals, period)
    counted = refunds.note()
    return Sheet(
        t("print.review_title", month=month_of_year(actuals.measured[-1])), scenario_name(scenario),
        (t("print.printed", day=day.isoformat()), *([counted] if counted else [])), together(said),
        together(landing.sentences(scenario, actuals, period)), _pace(plan, actuals, period),
        tuple(_bridge(scenario, actuals, key) for key in OF), _targets(scenario, plan, actuals), _notes(scenario))


def _pace(plan: Result, actuals: Actuals, period: str) -> Table:
    found = [p for k in answer.TABLED if k in knowable() and (p := answer.of_target(plan, actuals, k, period))]
    rows = []
    for p in found:
        unit = KPIS[p.kpi].unit
        on_year = answer.on_last_year(p)
        mood = "bad" if p.behind else "good"
        rows.append([words(t(f"kpi.{p.kpi}.label")), Cell(number(p.actual, unit)), Cell(number(p.plan, unit)),
                     Cell(difference(p.gap, unit), mood), Cell(on_year[0])])
    head = [t(f"review.{k}") for k in ("figure", "actual", "plan", "gap", "year_on_year")]
    return Table("pace", t("file.review_to_date"), head, (36, 17, 17, 17, 13), rows)


def _bridge(scenario: Scenario, actuals: Actuals, key: str) -> Table:
    """The bars of the difference, the largest first; what is left over and the model does not explain, then all of it."""
    bridge, unit = why.bridge_of(bare(scenario), actuals, key, why.TO_DATE), KPIS[key].unit
    bars = why.seen(bridge)
    shown, left = bars[:BARS], sum(b.value for b in bars[BARS:])
    named = [(why.group_name(b.group), b.value) for b in shown]
    named += [(t("print.others", count=len(bars) - BARS), left)] if len(bars) > BARS else []
    named += [(why.group_name(b.group), b.value) for b in bridge.bars[-1:]]
    gap = bridge.end - bridge.start
    rows = [[words(name), Cell(bars=bar), Cell(difference(value, unit))] for (name, value), bar in zip(
        [*named, (t("review.gap"), gap)], fall_bars([*(v for _, v in named), gap]), strict=True)] if named else []
    return Table("bridge", why.title_of(bridge, []), ["", "", t("review.part")], (34, 40, 26), rows,
                 empty=t("review.no_bridge_undefined"))


def _targets(scenario: Scenario, plan: Result, actuals: Actuals) -> Table:
    """Where each stands, those behind first, with its chance before the year and now."""
    found = sorted(standings(plan, actuals, results.targets_of(plan)), key=standing.order)
    now, before = landing.forecast_of(scenario, actuals).chances, results.risk_of(plan.scenario).chances
    rows = []
    for s in found[:TARGETS]:
        unit, key = KPIS[s.target.kpi].unit, s.target.key
        reached = DASH if s.pace is None else number(s.pace.actual, unit)
        chance = [DASH, DASH] if key not in now else [rate(before[key].chance), rate(now[key].chance)]
        rows.append([Cell(t(f"kpi.{s.target.kpi}.label"), "name"), words(periods.period_name(s.target.period, len(plan.months))),
                     words(standing.state(s)), Cell(number(s.target.target, unit)), Cell(reached), *map(Cell, chance)])
    head = [t("driver.target.kpi.label"), t("driver.target.period.label"), t("review.state"), t("driver.target.value.label"),
            t("review.actual"), t("review.before"), t("review.now")]
    more = t("print.more", count=len(found) - TARGETS) if len(found) > TARGETS else ""
    return Table("standing", t("review.targets"), head, (24, 13, 14, 13, 13, 11, 12), rows, more, t("print.no_targets"))


def _notes(scenario: Scenario) -> Table:
    """The open ones, those due first."""
    found = sorted((n for n in scenario.book.notes if not n.done), key=notes.order)
    rows = [[words(month_of_year(n.month)), words(notes.about(n.about)), Cell(n.text, "name"), words(n.owner or DASH),
             words(n.due or DASH)] for n in found[:NOTES]]
    head = [t(f"review.{k}") for k in ("month", "about", "note", "owner", "due_day")]
    more = t("print.more", count=len(found) - NOTES) if len(found) > NOTES else ""
    return Table("notes", t("review.notes"), head, (12, 16, 48, 12, 12), rows, more, t("print.no_notes"))
