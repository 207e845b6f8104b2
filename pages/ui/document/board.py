"""The deck for the board: eight slides, each with its conclusion as its title; and the decisions that the plan asks for."""

from __future__ import annotations

from collections.abc import Callable

from model import units as u
from model.analysis.effects import SwitchEffect
from model.analysis.year_on_year import year_on_year
from model.io.document.outline import NOTE, POINT, Chapter, Deck, Slide, Text
from model.plan import lists as li
from pages.ui.document import goals, money, risks
from pages.ui.document.work import Work, columns, lead, of_grid, unknown
from pages.ui.kit.formats import difference
from pages.ui.kit.formats import money as yuan
from pages.ui.kit.texts import listed, name_of, rules, t, together, unmarked
from pages.ui.plan import statement
from pages.ui.plan.switched import found_effects
from pages.ui.risk import view
from pages.ui.session import results
from pages.ui.simulate import pictures
from pages.ui.words import reach
from pages.ui.words.channel_names import channel_name

#: tasks, targets and the like that a sentence names; the others are counted
_NAMED = 4


def deck(of: Work) -> Deck:
    slides = [make(of) for make in SLIDES]
    return Deck(of.title, of.title, slides, lambda count: t("print.more", count=count), rules().tag, of.by, of.day)


# --- slides ------------------------------------------------------------------------------------------------------------

def _verdict(of: Work) -> Slide:
    said = [Text(s, POINT) for s in view.sentences(of.found, of.period)]
    return Slide(goals.verdict(of, whole=False), [goals.figures(of), *said])


def _targets(of: Work) -> Slide:
    found = results.targets_of(of.result)
    if not found:
        return Slide(t("document.no_targets", unknown=unknown()), [goals.figures(of)])
    yearly = goals.every_target(of, of.period)
    short = columns(yearly, (0, 2, 3, 6), (30, 22, 22, 26))
    if not yearly.rows:
        short = columns(goals.every_target(of), (0, 1, 2, 3, 6), (24, 17, 19, 19, 21))
    chart = goals.quarter_chart(of) if of.quarters else goals.months(of)[0]
    return Slide(t("document.titled", title=t("plan.targets"), text=reach.tally(found)), [short], [chart])


def _last_year(of: Work) -> Slide:
    found = year_on_year(of.result, of.period)
    if found is None:
        return Slide(t("document.no_last_year", unknown=unknown()), goals.months(of))
    return Slide(money.bridge_said(found), [money.bridge_chart(found)], [money.bridge_table(found)])


def _split(of: Work) -> Slide:
    short = columns(money.split(of), (0, 1, 2, 4, 6), (21, 22, 17, 20, 20))
    return Slide(money.why(of), [*money.split_chart(of), Text(money.better(of))], [short])


def _risk(of: Work) -> Slide:
    found = of.register
    right = risks.causes(of)
    if found.mitigations:
        right = [of_grid("", view.mitigations_grid(of.scenario, found), (0, 1, 3, 4), (31, 17, 16, 36), left=(0, 1))]
    return Slide(risks.said(of), risks.loss_chart(of) or risks.causes(of), right)


def _truth(of: Work) -> Slide:
    answer, each = risks.truth(of)
    return Slide(unmarked(answer), [each] if each else risks.causes(of))


def _cash(of: Work) -> Slide:
    return Slide(statement.cash_title(of.result), [money.cash_chart(of), Text(t("plan.cash_help"), NOTE)])


def _decisions(of: Work) -> Slide:
    found = decisions(of)
    return Slide(t("document.decisions_title", count=len(found)), [Text(s, POINT) for s in found])


SLIDES: tuple[Callable[[Work], Slide], ...] = (_verdict, _targets, _last_year, _split, _risk, _truth, _cash, _decisions)


# --- decisions ---------------------------------------------------------------------------------------------------------

def decided(of: Work) -> Chapter:
    return Chapter(t("document.chapter.decisions"), [lead(t("document.decisions_title", count=len(decisions(of)))),
                                                     *(Text(s, POINT) for s in decisions(of))])


def decisions(of: Work) -> list[str]:
    """What somebody has to decide, as the figures say; never more than follows from them."""
    asked = (_of_budget, _of_split, _of_targets, _of_mitigations, _of_switches, _of_cash, _of_owners)
    return [said for ask in asked if (said := ask(of))]


def _few(names: list[str]) -> str:
    """The first of them; how many more there are."""
    more = [t("document.and_more", count=len(names) - _NAMED)] if len(names) > _NAMED else []
    return listed([*names[:_NAMED], *more])


def _of_budget(of: Work) -> str:
    spend = pictures.spend_of(of.year)
    total = sum(spend.values())
    keys = [c for c in of.year.channels if spend[c]]
    parts = [t("document.part_of", name=channel_name(of.scenario, c), amount=yuan(spend[c])) for c in keys]
    return t("document.decide_budget", total=yuan(total), parts=_few(parts)) if total else ""


def _of_split(of: Work) -> str:
    found = money.best_of(of.scenario)
    return t("document.decide_split", said=money.better(of)) if found is not None and found.gain > 0.5 else ""


def _of_targets(of: Work) -> str:
    found = risks.unlikely(of)
    return t("document.decide_targets", count=len(found), names=_few(found)) if found else ""


def _of_mitigations(of: Work) -> str:
    found = risks.untaken(of)
    return t("document.decide_mitigations", names=found) if found else ""


def _of_switches(of: Work) -> str:
    """Initiatives and promotions that would be better the other way."""
    wrong: dict[bool, list[str]] = {True: [], False: []}
    for kind in (li.INITIATIVE, li.PROMOTION):
        for key, effect in found_effects(of.scenario, kind).items():
            if effect.on == (effect.net_profit < -0.5) and abs(effect.net_profit) > 0.5:
                wrong[effect.on].append(_effect(of, kind, key, effect))
    said = [t("document.decide_off", names=_few(wrong[True])) if wrong[True] else "",
            t("document.decide_on", names=_few(wrong[False])) if wrong[False] else ""]
    return together(s for s in said if s)


def _effect(of: Work, kind: str, key: str, effect: SwitchEffect) -> str:
    return t("document.because", name=name_of(of.scenario.rows[kind], key), change=difference(effect.net_profit, u.YUAN))


def _of_cash(of: Work) -> str:
    lowest = float(of.result.lines["cash"].min())
    return t("document.decide_cash", need=yuan(-lowest), said=statement.cash_title(of.result)) if lowest < 0 else ""


def _of_owners(of: Work) -> str:
    found = risks.unowned(of)
    return t("document.decide_owners", count=len(found), names=_few(found)) if found else ""
