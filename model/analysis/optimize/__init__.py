"""The best split of a budget: proven on known curves (`allocate`), searched and explained in the whole model (`best_split`)."""

from model.analysis.optimize.asks import Impossible
from model.analysis.optimize.explain import Explanation
from model.analysis.optimize.frontier import Frontier, frontier, trade_off
from model.analysis.optimize.known_curves.allocate import Allocation, allocate
from model.analysis.optimize.known_curves.curves import Curve, Hill, Logistic, MichaelisMenten
from model.analysis.optimize.known_curves.roi import largest_budget
from model.analysis.optimize.search.limits import Group, Limits
from model.analysis.optimize.search.objective import OBJECTIVES, Objective
from model.analysis.optimize.split import SplitResult, best_split, explained

__all__ = [
    "OBJECTIVES", "Allocation", "Curve", "Explanation", "Frontier", "Group", "Hill", "Impossible", "Limits", "Logistic",
    "MichaelisMenten", "Objective", "SplitResult", "allocate", "best_split", "explained", "frontier", "largest_budget",
    "trade_off",
]
