"""The command line: `sandtable`, or `python -m model`.

    plans: a scenario by its word;  tables: answers as text, CSV or JSON  ->  library, questions, people, sweep: the commands
"""

from __future__ import annotations

import sys

import click

from model.cli import library, people, questions, sweep
from model.cli.store_file import said_of_damage
from model.errors import DamagedBackup, InvalidInput, SandtableError, UnknownName

#: what a program gets: done; refused, the reasons on stderr; called wrongly; answered, and the answer is no
DONE, REFUSED, WRONG_CALL, NO = 0, 1, 2, 3
_EPILOG = f"""A SCENARIO is `sample`, a file (.json scenario, .csv or .xlsx plan), or the name or id of a saved one, with @N for
its version N. Exit codes: {DONE} done, {REFUSED} refused with the reasons on stderr, {WRONG_CALL} called wrongly, {NO} the answer
is no (a goal that cannot be reached)."""


@click.group(epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
def sandtable() -> None:
    """A what-if budget simulator for the people who run an online shop, from the command line.

    \b
    sandtable simulate sample
    sandtable simulate sample --set headline.aov=+15%
    sandtable risk sample --draws 4096 --json
    sandtable optimize sample --move 30% --out better.json
    sandtable compare sample better.json
    """


for _command in (*library.COMMANDS, *questions.COMMANDS, *people.COMMANDS, sweep.sweep):
    sandtable.add_command(_command)


def main(arguments: list[str] | None = None) -> int:
    """Run a command; its exit code. Reasons and progress go to stderr, answers alone to stdout."""
    try:
        answer = sandtable.main(arguments, prog_name="sandtable", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else error.format_message(), err=True)
        return WRONG_CALL
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.exceptions.Abort:
        click.echo("stopped", err=True)
        return REFUSED
    except DamagedBackup as error:
        click.echo(said_of_damage(error), err=True)
        return REFUSED
    except SandtableError as error:
        click.echo(_reasons(error), err=True)
        return REFUSED
    return answer if isinstance(answer, int) else DONE


def _reasons(error: SandtableError) -> str:
    """Everything that is wrong, a line each, with what to do."""
    if isinstance(error, InvalidInput):
        return "\n".join(str(v) for v in error.violations)
    if isinstance(error, UnknownName):
        return f"{error.args[0]}: no such name"
    return str(error) or type(error).__name__


def run() -> None:
    """The installed program."""
    sys.exit(main())
