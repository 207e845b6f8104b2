"""Plans for tests: `bare` (nothing in it, for arithmetic by hand), `rich` (a row in every table), `tiered`, `steady`,
`wide` (30 channels, 36 months, 20 promotions).

All are dictionaries of addresses; `scenario(values, change=…)` makes a Scenario of them.
"""

from __future__ import annotations

from model.plan.scenario import Plan, Scenario
from model.plan.schema import TABLES, driver_of, split

MONTHS = tuple(f"{m:02d}" for m in range(1, 13))
#: business drivers that are costs or rates of loss, all 0 in the bare plan
_NOTHING = ("budget", "inflation", "halo", "vat", "unshipped", "resale", "payment_fee", "fulfilment_cost",
            "return_cost", "service_cost", "dispute_rate", "compensation", "repurchase_member_once",
            "repurchase_member_again", "repurchase_other_once", "repurchase_other_again", "comeback_once",
            "comeback_again", "leave", "unsubscribe", "dormant_response", "member_benefit", "join_cost",
            "turnover_days", "carrying_rate", "write_off_rate", "surcharge", "income_tax", "settlement_days",
            "credit_days")


def _rows(prefix: str, rows: dict[str, dict]) -> dict[str, object]:
    return {f"{prefix}.{key}.{field}": value for key, row in rows.items() for field, value in row.items()}


def bare() -> dict[str, object]:
    """A year of level months from January 2027 in which nothing happens and nothing costs anything.

    One paid channel `ads` (the whole budget, which is 0), one organic channel `shop` without visits; first orders
    only, repeats worth as much as other orders, nobody on the ladder.
    """
    channels = {
        "ads": {"kind": "paid", "share": 1.0, "cpm": 50.0, "ctr": 0.04, "cvr": 0.025, "aov": 100.0,
                "goods_margin_rate": 0.5, "refund_rate": 0.0, "platform_take": 0.0, "new_share": 1.0, "anyway": 0.0,
                "impressions_ref": 1_000_000.0, "saturation": 1.0},
        "shop": {"kind": "organic", "cvr": 0.05, "aov": 100.0, "goods_margin_rate": 0.5, "refund_rate": 0.0,
                 "platform_take": 0.0, "visits": 0.0},
    }
    season = {m: {"season": 1.0, "traffic_season": 1.0} for m in MONTHS}
    return {"start": "2027-01", "months": 12, **dict.fromkeys(_NOTHING, 0.0), "repeat_value_factor": 1.0,
            **_rows("season", season), **_rows("channel", channels)}


def rich() -> dict[str, object]:
    """A plan with a row in every table but tiers, every driver said, every cost above zero; it makes a profit."""
    channels = {
        "search": {"kind": "paid", "share": 0.6, "cpm": 64.0, "ctr": 0.04, "cvr": 0.028, "aov": 235.0,
                   "goods_margin_rate": 0.57, "refund_rate": 0.38, "platform_take": 0.05, "creator_commission": 0.01,
                   "channel_fixed": 5_000.0, "new_share": 0.62, "anyway": 0.6, "join": 0.22, "stay": 0.95,
                   "impressions_ref": 9_000_000.0, "saturation": 1.6, "shape": 1.0, "carry_over": 0.04,
                   "opening_exposure": 8_000_000.0},
        "live": {"kind": "paid", "share": 0.3, "cpm": 40.0, "ctr": 0.03, "cvr": 0.028, "aov": 205.0,
                 "goods_margin_rate": 0.57, "refund_rate": 0.45, "platform_take": 0.05, "creator_commission": 0.1,
                 "channel_fixed": 15_000.0, "new_share": 0.7, "anyway": 0.5, "join": 0.15, "stay": 0.65,
                 "impressions_ref": 7_000_000.0, "saturation": 2.0, "shape": 1.6, "carry_over": 0.25,
                 "opening_exposure": 6_500_000.0, "slot_share": 0.4, "slot_fee": 20_000.0},
        "private": {"kind": "owned", "share": 0.1, "cpm": 95.0, "ctr": 0.055, "cvr": 0.07, "aov": 245.0,
                    "goods_margin_rate": 0.57, "refund_rate": 0.24, "platform_take": 0.02, "creator_commission": 0.01,
                    "channel_fixed": 2_000.0, "anyway": 0.6, "frequency": 12.0},
        "shop": {"kind": "organic", "cvr": 0.025, "aov": 238.0, "goods_margin_rate": 0.57, "refund_rate": 0.36,
                 "platform_take": 0.05, "creator_commission": 0.01, "channel_fixed": 1_000.0, "join": 0.24,
                 "stay": 0.98, "visits": 275_000.0, "growth": 0.03},
    }
    promotions = {
        "618": {"first": "05-24", "last": "06-20", "budget_share": 0.07, "uplift": 0.35, "price_response": 1.0,
                "traffic_price_uplift": 0.35, "discount": 0.1, "basket_uplift": 0.05, "refund_uplift": 0.1,
                "pull_forward": 0.2, "absence": 0.1},
        "live_night": {"first": "12-28", "last": "01-05", "channels": "live", "budget_share": 0.04, "uplift": 0.5,
                       "price_response": 1.2, "traffic_price_uplift": 0.2, "discount": 0.05, "basket_uplift": 0.02,
                       "refund_uplift": 0.05, "pull_forward": 0.3, "absence": 0.05},
        "dropped": {"on": False, "first": "03-06", "last": "03-08", "budget_share": 0.02, "uplift": 0.3,
                    "price_response": 1.0, "traffic_price_uplift": 0.1, "discount": 0.05, "basket_uplift": 0.01,
                    "refund_uplift": 0.02, "pull_forward": 0.1, "absence": 0.2},
    }
    season = dict(zip(MONTHS, (.98, .76, .95, .93, 1.02, 1.08, .85, .83, 1.0, 1.17, 1.31, 1.12), strict=True))
    people = {("member", "once"): 50_000, ("member", "again"): 60_000, ("other", "once"): 200_000,
              ("other", "again"): 90_000}
    bands = {"1-3": 0.3, "4-6": 0.15, "7-12": 0.2, "lapsed": 0.35}
    opening = {f"{g}_{depth}_{band}": {"group": g, "depth": depth, "band": band, "people": n * part}
               for (g, depth), n in people.items() for band, part in bands.items()}
    last_year = {f"2026-{m}": {"gmv": 6e6, "refunds": 2.4e6, "net_revenue": 3.2e6, "orders": 27_000.0,
                               "net_profit": 2e5, "pool": 100_000.0 + int(m)} for m in MONTHS}
    return {
        "plan_name_zh": "测试", "plan_name_en": "Test", "start": "2027-01", "months": 12, "budget": 12_000_000.0,
        "technology": 30_000.0, "supply_chain_reserve": 20_000.0, "other_overhead": 10_000.0,
        "last_year_repurchase_rate": 0.27,
        **_rows("season", {m: {"season": s, "traffic_season": 1 + (s - 1) / 5} for m, s in season.items()}),
        **_rows("channel", channels), **_rows("promotion", promotions), **_rows("opening", opening),
        **_rows("month", {"2027-08": {"fill": 0.9}}),
        **_rows("team", {"traffic": {"heads": 3.0, "monthly_cost": 18_000.0},
                         "service": {"heads": 6.0, "monthly_cost": 9_000.0}}),
        **_rows("initiative", {
            "pages": {"start": "2027-03", "ramp_months": 3, "cost_once": 60_000.0, "cost_monthly": 5_000.0},
            "club": {"start": "2027-05", "ramp_months": 1, "cost_once": 20_000.0, "cost_monthly": 8_000.0}}),
        **_rows("effect", {
            "pages_cvr": {"initiative": "pages", "driver": "cvr", "channel": "search", "effect": 0.06},
            "club_once": {"initiative": "club", "driver": "repurchase_member_once", "effect": 0.05},
            "club_join": {"initiative": "club", "driver": "join", "effect": 0.1},
            "pages_fill": {"initiative": "pages", "driver": "fill", "effect": -0.01}}),
        **_rows("target", {"gmv": {"kpi": "gmv", "period": "year", "value": 9e7},
                           "q2_margin": {"kpi": "net_margin_rate", "period": "Q2", "value": 0.05}}),
        **_rows("last_year", last_year),
        # risk rows without windows and addresses in channels, so that plans may be moved in time and lose channels
        **_rows("distribution", {
            "inflation": {"address": "inflation", "family": "normal", "deviation": 0.03, "monthly_deviation": 0.1}}),
        **_rows("correlation", {"cvr": {"a": "cvr", "b": "cvr", "rho": 0.4}}),
        **_rows("event", {"dear": {"probability": 0.4},
                          "short": {"probability": 0.2, "length_low": 1.0, "length_likely": 1.0, "length_high": 1.0}}),
        **_rows("event_effect", {
            "dear_cpm": {"event": "dear", "driver": "cpm", "channel": "paid", "mild": 1.1, "likely": 1.2, "severe": 1.5},
            "short_fill": {"event": "short", "driver": "fill", "likely": 0.8}}),
        **_rows("mitigation", {"stock": {"event": "short", "on": True, "cost_once": 20_000.0, "cost_monthly": 1_000.0,
                                         "probability_factor": 0.8, "effect_factor": 0.5}}),
        **_rows("stress", {"dearer": {"name_en": "Dearer traffic", "name_zh": "流量更贵"}}),
        **_rows("stress_effect", {"dearer_cpm": {"stress": "dearer", "driver": "cpm", "channel": "paid", "factor": 1.3}}),
    }


def tiered() -> dict[str, object]:
    """The rich plan with three tiers of members, which set the members' rates and benefit."""
    return rich() | _rows("tier", {
        "silver": {"share": 0.5, "repurchase_once": 0.4, "repurchase_again": 0.5, "benefit": 0.02},
        "gold": {"share": 0.3, "repurchase_once": 0.5, "repurchase_again": 0.65, "benefit": 0.06},
        "diamond": {"share": 0.2, "repurchase_once": 0.6, "repurchase_again": 0.75, "benefit": 0.2}})


def steady() -> dict[str, object]:
    """The rich plan in level months: season 1, no promotions, shortages or initiatives."""
    values = {a: v for a, v in rich().items()
              if a.split(".")[0] not in ("promotion", "month", "initiative", "effect")}
    return values | {f"season.{m}.{f}": 1.0 for m in MONTHS for f in ("season", "traffic_season")}


def wide(paid: int = 28, promotions: int = 20) -> dict[str, object]:
    """The tiered plan over 36 months with `paid` paid channels, one owned and one organic, and this many promotions.

    Names are as long as planners write them; no two paid channels are alike. Risk stays as the drivers' usual ranges say.
    """
    values = {a: v for a, v in tiered().items() if a.split(".")[0] not in ("promotion", "effect", "event", "event_effect",
              "mitigation", "stress", "stress_effect", "distribution", "correlation") and not a.startswith("channel.search.")
              and not a.startswith("channel.live.")}
    search, live = ({a.split(".")[2]: v for a, v in rich().items() if a.startswith(f"channel.{c}.")} for c in ("search", "live"))
    for i in range(paid):
        step = 1 + 0.012 * (i - paid / 2)
        row = (live if i % 3 == 2 else search) | {
            "name_zh": f"第{i + 1}号平台推荐流与搜索竞价投放", "name_en": f"No. {i + 1} recommendation feed and search bidding",
            "share": 0.9 / paid}
        row |= {k: round(row[k] * step, 6) for k in ("cpm", "cvr", "aov", "refund_rate")}
        row["impressions_ref"] = round(row["impressions_ref"] / paid * 2)
        row["opening_exposure"] = round(row["opening_exposure"] / paid * 2)
        row["channel_fixed"] = 500.0
        values |= {f"channel.paid_{i + 1:02d}.{k}": v for k, v in row.items()}
    values["channel.private.share"] = 1 - paid * (0.9 / paid)
    sale = {a.split(".")[2]: v for a, v in rich().items() if a.startswith("promotion.618.")}
    for i in range(promotions):
        day = 1 + 17 * i
        first, last = ((f"{1 + d // 28:02d}-{1 + d % 28:02d}") for d in (min(day, 330), min(day + 6, 335)))
        values |= {f"promotion.sale_{i + 1:02d}.{k}": v for k, v in (sale | {
            "name_zh": f"第{i + 1}场品牌会员狂欢大促", "name_en": f"Sale {i + 1} for members of the brand", "first": first,
            "last": last, "budget_share": 0.02}).items()}
    for i in range(6):
        values |= {f"initiative.step_{i + 1}.start": f"{2027 + i // 3}-{1 + 2 * i:02d}", f"initiative.step_{i + 1}.cost_once": 3e4,
                   f"effect.step_{i + 1}.initiative": f"step_{i + 1}", f"effect.step_{i + 1}.driver": "cvr",
                   f"effect.step_{i + 1}.effect": 0.02}
    return values | {"months": 36, "budget": 24_000_000.0}


def scenario(values: dict[str, object], change: dict[str, object] | None = None) -> Scenario:
    """A scenario of a plan with these values; `change` goes into the plan itself."""
    return Scenario(Plan("test", tuple((values | (change or {})).items())))


def number_at(values: dict[str, object], address: str) -> float | None:
    """The number that a plan means at an address: said, else the driver's default."""
    value = values.get(address)
    return driver_of(address).default if value is None else value


def numeric_addresses(values: dict[str, object]) -> list[str]:
    """Every address of a number in the rows of a plan, said or default; in the order of tables."""
    rows = {(a.table, a.row): None for a in map(split, values)} | {("headline", ""): None}
    kinds = {a.row: v for a, v in ((split(k), v) for k, v in values.items()) if a.field == "kind"}
    out = []
    for table, row in rows:
        for field, driver in TABLES[table].items():
            if driver.unit.is_number and kinds.get(row if table == "channel" else "", "paid") in driver.kinds:
                out.append(f"{table}.{row}.{field}" if row else f"{table}.{field}" if table == "headline" else field)
    return out
