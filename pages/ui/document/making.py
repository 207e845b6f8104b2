"""The documents of a plan in the reader's language: what the File menu and the command line give away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from model import Scenario
from model.analysis.risk.register import Register, register
from model.io import document as files
from model.io.document.outline import Chapter, Outline, Table, Text
from pages.ui.document import board, doing, goals, money, risks
from pages.ui.document.work import PARTS, Work, table, unknown
from pages.ui.kit.texts import rules, t
from pages.ui.session import results
from pages.ui.words.scenario_names import scenario_name

if TYPE_CHECKING:
    from model.analysis.risk.simulate import RiskResult

_CHAPTERS: tuple[Callable[[Work], Chapter], ...] = (
    goals.answer, board.decided, goals.targets, goals.market, money.budget, doing.channel_plan, doing.private, doing.improvements,
    doing.promotion_plan, doing.phases, doing.team_plan, doing.supply, money.profit, money.cash, risks.register, risks.conditions,
    risks.review, risks.grounds)


def work_of(scenario: Scenario, facts: tuple[tuple[str, str], ...], by: str, period: str,
            finer: RiskResult | None = None, known: Register | None = None) -> Work:
    """What the documents of a scenario are made of. finer: of more draws, known: the register, where there are any.

    A register that was stopped is made anew: a document has all of it.
    """
    whole = known if known and not known.stopped else _register(scenario, results.first_draws(scenario))
    found = finer or results.common_risk_of(scenario, scenario.base, results.first_draws(scenario))
    return Work(scenario, found, whole, scenario_name(scenario), facts, by, datetime.now(), period)


@lru_cache(maxsize=4)
def _register(scenario: Scenario, draws: int) -> Register:
    """Kept: whoever takes the document often takes the slides next."""
    return register(scenario, draws)


def outline(work: Work) -> Outline:
    """Every chapter, numbered; and last where each part of an annual plan is answered."""
    made = [make(work) for make in _CHAPTERS]
    chapters = [Chapter(t("document.numbered", number=i, title=c.title), c.blocks) for i, c in enumerate(made, 1)]
    number = len(chapters) + 1
    index = Chapter(t("document.numbered", number=number, title=t("document.chapter.parts")), [_index(chapters)])
    span = f"{work.year.months[0]} – {work.year.months[-1]}"
    return Outline(work.title, t("document.subtitle", span=span), work.facts, [*chapters, index], t("document.contents"),
                   rules().tag, work.by, work.day)


def _index(chapters: list[Chapter]) -> Table:
    """Each part of an annual plan: which chapter answers it, and whether all of it is known."""
    texts = [(c.title, block) for c in chapters for block in c.blocks if isinstance(block, Text)]
    where = {part: (title, t("document.blanks" if unknown() in text.text else "document.filled")) for title, text in texts
             for part in text.parts}
    rows = [[t(f"document.part.{part}"), *where[part]] for part in PARTS]
    return table("", [t("document.part_head"), t("document.chapter_head"), t("document.state")], rows, (52, 32, 16), words=3)


def docx(work: Work, template: bytes | None = None) -> bytes:
    return files.word(outline(work), template)


def md(work: Work, template: bytes | None = None) -> bytes:
    return files.markdown(outline(work)).encode()


def pptx(work: Work, template: bytes | None = None) -> bytes:
    return files.slides(board.deck(work))


#: by the ending of the file
MAKERS: Mapping[str, Callable[[Work, bytes | None], bytes]] = {"docx": docx, "md": md, "pptx": pptx}
