"""How sure is a plan: draws of what is uncertain, risk events, mitigations, stress tests, and what decides the outcome.

    distributions, correlation -> sobol, draws -> engine (`run`: any function) -> simulate (the whole plan) -> the rest
"""

from model.analysis.risk.compare import Difference, compare_risks
from model.analysis.risk.distributions import (
    Marginal,
    beta,
    lognormal,
    make,
    metalog,
    normal,
    pert,
    triangular,
    uniform,
)
from model.analysis.risk.engine import Event, Run, run
from model.analysis.risk.register import Register, register, stress
from model.analysis.risk.shares import sobol_indices, swings, variance_shares
from model.analysis.risk.simulate import RiskResult, simulate

__all__ = [
    "Difference", "Event", "Marginal", "Register", "RiskResult", "Run", "beta", "compare_risks", "lognormal", "make",
    "metalog", "normal", "pert", "register", "run", "simulate", "sobol_indices", "stress", "swings", "triangular",
    "uniform", "variance_shares",
]
