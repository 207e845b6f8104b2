"""Files in words, from the command line: the plan document, the board's slides and the workbook, as the app makes them.

The texts are the app's own. So the command line stands above the pages, and asks for them only where a file needs words.
"""

from __future__ import annotations

import getpass
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from model.analysis.compare import Bridge
from model.analysis.risk.simulate import simulate
from model.engine.kpis import YEAR
from model.io.document.template import opened as template_opened
from model.late import Late
from model.plan.scenario import Scenario
from model.review.actuals import Actuals
from model.review.kept import plan_of_record

making, texts = Late("pages.ui.document.making"), Late("pages.ui.kit.texts")
compared, reviewed = Late("pages.ui.compare.files"), Late("pages.ui.review.files")
workbooks, scenario_names = Late("pages.ui.frame.workbooks"), Late("pages.ui.words.scenario_names")
#: the files that are made, by their endings
KINDS = ("docx", "md", "pptx", "xlsx")
language_option = click.option("--language", default="zh", show_default=True, help="Of a document, slides or a workbook: zh, en.")


def written(scenario: Scenario, kind: str, language: str, template: Path | None) -> bytes:
    """A document of a scenario. Raises UnreadableFile where the template cannot be used."""
    styles = _styles(template, kind)
    with _speaking(language):
        click.echo(f"{kind}: drawing what may happen, risk by risk", err=True)
        if kind == "xlsx":
            return _workbook(scenario)
        work = making.work_of(scenario, _facts("plan", scenario_names.scenario_name(scenario)), getpass.getuser(), YEAR)
        return making.MAKERS[kind](work, styles)


@contextmanager
def _speaking(language: str) -> Iterator[None]:
    """The app's texts in a language, and not its warning that it runs without a server."""
    if language not in texts.LANGUAGES:
        raise click.BadParameter(f"{language!r} is none of {', '.join(texts.LANGUAGES)}", param_hint="--language")
    logging.getLogger("streamlit").setLevel(logging.ERROR)
    with texts.speaking(language):
        yield


def _workbook(scenario: Scenario) -> bytes:
    name = scenario_names.scenario_name(scenario)
    return workbooks.file_of(scenario, name, _facts("plan", name))


def _facts(what: str, name: str) -> tuple[tuple[str, str], ...]:
    """What a workbook says of itself."""
    return workbooks.made_by(getpass.getuser(), (texts.t(f"workbook.{what}"), name))


def comparison(plans: Sequence[Scenario], found: Bridge, period: str, language: str) -> bytes:
    """The workbook of two scenarios and of the way from one to the other."""
    with _speaking(language):
        names = [scenario_names.scenario_name(s) for s in plans]
        names = names if len({*names}) == len(names) else [f"{name} ({i})" for i, name in enumerate(names, 1)]
        sides = [compared.Side(name, s) for name, s in zip(names, plans, strict=True)]
        return compared.file_of(sides, found, (0, 1), period, [simulate(s) for s in plans],
                                _facts("compared", texts.listed(names)))


def review(plan: Scenario, actuals: Actuals, language: str) -> bytes:
    """The workbook of a review."""
    with _speaking(language):
        name = scenario_names.scenario_name(plan)
        return reviewed.file_of(plan, actuals, simulate(plan_of_record(plan)), name, _facts("plan", name))


def _styles(template: Path | None, kind: str) -> bytes | None:
    """The template's bytes, looked at before anything is computed."""
    if template is None:
        return None
    if kind != "docx":
        raise click.BadParameter(f"styles are taken by a Word document, not by .{kind}", param_hint="--template")
    data = template.read_bytes()
    template_opened(data)
    return data
