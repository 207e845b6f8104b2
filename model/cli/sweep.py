"""Variants × draws over processes or a Dask cluster: each row is written as soon as it is known, and never computed twice."""

from __future__ import annotations

import csv
import hashlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import numpy as np

from model.analysis.sweep import grid, outcome
from model.cli.plans import opened, scenario_argument, set_option, typed, url_option
from model.engine.version import RESULTS
from model.errors import InvalidInput
from model.io.files import to_json
from model.io.tables import csv_text
from model.late import Late
from model.plan.scenario import Scenario
from model.plan.schema import Value

distributed = Late("distributed")
#: the column that tells a row's variant, draws, seed and plan from all others
KEY = "sweep_key"
#: variants given to a pool at once, for each of its workers: so few that a stop loses little
_AHEAD = 2
_MOST = 100_000


@click.command()
@scenario_argument
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--grid", "levels", multiple=True, metavar="ADDRESS=FROM:TO:COUNT",
              help="COUNT values between two ends, or values with commas between them: headline.aov=0.9,1,1.1. As often as "
                   "wanted: every combination is a variant.")
@click.option("--list", "table", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="A CSV whose heads are addresses: each line is a variant; an empty cell is the plan's own.")
@click.option("--draws", default=4096, show_default=True, help="Of each variant; 0: the plan's own figures alone.")
@click.option("--seed", default=0, show_default=True,
              help="The same for all: variants share their draws, so they compare directly.")
@click.option("--workers", default=os.cpu_count() or 1, show_default="as many as processors", help="Processes side by side.")
@click.option("--dask", metavar="ADDRESS",
              help="An existing Dask cluster (tcp://host:8786) instead; needs the extra `dask`.")
@set_option
@url_option
def sweep(scenario: str, out: Path, levels: tuple[str, ...], table: Path | None, draws: int, seed: int, workers: int,
          dask: str | None, changes: tuple[str, ...], url: str) -> None:
    """Many variants of a scenario, each with its draws, into the CSV file OUT; started again, it goes on where it stopped.

    \b
    sandtable sweep sample out.csv --grid headline.aov=0.9:1.1:21 --grid headline.refund_rate=0.8:1.2:9
    sandtable sweep sample out.csv --list variants.csv --draws 0
    """
    start = opened(scenario, url, changes)
    variants = _variants(start, levels, table)
    done = _known(out, {KEY, *variants[0]})
    plan = to_json(start)
    keys = [key_of(plan, values, draws, seed) for values in variants]
    left = [(key, values) for key, values in zip(keys, variants, strict=True) if key not in done]
    known = len(variants) - len(left)
    with _pool(workers, dask) as pool, click.progressbar(length=len(variants), label="variants", file=sys.stderr,
                                                         hidden=not sys.stderr.isatty()) as bar:
        bar.update(known)
        for key, values, row in _through(pool, max(1, workers) * _AHEAD, start, left, draws, seed):
            _append(out, {KEY: key, **values, **row})
            bar.update(1)
    click.echo(f"{len(variants)} variants in {out}, {known} of them known before", err=True)


def key_of(plan: str, values: Mapping[str, Value], draws: int, seed: int) -> str:
    """One for each different answer: plan (as its file), values, draws, seed and the model's version."""
    said = f"{RESULTS}\n{plan}\n{sorted(values.items())!r}\n{draws}\n{seed}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


# --- what is asked ----------------------------------------------------------------------------------------------------

def _variants(start: Scenario, levels: tuple[str, ...], table: Path | None) -> list[dict[str, Value]]:
    """All of them, checked whole before the first is computed. Raises InvalidInput with everything wrong."""
    if bool(levels) == bool(table):
        raise click.UsageError("give either --grid (as often as wanted) or --list")
    variants = _listed(start, table) if table else list(grid(dict(_level(start, said) for said in levels)))
    if not variants:
        raise click.UsageError(f"{table} has no line with a variant")
    if len(variants) > _MOST:
        raise click.UsageError(f"{len(variants):,} variants are more than {_MOST:,}")
    bad = [v for values in variants for v in _wrong(start, values)]
    if bad:
        raise InvalidInput(list(dict.fromkeys(bad)))
    return variants


def _wrong(start: Scenario, values: Mapping[str, Value]) -> Sequence[Any]:
    try:
        start.with_values(values)
    except InvalidInput as problem:
        return problem.violations
    return ()


def _level(start: Scenario, said: str) -> tuple[str, Sequence[Value]]:
    address, mark, text = said.partition("=")
    ends = text.split(":")
    if not mark or len(ends) not in (1, 3) or len(ends) == 3 and not ends[2].isdecimal():
        raise click.BadParameter(f"{said!r} is neither ADDRESS=FROM:TO:COUNT nor ADDRESS=VALUE,VALUE", param_hint="--grid")
    address = address.strip()
    if len(ends) == 1:
        return address, [typed(start, address, x.strip()) for x in text.split(",")]
    low, high = (typed(start, address, x.strip()) for x in ends[:2])
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return address, [low, high]  # the check names what is no number
    return address, [float(x) for x in np.linspace(low, high, int(ends[2]))]


def _listed(start: Scenario, table: Path) -> list[dict[str, Value]]:
    rows = list(csv.DictReader(table.read_text(encoding="utf-8-sig").splitlines()))
    return [{a: typed(start, a, text) if text else start.get(a) for a, text in row.items() if a} for row in rows]


# --- what was found before --------------------------------------------------------------------------------------------

def _known(out: Path, needed: set[str]) -> set[str]:
    """Keys of the rows that stand whole in the file; half a line that a stop left behind is taken off."""
    if not out.exists():
        return set()
    text = out.read_bytes().decode("utf-8-sig")
    whole = text[:text.rfind("\n") + 1]
    if whole != text:
        out.write_bytes(whole.encode("utf-8-sig"))
    rows = csv.DictReader(whole.splitlines())
    if whole and not needed <= set(rows.fieldnames or ()):
        raise click.BadParameter(f"{out} is no file of this sweep: choose another one", param_hint="OUT")
    return {row[KEY] for row in rows}


def _append(out: Path, row: Mapping[str, Any]) -> None:
    """A row under the file's own heads; the first makes them."""
    if not out.exists() or not out.stat().st_size:
        out.write_bytes(csv_text([list(row)]).encode("utf-8-sig"))
    with out.open("rb") as file:
        heads = next(csv.reader([file.readline().decode("utf-8-sig")]))
    if set(heads) != set(row):
        raise click.BadParameter(f"{out} has other columns than this sweep: choose another file", param_hint="OUT")
    with out.open("ab") as file:
        file.write(csv_text([[row[head] for head in heads]]).encode())


# --- side by side -----------------------------------------------------------------------------------------------------

@contextmanager
def _pool(workers: int, dask: str | None) -> Iterator[Any]:
    """What takes work: processes of this machine, or a cluster that is there already."""
    if dask is None:
        with ProcessPoolExecutor(max_workers=max(1, workers)) as pool:
            yield pool
        return
    try:
        client_of = distributed.Client
    except ImportError:
        raise click.UsageError('--dask needs the extra: pip install "sandtable[dask]"') from None
    with client_of(dask) as client:
        yield client.get_executor()


def _through(pool: Any, ahead: int, start: Scenario, left: Sequence[tuple[str, dict[str, Value]]], draws: int,
             seed: int) -> Iterator[tuple[str, dict[str, Value], dict[str, float]]]:
    """Key, values and outcome of each variant as it comes, a few at a time."""
    waiting, running = iter(left), dict[Future, tuple[str, dict[str, Value]]]()
    submit: Callable[..., Future] = pool.submit
    while True:
        for key, values in waiting:
            running[submit(outcome, start, values, draws, seed)] = (key, values)
            if len(running) >= ahead:
                break
        if not running:
            return
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            key, values = running.pop(future)
            yield key, values, future.result()
