"""Commands for whoever runs the app for a company: who did what, and ending somebody's sign-ins."""

from __future__ import annotations

from typing import Any

import click

from model.cli.plans import operator, store_at, url_option
from model.cli.tables import Table, answers
from model.io.store.actors import key_of


@click.command()
@click.option("--last", default=1000, show_default=True, type=click.IntRange(1), help="How many lines, the newest first.")
@url_option
@answers
def audit(last: int, url: str) -> dict[str, Any]:
    """Who wrote what, and when: a line for each write.

    \b
    sandtable audit --last 20
    sandtable audit --last 1000000 --csv > audit.csv
    """
    with store_at(url) as store:
        found = store.audit(last, author=operator())
    rows = [(d.created.isoformat(timespec="seconds"), d.author, d.account, d.address, d.deed, d.name, d.version, d.scenario)
            for d in found]
    return {"audit": Table(("time", "author", "account", "address", "deed", "name", "version", "id"), rows)}


@click.command("sign-out")
@click.argument("subject")
@click.option("--issuer", required=True, help="The identity provider, as `iss` of its tokens says.")
@url_option
def sign_out(subject: str, issuer: str, url: str) -> None:
    """End all sign-ins of the person whom the provider calls SUBJECT (`sub` of the tokens), on every server, within seconds;
    a line of the audit says so.

    \b
    sandtable sign-out 3f2a9c --issuer https://id.example.com
    """
    with store_at(url) as store:
        store.sign_outs.end_of(key_of(issuer, subject), subject, author=operator())
    click.echo(f"{subject}: sign-ins until now are over. No list of people is kept here: look up at the provider whether "
               "this is the subject (sub of the identity token, the object id in Entra ID) that you mean")


COMMANDS = (audit, sign_out)
