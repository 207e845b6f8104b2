"""A new plan: what its owner says of the shop, the trade's figures of its category and channels, and the template for the rest.

Each value says where it comes from: what was said (`OWN`), the trade's source, or the template.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from model.errors import InvalidInput, Violation
from model.plan import drivers as d
from model.plan import lists as li
from model.plan import risks as ri
from model.plan.scenario import OWN, Plan
from model.plan.schema import TABLES, Value, join
from model.plan.trade import CATEGORIES, CATEGORY, FACTORS, KIND, KINDS, ODDS, PROMOTION, Figure, Trade
from model.units import odds

TEMPLATE = "J: 沿用模板，待替换 ‖ J: from the template, to be replaced"
#: what stands behind the source of a figure of the trade: it is the template's, too
_OF_TRADE = "（模板） ‖ ", " (template)"
#: kept of the template: how things hang together, not what a shop is
_KEPT = (d.BUSINESS, li.TIMING, li.OPENING, ri.EVENT, ri.EVENT_EFFECT, ri.CORRELATION, ri.STRESS, ri.STRESS_EFFECT)
#: a figure of the trade's kinds that stands for itself in a channel
_OWN_FIELDS = frozenset(TABLES[d.CHANNEL]) - {"share"}


@dataclass(frozen=True, slots=True)
class ChannelWish:
    """A channel as its owner says it. kind: of the trade's (`KINDS`). share: of the budget, None for organic. values: what is
    known of it, by driver key, in stored units; the rest comes from the trade."""

    kind: str
    name: str
    share: float | None = None
    values: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PromotionWish:
    """A promotion: of the trade's calendar by its key, or one's own like one of them; days as MM-DD."""

    like: str
    name: str = ""
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is said of a new plan, in stored units. team: (role, heads, yuan a month). targets: (KPI, period, value)."""

    name: str
    start: str
    months: int
    category: str
    budget: float
    channels: tuple[ChannelWish, ...]
    promotions: tuple[PromotionWish, ...] = ()
    team: tuple[tuple[str, float, float], ...] = ()
    targets: tuple[tuple[str, str, float], ...] = ()
    members: float = 0.0
    customers: float = 0.0
    overhead: float = 0.0


def from_template(source: str) -> bool:
    """Whether a value with this source still is the template's or the trade's."""
    return source == TEMPLATE or source.endswith(_OF_TRADE[1])


def new_plan(template: Plan, trade: Trade, wish: Wish) -> Plan:
    """The plan, each value with its source. Raises InvalidInput with every violation of what was said.

    Reference impressions of a channel are what its budget buys. Promotions, seasons and rates are the trade's; timing, risk
    events, stress tests and correlations the template's, without their windows.
    """
    bad = _unknown(trade, wish)
    if bad:
        raise InvalidInput(bad)
    values: dict[str, tuple[Value, str]] = {}
    gone = _of_its_own_rows(template)
    for address, value in template.values:
        if _kept(address) and address.rpartition(".")[0] not in gone:
            values[address] = value, TEMPLATE
    values |= _category(trade, wish) | _channels(trade, wish) | _promotions(trade, wish) | _said(template, wish)
    return Plan("own", tuple((a, v) for a, (v, _) in values.items()), tuple((a, s) for a, (_, s) in values.items()))


def _unknown(trade: Trade, wish: Wish) -> list[Violation]:
    """What the trade does not have: a category, a kind of channel, a promotion to be like."""
    asked = [("category", wish.category, CATEGORIES),
             *((f"channel {i}: kind", c.kind, tuple(KINDS)) for i, c in enumerate(wish.channels, 1)),
             *((f"promotion {i}: like", p.like, trade.keys(PROMOTION)) for i, p in enumerate(wish.promotions, 1))]
    return [Violation("not_a_choice", place, str(got)[:40], ", ".join(known)) for place, got, known in asked if got not in known]


def _kept(address: str) -> bool:
    """Whether the template's value holds for any shop: not names, not what is asked, not the window of an event or shock."""
    table, _, rest = address.partition(".")
    if not rest:
        return address not in ("plan_name_zh", "plan_name_en", "last_year_repurchase_rate", "technology", "supply_chain_reserve",
                               "other_overhead")
    return table in _KEPT and not (table in (ri.EVENT, ri.STRESS_EFFECT) and rest.rpartition(".")[2] in ("first", "last"))


def _of_its_own_rows(template: Plan) -> set[str]:
    """Rows about risk that name a channel of the template, or another of its rows."""
    out = {join(table, key, "") for table in (ri.EVENT_EFFECT, ri.STRESS_EFFECT) for key, row in template.rows[table].items()
           if row.get("channel") in template.rows[d.CHANNEL]}
    own = (d.CHANNEL, li.TIER, li.TEAM, li.INITIATIVE, li.EFFECT)
    return out | {join(ri.CORRELATION, key, "") for key, row in template.rows[ri.CORRELATION].items()
                  if any(str(row[side]).split(".")[0] in own for side in "ab")}


def _traded(figure: Figure) -> str:
    zh, _, en = figure.source.partition(" ‖ ")
    return f"{zh}{_OF_TRADE[0]}{en}{_OF_TRADE[1]}"


# --- the category and its seasons --------------------------------------------------------------------------------------

def _category(trade: Trade, wish: Wish) -> dict[str, tuple[Value, str]]:
    """Rates and costs of the business and the season of the category."""
    out: dict[str, tuple[Value, str]] = {}
    for key, figure in trade.of(CATEGORY, wish.category).items():
        if key.startswith("season_"):
            out[join(li.SEASON, key[-2:], "season")] = figure.value, _traded(figure)
        elif key in TABLES[d.BUSINESS]:
            out[key] = figure.value, _traded(figure)
    return out


# --- channels ----------------------------------------------------------------------------------------------------------

def keys_of(channels: tuple[ChannelWish, ...]) -> tuple[str, ...]:
    """A key a channel: its kind, numbered where there are several."""
    out: list[str] = []
    for channel in channels:
        same = sum(k == channel.kind or k.startswith(f"{channel.kind}_") for k in out)
        out.append(f"{channel.kind}_{same + 1}" if same else channel.kind)
    return tuple(out)


def _channels(trade: Trade, wish: Wish) -> dict[str, tuple[Value, str]]:
    out: dict[str, tuple[Value, str]] = {}
    for key, channel in zip(keys_of(wish.channels), wish.channels, strict=True):
        row = {"name_zh": (channel.name, OWN), "name_en": (channel.name, OWN), "kind": (KINDS[channel.kind], OWN),
               **_figures(trade, wish.category, channel.kind)}
        row |= {f: (v, OWN) for f, v in channel.values.items()}
        if KINDS[channel.kind] != d.ORGANIC:
            row["share"] = channel.share or 0.0, OWN
        if KINDS[channel.kind] == d.PAID:
            bought = 1000 * wish.budget * (channel.share or 0.0) / 12 / float(row["cpm"][0] or 0)
            row["impressions_ref"] = max(1000.0, round(bought)), OWN
        out |= {join(d.CHANNEL, key, f): v for f, v in row.items()}
    return out


def _figures(trade: Trade, category: str, kind: str) -> dict[str, tuple[Value, str]]:
    """What the trade says of a kind of channel in a category: its own figures, and the category's as it shifts them."""
    of, shifts = trade.of(CATEGORY, category), trade.of(KIND, kind)
    shared = ("cvr", "aov", "refund_rate", "goods_margin_rate")
    out: dict[str, tuple[Value, str]] = {f: (of[f].value, _traded(of[f])) for f in shared}
    for name, figure in shifts.items():
        if name in FACTORS and isinstance(base := of[FACTORS[name]].value, float):
            out[FACTORS[name]] = round(base * float(figure.value), 6), _traded(figure)
        elif name in ODDS and isinstance(base := of[ODDS[name]].value, float):
            out[ODDS[name]] = round(odds(base, float(figure.value)), 4), _traded(figure)
        elif name in _OWN_FIELDS:
            out[name] = figure.value, _traded(figure)
    if KINDS[kind] == d.PAID and (dearer := of.get("cpm_factor")):
        out["cpm"] = round(float(shifts["cpm"].value) * float(dearer.value), 2), _traded(dearer)
    return {f: v for f, v in out.items() if KINDS[kind] in TABLES[d.CHANNEL][f].kinds}


# --- promotions, people, team, targets ---------------------------------------------------------------------------------

def _promotions(trade: Trade, wish: Wish) -> dict[str, tuple[Value, str]]:
    out: dict[str, tuple[Value, str]] = {}
    taken: list[str] = []
    for wished in wish.promotions:
        key = wished.like if wished.like not in taken else f"{wished.like}_{taken.count(wished.like) + 1}"
        taken.append(wished.like)
        for name, figure in trade.of(PROMOTION, wished.like).items():
            if name in TABLES[li.PROMOTION]:
                out[join(li.PROMOTION, key, name)] = figure.value, _traded(figure)
        own = {"name_zh": wished.name, "name_en": wished.name, "first": wished.first, "last": wished.last}
        out |= {join(li.PROMOTION, key, f): (v, OWN) for f, v in own.items() if v}
    return out


def _said(template: Plan, wish: Wish) -> dict[str, tuple[Value, str]]:
    """The frame, the people on the ladder, team and targets."""
    out: dict[str, Value] = {
        "plan_name_zh": wish.name, "plan_name_en": wish.name, "start": wish.start, "months": wish.months, "budget": wish.budget,
        "technology": 0.0, "supply_chain_reserve": 0.0, "other_overhead": wish.overhead, **_people(template, wish)}
    for i, (role, heads, cost) in enumerate(wish.team, 1):
        row: dict[str, Value] = {"name_zh": role, "name_en": role, "heads": heads, "monthly_cost": cost}
        out |= {join(li.TEAM, f"team-{i}", f): v for f, v in row.items()}
    for key, period, value in wish.targets:
        goal: dict[str, Value] = {"kpi": key, "period": period, "value": value}
        out |= {join(li.TARGET, f"{key}_{period}".lower(), f): v for f, v in goal.items()}
    return {a: (v, OWN) for a, v in out.items()}


def _people(template: Plan, wish: Wish) -> dict[str, Value]:
    """Opening people by the template's mix of depth and last order."""
    wanted = {"member": wish.members, "other": max(0.0, wish.customers - wish.members)}
    rows = template.rows[li.OPENING]
    total = {g: sum(r.get("people", 0.0) for r in rows.values() if r["group"] == g) for g in wanted}
    return {join(li.OPENING, key, "people"): round(r.get("people", 0.0) / total[r["group"]] * wanted[r["group"]])
            for key, r in rows.items() if total[r["group"]]}
