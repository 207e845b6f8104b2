"""What follows from a scenario, computed once and kept: its result, targets, what decides it, and what the draws say of it.

Scenarios that differ in name, note, work and months alone share all of it (`counted`).
"""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from model import Plan, Result, Scenario, evaluate, targets, what_decides
from model.analysis.sensitivity import Swing, WhatDecides, each_alone
from model.engine.cohorts import Cohorts, cohorts
from model.engine.kpis import YEAR, TargetResult, whole_targets
from model.late import Late
from model.plan.scenario import counted
from model.plan.schema import TABLES, applies, join
from pages.ui.kit import jobs

if TYPE_CHECKING:
    from model.analysis.risk.register import Register
    from model.analysis.risk.simulate import RiskResult

risk = Late("model.analysis.risk")
kept = Late("model.review.updated")
#: sessions' moves are computed one after the other: at once they would pass Python's lock to and fro at every array
COMPUTING = threading.RLock()
#: draws of every page, the fewest of a large plan, and channels × months up to which all of them are made
DRAWS, LEAST_DRAWS, MOST_CELLS = 4096, 1024, 288
#: the job that makes more of them; it is about (scenario, draws)
FINER = "risk"
#: the job that makes the risk register; it is about (its name, scenario)
REGISTER = "register"
_counted = lru_cache(maxsize=256)(counted)


@lru_cache(maxsize=256)
def result_of(scenario: Scenario) -> Result:
    """The evaluated scenario; kept, since the saved, the pinned and the undone ones come back."""
    found = _evaluated(_counted(scenario))
    return found if found.scenario == scenario else replace(found, scenario=scenario)


@lru_cache(maxsize=256)
def _evaluated(scenario: Scenario) -> Result:
    with COMPUTING:
        return evaluate(scenario)


@lru_cache(maxsize=16)
def as_forecast(scenario: Scenario) -> Scenario:
    """The plan as its actual months make one believe it, without them. Raises InvalidInput where these cannot be."""
    with COMPUTING:
        return kept.updated_of(scenario)


@lru_cache(maxsize=64)
def cohorts_of(scenario: Scenario) -> Cohorts:
    return cohorts(result_of(scenario))


@lru_cache(maxsize=256)
def targets_of(result: Result) -> tuple[TargetResult, ...]:
    return targets(result)


@lru_cache(maxsize=256)
def aims_of(result: Result) -> tuple[TargetResult, ...]:
    """The targets as set, and those of all years of a longer plan together."""
    return (*targets_of(result), *whole_targets(result))


def decides_of(scenario: Scenario, period: str = YEAR, key: str = "net_profit") -> WhatDecides:
    return _decides(_counted(scenario), period, key)


@lru_cache(maxsize=256)
def _decides(scenario: Scenario, period: str, key: str) -> WhatDecides:
    with COMPUTING:
        return what_decides(scenario, key, period=period)


def alone_of(scenario: Scenario) -> dict[str, Swing]:
    """What ± 10 % of each number of a plan by itself does to the net profit of all months."""
    return _alone(_counted(scenario))


@lru_cache(maxsize=32)
def _alone(scenario: Scenario) -> dict[str, Swing]:
    addresses = (join(table, row, field) for table, rows in scenario.rows.items() for row in rows for field in TABLES[table]
                 if applies(TABLES[table][field], rows[row]))
    with COMPUTING:
        return each_alone(scenario, addresses)


def risk_of(scenario: Scenario, by_month: bool = False) -> RiskResult:
    """What draws say of a scenario, one result for every page: bands, chances, averages.

    The more precise one of this session where Risk was asked for it, else `first_draws` of them on the scenario's own base.
    by_month: with bands by month; they move no other figure.
    """
    return finer_of(scenario) or common_risk_of(scenario, scenario.base, first_draws(scenario), by_month)


@lru_cache(maxsize=64)
def common_risk_of(scenario: Scenario, base: Plan, draws: int, by_month: bool = False) -> RiskResult:
    """On draws that all scenarios share which name this base: for what compares two of them draw by draw."""
    return replace(_drawn(_counted(scenario), base, draws, by_month), scenario=scenario, plan=result_of(scenario))


@lru_cache(maxsize=64)
def _drawn(scenario: Scenario, base: Plan, draws: int, by_month: bool) -> RiskResult:
    plan = _evaluated(scenario)
    with COMPUTING:
        return risk.simulate(scenario, draws, base=base, plan=plan, by_month=by_month)


def finer_of(scenario: Scenario) -> RiskResult | None:
    """The run of more draws that this session has made of the scenario, if any."""
    job = jobs.current(FINER)
    if job is None or job.future is None or not job.finished or job.of[0] != scenario or job.future.exception() is not None:
        return None
    return job.future.result()


def register_known(scenario: Scenario) -> Register | None:
    """The risk register that this session has made of the scenario, if any."""
    return jobs.result(REGISTER, (REGISTER, scenario))


def first_draws(scenario: Scenario) -> int:
    """A power of two: fewer for a plan of many channels and months, which then opens as soon; its larger error is shown."""
    cells = len(scenario.rows["channel"]) * scenario.get("months")
    return DRAWS if cells <= MOST_CELLS else max(LEAST_DRAWS, 1 << (DRAWS * MOST_CELLS // cells).bit_length() - 1)
