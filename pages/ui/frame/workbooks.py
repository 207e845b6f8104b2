"""The plan as a workbook, in the reader's words: what the File menu gives away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from model import Scenario
from model.late import Late
from model.plan.schema import driver_of, split
from model.units import Unit
from pages.ui.frame import downloads, saving
from pages.ui.kit.csv_tables import unit_word
from pages.ui.kit.texts import name_of, own_source, rules, t
from pages.ui.session import results, state
from pages.ui.words.driver_labels import driver_label
from pages.ui.words.periods import period_name
from pages.ui.words.scenario_names import scenario_name
from pages.ui.words.sources import changes_of

if TYPE_CHECKING:
    from model.analysis.risk.simulate import RiskResult

book, registers, summary = Late("model.io.workbook"), Late("model.analysis.risk.register"), Late("model.analysis.risk.summary")


def button(scenario: Scenario) -> None:
    """Makes the workbook when it is pressed; what the session knows is told here, where the button is drawn."""
    downloads.button(t("bar.workbook"), "bar_workbook", "workbook", made(scenario), "xlsx", icon=":material/table_view:",
                     help=t("bar.workbook_help"), width="stretch")


def made(scenario: Scenario) -> Callable[[], bytes]:
    """What makes the file, on a thread without a session."""
    return partial(file_of, scenario, scenario_name(scenario), facts(scenario), results.finer_of(scenario))


def facts(scenario: Scenario) -> tuple[tuple[str, str], ...]:
    """What a file says of itself: scenario, version, who made it and when."""
    space = state.workspace()
    version = t("workbook.version", number=space.stored.version) if space.stored else t("workbook.not_saved")
    told = t("workbook.changed_since", version=version) if space.changed else version
    return made_by(saving.actor().name, (t("workbook.plan"), scenario_name(scenario)), (t("workbook.state"), told))


def made_by(author: str, *first: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """These facts, who made the file and when."""
    return (*first, (t("workbook.by"), author), (t("workbook.on"), date.today().isoformat()))


def file_of(scenario: Scenario, title: str, facts: tuple[tuple[str, str], ...], finer: RiskResult | None = None) -> bytes:
    draws = results.first_draws(scenario)
    found = finer or results.common_risk_of(scenario, scenario.base, draws)
    register = registers.register(scenario, draws)
    contents = book.Contents(results.result_of(scenario), words(scenario), title, facts, found, register)
    return book.workbook(contents, summary.POINTS)


def words(scenario: Scenario):
    """A workbook's words in the reader's language; of somebody else's rows the names that they gave them."""
    def figure(kind: str, key: str) -> str:
        return driver_label(*key.split(".")) if kind == "driver" else t(f"{kind}.{key}.label")

    def row(table: str, key: str) -> str:
        return name_of(scenario.rows[table], key)

    def period(text: str) -> str:
        return period_name(text, scenario.get("months"))

    def unit(of: Unit) -> str:
        return unit_word(of) if of.is_number else ""
    return book.Words(t, figure, row, partial(_source, scenario), unit, period, rules().workbook_money)


def _source(scenario: Scenario, address: str) -> str:
    """Where a value comes from; of one that was changed here, that it was."""
    a = split(address)
    if address in changes_of(scenario):
        return t("derive.who_here")
    said = scenario.base.source_of.get(address, "")
    known = a.field in scenario.base.rows[a.table].get(a.row, {})
    return own_source(said or driver_of(address).source) if known else t("derive.who_default")
