"""The tables that a planner lengthens and shortens: promotions, months, customers, team, initiatives, targets.

Their fields are rows of the same kind as the drivers (`drivers.py`), so that one check, one CSV and one editor serve all.
"""

from __future__ import annotations

from model import units as u
from model.plan.drivers import Driver

PROMOTION, SEASON, MONTH, TIMING = "promotion", "season", "month", "timing"
OPENING, TIER, TEAM = "opening", "tier", "team"
INITIATIVE, EFFECT, TARGET, LAST_YEAR = "initiative", "effect", "target", "last_year"

GROUPS = ("member", "other")
DEPTHS = ("once", "again")
#: months since the last order; the last band has lapsed
BANDS = {"1-3": (1, 3), "4-6": (4, 6), "7-12": (7, 12), "lapsed": None}

#: KPIs that may carry a target, and which side is good
TARGET_KPIS = {
    "gmv": 1, "net_revenue": 1, "net_profit": 1, "net_margin_rate": 1, "gross_margin_rate": 1, "marketing_rate": -1,
    "spend_to_gmv": -1, "refund_rate": -1, "aov": 1, "cvr": 1, "orders": 1, "new_customers": 1, "pool": 1,
    "private_share": 1, "repurchase_rate_year": 1, "roas_gmv": 1, "roas_net": 1, "cac_blended": -1, "dispute_rate": -1,
    "store_rating": 1, "turnover_days": -1, "hero_spend": 1, "closing_cash": 1, "lowest_cash": 1,
}


def _fields(table):
    def field(key, unit, default, low=0.0, high=1.0, step=0.01, **more) -> Driver:
        return Driver(key, unit, default, low=low, high=high, step=step, per=table, **{"group": table, **more})
    return field


_p = _fields(PROMOTION)
PROMOTION_FIELDS = (
    _p("name_zh", u.TEXT, "", optional=True),
    _p("name_en", u.TEXT, "", optional=True),
    _p("on", u.FLAG, True),
    _p("first", u.DAY, None),
    _p("last", u.DAY, None),
    _p("channels", u.TEXT, "all"),
    _p("budget_share", u.RATE, 0.0),
    _p("uplift", u.RATE, 0.0, high=20.0, soft=(0.0, 2.0), spread=(0.6, 1.5),
       source="J: Double 11 conversion x 1.3-2.5, 618 x 1.2-2"),
    _p("price_response", u.NUMBER, 1.0, high=20.0, step=0.1, soft=(0.0, 3.0)),
    _p("traffic_price_uplift", u.RATE, 0.0, low=-0.9, high=20.0, soft=(0.0, 1.5), spread=(0.5, 1.8),
       source="C: Double 11 CPM x 1.25-2.5, 618 x 1.15-2", cost=True),
    _p("discount", u.RATE, 0.0, high=0.95, soft=(0.0, 0.5)),
    _p("basket_uplift", u.RATE, 0.0, low=-0.9, high=5.0, soft=(0.0, 0.3)),
    _p("refund_uplift", u.RATE, 0.0, low=-0.9, high=5.0, soft=(0.0, 0.3), cost=True),
    _p("pull_forward", u.RATE, 0.0, high=1.0, soft=(0.0, 0.5)),
    _p("absence", u.RATE, 0.0, high=1.0, soft=(0.0, 0.3)),
)

_s = _fields(SEASON)
SEASON_FIELDS = (
    _s("season", u.NUMBER, 1.0, high=100.0, soft=(0.4, 2.0), source="A: NBS online retail 2024 as the floor; brand J"),
    _s("traffic_season", u.NUMBER, 1.0, low=0.01, high=100.0, soft=(0.5, 2.0)),
    _s("phasing", u.NUMBER, None, high=1e6, optional=True),
)
_m = _fields(MONTH)
MONTH_FIELDS = (_m("fill", u.RATE, 1.0, adjustable=True),)
_t = _fields(TIMING)
TIMING_FIELDS = (_t("share", u.FINE_RATE, 0.0, step=0.001),)

_o = _fields(OPENING)
OPENING_FIELDS = (
    _o("group", u.CHOICE, None, options=GROUPS),
    _o("depth", u.CHOICE, None, options=DEPTHS),
    _o("band", u.CHOICE, None, options=tuple(BANDS)),
    _o("people", u.PEOPLE, 0.0, high=1e10, step=100.0),
)
_i = _fields(TIER)
#: business drivers that the members' tiers, where given, replace: the tier's field that counts instead
BY_TIER = {"repurchase_member_once": "repurchase_once", "repurchase_member_again": "repurchase_again",
           "member_benefit": "benefit"}
TIER_FIELDS = (
    _i("name_zh", u.TEXT, "", optional=True),
    _i("name_en", u.TEXT, "", optional=True),
    _i("share", u.RATE, None),
    _i("repurchase_once", u.RATE, None, high=0.99, step=0.005, spread=(0.85, 1.15)),
    _i("repurchase_again", u.RATE, None, high=0.99, step=0.005, spread=(0.88, 1.12)),
    _i("benefit", u.YUAN_EACH, 0.0, high=1000.0, step=0.01),
)
_e = _fields(TEAM)
TEAM_FIELDS = (
    _e("name_zh", u.TEXT, "", optional=True),
    _e("name_en", u.TEXT, "", optional=True),
    _e("heads", u.HEADS, 0.0, high=100_000, step=1.0),
    _e("monthly_cost", u.YUAN, 0.0, high=1e6, step=500.0, soft=(3000, 80_000), cost=True),
)
_n = _fields(INITIATIVE)
INITIATIVE_FIELDS = (
    _n("name_zh", u.TEXT, "", optional=True),
    _n("name_en", u.TEXT, "", optional=True),
    _n("on", u.FLAG, True),
    _n("start", u.MONTH, None),
    _n("ramp_months", u.MONTHS, 1, low=1, high=36, step=1),
    _n("cost_once", u.YUAN, 0.0, high=1e9, step=1000.0, cost=True),
    _n("cost_monthly", u.YUAN, 0.0, high=1e9, step=1000.0, cost=True),
)
_f = _fields(EFFECT)
EFFECT_FIELDS = (
    _f("initiative", u.TEXT, None),
    _f("driver", u.TEXT, None),
    _f("channel", u.TEXT, "all"),
    _f("effect", u.RATE, None, low=-1.0, high=10.0, soft=(-0.5, 0.5), spread=(0.2, 1.5)),
)
_g = _fields(TARGET)
TARGET_FIELDS = (
    _g("kpi", u.CHOICE, None, options=tuple(TARGET_KPIS)),
    _g("period", u.TEXT, "year"),
    _g("value", u.NUMBER, None, low=-1e12, high=1e12),
)
_l = _fields(LAST_YEAR)
LAST_YEAR_FIELDS = tuple(
    _l(key, unit, None, low=-1e12, high=1e12, optional=True)
    for key, unit in (
        ("gmv", u.YUAN), ("refunds", u.YUAN), ("net_revenue", u.YUAN), ("gross_profit", u.YUAN),
        ("contribution", u.YUAN), ("marketing", u.YUAN), ("spend", u.YUAN), ("media", u.YUAN), ("net_profit", u.YUAN),
        ("orders", u.ORDERS), ("new_customers", u.PEOPLE), ("pool", u.PEOPLE),
    )
)
