"""The whole store: backup, restore, change of its tables, what has long been archived."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from pathlib import Path

import click

from model.cli.plans import at_store, operator, store_at, url_option
from model.errors import DamagedBackup
from model.io.store import ScenarioStore, restore_backup
from model.io.store.migrate import revision_of
from model.io.store.reading import archived_since, counts

_file = click.argument("file", type=click.Path(path_type=Path))


@click.command()
@_file
@url_option
def backup(file: Path, url: str) -> None:
    """Write every scenario, version and draft into one FILE.

    \b
    sandtable backup data/backup.db
    """
    with store_at(url) as store:
        store.backup(file)
        click.echo(f"{_count(store)} -> {file}")


@click.command()
@_file
@url_option
@click.option("--leave-out-damaged", is_flag=True, help="Restore what can be read of a damaged backup.")
def restore(file: Path, url: str, leave_out_damaged: bool) -> None:
    """Check a backup FILE and put it in place; what was there is kept beside it.

    \b
    sandtable restore data/backup.db
    """
    kept = restore_backup(file, at_store(url), leave_out_damaged, operator())
    with store_at(url) as store:
        click.echo(f"{_count(store)} restored from {file}" + (f"; what was there is kept in {kept}" if kept else ""))


@click.command()
@url_option
def migrate(url: str) -> None:
    """Bring the library's tables to today's schema, as a step of its own: the account may need more rights than the app has.

    \b
    sandtable migrate --url postgresql://owner:password@host/sandtable
    """
    with closing(ScenarioStore(at_store(url), migrating=True)) as store:
        click.echo(f"schema {store.ask(revision_of)}")


@click.command()
@url_option
@click.option("--archived-days", type=click.IntRange(1, 36_500), required=True,
              help="Scenarios that have lain in the archive for so many days go, with all their versions.")
@click.option("--yes", is_flag=True, help="Delete them; without it they are only named.")
def clean(archived_days: int, yes: bool, url: str) -> None:
    """Delete for good what has long been archived; without --yes, say what that would be. Each is a line of the audit.

    \b
    sandtable clean --archived-days 365
    sandtable clean --archived-days 365 --yes
    """
    with store_at(url) as store:
        gone, all_of = store.ask(partial(archived_since, days=archived_days)), store.list(limit=0, archived=True).total
        for id, name in gone:
            if yes:
                store.delete(id, author=operator())
            click.echo(f"{'deleted' if yes else 'would go'}: {name}")
        click.echo(f"{len(gone)} of {all_of} archived scenarios")


def said_of_damage(error: DamagedBackup) -> str:
    """What is damaged, that nothing was done, and how to take the rest."""
    file = error.violation.place
    return "\n".join([
        f"{file} is damaged: nothing was restored, the store is as it was. Cannot be read:",
        *(f"  {name}" for name in error.damaged),
        f"{error.left} other scenarios are sound. To restore all that can be read: make restore FILE={file} REST=1",
        f"(or: sandtable restore {file} --leave-out-damaged); an older backup may hold the rest."])


def _count(store: ScenarioStore) -> str:
    return ", ".join(f"{count} {what}" for what, count in store.ask(counts).items())
