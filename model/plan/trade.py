"""The trade: categories of goods, kinds of channels, promotions of the year, and the figures that a new plan starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from model.plan import drivers as d

CATEGORY, KIND, PROMOTION = "category", "kind", "promotion"
CATEGORIES = ("apparel", "beauty", "food", "home", "electronics")
#: kinds of channels as the trade names them, and what each is to the model
KINDS = {"search": d.PAID, "feed": d.PAID, "content": d.PAID, "creators": d.PAID, "own_live": d.PAID,
         "private": d.OWNED, "organic": d.ORGANIC}
#: how a figure of a kind acts on the category's: factors on a value, and on the odds of a rate
FACTORS = {"cvr_factor": "cvr", "aov_factor": "aov"}
ODDS = {"refund_odds": "refund_rate", "margin_odds": "goods_margin_rate"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number (or a day, a name) with its usual range; source: in both languages, its grade in front."""

    value: float | str
    low: float | None
    high: float | None
    source: str


@dataclass(frozen=True, slots=True)
class Trade:
    """figures: by (group, key), by field."""

    figures: Mapping[tuple[str, str], Mapping[str, Figure]]

    def of(self, group: str, key: str) -> Mapping[str, Figure]:
        return self.figures[group, key]

    def keys(self, group: str) -> tuple[str, ...]:
        return tuple(key for of, key in self.figures if of == group)
