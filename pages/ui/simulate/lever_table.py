"""What each slider of the Simulate page leads to."""

from __future__ import annotations

from model import Result
from model import units as u
from model.analysis.blended import at_factor, blended
from pages.ui.frame.levers import HEADLINE
from pages.ui.kit import tables
from pages.ui.kit.formats import bare, between, number
from pages.ui.kit.texts import t
from pages.ui.words.driver_labels import driver_label

_ORDER_VALUE = u.Unit("yuan_each", decimals=1)
_UNITS = {"traffic_price": u.YUAN_PER_1000, "ctr": u.FINE_RATE, "cvr": u.FINE_RATE, "aov": _ORDER_VALUE,
          "refund_rate": u.RATE, "goods_margin_rate": u.RATE, "repurchase_rate": u.RATE, "budget": u.YUAN}


def readout(now: Result, saved: Result) -> None:
    """What each slider leads to: one table beside them, changed in place."""
    head = [t(f"lever.{k}") for k in ("driver", "now", "saved", "plausible")]
    tables.own(head, [_row(key, now, saved) for key in HEADLINE])


def _row(key: str, now: Result, saved: Result) -> list[str]:
    """Blended value now, saved, and the plausible range."""
    unit, low_high = _UNITS[key], HEADLINE[key].soft
    before = blended(saved, key)
    set_to = saved.scenario.get(f"headline.{key}")
    neutral = at_factor(key, before, 1 / set_to)
    low, high = (at_factor(key, neutral, f) for f in low_high)
    return [driver_label("headline", key), number(blended(now, key), unit), bare(before, unit), between(low, high, unit, bare)]
