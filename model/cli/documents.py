"""Files in words, from the command line: the plan document, the board's slides and the workbook, as the app makes them.

The texts are the app's own. So the command line stands above the pages, and asks for them only where a file needs words.
"""

from __future__ import annotations

import getpass
import logging
from datetime import date
from pathlib import Path

import click

from model.engine.kpis import YEAR
from model.io.document.template import opened as template_opened
from model.late import Late
from model.plan.scenario import Scenario

making, texts = Late("pages.ui.document.making"), Late("pages.ui.kit.texts")
workbooks, scenario_names = Late("pages.ui.frame.workbooks"), Late("pages.ui.words.scenario_names")
#: the files that are made, by their endings
KINDS = ("docx", "md", "pptx", "xlsx")
LANGUAGES = ("zh", "en")


def written(scenario: Scenario, kind: str, language: str, template: Path | None) -> bytes:
    """A document of a scenario. Raises UnreadableFile where the template cannot be used."""
    logging.getLogger("streamlit").setLevel(logging.ERROR)  # it warns of running without a server
    styles = _styles(template, kind)
    with texts.speaking(language):
        click.echo(f"{kind}: drawing what may happen, risk by risk", err=True)
        if kind == "xlsx":
            return _workbook(scenario)
        work = making.work_of(scenario, (), getpass.getuser(), YEAR)
        return making.MAKERS[kind](work, styles)


def _workbook(scenario: Scenario) -> bytes:
    name, say = scenario_names.scenario_name(scenario), texts.t
    facts = ((say("workbook.plan"), name), (say("workbook.by"), getpass.getuser()), (say("workbook.on"), date.today().isoformat()))
    return workbooks.file_of(scenario, name, facts)


def _styles(template: Path | None, kind: str) -> bytes | None:
    """The template's bytes, looked at before anything is computed."""
    if template is None:
        return None
    if kind != "docx":
        raise click.BadParameter(f"styles are taken by a Word document, not by .{kind}", param_hint="--template")
    data = template.read_bytes()
    template_opened(data)
    return data
