"""The two worked plans (tests/cases/worked_plan*.json, by an independent program) as plans of ours."""

from __future__ import annotations

import json
from pathlib import Path

from model.plan.scenario import Plan, Scenario

CASES = Path(__file__).parent / "cases"
#: names of the worked plans' inputs where ours differ
_RENAMED = {"goods_margin": "goods_margin_rate", "price_uplift": "traffic_price_uplift", "basket": "basket_uplift",
            "overhead": "other_overhead"}
_SAME = ("budget", "inflation", "halo", "vat", "unshipped", "resale", "payment_fee", "fulfilment_cost", "return_cost",
         "service_cost", "dispute_rate", "compensation", "member_benefit", "join_cost", "turnover_days",
         "carrying_rate", "write_off_rate", "overhead", "surcharge", "income_tax", "settlement_days", "credit_days")


def load(name: str) -> dict:
    return json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))


def scenario(inputs: dict) -> Scenario:
    """A worked plan's inputs as a Scenario."""
    values: dict[str, object] = {"months": inputs["months"], "start": "{}-{:02d}".format(*inputs["start"])}
    values |= {_RENAMED.get(k, k): inputs[k] for k in _SAME}
    for m in range(12):
        values[f"season.{m + 1:02d}.season"] = inputs["season"][m]
        values[f"season.{m + 1:02d}.traffic_season"] = inputs["traffic_season"][m]
    values |= _promotions(inputs["promotions"]) | _channels(inputs["channels"]) | _customers(inputs["customers"])
    first = inputs["start"][0] * 12 + inputs["start"][1] - 1
    for m, fill in enumerate(inputs.get("fill", [])):
        number = first + m
        values[f"month.{number // 12}-{number % 12 + 1:02d}.fill"] = fill
    return Scenario(Plan("worked", tuple(values.items())))


def _promotions(promotions) -> dict:
    values = {}
    for p in promotions:
        for key, value in p.items():
            if key != "key":
                value = "{:02d}-{:02d}".format(*value) if key in ("first", "last") else value
                values[f"promotion.{p['key']}.{_RENAMED.get(key, key)}"] = value
    return values


def _channels(channels) -> dict:
    unused = {"owned": {"impressions_ref", "saturation", "shape", "carry_over", "new_share", "join", "stay"},
              "organic": {"impressions_ref", "saturation", "shape", "carry_over", "new_share", "share", "cpm", "ctr",
                          "anyway"}, "paid": set()}
    return {f"channel.{c['key']}.{_RENAMED.get(key, key)}": value for c in channels for key, value in c.items()
            if key != "key" and key not in unused[c["kind"]]}


def _customers(c) -> dict:
    values = {f"timing.{a:02d}.share": share for a, share in enumerate(c["timing"])}
    values |= {f"repurchase_{g}_{depth}": rate for g, both in c["rates"].items() for depth, rate in both.items()}
    values |= {f"comeback_{depth}": rate for depth, rate in c["comeback"].items()}
    values |= {k: c[k] for k in ("leave", "unsubscribe", "dormant_response", "repeat_value_factor")}
    for group, depth, first, last, people in c["opening"]:
        row = f"opening.{group}_{depth}_{first}"
        band = "lapsed" if last is None else f"{first}-{last}"
        values |= {f"{row}.group": group, f"{row}.depth": depth, f"{row}.band": band, f"{row}.people": people}
    return values
