"""Plans that are hard to draw, and links with whatever somebody put in them."""

from __future__ import annotations

import base64
import json
import zlib

from model import Plan, Scenario
from samples import changed, sample, sample_plan

SAMPLE_SHARES = {"platform": 48.0, "content": 14.0, "creators": 12.0, "own_live": 18.0, "private": 8.0}
HOSTILE = "<img src=x onerror=alert(1)> **b** [l](http://e.example) :red[r] $x$ `c` # h"


def variant(drop: tuple[str, ...] = (), **values: object) -> Scenario:
    """The sample's plan, made another: tables or rows dropped, values set (dots as two underscores)."""
    kept = {a: v for a, v in sample_plan().values if not any(a == p or a.startswith(p + ".") for p in drop)}
    kept |= {a.replace("__", "."): v for a, v in values.items()}
    return Scenario(Plan("own", tuple(kept.items())))


ALL_BUT_ORGANIC = tuple(f"channel.{c}" for c in SAMPLE_SHARES)
ODD = {
    "organic only": lambda: variant(("effect", *ALL_BUT_ORGANIC)),
    "one paid channel": lambda: variant(("effect", *ALL_BUT_ORGANIC[1:]), channel__platform__share=1.0),
    "owned only": lambda: variant(("effect", *ALL_BUT_ORGANIC[:-1]), channel__private__share=1.0),
    "no budget": lambda: changed(budget=0.0),
    "nothing sold": lambda: variant(("opening",), budget=0.0, channel__organic__visits=0.0),
    "36 months": lambda: changed(months=36), "24 months from July": lambda: changed(months=24, start="2028-07"),
    "one month": lambda: changed(months=1), "three months": lambda: changed(months=3),
    "no promotions": lambda: variant(("promotion",)), "promotions off": lambda: changed(
        **{f"promotion__{p}__on": False for p in sample_plan().rows["promotion"]}),
    "no targets, no last year": lambda: variant(("target", "last_year", "last_year_repurchase_rate")),
    "no team, no tiers": lambda: variant(("team", "tier", "initiative", "effect")),
    "a check to review": lambda: changed(channel__platform__anyway=1.0, channel__content__anyway=1.0,
                                         repurchase_member_once=0.05, repurchase_member_again=0.05,
                                         repurchase_other_once=0.02, repurchase_other_again=0.02),
    "a loss": lambda: changed(headline__goods_margin_rate=0.5), "a great loss": lambda: changed(other_overhead=9e8),
    "huge": lambda: changed(budget=9e10, channel__organic__visits=9e9), "hostile names": lambda: variant(
        plan_name_zh=HOSTILE, plan_name_en=HOSTILE, channel__platform__name_en=HOSTILE, channel__platform__name_zh=HOSTILE,
        promotion__618__name_en=HOSTILE),
    "channels of one name": lambda: variant(channel__content__name_en="Search ads", channel__content__name_zh="同名",
                                            channel__platform__name_zh="同名"),
    "names of chart columns": lambda: variant(channel__content__name_en="profit", channel__platform__name_en="month",
                                              channel__creators__name_en="target", channel__content__name_zh="profit",
                                              channel__platform__name_zh="month"),
    "names that Vega reads": lambda: variant(channel__content__name_en="a.b", channel__platform__name_en="x['y']",
                                             channel__content__name_zh="a.b", channel__platform__name_zh="[0]"),
    "many changes": lambda: sample().with_values(
        {a: v * 1.001 for a, v in sample_plan().values if a.startswith("last_year.") and isinstance(v, float)}),
}


def link_with(changes: dict) -> str:
    payload = [1, "sample", sample_plan().fingerprint, "", changes]
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(payload).encode())).decode().rstrip("=")
