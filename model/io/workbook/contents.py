"""What a workbook is made of: a plan, what is said of it, and the words of a language, which the model does not know."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.engine.evaluate import Result
from model.plan.scenario import Scenario
from model.plan.schema import TABLES, Driver, Row, Value, applies, join, said
from model.units import Unit

if TYPE_CHECKING:
    from model.analysis.risk.register import Register
    from model.analysis.risk.simulate import RiskResult


@dataclass(frozen=True, slots=True)
class Words:
    """say: the text of a key, its placeholders filled in. figure: what a line, KPI, term, index or driver is called. row: a name
    that the planner gave a row of a table. source: of an assumption. unit: its word. period: of a period of the plan.
    money: a number format.
    """

    say: Callable[..., str]
    figure: Callable[[str, str], str]
    row: Callable[[str, str], str]
    source: Callable[[str], str]
    unit: Callable[[Unit], str]
    period: Callable[[str], str]
    money: str = "#,##0"


@dataclass(frozen=True, slots=True)
class Contents:
    """facts: what the first sheet says of the file: version, who, when. risk, register: of the same scenario, where known."""

    result: Result
    words: Words
    title: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    risk: RiskResult | None = None
    register: Register | None = None

    @property
    def scenario(self) -> Scenario:
        return self.result.scenario


@dataclass(frozen=True, slots=True)
class Entry:
    """An assumption on its sheet. value: what counts, the driver's default where the plan is silent."""

    address: str
    table: str
    row: str
    driver: Driver
    value: Value


def entries(scenario: Scenario) -> Iterator[Entry]:
    """Every assumption that a plan says or that has a default, in the order of a plan; at least one of every row."""
    for table, rows in scenario.rows.items():
        for key, row in rows.items():
            listed = [driver for driver in TABLES[table].values() if _listed(driver, row)]
            for driver in listed or list(TABLES[table].values())[:1]:
                yield Entry(join(table, key, driver.key), table, key, driver, said(row, driver))


def _listed(driver: Driver, row: Row) -> bool:
    return driver.key in row or applies(driver, row) and driver.default is not None

