"""My own numbers: a new plan from the answers of one short form, the template filling in the rest."""

from __future__ import annotations

from dataclasses import dataclass

from model.plan import drivers as d
from model.plan import lists as li
from model.plan import risks as ri
from model.plan.rules import covers
from model.plan.scenario import Plan, Scenario
from model.plan.schema import TABLES, Value, spending_channels


@dataclass(frozen=True, slots=True)
class Answers:
    """What the form asks, in stored units (yuan, fractions). shares: by paid or owned channel key of the template."""

    name: str
    start: str
    budget: float
    shares: tuple[tuple[str, float], ...]
    aov: float
    refund_rate: float
    goods_margin_rate: float
    repurchase_rate: float
    members: float
    customers: float
    visits: float
    payroll: float
    overhead: float
    gmv_target: float | None = None


#: the rate that the form asks for
_ASKED_RATE = "repurchase_other_once"
#: monthly cost of a person, in yuan
_USUAL_COST = 10_000.0
OWN = "J: 自己填写 ‖ J: own figure"
TEMPLATE = "J: 沿用模板，待替换 ‖ J: from the template, to be replaced"


def starter_plan(template: Plan, answers: Answers) -> Plan:
    """A plan of one's own. Raises InvalidInput with every violation of the answers.

    Channels keep the template's differences between them: order values and refund rates are scaled to the answer, the
    reference impressions are set to what the budget buys. Promotions, timing, correlations, risk events and stress tests
    are kept, without their windows; initiatives, last year, team, targets, distributions and mitigations of the template
    are not.
    """
    values = dict(template.values)
    values = {a: v for a, v in values.items() if a.split(".")[0] not in (
        li.INITIATIVE, li.EFFECT, li.LAST_YEAR, li.TARGET, li.TEAM, li.TIER, li.MONTH, d.HEADLINE,
        ri.DISTRIBUTION, ri.MITIGATION)}
    values.pop("last_year_repurchase_rate", None)
    own: dict[str, Value] = {
        "plan_name_zh": answers.name, "plan_name_en": answers.name, "start": answers.start, "months": 12,
        "budget": answers.budget, "technology": 0.0, "supply_chain_reserve": 0.0, "other_overhead": answers.overhead,
        **_team(answers.payroll),
    }
    own |= _channels(template, answers) | _customers(template, answers) | _coverage(template, answers)
    if answers.gmv_target is not None:
        own |= {"target.gmv_year.kpi": "gmv", "target.gmv_year.period": "year", "target.gmv_year.value": answers.gmv_target}
    gone = _of_channels_left_out(template, answers)
    values = {a: v for a, v in values.items() if not _dropped(a, answers) and a.rpartition(".")[0] not in gone} | own
    sources = tuple((a, OWN if a in own else TEMPLATE) for a in values)
    return Plan("own", tuple(values.items()), sources)


def _team(payroll: float) -> dict[str, Value]:
    """The payroll as one cost; as people of a usual cost each where one person would cost more than any does.

    How many there are is not asked, and matters to no result.
    """
    most = TABLES[li.TEAM]["monthly_cost"].soft[1]
    heads = 1.0 if payroll <= most else float(round(payroll / _USUAL_COST))
    return {"team.team.name_zh": "团队", "team.team.name_en": "Team", "team.team.heads": heads,
            "team.team.monthly_cost": payroll / heads}


def _dropped(address: str, answers: Answers) -> bool:
    """Channels that got no share of the budget fall away; organic stays. So do the windows of events and shocks."""
    parts = address.split(".")
    window = parts[0] in (ri.EVENT, ri.STRESS_EFFECT) and parts[2] in ("first", "last")
    return window or parts[0] == d.CHANNEL and parts[1] in _left_out(answers)


def _left_out(answers: Answers) -> set[str]:
    return {channel for channel, share in answers.shares if share == 0}


def _of_channels_left_out(template: Plan, answers: Answers) -> set[str]:
    """Addresses of rows about risk that name a channel which falls away, or the template's own rows."""
    out = set()
    for table in (ri.EVENT_EFFECT, ri.STRESS_EFFECT):
        out |= {f"{table}.{k}" for k, r in template.rows[table].items() if r.get("channel") in _left_out(answers)}
    own = (d.CHANNEL, li.TIER, li.TEAM, li.INITIATIVE, li.EFFECT)
    for key, row in template.rows[ri.CORRELATION].items():
        named = [str(row[side]).split(".")[0] for side in "ab"]
        if any(name in own for name in named):
            out.add(f"{ri.CORRELATION}.{key}")
    return out


def _coverage(template: Plan, answers: Answers) -> dict[str, Value]:
    """Promotions for some channels, without those that fall away; one that loses all of them is switched off."""
    out: dict[str, Value] = {}
    for key, row in template.rows[li.PROMOTION].items():
        only = covers(str(row.get("channels") or "all"))
        kept = [c for c in only or () if c not in _left_out(answers)]
        if only is not None and len(kept) < len(only):
            out |= {f"promotion.{key}.channels": ";".join(kept) or "all", f"promotion.{key}.on": bool(kept)}
    return out


def _channels(template: Plan, answers: Answers) -> dict[str, Value]:
    rows = template.rows[d.CHANNEL]
    kept = {c: row for c, row in rows.items() if dict(answers.shares).get(c, 1) > 0}
    mean = {k: sum(row[k] for row in rows.values()) / len(rows) for k in ("aov", "refund_rate")}
    out: dict[str, Value] = {}
    for c, row in kept.items():
        out[f"channel.{c}.aov"] = round(row["aov"] * answers.aov / mean["aov"], 2)
        scaled = _same_odds(row["refund_rate"], mean["refund_rate"], answers.refund_rate)
        out[f"channel.{c}.refund_rate"] = round(min(0.95, scaled), 4)
        out[f"channel.{c}.goods_margin_rate"] = answers.goods_margin_rate
        share = dict(answers.shares).get(c)
        if share is not None:
            out[f"channel.{c}.share"] = share
        if row["kind"] == d.PAID:
            bought = 1000 * answers.budget * (share or 0.0) / 12 / row["cpm"]
            out[f"channel.{c}.impressions_ref"] = max(1000.0, round(bought, 0))
            out[f"channel.{c}.channel_fixed"] = 0.0
        if row["kind"] == d.ORGANIC:
            out[f"channel.{c}.visits"] = answers.visits
    return out


def _same_odds(value: float, mean: float, wanted: float) -> float:
    """`value` moved as far in odds as the mean is moved to `wanted`: a rate stays a rate."""
    if not 0 < wanted < 1 or not 0 < value < 1:
        return wanted
    factor = wanted / (1 - wanted) / (mean / (1 - mean))
    return factor * value / (1 - value + factor * value)


def _customers(template: Plan, answers: Answers) -> dict[str, Value]:
    business = template.rows[d.BUSINESS][""]
    out: dict[str, Value] = {}
    for key in ("repurchase_member_once", "repurchase_member_again", "repurchase_other_once", "repurchase_other_again"):
        scaled = _same_odds(business[key], business[_ASKED_RATE], answers.repurchase_rate)
        # the answer itself is for the check to judge; what follows from it stays within bounds
        out[key] = round(scaled if key == _ASKED_RATE else min(TABLES[d.BUSINESS][key].high, scaled), 4)
    opening = template.rows[li.OPENING]
    wanted = {"member": answers.members, "other": max(0.0, answers.customers - answers.members)}
    total = {g: sum(r.get("people", 0.0) for r in opening.values() if r["group"] == g) for g in wanted}
    for key, row in opening.items():
        share = row.get("people", 0.0) / total[row["group"]] if total[row["group"]] else 0.0
        out[f"opening.{key}.people"] = round(share * wanted[row["group"]])
    return out


def default_answers(template: Plan, start: str) -> Answers:
    """The form as it opens: the template's own figures."""
    view = Scenario(template)
    rows = template.rows[d.CHANNEL]
    people = {g: sum(r.get("people", 0.0) for r in template.rows[li.OPENING].values() if r["group"] == g)
              for g in li.GROUPS}
    team = template.rows[li.TEAM].values()
    mean = {k: sum(r[k] for r in rows.values()) / len(rows) for k in ("aov", "refund_rate", "goods_margin_rate")}
    return Answers(
        "", start, view.get("budget"),
        tuple((c, rows[c].get("share", 0.0)) for c in spending_channels(template.rows)),
        round(mean["aov"]), round(mean["refund_rate"], 3), round(mean["goods_margin_rate"], 3),
        view.get("repurchase_other_once"), people["member"], sum(people.values()),
        next(r["visits"] for r in rows.values() if r["kind"] == d.ORGANIC),
        sum(t.get("heads", 0.0) * t.get("monthly_cost", 0.0) for t in team),
        view.get("other_overhead") + view.get("technology") + view.get("supply_chain_reserve"),
    )
