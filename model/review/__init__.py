"""The review of a plan: months as they were, why they differ from the plan, where the year will land.

    actuals, reading -> ...
"""

from model.review.actuals import CLOSED, COLUMNS, OPEN, PROVISIONAL, SHOP, Actuals
from model.review.reading import read_actuals, write_actuals

__all__ = ["CLOSED", "COLUMNS", "OPEN", "PROVISIONAL", "SHOP", "Actuals", "read_actuals", "write_actuals"]
