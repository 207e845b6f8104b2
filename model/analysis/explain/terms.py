"""Terms: what stands between drivers and lines in their equations, one row each (model.md sections 2 to 6).

A line's formula may name a term, a term's formula another one; each way down ends in drivers. A term with `read` is taken
from the result (it depends on its own month before, or on the whole ladder), one without is computed from its formula.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from model import units as u
from model.engine import ladder, traffic
from model.engine import order_economics as oe
from model.engine.customer_value import year_counts
from model.engine.evaluate import Result
from model.plan import lists as li
from model.units import Unit

#: kinds of terms: a flow adds up over months and channels, a balance is the last month's, a rate does neither
FLOW, BALANCE, RATE = "flow", "balance", "rate"


@dataclass(frozen=True, slots=True)
class Term:
    """formula: as of a line; "" where words (`term.<key>.formula` in the locales) say it, of the names in `uses`.

    channel: known by channel. empty: its value where its fraction is 0 ÷ 0. read: (channels or none, months) of a plan.
    first: what stands for `key[m−1]` in the first month, a term or a driver; "" where that is 0.
    """

    key: str
    unit: Unit
    formula: str = ""
    kind: str = FLOW
    channel: bool = False
    empty: float = np.nan
    read: Callable[[Result], np.ndarray] | None = None
    uses: tuple[str, ...] = ()
    first: str = ""

    @property
    def text_key(self) -> str:
        return f"term.{self.key}"


def _plain(result: Result, values) -> np.ndarray:
    """The plan's own series (months,)."""
    return np.broadcast_to(values, (len(result.months), result.draws))[:, 0]


def _index(key: str) -> Callable[[Result], np.ndarray]:
    return lambda result: result.index[key][:, 0]


def _over_months(result: Result, value: float) -> np.ndarray:
    return np.full(len(result.months), float(value))


def _exposure(result: Result) -> np.ndarray:
    out = np.zeros((len(result.channels), len(result.months)))
    out[:result.values.paid] = result.extra["exposure"][..., 0]
    return out


def _cells(result: Result, weigh) -> np.ndarray:
    """Σ of people on the ladder at the start of each month, each cell weighed: weigh(people, chance, share) (2, 2, 13, 1)."""
    return np.array([weigh(people, chance, share) for people, chance, share, _ in result.extra["months"]])


def _due(group: int):
    return lambda result: _cells(result, lambda people, chance, share: (people * chance)[group].sum())


def _same_month(group: int):
    def repeats(result: Result) -> np.ndarray:
        e = result.extra
        orderers = _cells(result, lambda people, chance, share: (people * ladder.order_share(chance, share))[group].sum())
        rate = np.broadcast_to(e["rate"][group], (2, len(result.months), e["rate"].shape[-1]))[..., 0]
        timing_0 = float(np.ravel(e["timing_0"])[0])
        return (orderers * rate[ladder.AGAIN] + e["stayed"][group, :, 0] * rate[ladder.ONCE]) * timing_0
    return repeats


def _reachable(result: Result) -> np.ndarray:
    response = _plain(result, result.values.business["dormant_response"])
    recent, dormant = slice(0, ladder.RECENT), slice(ladder.RECENT, None)

    def idle(ages):
        return _cells(result, lambda people, chance, share: (people * (1 - chance))[ladder.MEMBER][:, ages].sum())
    return idle(recent) + response * idle(dormant)


def _paid_weight(result: Result) -> np.ndarray:
    v = result.values
    planned = _plain(result, v.business["budget"] * v.channel["share"][:v.paid].sum(axis=0))
    spent = result.by_channel["spend"][:v.paid, :, 0].sum(axis=0)
    return np.where(planned > 0, spent / np.where(planned > 0, planned, 1), result.index["weight"][:, 0])


def _visits_grown(result: Result) -> np.ndarray:
    years = np.arange(len(result.months), dtype=float)[:, None] / 12
    return _plain(result, traffic.grown(result.values.channel["growth"][-1], years))


def _profit_so_far(result: Result) -> np.ndarray:
    """Profit before income tax, cumulated over each 12 months of the plan."""
    lines = result.lines
    surcharge = lines["net_revenue"] * result.values.business["surcharge"]
    profit = (lines["contribution"] - lines["marketing"] - lines["inventory"] - lines["overhead"] - surcharge)[:, 0]
    return np.concatenate([np.cumsum(profit[y:y + 12]) for y in range(0, len(profit), 12)])


def _opening(groups: slice, ages: slice):
    return lambda result: _over_months(result, result.extra["opening_ladder"][groups][:, :, ages].sum())


def _counts(index: int):
    """Of whole plan years only, as the KPI."""
    def counted(result: Result) -> np.ndarray:
        years = [np.full(min(12, len(result.months) - y), year_counts(result, y // 12)[index] if y + 12 <= len(result.months)
                         else np.nan) for y in range(0, len(result.months), 12)]
        return np.concatenate(years)
    return counted


def _hazard(result: Result) -> np.ndarray:
    """The mean chance over everybody on the ladder."""
    return _cells(result, lambda people, chance, share: (people * chance).sum() / max(people.sum(), ladder.NOBODY))


#: names of the two streams of orders in the equations of `order_economics`: a channel's own, and the repeats left to it
_OWN = {"orders": "channel_orders", "price": "price", "basket": "basket", "refund_lift": "refund_lift", "refund": "refund"}
_REPEATS = {"orders": "own_repeats · repeat_value_factor", "price": "price_all", "basket": "basket_all",
            "refund_lift": "refund_lift_all", "refund": "refund_repeats"}
_EVERYBODY, _MEMBERS = slice(None), slice(0, 1)
_ROWS = (
    # --- traffic and orders
    Term("demand", u.ORDERS, "exposure · ctr · cvr · yield · promo · fill;  "
         "owned: min(clicks · cvr · season · promo · fill · response, reachable);  organic: clicks · cvr · fill", channel=True),
    Term("exposure", u.IMPRESSIONS, "(1 − carry_over) · impressions + carry_over · exposure[m−1];  owned: 0;  organic: 0",
         channel=True, read=_exposure, first="opening_exposure"),
    Term("yield", u.FACTOR, "audience ÷ exposure · hill(exposure ÷ (audience · saturation · impressions_ref), shape)"
         " ÷ (hill(1 ÷ saturation, shape) ÷ impressions_ref);  owned: 1;  organic: 1", RATE, True, empty=0.0),
    Term("audience", u.FACTOR, "best_audience(exposure ÷ (saturation · impressions_ref), season · promo, shape);  "
         "owned: season · promo;  organic: season · promo", RATE, True),
    Term("capacity", u.IMPRESSIONS, "0;  owned: pool[m−1] · frequency;  organic: 0", channel=True),
    Term("response", u.RATE, "(active[m−1] + (pool[m−1] − active[m−1]) · dormant_response) ÷ pool[m−1]", RATE, empty=0.0),
    Term("reachable", u.PEOPLE, read=_reachable, uses=("pool[m−1]", "active[m−1]", "hazard", "dormant_response")),
    Term("ads", u.FACTOR, "paid_clicks ÷ reference_clicks", RATE, empty=0.0),
    Term("paid_clicks", u.CLICKS, "Σ clicks_if_paid"),
    Term("clicks_if_paid", u.CLICKS, "impressions · ctr;  owned: 0;  organic: 0", channel=True),
    Term("reference_clicks", u.CLICKS, "Σ channel_reference · 12 · paid_weight"),
    Term("channel_reference", u.CLICKS, "impressions_ref · ctr;  owned: 0;  organic: 0", channel=True),
    Term("paid_weight", u.RATE, kind=RATE, read=_paid_weight, uses=("spend", "budget", "weight")),
    Term("visits_grown", u.FACTOR, kind=RATE, read=_visits_grown, uses=("growth", "month_number")),
    Term("month_number", u.MONTHS, kind=RATE, read=lambda r: np.arange(len(r.months), dtype=float), uses=("start",)),
    # --- repeats and how they are booked
    Term("claims", u.ORDERS, "demand · (1 − new_share) · anyway;  owned: demand · anyway;  organic: 0", channel=True),
    Term("wakes", u.ORDERS, "demand · (1 − new_share) · (1 − anyway);  owned: demand · (1 − anyway);  organic: 0",
         channel=True),
    Term("booked_share", u.RATE, "repeats_booked ÷ Σ claims", RATE, empty=1.0),
    Term("left_share", u.RATE, "(repeat_orders − repeats_booked) ÷ repeat_orders", RATE, empty=0.0),
    Term("own_repeats", u.ORDERS, "0;  owned: repeats_member;  organic: repeats_other;  "
         "alone: repeats_member + repeats_other", channel=True),
    Term("member_repeats", u.ORDERS, "member_due + member_same_month"),
    Term("other_repeats", u.ORDERS, "other_due + other_same_month"),
    Term("member_due", u.ORDERS, read=_due(ladder.MEMBER), uses=("pool[m−1]", "hazard", "pulse", "fill")),
    Term("other_due", u.ORDERS, read=_due(ladder.OTHER), uses=("people[m−1]", "pool[m−1]", "hazard", "pulse", "fill")),
    Term("member_same_month", u.ORDERS, read=_same_month(ladder.MEMBER), uses=(
        "member_due", "woken", "joiners", "stay", "repurchase_member_once", "repurchase_member_again", "timing_same_month")),
    Term("other_same_month", u.ORDERS, read=_same_month(ladder.OTHER), uses=(
        "other_due", "woken", "new_customers", "stay", "repurchase_other_once", "repurchase_other_again",
        "timing_same_month")),
    Term("hazard", u.FINE_RATE, kind=RATE, read=_hazard, uses=(
        *(f"repurchase_{g}_{t}" for g in li.GROUPS for t in li.DEPTHS), "timing_same_month", "timing_decay",
        "comeback_once", "comeback_again", "pulse")),
    # --- people
    Term("joins", u.PEOPLE, "new_customers · join;  owned: 0", channel=True),
    Term("people", u.PEOPLE, "people[m−1] + new_customers", BALANCE, first="opening_people", read=lambda r: np.cumsum(
        r.lines["new_customers"][:, 0]) + r.extra["opening_ladder"].sum()),
    Term("opening_people", u.PEOPLE, kind=RATE, read=_opening(_EVERYBODY, _EVERYBODY), uses=("opening.people",)),
    Term("opening_members", u.PEOPLE, kind=RATE, read=_opening(_MEMBERS, _EVERYBODY), uses=("opening.people",)),
    Term("opening_active", u.PEOPLE, kind=RATE, read=_opening(_MEMBERS, slice(0, ladder.RECENT)), uses=("opening.people",)),
    Term("active", u.PEOPLE, kind=BALANCE, first="opening_active", uses=(
        "active[m−1]", "member_repeats", "woken", "joiners", "leave_share"),
        read=lambda r: _plain(r, r.extra["segment_active"])),
    Term("leave_share", u.FINE_RATE, "min(1, leave + unsubscribe · messages_each)", RATE),
    Term("messages_each", u.TIMES, "Σ messages ÷ pool[m−1]", RATE, empty=0.0),
    Term("messages", u.IMPRESSIONS, "0;  owned: impressions;  organic: 0", channel=True),
    Term("customers_twice", u.PEOPLE, kind=RATE, read=_counts(0), uses=("people", "new_customers", "repeat_orders", "woken")),
    Term("customers_ever", u.PEOPLE, kind=RATE, read=_counts(1), uses=("people", "new_customers", "repeat_orders", "woken")),
    # --- money
    *(Term(key, u.YUAN, words.format(**names), channel=True)
      for key, words, names in (("own_gmv", oe.GMV_IN_WORDS, _OWN), ("repeats_gmv", oe.GMV_IN_WORDS, _REPEATS),
                                ("own_goods", oe.GOODS_IN_WORDS, _OWN), ("repeats_goods", oe.GOODS_IN_WORDS, _REPEATS))),
    *(Term(names["refund"], u.RATE, oe.REFUND_IN_WORDS.format(**names), RATE, True) for names in (_OWN, _REPEATS)),
    Term("shipped", u.ORDERS, "channel_orders · (1 − refund · unshipped) + own_repeats · (1 − refund_repeats · unshipped)",
         channel=True),
    Term("returned", u.ORDERS, "(channel_orders · refund + own_repeats · refund_repeats) · (1 − unshipped)", channel=True),
    *(Term(f"{k}_all", u.FACTOR, kind=RATE, read=_index(k), uses=(k,))
      for k in ("promo", "price", "basket", "refund_lift")),
    Term("payroll", u.YUAN, kind=FLOW, read=lambda r: _plain(r, r.values.payroll), uses=("team.heads", "team.monthly_cost")),
    Term("initiatives", u.YUAN, read=lambda r: _plain(r, r.values.initiative_cost), uses=(
        "initiative.cost_once", "initiative.cost_monthly", "mitigation.cost_once", "mitigation.cost_monthly")),
    Term("before_tax", u.YUAN, "contribution − marketing − inventory − overhead − net_revenue · surcharge"),
    Term("profit_so_far", u.YUAN, "profit_so_far[m−1] + before_tax", BALANCE, read=_profit_so_far),
    Term("taxable_rise", u.YUAN, "max(0, profit_so_far) − max(0, profit_so_far[m−1])"),
    # --- cash
    Term("receipts", u.YUAN, "(1 − settlement_days ÷ 30) · net_revenue + settlement_days ÷ 30 · net_revenue[m−1]"),
    Term("purchases", u.YUAN, "cost_of_goods + stock − stock[m−1]"),
    Term("purchases_paid", u.YUAN, "delayed(purchases, credit_days ÷ 30)"),
    Term("opening_stock", u.YUAN, kind=RATE, read=lambda r: _over_months(r, r.extra["stock_from_opening"][0].ravel()[0]),
         uses=("cost_of_goods", "turnover_days")),
    # --- for KPIs
    Term("ad_clicks", u.CLICKS, "clicks;  organic: 0", channel=True),
    Term("ad_media", u.YUAN, "media;  organic: 0", channel=True),
    Term("ad_customers", u.PEOPLE, "new_customers;  organic: 0", channel=True),
    Term("private_gmv", u.YUAN, "0;  owned: gmv;  organic: 0", channel=True),
)
TERMS = MappingProxyType({row.key: row for row in _ROWS})

#: what stands for a line of the month before the plan; of others, the month of the plan that stands for it (`within_plan`)
FIRST = MappingProxyType({"pool": "opening_members", "stock": "opening_stock", "cash": "",
                          **{row.key: row.first for row in _ROWS if row.read}})
#: month indices, and the tables whose rows they are made of
INDICES = MappingProxyType({
    "season": (f"{li.SEASON}.season",), "weight": (f"{li.SEASON}.phasing", f"{li.SEASON}.season", "promotion.budget_share"),
    "promo": ("promotion.uplift", "promotion.price_response", "promotion.discount", "promotion.pull_forward",
              "promotion.absence"),
    "price": ("promotion.basket_uplift", "promotion.discount"), "basket": ("promotion.basket_uplift",),
    "refund_lift": ("promotion.refund_uplift",),
    "traffic_price": (f"{li.SEASON}.traffic_season", "promotion.traffic_price_uplift", "inflation", "headline.traffic_price"),
    "pulse": ("season", "promo"),
})
#: functions in formulas; `function.<name>` in the locales says what each does
FUNCTIONS = ("min", "max", "exp", "hill", "best_audience", "ahead", "delayed", "mean", "lowest")
