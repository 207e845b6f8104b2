"""Random plans for properties: the rich plan with shares, promotions, phasing, frame and some drivers drawn."""

from __future__ import annotations

from hypothesis import strategies as st

import plans
from model.plan.drivers import PHASING_MODES
from model.plan.rules import parse_day
from model.plan.schema import driver_of

SPENDING = ("search", "live", "private")
#: numbers of business, headline and channels that may be drawn on their own
FREE = tuple(a for a in plans.numeric_addresses(plans.rich())
             if a.split(".")[0] in ("headline", "channel") or "." not in a
             if not a.endswith(".share") and a not in ("months", "last_year_repurchase_rate")
             if plans.number_at(plans.rich(), a) is not None)

DAYS = st.builds("{:02d}-{:02d}".format, st.integers(1, 12), st.integers(1, 31)).filter(parse_day)
MONTHS = st.integers(12, 36)
STARTS = st.builds("{}-{:02d}".format, st.integers(2024, 2032), st.integers(1, 12))


def unit_sum(size: int):
    """Lists of shares that add up to 1."""
    parts = st.lists(st.integers(0, 100), min_size=size, max_size=size).filter(any)
    return parts.map(lambda whole: [part / sum(whole) for part in whole])


def value_of(address: str):
    """Values of a driver within its usual range; without one, from half to one and a half of the rich plan's."""
    driver, base = driver_of(address), plans.number_at(plans.rich(), address) or 0.0
    low, high = driver.soft or (base * 0.5, base * 1.5)
    return st.floats(max(low, driver.low), min(high, driver.high))


@st.composite
def promotions(draw, most: int = 3) -> dict[str, object]:
    """Up to `most` promotions whose budget shares leave something over."""
    rows = {}
    for i in range(draw(st.integers(0, most))):
        rows[f"p{i}"] = {
            "on": draw(st.booleans()), "first": draw(DAYS), "last": draw(DAYS),
            "channels": draw(st.sampled_from(("all", "search", "live;private", "search;shop"))),
            "budget_share": draw(st.integers(0, 100 // most)) / 100, "uplift": draw(st.floats(0, 2)),
            "discount": draw(st.floats(0, 0.5)), "traffic_price_uplift": draw(st.floats(-0.5, 1.5)),
            "basket_uplift": draw(st.floats(-0.2, 0.3)), "refund_uplift": draw(st.floats(-0.2, 0.3)),
            "pull_forward": draw(st.floats(0, 1)), "absence": draw(st.floats(0, 1)),
        }
    return {f"promotion.{key}.{field}": value for key, row in rows.items() for field, value in row.items()}


@st.composite
def phasing(draw) -> dict[str, object]:
    """How the year's budget is spread: by the season, the plan's own weights, or a channel's."""
    months = st.lists(st.integers(0, 20), min_size=12, max_size=12).filter(any)
    values = {}
    if draw(st.booleans()):
        values |= {f"season.{m}.phasing": float(w) for m, w in zip(plans.MONTHS, draw(months), strict=True)}
    for channel in SPENDING:
        mode = draw(st.sampled_from(PHASING_MODES))
        values[f"channel.{channel}.phasing_mode"] = mode
        if mode != "plan":
            own = draw(months)
            values |= {f"channel.{channel}.phasing_{m}": float(w) for m, w in zip(plans.MONTHS, own, strict=True)}
    return values


class Drawn(dict):
    """A plan's values; a failing example shows only what differs from the rich plan."""

    def __repr__(self) -> str:
        return repr({a: v for a, v in self.items() if plans.rich().get(a) != v})


@st.composite
def random_plans(draw, months=MONTHS, drivers: int = 6) -> dict[str, object]:
    """The rich plan with nearly everything else; `drivers` of its numbers drawn within their usual range."""
    values = {a: v for a, v in plans.rich().items() if not a.startswith("promotion.")}
    values |= {"start": draw(STARTS), "months": draw(months)}
    values |= {f"channel.{c}.share": s for c, s in zip(SPENDING, draw(unit_sum(3)), strict=True)}
    values |= draw(promotions()) | draw(phasing())
    for address in draw(st.lists(st.sampled_from(FREE), max_size=drivers, unique=True)):
        values[address] = draw(value_of(address))
    return Drawn(values)
