"""The review of a plan: months as they were, why they differ from the plan, where the year will land.

    actuals, reading -> solving, happened -> bridge
    observed, space, happened -> forecast -> ahead: the months left;  maturity: refunds still to come
"""

from model.review.actuals import CLOSED, COLUMNS, OPEN, PROVISIONAL, SHOP, Actuals
from model.review.bridge import TO_DATE, Bridge, bridge
from model.review.forecast import forecast
from model.review.happened import Happened, as_happened
from model.review.maturity import LAG, booked_share, lag_of, mature
from model.review.reading import Words, read_actuals, write_actuals
from model.review.solving import GROUPS

__all__ = [
    "CLOSED", "COLUMNS", "GROUPS", "LAG", "OPEN", "PROVISIONAL", "SHOP", "TO_DATE", "Actuals", "Bridge", "Happened", "Words",
    "as_happened", "booked_share", "bridge", "forecast", "lag_of", "mature", "read_actuals", "write_actuals",
]
