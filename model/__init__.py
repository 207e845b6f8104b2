"""Sandtable's model: what a plan says, what follows from it, and the questions asked of it. Pure Python and numpy.

    from model import Scenario, evaluate, kpi, read_plan
    plan = read_plan(open("sample_data/plan.csv", "rb").read(), "sample")
    kpi(evaluate(Scenario(plan)), "net_profit")
"""

import importlib
from typing import TYPE_CHECKING

from model.analysis.sensitivity import what_decides
from model.engine.batch import evaluate_blocks
from model.engine.checks import checks
from model.engine.customer_value import customer_book, lifetime_values, payback_months
from model.engine.evaluate import Result, evaluate
from model.engine.kpis import KPIS, kpi, kpi_by_channel, last_year_kpi, targets
from model.engine.lines import LINES
from model.errors import InvalidInput, SandtableError, UnknownName, UnreadableFile, Violation
from model.io.assumptions import read_plan, write_plan
from model.io.files import from_json, from_link, to_json, to_link
from model.io.tables import write_months
from model.plan.scenario import Plan, Scenario
from model.plan.schema import DRIVERS

if TYPE_CHECKING:
    from model import review
    from model.analysis import compare, goalseek, optimize, risk
    from model.io import store

#: rooms that are imported when first asked for: with scipy and SQLAlchemy they took three quarters of the time of this import
_LATE = {"compare": "model.analysis", "goalseek": "model.analysis", "optimize": "model.analysis", "risk": "model.analysis",
         "store": "model.io", "review": "model"}
__all__ = [
    "DRIVERS", "KPIS", "LINES", "InvalidInput", "Plan", "Result", "SandtableError", "Scenario", "UnknownName",
    "UnreadableFile", "Violation", "checks", "compare", "customer_book", "evaluate", "evaluate_blocks", "from_json",
    "from_link", "goalseek", "kpi", "kpi_by_channel", "last_year_kpi", "lifetime_values", "optimize", "payback_months",
    "read_plan", "review", "risk", "store", "targets", "to_json", "to_link", "what_decides", "write_months", "write_plan",
]


def __getattr__(name: str) -> object:
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return importlib.import_module(f"{_LATE[name]}.{name}")
