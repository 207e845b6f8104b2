"""Commands on files and the library: list, show, new, export, import; backup and restore."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Any

import click

from model.cli import documents, store_file
from model.cli.plans import from_file, opened, operator, scenario_argument, set_option, store_at, url_option, written
from model.cli.tables import Table, answers
from model.engine.evaluate import evaluate
from model.errors import UnknownName
from model.io.tables import write_months
from model.plan.scenario import Scenario
from model.plan.schema import TABLES, driver_of, join

#: what a scenario is written as
_ENDINGS = (*documents.KINDS, "json", "csv")


@click.command("list")
@click.argument("search", nargs=-1)
@click.option("--archived", is_flag=True, help="Those in the archive instead.")
@url_option
@answers
def list_(search: tuple[str, ...], archived: bool, url: str) -> dict[str, Any]:
    """Saved scenarios that hold every word of SEARCH, those changed last first.

    \b
    sandtable list
    sandtable list double 11 --json
    """
    with store_at(url) as store:
        page = store.list(" ".join(search), archived=archived, limit=1000)
    rows = [(e.name, e.version, e.editor, e.updated.isoformat(timespec="seconds"), e.summary.get("gmv"),
             e.summary.get("net_profit"), e.id) for e in page.entries]
    return {"scenarios": Table(("name", "version", "editor", "updated", "gmv", "net_profit", "id"), rows)}


@click.command()
@scenario_argument
@click.argument("addresses", nargs=-1, metavar="[ADDRESS]...")
@set_option
@url_option
@answers
def show(scenario: str, addresses: tuple[str, ...], changes: tuple[str, ...], url: str) -> dict[str, Any]:
    """Assumptions of a scenario: those whose ADDRESS begins so, or what it changes in its plan.

    \b
    sandtable show sample channel.platform
    sandtable show "Our 2027 plan@3"
    """
    found = opened(scenario, url, changes)
    known, sources = _said(found), dict(found.as_plan(found.name).sources)
    wanted = [a for a in known if a.startswith(addresses)] if addresses else [a for a, _ in found.changes if a in known]
    if addresses and not wanted:
        raise UnknownName(" ".join(addresses))
    rows = [(a, known[a], driver_of(a).unit.key, sources.get(a, "")) for a in wanted]
    return {"scenario": found.name or found.base.name,
            "assumptions": Table(("address", "value", "unit", "source"), rows, [driver_of(a).unit for a in wanted])}


def _said(scenario: Scenario) -> dict[str, Any]:
    """Every assumption with its value, defaults too, where it has one."""
    every = (join(table, row, field) for table, rows in scenario.rows.items() for row in rows for field in TABLES[table])
    return {address: value for address in every if (value := scenario.get(address)) is not None}


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--from", "start", default="sample", metavar="SCENARIO", help="What it begins with; default: sample.")
@click.option("--name", default="", help="What it is called.")
@set_option
@url_option
def new(file: Path, start: str, name: str, changes: tuple[str, ...], url: str) -> None:
    """Write a new scenario into FILE (.json), from another one with changes.

    \b
    sandtable new dearer.json --set headline.traffic_price=+15% --name "Dearer traffic"
    """
    found = opened(start, url, changes)
    written(found.named(name) if name else found, file)
    click.echo(f"{name or found.name or found.base.name} -> {file}")


@click.command()
@scenario_argument
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--months", is_flag=True, help="Every line by month and channel, as CSV, instead of the assumptions.")
@click.option("--format", "kind", type=click.Choice(_ENDINGS), help="Default: as FILE ends.")
@documents.language_option
@click.option("--template", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="A .docx or .dotx whose styles, paper, header and footer a .docx takes on.")
@set_option
@url_option
def export(scenario: str, file: Path, months: bool, kind: str | None, language: str, template: Path | None,
           changes: tuple[str, ...], url: str) -> None:
    """Write a scenario into FILE: .json with its plan in it, .csv with every assumption; .docx or .md, the plan document;
    .pptx, eight slides for the board; .xlsx, the workbook.

    \b
    sandtable export sample plan.csv
    sandtable export sample months.csv --months
    sandtable export sample plan.docx --language en --template company.dotx
    sandtable export sample board --format pptx
    sandtable export sample plan.xlsx --language en
    """
    found = opened(scenario, url, changes)
    ending = kind or file.suffix.lower().lstrip(".")
    if months:
        file.write_bytes(write_months(evaluate(found)).encode("utf-8-sig"))
    elif ending not in _ENDINGS:
        kinds = ", ".join(f".{k}" for k in _ENDINGS[:-1])
        raise click.BadParameter(f"{file.name}: end it in {kinds} or .{_ENDINGS[-1]}", param_hint="FILE")
    elif ending in documents.KINDS:
        file.write_bytes(documents.written(found, ending, language, template))
    else:
        written(found, file, ending)
    click.echo(f"{found.name or found.base.name} -> {file}")


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", default="", help="What it is called in the library; default: its own name.")
@click.option("--author", default=getpass.getuser, show_default="your account", help="Who saves it.")
@click.option("--comment", default="", help="What the version says of itself.")
@click.option("--of", default="", metavar="ID", help="The saved scenario of which it is the next version; without: a new one.")
@url_option
def import_(file: Path, name: str, author: str, comment: str, of: str, url: str) -> None:
    """Save a scenario FILE (.json, .csv, .xlsx) in the library.

    \b
    sandtable import plan.csv --name "Our 2027 plan" --author "Li Lei"
    """
    found = from_file(file)
    found = found.named(name or found.name or found.base.name)
    with store_at(url) as store:
        saved = store.save(found, author=operator(author), comment=comment, id=of or None)
    click.echo(f"{saved.entry.name}, version {saved.version.number}, id {saved.entry.id}")


COMMANDS = (list_, show, new, export, import_, store_file.backup, store_file.restore, store_file.migrate, store_file.clean)
