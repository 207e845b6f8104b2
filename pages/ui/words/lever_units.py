"""What the headline levers lead to is counted in, and ranges of their factors as the values they lead to."""

from __future__ import annotations

from model import Result
from model import units as u
from model.analysis.blended import at_factor, blended
from pages.ui.kit.formats import ends

_ORDER_VALUE = u.Unit("yuan_each", decimals=1)
UNITS = {"traffic_price": u.YUAN_PER_1000, "ctr": u.FINE_RATE, "cvr": u.FINE_RATE, "aov": _ORDER_VALUE,
         "refund_rate": u.RATE, "goods_margin_rate": u.RATE, "repurchase_rate": u.RATE, "budget": u.YUAN}


def span(key: str, result: Result, low: float, high: float) -> tuple[float, float]:
    """The blended values that two factors of a headline lever lead to."""
    neutral = at_factor(key, blended(result, key), 1 / result.scenario.get(f"headline.{key}"))
    return at_factor(key, neutral, low), at_factor(key, neutral, high)


def span_words(key: str, result: Result, low: float, high: float) -> tuple[str, str]:
    return ends(*span(key, result, low, high), UNITS[key])
