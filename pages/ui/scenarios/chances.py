"""The chance of the GMV target of each saved scenario: drawn once, and kept with its version in the library."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from model import SandtableError, Scenario
from model.engine.kpis import YEAR
from model.io.store import Entry, ScenarioStore
from model.plan import lists as li
from pages.ui.kit import jobs
from pages.ui.kit.texts import t
from pages.ui.session import library, results

_JOB = "chances"
KPI = "gmv"


def of(scenario: Scenario) -> dict[str, float] | None:
    """The chance of the first year's GMV target, as on the card; None where the plan has no such target."""
    rows = scenario.rows[li.TARGET].items()
    key = next((k for k, row in rows if row["kpi"] == KPI and row.get("period", YEAR) == YEAR), None)
    if key is None:
        return None
    found = results.common_risk_of(scenario, scenario.base, results.first_draws(scenario)).chances.get(key)
    return None if found is None else {"chance": found.chance, "error": found.error}


def fill(entries: Sequence[Entry]) -> None:
    """Draw those that nobody has drawn yet, aside; the page is drawn anew when they are there."""
    missing = tuple((e.id, e.version) for e in entries if "chance" not in e.summary and not e.damaged)
    job = jobs.current(_JOB)
    if not missing or job is not None and (job.halt.is_set() or job.of == missing and job.finished):
        return  # the reader has stopped it, or what failed would be tried for ever
    if not jobs.running(_JOB, missing):
        jobs.start(_JOB, missing, _work(library.store(), missing))
    jobs.watch(_JOB, t("shelf.drawing"))


def _work(store: ScenarioStore, missing: Sequence[tuple[str, int]]) -> Callable:
    def work(progress: Callable[[int, int], None], stop: Callable[[], bool]) -> None:
        for i, (id, version) in enumerate(missing):
            if stop():
                return
            try:
                store.keep_chance(id, version, of(store.open(id, version).scenario))
            except SandtableError:  # deleted meanwhile, or damaged: its line has none
                continue
            progress(i + 1, len(missing))
    return work
