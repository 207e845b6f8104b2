"""What the documents are made of: a plan, what is known of it, and how its figures become sentences, cells and tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from model import KPIS, Result, Scenario
from model.engine.kpis import NOT_DRAWN, YEAR, TargetResult, period_of
from model.io.document.outline import LEAD, NOTE, Table, Text
from pages.ui.frame.grids import Grid
from pages.ui.kit.formats import DASH, number
from pages.ui.kit.texts import rules, t, unmarked
from pages.ui.session import results
from pages.ui.words import periods, reach

if TYPE_CHECKING:
    from model.analysis.risk.register import Register
    from model.analysis.risk.simulate import Chance, RiskResult

#: the rows of an annual plan (README, "Where each part of the operating plan lives"): each is answered somewhere in the document,
#: or marked there as not known
PARTS = ("gmv", "customers", "margins", "conversion", "stock_service", "traffic", "products", "platform", "content",
         "livestreams", "private", "members", "posts", "improvements", "promotions", "phases", "team", "budget", "supply",
         "risks", "private_share", "review")


@dataclass(frozen=True, slots=True)
class Work:
    """found, register: of the same draws. facts: of the first page. period: the year that yearly figures speak of.

    by: who made the file. day: when, for its own record.
    """

    scenario: Scenario
    found: RiskResult
    register: Register
    title: str
    facts: tuple[tuple[str, str], ...] = ()
    by: str = ""
    day: datetime = field(default_factory=datetime.now)
    period: str = YEAR

    @property
    def result(self) -> Result:
        return results.result_of(self.scenario)

    @property
    def year(self) -> Result:
        """The months of the period."""
        return periods.months_of(self.result, self.period)

    @property
    def quarters(self) -> list[str]:
        """The whole quarters of the period: Q1, Q2, …"""
        span = period_of(self.period, self.result.months)
        every = ((f"Q{i + 1}", 3 * i) for i in range(len(self.result.months) // 3))
        return [q for q, first in every if span.start <= first and first + 3 <= span.stop]

    def value(self, key: str, period: str = "") -> str:
        """A KPI in words."""
        return number(periods.value(self.result, key, period or self.period), KPIS[key].unit)

    def target(self, key: str, period: str = "") -> TargetResult | None:
        return reach.target(self.result, key, period or self.period)

    def chance(self, target: TargetResult | None) -> Chance | None:
        """How likely a target is; None where nothing is known of it."""
        return None if target is None or target.kpi in NOT_DRAWN else self.found.chances.get(target.key)

    def likely(self, target: TargetResult | None) -> str:
        """The same for a cell whose head says what ± counts."""
        found = self.chance(target)
        return DASH if found is None else reach.chance_in_cell(found)


# --- words -------------------------------------------------------------------------------------------------------------

def unknown() -> str:
    """What stands where a plan says nothing."""
    return t("document.unknown")


def known(text: str | None) -> str:
    """A cell; marked where nothing stands in it."""
    return text if text not in (None, "", DASH) else unknown()


def joined(sentences: Iterable[str]) -> str:
    """Parts of one sentence."""
    return rules().between_clauses.join(s for s in sentences if s)


def lead(text: str, *parts: str) -> Text:
    return Text(unmarked(text), LEAD, parts)


def note(text: str) -> Text:
    return Text(unmarked(text), NOTE)


def aims(work: Work, *keys: str) -> str:
    """KPIs of the year, each with its target and how likely that is, or that it has none."""
    return t("document.sentence", text=joined(aim(work, key) for key in keys))


def aim(work: Work, key: str, period: str = "") -> str:
    """A KPI: what the plan comes to, what it is to be, how likely that is."""
    target, name = work.target(key, period), t(f"kpi.{key}.label")
    if target is None:
        return t("document.no_aim", kpi=name, value=work.value(key, period), unknown=unknown())
    likely = reach.chance_alone(work.chance(target))
    said = t("document.aim", kpi=name, value=work.value(key, period), target=reach.aim(target))
    return said if likely == DASH else t("document.likely", aim=said, chance=likely)


def over_all(work: Work) -> list[Text]:
    """Where a plan is longer than the year that the others speak of: that these figures are over all of it."""
    months = len(work.result.months)
    return [note(t("document.over_all", count=months))] if months != len(work.year.months) else []


# --- tables ------------------------------------------------------------------------------------------------------------

def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float], words: int = 1,
          total: bool = False, left: Iterable[int] = ()) -> Table:
    """words: how many columns of words it begins with; numbers follow, but for those of `left`."""
    right = frozenset(range(words, len(head))) - frozenset(left)
    cells = [[known(c) if i < words else c or DASH for i, c in enumerate(row)] for row in rows]
    return Table(title, head, cells, widths, right, total)


def columns(of: Table, keep: Sequence[int], widths: Sequence[float]) -> Table:
    """Some columns of a table, without its title."""
    right = frozenset(place for place, i in enumerate(keep) if i in of.right)
    return Table("", [of.head[i] for i in keep], [[row[i] for i in keep] for row in of.rows], widths, right, of.total)


def of_grid(title: str, grid: Grid, keep: Sequence[int], widths: Sequence[float], left: Iterable[int] = (0,)) -> Table:
    """Columns of a table that a page shows, as it shows them."""
    rows = [[unmarked(row[i].text) or DASH for i in keep] for row in grid.rows]
    right = frozenset(range(len(keep))) - frozenset(left)
    return Table(title, [grid.columns[i].title for i in keep], rows, widths, right, grid.total)
