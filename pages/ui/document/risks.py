"""The chapters of what may go otherwise: the register, what decides it, what has to be true; the review; what it all rests on."""

from __future__ import annotations

import math
from functools import lru_cache

from model import KPIS, Scenario
from model.analysis.first_look import resting_on_template
from model.analysis.needed import Alone
from model.analysis.risk.register import stress
from model.engine.kpis import TargetResult
from model.io.document.outline import BARS, POINT, Block, Chapter, Chart, Series, Table, Text
from model.plan import work as wo
from pages.ui.assumptions.found import stated
from pages.ui.document.doing import whole_shop
from pages.ui.document.work import Work, known, lead, note, of_grid, over_all, table, unknown
from pages.ui.frame import decides
from pages.ui.kit.formats import DASH, difference, fixed, money_unit, number, rate, with_error
from pages.ui.kit.texts import listed, name_of, own_name, t
from pages.ui.optimize import needed
from pages.ui.risk import view
from pages.ui.session import results
from pages.ui.words import grounds as grounds_of
from pages.ui.words import periods, reach
from pages.ui.words.driver_labels import driver_label

#: causes and events that are shown, and KPIs that a review holds against the plan
_CAUSES, _EVENTS = 8, 8
_REVIEWED = ("gmv", "orders", "new_customers", "cvr", "refund_rate", "marketing_rate", "net_profit", "pool")


# --- the register ------------------------------------------------------------------------------------------------------

def register(of: Work) -> Chapter:
    found = of.register
    blocks: list[Block] = [lead(said(of), "risks")]
    if found.events:
        blocks += [*loss_chart(of), of_grid(t("risk.register"), view.events_grid(of.scenario, found), range(5),
                                            (19, 11, 23, 16, 31))]
    if found.mitigations:
        blocks.append(of_grid(t("risk.mitigations"), view.mitigations_grid(of.scenario, found), (0, 1, 2, 3, 4, 6),
                              (26, 15, 9, 15, 21, 14), left=(0, 1, 2, 5)))
    under = stress(of.scenario)
    if under:
        blocks.append(of_grid(t("document.stress"), view.stress_grid(of.scenario, under), (0, 1, 2, 3, 4, 7),
                              (26, 15, 15, 15, 15, 14)))
    return Chapter(t("document.chapter.risks"), [*blocks, *causes(of), note(t("risk.mitigations_help")), *over_all(of)])


def said(of: Work) -> str:
    """The costliest event, and how many mitigations are worth their money and taken."""
    found = of.register
    if not found.events:
        return t("document.no_risks", unknown=unknown())
    top = found.events[0]
    worth = [m for m in found.mitigations if m.verdict == "worth"]
    return t("document.risks", first=name_of(of.scenario.rows["event"], top.key), loss=with_error(top.loss, 2 * top.loss_error),
             count=len(found.mitigations), worth=len(worth), taken=sum(m.on for m in found.mitigations))


def loss_chart(of: Work) -> list[Chart]:
    """Expected loss by event."""
    divisor, unit = money_unit()
    top = of.register.events[:_EVENTS]
    names = [name_of(of.scenario.rows["event"], e.key) for e in top]
    return [Chart(t("risk.loss"), BARS, names, [Series(t("risk.loss"), [e.loss / divisor for e in top])], unit)] if top else []


def causes(of: Work) -> list[Table]:
    """What decides net profit: how much each assumption moves it, and its share of the uncertainty."""
    shares = dict(decides.causes(of.found, "net_profit", of.period)[0])
    swings = {(s.table, s.key): s.size for s in results.decides_of(of.scenario, of.period).swings}
    order = sorted({*shares, *swings}, key=lambda c: (-shares.get(c, 0.0), -swings.get(c, 0.0)))[:_CAUSES]
    unit = KPIS["net_profit"].unit
    rows = [[decides.cause_name(of.scenario, c), number(swings.get(c), unit), rate(shares[c]) if c in shares else DASH]
            for c in order]
    head = [t("desk.assumption"), t("document.swing"), t("document.variance")]
    return [table(t("document.causes"), head, rows, (44, 28, 28))]


# --- what must be true -------------------------------------------------------------------------------------------------

def asked(of: Work) -> tuple[TargetResult, float] | None:
    """The target that what must be true is asked of: the year's GMV where it is open, else the first that is; and the figure
    that the plan has to come to. None where every target is likely."""
    open_ = [x for x in results.aims_of(of.result) if x.outcome != "undefined" and needed.is_open(x, of.found)]
    if not open_:
        return None
    aim = next((x for x in open_ if (x.kpi, x.period) == ("gmv", of.period)), open_[0])
    wanted = aim.target if aim.outcome == "missed" else needed.even(of.scenario, aim.kpi, aim.period, aim.target)
    return aim, wanted


@lru_cache(maxsize=8)
def ways(scenario: Scenario, kpi: str, period: str, wanted: float) -> tuple[Alone, ...]:
    return needed.each_alone(scenario, kpi, period, wanted)


def truth(of: Work) -> tuple[str, Table | None]:
    """What would have to be true, as a sentence and each lever alone."""
    question = asked(of)
    if question is None:
        return t("document.nothing_needed" if results.targets_of(of.result) else "document.no_targets", unknown=unknown()), None
    aim, wanted = question
    found = ways(of.scenario, aim.kpi, aim.period, wanted)
    answer = needed.answer_said(of.result, aim, wanted, of.found, found)
    grid = needed.grid(of.result, aim, found, None)
    return answer, of_grid(t("document.each_alone"), grid, range(6), (16, 14, 14, 9, 26, 21), left=(0, 5)) if grid.rows else None


def conditions(of: Work) -> Chapter:
    answer, each = truth(of)
    return Chapter(t("document.chapter.truth"), [lead(answer), *([each] if each else [])])


# --- the review --------------------------------------------------------------------------------------------------------

def review(of: Work) -> Chapter:
    """What each quarter's actual figures are held against, who looks at them and how often, what was noted."""
    months = {month for month, *_ in of.scenario.book.cells}
    state = t("document.months_known", count=len(months)) if months else t("document.months_none")
    rows = [[t(f"kpi.{k}.label"), *(of.value(k, q) for q in of.quarters), of.value(k)] for k in _REVIEWED]
    head = [t("compare.kpi"), *of.quarters, periods.name(of.period, len(of.result.months))]
    notes = [Text(t("document.noted", text=n.text, who=known(n.owner), day=known(n.due)), POINT) for n in of.scenario.book.notes]
    return Chapter(t("document.chapter.review"), [
        lead(t("document.review", list=known(whole_shop(of))), "review"), Text(state),
        table(t("document.held_against"), head, rows, (22, *[15] * len(of.quarters), 16)), *notes])


# --- what it rests on --------------------------------------------------------------------------------------------------

def grounds(of: Work) -> Chapter:
    """How sure, what is not in it, where the numbers come from, and which to replace first."""
    rest, said = resting_on_template(of.scenario), grounds_of.notes(
        of.scenario, of.found.run.draws, stated(of.scenario))
    unit = KPIS["net_profit"].unit
    rows = [[driver_label(r.table, r.key), fixed(len(r.addresses), 0), difference(r.size, unit).lstrip("+")] for r in rest]
    head = [t("desk.assumption"), t("document.values"), t("document.swing")]
    replace = [table(t("document.replace"), head, rows, (50, 20, 30))]
    return Chapter(t("document.chapter.grounds"), [
        *(Text(t("document.titled", title=title, text=text)) for title, text in said), *(replace if rest else [])])


# --- decisions ---------------------------------------------------------------------------------------------------------

def unowned(of: Work) -> list[str]:
    """Tasks that nobody is named for."""
    return [own_name(row, t("work.unnamed")) for row in of.scenario.rows[wo.TASK].values() if not row.get("owner")]


def unlikely(of: Work) -> list[str]:
    """Targets that are less likely than not, or missed, with their chances."""
    months, found = len(of.result.months), [x for x in results.targets_of(of.result) if needed.is_open(x, of.found)]
    return [t("document.unlikely", kpi=t(f"kpi.{x.kpi}.label"), period=periods.period_name(x.period, months),
              chance=_rough(of, x)) for x in found]


def _rough(of: Work, x: TargetResult) -> str:
    """The chance without its error; of a target whose chance is not known, that the plan misses it."""
    chance = of.chance(x)
    return rate(chance.chance) if chance and math.isfinite(chance.chance) else reach.outcome(x)


def untaken(of: Work) -> str:
    """Mitigations that are worth their money and not taken."""
    rows = of.scenario.rows["mitigation"]
    return listed(t("document.worth", name=name_of(rows, m.key), worth=with_error(m.worth, 2 * m.worth_error, plus="+"))
                  for m in of.register.mitigations if m.verdict == "worth" and not m.on)
