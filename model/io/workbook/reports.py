"""The sheets beside the plan's figures: what the file is, targets, risk and the register of risks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from xlsxwriter.worksheet import Worksheet

from model.engine.kpis import KPIS, periods_of
from model.io.workbook.contents import Contents
from model.io.workbook.excel import CELL, Formula, here, place
from model.io.workbook.looks import FIRST, HEAD, MODEL, PLAIN, Looks, coloured, heads, page, put, table
from model.io.workbook.measures import Aim
from model.io.workbook.tabled import links
from model.plan import risks as ri
from model.units import RATE, YUAN, Unit

#: KPIs whose distribution is shown
_DRAWN = ("gmv", "net_revenue", "net_profit", "net_margin_rate", "closing_cash", "lowest_cash")


def write_readme(sheet: Worksheet, contents: Contents, names: Iterable[str], verdict: str, looks: Looks) -> None:
    """What the file is, how it is read and changed, and which sheets it has. verdict: the formula that says whether it holds."""
    say = contents.words.say
    page(sheet, contents.title, say("workbook.about"), looks, (26, 110))
    sheet.set_portrait()
    facts = [*contents.facts, (say("workbook.holds"), say("workbook.all_equal"))]
    for row, (label, text) in enumerate(facts, HEAD):
        put(sheet, row, 0, "", label, looks.text(bold=True))
        put(sheet, row, 1, verdict if row == HEAD + len(facts) - 1 else "", text, looks.text(text_wrap=True, align="left"))
    advice = say("workbook.how").strip().split("\n")
    top = HEAD + len(facts) + 1
    for row, text in enumerate(advice, top):
        put(sheet, row, 0, "", text, looks.text())
    links(sheet, top + len(advice) + 1, names, contents.words, looks)


def write_targets(sheet: Worksheet, contents: Contents, found: list[Aim], looks: Looks) -> None:
    """Every target: its figure, what the sheets come to, hit or missed, and its chance as the draws gave it."""
    columns = ("figure", "period", "unit", "target", "reached", "gap", "outcome", "chance", "error")
    table(sheet, "targets", contents.words.say, columns, (26, 14, 10, 15, 15, 15, 12, 13, 13), looks, right_from=3)
    for row, aim in enumerate(found, FIRST):
        _target(sheet, row, contents, aim, looks)
    hit, missed = (contents.words.say(f"workbook.{k}") for k in ("hit", "missed"))
    coloured(sheet, (FIRST, 6, FIRST + len(found), 6), hit, missed, looks)


def _target(sheet: Worksheet, row: int, contents: Contents, aim: Aim, looks: Looks) -> None:
    words, target, unit = contents.words, aim.target, KPIS[aim.target.kpi].unit
    name = words.say("workbook.sheet.targets")
    now = _known(float(target.actual[0]))
    wanted, reached = (Formula(place(row, column), CELL) for column in (3, 4))
    outcomes = {k: words.say(f"workbook.{k}") for k in ("hit", "missed", "undefined")}
    gap = "" if now == "" else float(target.gap[0])
    _texts(sheet, row, (words.figure("kpi", target.kpi), words.period(target.period), words.unit(unit)), looks)
    put(sheet, row, 3, here(aim.wanted, name), target.target, looks.of(unit))
    put(sheet, row, 4, here(aim.reached, name), now, looks.of(unit))
    put(sheet, row, 5, f'IF(ISNUMBER({reached.text}),{(reached - wanted).text},"")', gap, looks.of(unit))
    told = aim.outcome(wanted, reached, list(outcomes.values())).text
    put(sheet, row, 6, told, outcomes[target.outcome], looks.text(bold=True, align="right"))
    chance = contents.risk.chances.get(target.key) if contents.risk else None
    if chance:
        _figures(sheet, row, 7, ((chance.chance, RATE), (2 * chance.error, RATE)), looks)


def write_risk(sheet: Worksheet, contents: Contents, points: Sequence[int], looks: Looks) -> None:
    """What the draws say of each KPI that they know, over each period: the plan's own, mean and quantiles."""
    words, risk = contents.words, contents.risk
    names = [f"P{p}" for p in points]
    table(sheet, "risk", words.say, ("figure", "period", "unit", "plan", "mean"), (26, 14, 10, *[15] * (2 + len(names))), looks,
          right_from=3, more=names)
    if risk is None:
        return
    places = [(key, period) for key in _DRAWN for period in periods_of(len(contents.result.months))]
    for row, (key, period) in enumerate(places, FIRST):
        found, unit = risk.year(key, period), KPIS[key].unit
        _texts(sheet, row, (words.figure("kpi", key), words.period(period), words.unit(unit)), looks)
        _figures(sheet, row, 3, [(float(v), unit) for v in (risk.plan_value(key, period), found.mean, *found.points)], looks)


def write_register(sheet: Worksheet, contents: Contents, looks: Looks) -> None:
    """Events by what they cost, then mitigations by what they are worth, as the draws gave them."""
    words, register = contents.words, contents.register
    columns = ("event", "chance_at_all", "loss", "error", "loss_if", "tail_share")
    table(sheet, "register", words.say, columns, (34, *[18] * 5), looks, right_from=1)
    events, mitigations = (register.events, register.mitigations) if register else ((), ())
    for row, event in enumerate(events, FIRST):
        _texts(sheet, row, (words.row(ri.EVENT, event.key),), looks)
        _figures(sheet, row, 1, ((event.chance, RATE), (event.loss, YUAN), (2 * event.loss_error, YUAN), (event.loss_if, YUAN),
                                 (event.tail_share, RATE)), looks)
    top = FIRST + len(events) + 1
    below = ("mitigation", "of_event", "on", "cost", "worth", "error")
    heads(sheet, top, [words.say(f"workbook.column.{c}") for c in below], looks, 3)
    sheet.repeat_rows(HEAD)
    for row, m in enumerate(mitigations, top + 1):
        on = words.say("file.yes" if m.on else "file.no")
        _texts(sheet, row, (words.row(ri.MITIGATION, m.key), words.row(ri.EVENT, m.event), on), looks)
        _figures(sheet, row, 3, ((m.cost, YUAN), (m.worth, YUAN), (2 * m.worth_error, YUAN)), looks)


def _texts(sheet: Worksheet, row: int, texts: Iterable[str], looks: Looks) -> None:
    for column, text in enumerate(texts):
        put(sheet, row, column, "", text, looks.of(None, PLAIN))


def _figures(sheet: Worksheet, row: int, first: int, figures: Iterable[tuple[float, Unit]], looks: Looks) -> None:
    """What the draws gave: figures that no formula follows."""
    for column, (value, unit) in enumerate(figures, first):
        put(sheet, row, column, "", _known(value), looks.of(unit, MODEL))


def _known(value: float) -> Any:
    return value if math.isfinite(value) else ""
