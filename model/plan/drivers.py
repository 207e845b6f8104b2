"""One row declares an input: `Driver`, and the rows for the business, its headline factors and its channels.

From a row follow the slider, the table cell, the check at every door, the CSV column, the method page, the tornado
bar and the translation keys (`driver.<table>.<key>.label` and `.help` in the locales). The rows of the other tables
(promotions, team, …) are in `lists.py`, all of them together in `schema.py`.

Sources carry a grade: A official statistics, filing or data set; B named press or study; C trade page; J judgement.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from model import units as u
from model.units import Unit

BUSINESS, HEADLINE, CHANNEL = "business", "headline", "channel"
PAID, OWNED, ORGANIC = "paid", "owned", "organic"
ALL_KINDS = (PAID, OWNED, ORGANIC)
#: kinds that money is spent on
SPENDING = (PAID, OWNED)
#: inputs that later years of a longer plan may have of their own, by table; a year that is silent is as the year before
OWN_YEARS = {BUSINESS: ("budget",), CHANNEL: ("share", "growth")}
LATER_YEARS = (2, 3)
#: a channel's inputs that are another of its inputs where the plan is silent
LIKE = {"opening_exposure": "impressions_ref"}


def of_year(field: str, year: int) -> str:
    """The key of an input in a year of the plan (1, 2, 3)."""
    return field if year == 1 else f"{field}_{year}"


#: a channel's weights by calendar month: one series, and one more for each later year that has its own
PHASING = tuple(f"phasing_{m:02d}" for m in range(1, 13))
#: keys of inputs of later years -> the year that they are of
YEAR_OF = {of_year(field, year): year for fields in (*OWN_YEARS.values(), PHASING) for field in fields for year in LATER_YEARS}


@dataclass(frozen=True, slots=True)
class Driver:
    """One input.

    default: a `schema.Value`, used where a plan says nothing; None with `optional` False means that the plan must say it.
    low, high: errors outside, in stored units. soft: warning outside. step: of the slider or cell.
    spread: (low, high) as factors on the value, the plausible range that the risk bands start from.
    kinds: kinds of channel that have it. adjustable: initiatives and events may change it, by month.
    cost: more of it never raises profit (a property the tests hold). options: of a choice.
    feeds: the one KPI that follows from it; "" where lines do. It is listed as deciding nothing else, and drawn only for a
    target on that KPI.
    """

    key: str
    unit: Unit
    default: Any
    low: float = 0.0
    high: float = 1.0
    step: float = 0.01
    soft: tuple[float, float] | None = None
    spread: tuple[float, float] | None = None
    per: str = BUSINESS
    group: str = "frame"
    source: str = "J"
    kinds: tuple[str, ...] = ALL_KINDS
    adjustable: bool = False
    cost: bool = False
    optional: bool = False
    options: tuple[str, ...] = ()
    feeds: str = ""

    @property
    def text_key(self) -> str:
        """Prefix of its texts in the locales."""
        return f"driver.{self.per}.{self.key}"


def _rate(key, default, group, **more) -> Driver:
    return Driver(key, more.pop("unit", u.RATE), default, group=group, **{"step": 0.005, **more})


def _money(key, default, group, high=1e9, **more) -> Driver:
    return Driver(key, more.pop("unit", u.YUAN), default, high=high, group=group, **{"step": 1000.0, **more})


BUSINESS_DRIVERS = (
    Driver("plan_name_zh", u.TEXT, "新计划", optional=True),
    Driver("plan_name_en", u.TEXT, "New plan", optional=True),
    Driver("start", u.MONTH, "2027-01"),
    Driver("months", u.MONTHS, 12, low=1, high=36, step=1),
    _money("budget", 12_000_000.0, "budget", high=1e11, step=100_000.0),
    *(_money(of_year("budget", year), None, "budget", high=1e11, step=100_000.0, optional=True) for year in LATER_YEARS),
    _rate("hero_budget_share", 0.0, "budget", step=0.01, feeds="hero_spend"),
    _rate("inflation", 0.08, "traffic", low=-0.5, high=2.0, soft=(0.0, 0.4), spread=(0.0, 3.0),
          source="J; WPP 2015-18 would be 41-56 % a year (C)"),
    _rate("halo", 0.2, "traffic", soft=(0.0, 0.4), spread=(0.0, 2.0)),
    _rate("vat", 0.13, "taxes", high=0.5, soft=(0.0, 0.13), source="A: standard VAT rate on goods"),
    _rate("unshipped", 0.35, "refunds", soft=(0.2, 0.5), spread=(0.6, 1.4)),
    _rate("resale", 0.93, "refunds", soft=(0.8, 1.0), spread=(0.92, 1.04)),
    _rate("payment_fee", 0.006, "platform", high=0.1, soft=(0.003, 0.01), unit=u.FINE_RATE, step=0.0005,
          spread=(0.7, 1.4), cost=True),
    _money("fulfilment_cost", 6.5, "fulfilment", high=10_000, unit=u.YUAN_EACH, step=0.1, soft=(2.5, 30),
           spread=(0.8, 1.3), adjustable=True, cost=True),
    _money("return_cost", 11.0, "fulfilment", high=10_000, unit=u.YUAN_EACH, step=0.1, soft=(3, 40),
           spread=(0.7, 1.4), adjustable=True, cost=True, source="C: freight insurance 3-8 yuan an order; rest J"),
    _money("service_cost", 1.2, "fulfilment", high=10_000, unit=u.YUAN_EACH, step=0.1, soft=(0.2, 10),
           spread=(0.7, 1.4), adjustable=True, cost=True),
    _rate("dispute_rate", 0.003, "fulfilment", soft=(0.0005, 0.01), unit=u.FINE_RATE, step=0.0005,
          spread=(0.5, 2.0), adjustable=True, cost=True),
    Driver("store_rating", u.POINTS, 4.8, low=1.0, high=5.0, step=0.01, soft=(4.5, 4.95), group="fulfilment",
           spread=(0.98, 1.012), adjustable=True, feeds="store_rating"),
    _money("compensation", 30.0, "fulfilment", high=100_000, unit=u.YUAN_EACH, step=1.0, soft=(0, 300),
           spread=(0.7, 1.5), adjustable=True, cost=True),
    _rate("repurchase_member_once", 0.45, "customers", high=0.99, soft=(0.1, 0.7), spread=(0.85, 1.15),
          adjustable=True, source="B: 25-42 % in fashion; members above, J"),
    _rate("repurchase_member_again", 0.6, "customers", high=0.99, soft=(0.2, 0.8), spread=(0.88, 1.12),
          adjustable=True, source="A: CDNOW .65-.73 after a later order"),
    _rate("repurchase_other_once", 0.28, "customers", high=0.99, soft=(0.1, 0.5), spread=(0.85, 1.15),
          adjustable=True, source="B: 25-40 % in fashion"),
    _rate("repurchase_other_again", 0.42, "customers", high=0.99, soft=(0.15, 0.7), spread=(0.88, 1.12),
          adjustable=True, source="A: CDNOW .46 after the first order, more later"),
    _rate("comeback_once", 0.003, "customers", soft=(0.0, 0.03), unit=u.FINE_RATE, step=0.0005, spread=(0.5, 2.0),
          adjustable=True),
    _rate("comeback_again", 0.008, "customers", soft=(0.0, 0.05), unit=u.FINE_RATE, step=0.0005, spread=(0.5, 2.0),
          adjustable=True),
    _rate("timing_same_month", 0.18, "customers", soft=(0.05, 0.4), source="A: CDNOW and UCI order gaps"),
    Driver("timing_decay", u.NUMBER, 1.4, high=5.0, step=0.1, soft=(0.5, 2.5), group="customers",
           source="A: CDNOW and UCI order gaps"),
    _rate("leave", 0.012, "customers", unit=u.FINE_RATE, step=0.001, soft=(0.005, 0.12), spread=(0.6, 1.6),
          adjustable=True),
    _rate("unsubscribe", 0.0015, "customers", unit=u.FINE_RATE, step=0.0005, soft=(0.0, 0.03), spread=(0.5, 2.0),
          source="C: 3.2 % per full push seen; J per message"),
    _rate("dormant_response", 0.3, "customers", soft=(0.05, 0.6), spread=(0.6, 1.5)),
    Driver("repeat_value_factor", u.FACTOR, 1.08, high=5.0, step=0.01, soft=(0.8, 1.5), group="customers",
           spread=(0.95, 1.05)),
    _money("member_benefit", 0.05, "customers", high=1000, unit=u.YUAN_EACH, step=0.01, soft=(0, 5), cost=True),
    _money("join_cost", 5.0, "customers", high=1000, unit=u.YUAN_EACH, step=0.5, soft=(0, 30), cost=True),
    Driver("turnover_days", u.DAYS, 150.0, high=720.0, step=5.0, soft=(60, 260), group="inventory",
           spread=(0.8, 1.4), adjustable=True, cost=True, source="A: 12 listed apparel firms 255; web shops 73-122 (C)"),
    _rate("carrying_rate", 0.06, "inventory", soft=(0.02, 0.15), spread=(0.8, 1.3), adjustable=True, cost=True),
    _rate("write_off_rate", 0.048, "inventory", soft=(0.0, 0.2), spread=(0.6, 1.8), adjustable=True, cost=True),
    _money("technology", 0.0, "overhead", cost=True),
    _money("supply_chain_reserve", 0.0, "overhead", cost=True),
    _money("other_overhead", 0.0, "overhead", cost=True),
    _rate("surcharge", 0.005, "taxes", high=0.2, unit=u.FINE_RATE, step=0.001, soft=(0.0, 0.02), cost=True),
    _rate("income_tax", 0.25, "taxes", high=0.9, soft=(0.05, 0.25), cost=True, source="A: statutory rate"),
    Driver("settlement_days", u.DAYS, 15.0, high=30.0, step=1.0, soft=(0, 30), group="cash"),
    Driver("credit_days", u.DAYS, 30.0, high=360.0, step=5.0, soft=(0, 120), group="cash"),
    _rate("last_year_repurchase_rate", None, "last_year", optional=True),
)


def _headline(key, soft, low=0.5, high=1.5, **more) -> Driver:
    return Driver(key, u.FACTOR, 1.0, low=low, high=high, step=0.01, soft=soft, per=HEADLINE, group="headline",
                  spread=soft, **more)


HEADLINE_DRIVERS = (
    _headline("traffic_price", (0.9, 1.4), cost=True, source="C: +0-40 % a year seen"),
    _headline("ctr", (0.85, 1.15)),
    _headline("cvr", (0.8, 1.15)),
    _headline("aov", (0.85, 1.15)),
    _headline("refund_rate", (0.85, 1.3), cost=True, source="B: women's wear 30-60 %"),
    _headline("goods_margin_rate", (0.9, 1.08), source="A: listed apparel brands 36-60 %"),
    _headline("repurchase_rate", (0.75, 1.3), low=0.4, high=1.8),
    _headline("budget", (0.7, 1.3)),
)

#: how a channel spreads its budget over the months: like the plan, by its own season, by months of its own
PHASING_MODES = ("plan", "own_season", "own_months")


def _channel(key, unit, default, low=0.0, high=1.0, step=0.01, **more) -> Driver:
    return Driver(key, unit, default, low=low, high=high, step=step, per=CHANNEL, **more)


CHANNEL_DRIVERS = (
    _channel("name_zh", u.TEXT, "", optional=True),
    _channel("name_en", u.TEXT, "", optional=True),
    _channel("kind", u.CHOICE, None, options=ALL_KINDS),
    _channel("share", u.RATE, 0.0, step=0.01, group="budget", kinds=SPENDING),
    *(_channel(of_year("share", year), u.RATE, None, step=0.01, group="budget", kinds=SPENDING, optional=True)
      for year in LATER_YEARS),
    _channel("cpm", u.YUAN_PER_1000, None, low=0.01, high=100_000, step=0.5, soft=(5, 300), spread=(0.85, 1.3),
             group="traffic", kinds=SPENDING, adjustable=True, cost=True, source="C: search 16-180, feed 15-80"),
    _channel("ctr", u.FINE_RATE, None, step=0.001, soft=(0.003, 0.15), spread=(0.8, 1.2), group="traffic",
             kinds=SPENDING, adjustable=True, source="A: Ali-CCP 4.05 % on recommendation feeds"),
    _channel("cvr", u.FINE_RATE, None, step=0.001, soft=(0.002, 0.15), spread=(0.75, 1.2), group="conversion",
             adjustable=True, source="A: Ali-CCP .53 %; B: shops 1-4 %"),
    _channel("aov", u.YUAN_EACH, None, high=1e6, step=1.0, soft=(30, 3000), spread=(0.88, 1.12), group="price",
             adjustable=True, source="C: apparel 120-500"),
    _channel("goods_margin_rate", u.RATE, None, low=-1.0, high=0.99, step=0.005, soft=(0.25, 0.75), spread=(0.93, 1.05),
             group="goods", adjustable=True, source="A: Bosideng 59.5, Li Ning 48.8, Anzheng 47-50 %"),
    _channel("refund_rate", u.RATE, None, high=0.95, step=0.005, soft=(0.05, 0.8), spread=(0.85, 1.25), group="refunds",
             adjustable=True, cost=True, source="B: shelf 30-60, livestream 50-80 %"),
    _channel("platform_take", u.RATE, 0.05, step=0.005, soft=(0.0, 0.1), group="platform", cost=True,
             source="C: 2-5 % by category"),
    _channel("creator_commission", u.RATE, 0.0, step=0.01, soft=(0.0, 0.4), group="marketing", adjustable=True,
             cost=True, source="B: 10-40 % of kept GMV"),
    _channel("channel_fixed", u.YUAN, 0.0, high=1e8, step=1000.0, group="marketing", adjustable=True, cost=True),
    _channel("new_share", u.RATE, 0.6, step=0.01, soft=(0.3, 0.9), group="customers", kinds=(PAID,), adjustable=True,
             spread=(0.9, 1.1), source="A: one brand, 54.7 % of orders"),
    _channel("anyway", u.RATE, 0.6, step=0.01, soft=(0.3, 1.0), group="customers", kinds=SPENDING,
             spread=(0.6, 1.4)),
    _channel("join", u.RATE, 0.0, step=0.01, soft=(0.0, 0.5), spread=(0.7, 1.3), group="customers",
             kinds=(PAID, ORGANIC), adjustable=True, source="C: 15 % parcel card, store QR 30 %"),
    _channel("stay", u.RATE, 1.0, step=0.01, soft=(0.4, 1.0), group="customers", kinds=(PAID, ORGANIC),
             adjustable=True),
    _channel("impressions_ref", u.IMPRESSIONS, None, low=1.0, high=1e12, step=100_000.0, group="saturation",
             kinds=(PAID,)),
    _channel("saturation", u.NUMBER, 1.5, low=0.01, high=100.0, step=0.1, soft=(0.7, 3.0), spread=(0.6, 1.7),
             group="saturation", kinds=(PAID,)),
    _channel("shape", u.NUMBER, 1.0, low=1.0, high=10.0, step=0.1, soft=(1.0, 3.0), group="saturation", kinds=(PAID,)),
    _channel("carry_over", u.RATE, 0.0, high=0.99, step=0.01, soft=(0.0, 0.6), group="saturation", kinds=(PAID,)),
    _channel("opening_exposure", u.IMPRESSIONS, None, high=1e12, step=100_000.0, group="saturation", kinds=(PAID,),
             optional=True),
    _channel("slot_share", u.RATE, 0.0, step=0.01, group="marketing", kinds=(PAID,)),
    _channel("slot_fee", u.YUAN, None, low=1.0, high=1e8, step=1000.0, group="marketing", kinds=(PAID,), optional=True,
             source="B: 50,000-500,000 a show"),
    _channel("frequency", u.TIMES, None, high=200.0, step=1.0, soft=(1, 60), group="traffic", kinds=(OWNED,),
             adjustable=True),
    _channel("visits", u.CLICKS, None, high=1e10, step=1000.0, group="traffic", kinds=(ORGANIC,), adjustable=True,
             spread=(0.85, 1.15)),
    _channel("growth", u.RATE, 0.0, low=-0.9, high=5.0, step=0.01, soft=(-0.3, 0.5), group="traffic", kinds=(ORGANIC,),
             source="A: NBS online clothing -1 to +8 % a year"),
    *(_channel(of_year("growth", year), u.RATE, None, low=-0.9, high=5.0, step=0.01, soft=(-0.3, 0.5), group="traffic",
               kinds=(ORGANIC,), optional=True, source="A: NBS online clothing -1 to +8 % a year") for year in LATER_YEARS),
    _channel("benchmark_ctr", u.FINE_RATE, None, step=0.001, group="benchmark", optional=True),
    _channel("benchmark_cvr", u.FINE_RATE, None, step=0.001, group="benchmark", optional=True),
    _channel("phasing_mode", u.CHOICE, "plan", group="budget", kinds=SPENDING, options=PHASING_MODES),
    *(_channel(of_year(field, year), u.NUMBER, None, high=1e11, step=0.1, group="budget", kinds=SPENDING, optional=True)
      for year in (1, *LATER_YEARS) for field in PHASING),
)
