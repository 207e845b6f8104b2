"""The command line: `python -m model backup FILE`, `python -m model restore FILE`."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path

from model.errors import DamagedBackup, SandtableError
from model.io.store import ScenarioStore, default_url, restore_backup


def main(arguments: list[str] | None = None) -> int:
    """0 where it was done; 1, and the reason on stderr, where not."""
    given = _parser().parse_args(arguments)
    try:
        given.action(given)
    except DamagedBackup as error:
        print(_said(error, given.file), file=sys.stderr)
        return 1
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
    command.add_argument("--leave-out-damaged", action="store_true", help="restore what can be read of a damaged backup")
    return parser


def _backup(given: argparse.Namespace) -> None:
    with closing(ScenarioStore(given.url or default_url())) as store:
        store.backup(given.file)
        print(f"{_count(store)} -> {given.file}")


def _restore(given: argparse.Namespace) -> None:
    url = given.url or default_url()
    kept = restore_backup(given.file, url, given.leave_out_damaged)
    with closing(ScenarioStore(url)) as store:
        print(f"{_count(store)} restored from {given.file}" + (f"; what was there is kept in {kept}" if kept else ""))


def _said(error: DamagedBackup, file: Path) -> str:
    """What is damaged, that nothing was done, and how to take the rest."""
    return "\n".join([
        f"{file} is damaged: nothing was restored, the store is as it was. Cannot be read:",
        *(f"  {name}" for name in error.damaged),
        f"{error.left} other scenarios are sound. To restore all that can be read: make restore FILE={file} REST=1",
        f"(or: python -m model restore {file} --leave-out-damaged); an older backup may hold the rest."])


def _count(store: ScenarioStore) -> str:
    return f"{store.list(limit=0).total + store.list(limit=0, archived=True).total} scenarios"
