"""The command line: `python -m model backup FILE`, `python -m model restore FILE`."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path

from model.errors import SandtableError
from model.io.store import ScenarioStore, default_url, restore_backup


def main(arguments: list[str] | None = None) -> int:
    """0 where it was done; 1, and the reason on stderr, where not."""
    given = _parser().parse_args(arguments)
    try:
        given.action(given.file, given.url or default_url())
    except SandtableError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m model", description="The store of scenarios from the command line.")
    commands = parser.add_subparsers(required=True, metavar="backup | restore")
    for name, action, about in (
            ("backup", _backup, "write every scenario, version and draft into one file"),
            ("restore", _restore, "check a backup and put it in place; what was there is kept beside it")):
        command = commands.add_parser(name, help=about, description=about)
        command.add_argument("file", type=Path, metavar="FILE")
        command.add_argument("--url", help="the store; default: SANDTABLE_DB, else data/sandtable.db of this repository")
        command.set_defaults(action=action)
    return parser


def _backup(file: Path, url: str) -> None:
    with closing(ScenarioStore(url)) as store:
        store.backup(file)
        print(f"{_count(store)} -> {file}")


def _restore(file: Path, url: str) -> None:
    kept = restore_backup(file, url)
    with closing(ScenarioStore(url)) as store:
        print(f"{_count(store)} restored from {file}" + (f"; what was there is kept in {kept}" if kept else ""))


def _count(store: ScenarioStore) -> str:
    return f"{store.list(limit=0).total + store.list(limit=0, archived=True).total} scenarios"
