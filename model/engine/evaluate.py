"""The whole business on one screen: `evaluate(scenario) -> Result`, for one plan or any number of draws of it.

Follows model.md from the calendar to cash; the rooms it calls know numpy only and not each other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from model.engine import calendar as cal
from model.engine import ladder, order_economics, profit, traffic
from model.engine import values as val
from model.plan import drivers as d
from model.plan import lists as li
from model.plan.scenario import Scenario


@dataclass(frozen=True, eq=False)
class Result:
    """What follows from a scenario.

    lines: by key (months, draws). by_channel: by key (channels, months, draws), channels in the order of `channels`.
    index: the calendar's indices and weights (months, draws). extra: what KPIs and checks need beside lines. sums: of lines
    over months, as KPIs come to need them.
    """

    scenario: Scenario
    months: tuple[str, ...]
    channels: tuple[str, ...]
    lines: MappingProxyType[str, np.ndarray]
    by_channel: MappingProxyType[str, np.ndarray]
    index: MappingProxyType[str, np.ndarray]
    extra: MappingProxyType[str, np.ndarray]
    values: val.Values
    sums: dict[tuple, np.ndarray] = field(default_factory=dict)

    @property
    def draws(self) -> int:
        return self.values.draws


def evaluate(scenario: Scenario, draws: val.Draws | None = None) -> Result:
    """The plan's lines by month and channel.

    draws: address -> (D,) or (months, D); replaces the scenario's values, the last axis being draws, the optimizer's
    points or a sensitivity's swings alike. Where all of them are of single precision, so is the result: in half the
    time, with errors of some 1e-7 of the largest sums. Raises UnknownName for an address that the scenario does not have.
    """
    draws = val.in_one_precision(draws)
    v = val.resolve(scenario, draws)
    index = _indices(v, draws)
    funnel = _paid_and_organic(v, index)
    people = _customers(v, index, funnel)
    by_channel, lines, extra = _money(v, index, funnel, people)
    extra["season_of_year"] = val.season_of_year(v, "season", draws)
    return Result(scenario, v.calendar.labels, v.channels, MappingProxyType(lines), MappingProxyType(by_channel),
                  MappingProxyType(index), MappingProxyType({**extra, **people.extra}), v)


# --- calendar ---------------------------------------------------------------------------------------------------

def _indices(v: val.Values, draws) -> dict[str, np.ndarray]:
    """Month indices: plain names (M, D) as organic orders and repeats see them, `*_by_channel` (C or 1, M, D)."""
    season = val.season_index(v, "season", draws)
    traffic_season = val.season_index(v, "traffic_season", draws)
    b, p = v.business, v.promotion
    sets, where = (v.cover[:1], np.zeros(1, int)) if v.cover.all() else np.unique(v.cover, axis=0, return_inverse=True)
    where = where.reshape(-1)
    promo = cal.indices(v.calendar, v.promotion_on, sets, **{k: p[k] for k in (
        "uplift", "price_response", "discount", "basket_uplift", "refund_uplift", "traffic_price_uplift",
        "pull_forward", "absence")})
    of_channel = slice(None) if len(sets) == 1 else where[:-1]
    out = {"season": season, **{k: a[where[-1]] for k, a in promo.items()}}
    out |= {f"{k}_by_channel": a[of_channel] for k, a in promo.items()}
    years = (v.calendar.year[:, None] + 1).astype(v.precision)
    prices = traffic_season * traffic.power(1 + b["inflation"], years) * b["traffic_price_factor"]
    out["traffic_price"] = out.pop("traffic_price_lift") * prices
    out["traffic_price_by_channel"] = out.pop("traffic_price_lift_by_channel") * prices
    pulse = season * out["promo"]
    year = v.calendar.year
    mean = np.stack([pulse[year == y].mean(axis=0) for y in range(year[-1] + 1)])[year]
    out["pulse"] = np.divide(pulse, mean, out=np.zeros_like(pulse), where=mean > 0)
    weight = cal.month_weights(v.calendar, v.promotion_on, v.cover, p["budget_share"], val.phasings(v, draws))
    for i, own in val.own_months(v).items():  # they replace the promotions' budgets too
        weight[i] = np.where(np.isnan(own), weight[i], own)
    out["weight_by_channel"], out["weight"] = weight[:-1], weight[-1]
    return val.in_precision(v.precision, out)


# --- traffic ----------------------------------------------------------------------------------------------------

def _paid_and_organic(v: val.Values, index) -> dict[str, np.ndarray]:
    """Funnel of all channels; the owned channel's is filled in month by month with the ladder (`_customers`)."""
    b, c, n = v.business, v.channel, v.paid
    paid = {k: a[:n] for k, a in c.items()}
    promo, price = (_some(index[k], n) for k in ("promo_by_channel", "traffic_price_by_channel"))
    spend = b["budget"] * c["share"] * index["weight_by_channel"]
    reach = traffic.paid_traffic(spend[:n], paid["cpm"], price, paid["ctr"], paid["carry_over"],
                                 paid["opening_exposure"])
    orders = traffic.paid_orders(reach["exposure"], paid["ctr"], paid["cvr"], paid["impressions_ref"],
                                 paid["saturation"], paid["shape"], index["season"], promo, b["fill"])
    reference = (paid["impressions_ref"] * paid["ctr"]).sum(axis=0, keepdims=True) * 12 * _paid_weight(v, index, spend)
    year_fraction = np.arange(v.calendar.months, dtype=v.precision)[:, None] / 12
    free = traffic.organic(c["visits"][-1:], c["growth"][-1:], year_fraction, index["season"], index["promo"],
                           b["halo"], reach["clicks"].sum(axis=0, keepdims=True), reference, c["cvr"][-1:], b["fill"])
    shape = (len(v.channels), v.calendar.months, v.draws)
    out = {k: np.zeros(shape, v.precision) for k in ("spend", "impressions", "clicks", "channel_orders")}
    out["spend"][:] = spend
    out["impressions"][:n], out["clicks"][:n], out["channel_orders"][:n] = reach["impressions"], reach["clicks"], orders
    out["clicks"][-1:], out["channel_orders"][-1:] = free["clicks"], free["orders"]
    return {**out, "exposure": reach["exposure"]}


def _paid_weight(v: val.Values, index, spend) -> np.ndarray:
    """When the paid channels spend: the plan's month weights, unless channels have a phasing of their own (M, D)."""
    modes = {row.get("phasing_mode", "plan") for row in v.scenario.rows[d.CHANNEL].values()}
    if modes == {"plan"} and v.cover.all() and not val.own_months(v):
        return index["weight"]
    planned = v.business["budget"] * v.channel["share"][:v.paid].sum(axis=0)
    return np.where(planned > 0, spend[:v.paid].sum(axis=0) / np.maximum(planned, ladder.NOBODY), index["weight"])


def _some(array: np.ndarray, count: int) -> np.ndarray:
    """The first `count` rows, or the one row that stands for all."""
    return array if array.shape[0] == 1 else array[:count]


# --- customers --------------------------------------------------------------------------------------------------

@dataclass(slots=True)
class _People:
    lines: dict[str, np.ndarray]
    left: np.ndarray          # repeats left to (members, others) after booking (2, M, D)
    booked_share: np.ndarray  # of what channels booked, what the ladder has (M, D)
    extra: dict[str, np.ndarray]


def opening_people(v: val.Values, draws: int) -> np.ndarray:
    """The ladder before the first month (2, 2, 13, D): each band spread evenly over its months."""
    people = np.zeros((2, 2, ladder.AGES + 1, draws), v.precision)
    for row in v.scenario.rows[li.OPENING].values():
        g, depth = li.GROUPS.index(row["group"]), li.DEPTHS.index(row["depth"])
        band = li.BANDS[row["band"]]
        cells = slice(ladder.LAPSED, None) if band is None else slice(band[0] - 1, band[1])
        people[g, depth, cells] += row.get("people", 0.0) / (1 if band is None else band[1] - band[0] + 1)
    return people


def rates(v: val.Values) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """rate (2, 2, months or 1, D), timing (13, D), comeback (2, months or 1, D) as the ladder takes them."""
    b = v.business
    rate = np.broadcast_arrays(*(b[f"repurchase_{g}_{t}"] for g in li.GROUPS for t in li.DEPTHS))
    comeback = np.broadcast_arrays(b["comeback_once"], b["comeback_again"])
    given = v.scenario.rows[li.TIMING]
    if given:
        timing = np.array([given.get(f"{a:02d}", {}).get("share", 0.0) for a in range(13)], v.precision)[:, None]
    else:
        timing = ladder.default_timing(b["timing_same_month"][0], b["timing_decay"][0])
    return np.stack(rate).reshape(2, 2, *rate[0].shape), timing, np.stack(comeback)


def _at(array: np.ndarray, m: int) -> np.ndarray:
    """Month m of (…, months or 1, D)."""
    return array[..., m if array.shape[-2] > 1 else 0, :]


def _customers(v: val.Values, index, funnel) -> _People:
    """Month by month through the ladder, the owned channel's messages among it (model.md section 5)."""
    arrivals = _arrivals(v, funnel)
    rate, timing, comeback = rates(v)
    base = [ladder.hazards(_at(rate, m), timing, _at(comeback, m)) for m in range(max(rate.shape[2], comeback.shape[1]))]
    fill, rate_by_month = v.business["fill"], [_at(rate, m) for m in range(rate.shape[2])]
    factor = index["pulse"] * fill  # min(1, hazard · pulse) · fill, of which the minimum is seldom needed
    certain = bool((np.max([hazard.max(axis=(0, 1, 2)) for hazard in base], axis=0) * factor > fill).any())
    people = opening_people(v, v.draws)
    track = _Track.of(v, people)
    for m in range(v.calendar.months):
        chance = base[m if len(base) > 1 else 0] * factor[m]
        if certain:
            chance = np.minimum(chance, fill[m])
        rate_now = rate_by_month[m if len(rate_by_month) > 1 else 0]
        people = _one_month(v, index, funnel, arrivals, m, people, chance, rate_now, timing[0], track)
    made = sum(arrivals[k].sum(axis=(0, 1)) for k in ("stayed", "lost"))
    extra = {"people_gap": people.sum(axis=(0, 1, 2)) - track.opening.sum(axis=(0, 1, 2)) - made,
             "woken_cut": track.woken_cut, "closing_ladder": people, "opening_ladder": track.opening,
             "hazard_after": base[-1], "rate_after": rate_by_month[-1], "timing_0": timing[0], "rate": rate,
             "stayed": arrivals["stayed"], "lost": arrivals["lost"], "months": track.months}
    return _book(v, track, arrivals, extra)


def _arrivals(v: val.Values, funnel) -> dict[str, np.ndarray]:
    """New customers by group and whether they stay (2, M, D), and paid channels' returning orders (M, D)."""
    c, orders = v.channel, funnel["channel_orders"]
    new = orders * c["new_share"]
    members = new * c["join"]
    stayed = members * c["stay"]
    everybody = new * c["stay"]
    to_pool, all_new = members.sum(axis=0), new.sum(axis=0)
    stay = np.stack([stayed.sum(axis=0), (everybody - stayed).sum(axis=0)])
    lost = np.stack([to_pool, all_new - to_pool]) - stay
    returning = (orders - new)[:v.paid]
    return {"new": new, "joiners": to_pool, "stayed": stay, "lost": lost,
            "anyway": (returning * c["anyway"][:v.paid]).sum(axis=0),
            "woken": (returning * (1 - c["anyway"][:v.paid])).sum(axis=0)}


@dataclass(slots=True)
class _Track:
    """What the months leave behind, filled in place."""

    opening: np.ndarray
    weights: list           # recency weights (2, D) by month, or one for all
    members: np.ndarray     # of the month at hand, by recency class (2, D)
    repeats: np.ndarray     # by group (2, M, D)
    owned_orders: np.ndarray
    woken: np.ndarray
    pool: np.ndarray
    active: np.ndarray
    woken_cut: np.ndarray
    months: list            # (people, chance, woken share, leave share) of each month, for the plan only

    @classmethod
    def of(cls, v: val.Values, people: np.ndarray) -> _Track:
        size = (v.calendar.months, v.draws)
        response = v.business["dormant_response"]
        weights = [ladder.recency_weights(response[m]) for m in range(response.shape[0])]
        orders, woken, pool, active, cut = (np.zeros(size, v.precision) for _ in range(5))
        return cls(people, weights, ladder.recency_sums(people[:ladder.OTHER])[ladder.MEMBER],
                   np.zeros((2, *size), v.precision), orders, woken, pool, active, cut, [])


def _one_month(v, index, funnel, arrivals, m, people, chance, rate, timing_0, track: _Track) -> np.ndarray:
    """Steps 1 to 5 of model.md section 5 for month m; returns next month's ladder."""
    b, members = v.business, track.members
    start_pool = members[0] + members[1]
    weight = track.weights[m if len(track.weights) > 1 else 0]
    repeats = people * chance
    idle = people - repeats
    idle_sums = ladder.recency_sums(idle)
    impressions, owned_orders = _messages(v, index, funnel, m, start_pool, members, idle_sums, weight)
    woken_owned = owned_orders * (1 - _at(v.channel["anyway"][v.paid], m)) if v.has_owned else owned_orders
    woken_paid = arrivals["woken"][m]
    share, woken = ladder.woken_shares(idle_sums, woken_owned, woken_paid, weight)
    by_ladder = repeats.sum(axis=(1, 2))
    orderers = by_ladder + woken
    stayed, lost = arrivals["stayed"][:, m], arrivals["lost"][:, m]
    after_repeat, after_first = ladder.same_month(orderers, stayed, timing_0, rate)
    leave = np.minimum(1, _at(b["leave"], m) + _at(b["unsubscribe"], m) * ladder.over(impressions, start_pool))
    track.repeats[:, m] = by_ladder + after_repeat + after_first
    track.owned_orders[m], track.woken[m] = owned_orders, woken_paid + woken_owned
    track.woken_cut[m] = woken_paid + woken_owned - woken[0] - woken[1]
    if v.draws == 1:
        track.months.append((people, chance, share, leave))
    nxt = ladder.grow_older(idle, share, orderers, after_first, stayed, lost)
    ladder.leave_pool(nxt, leave)
    track.members = ladder.recency_sums(nxt[:ladder.OTHER])[ladder.MEMBER]
    track.active[m] = track.members[0]
    track.pool[m] = track.members[0] + track.members[1]
    return nxt


def _messages(v, index, funnel, m, pool, members, idle_sums, weight):
    """The owned channel's impressions and orders of month m, (D,) each; zeros without one."""
    if not v.has_owned:
        return np.zeros(v.draws, v.precision), np.zeros(v.draws, v.precision)
    i = v.paid
    response = ladder.over(members[0] + members[1] * weight[1], pool)
    reachable = idle_sums[ladder.MEMBER, 0] + idle_sums[ladder.MEMBER, 1] * weight[1]
    promo = index["promo_by_channel"]
    c = v.channel
    impressions, clicks, orders = traffic.owned(
        pool, funnel["spend"][i, m], _at(c["cpm"][i], m), _at(c["ctr"][i], m), _at(c["cvr"][i], m),
        _at(c["frequency"][i], m), index["season"][m], promo[i if promo.shape[0] > 1 else 0, m],
        v.business["fill"][m], response, reachable)
    funnel["impressions"][i, m], funnel["clicks"][i, m], funnel["channel_orders"][i, m] = impressions, clicks, orders
    return impressions, orders


def _book(v: val.Values, track: _Track, arrivals, extra) -> _People:
    """Which repeats stay booked to the channels that claim them, and which are left to owned and organic."""
    total = track.repeats.sum(axis=0)
    claimed = arrivals["anyway"] + track.owned_orders * (v.channel["anyway"][v.paid] if v.has_owned else 0)
    share = np.divide(np.minimum(claimed, total), claimed, out=np.ones_like(total), where=claimed > 0)
    rest = np.divide(total - np.minimum(claimed, total), total, out=np.zeros_like(total), where=total > 0)
    left = track.repeats * rest
    lines = {"repeat_orders": total, "repeats_booked": np.minimum(claimed, total), "repeats_member": left[0],
             "repeats_other": left[1], "woken": track.woken, "joiners": arrivals["joiners"],
             "pool": track.pool}
    extra |= {"claimed": claimed, "segment_active": track.active}
    return _People(lines, left, share, extra)


# --- money ------------------------------------------------------------------------------------------------------

def _money(v: val.Values, index, funnel, people: _People):
    """P&L and cash from the orders; by channel, totals, and what KPIs need beside."""
    b, c = v.business, v.channel
    anyway = np.where(np.arange(len(v.channels))[:, None, None] < v.paid + v.has_owned, c["anyway"], 0)
    returning = funnel["channel_orders"] * (1 - c["new_share"])
    own = funnel["channel_orders"] - returning * anyway * (1 - people.booked_share)
    own_money = _stream(v, own, 1.0, {k: index[f"{k}_by_channel"] for k in order_economics.INDICES}, c)
    homes = [v.paid if v.has_owned else -1, -1]
    home = {k: c[k][homes] for k in (*order_economics.CHANNEL, "creator_commission")}
    left_money = _stream(v, people.left, b["repeat_value_factor"], index, home)
    by_channel = {**{k: funnel[k] for k in ("spend", "impressions", "clicks")}, "channel_orders": own,
                  "returning": returning - (funnel["channel_orders"] - own),
                  "new_customers": funnel["channel_orders"] * c["new_share"], "orders": own.copy()}
    for key in left_money:
        by_channel[key] = own_money[key]
    for i, channel in enumerate(homes):
        by_channel["orders"][channel] += people.left[i]
        for key, amount in left_money.items():
            by_channel[key][channel] += amount[i]
    by_channel["sessions"] = funnel["spend"] * np.nan_to_num(c["slot_share"] / c["slot_fee"])
    by_channel["media"] = by_channel["spend"] + c["channel_fixed"] + by_channel["commission"]
    lines = {k: a.sum(axis=0) for k, a in by_channel.items()} | people.lines
    stock = _below_contribution(v, lines)
    return by_channel, lines, {"exposure": funnel["exposure"], "stock_from_opening": stock}


def _stream(v: val.Values, orders, value_factor, index, c) -> dict[str, np.ndarray]:
    """Money of streams of orders up to contribution, and the creators' commission; c: drivers of each stream's channel."""
    out = order_economics.contribution(orders, value_factor, **{k: index[k] for k in order_economics.INDICES},
                                       **{k: c[k] for k in order_economics.CHANNEL},
                                       **{k: v.business[k] for k in order_economics.BUSINESS})
    return {**out, "commission": out["net_sales"] * c["creator_commission"]}


def _below_contribution(v: val.Values, lines: dict[str, np.ndarray]) -> np.ndarray:
    """Marketing, inventory, overhead, taxes, net profit and cash into `lines`; returns stock, opening first."""
    b, size = v.business, (v.calendar.months, v.draws)
    outside = profit.within_plan(v.calendar.months)
    lines["marketing"] = lines["media"] + lines["pool"] * b["member_benefit"] + lines["joiners"] * b["join_cost"]
    stock = profit.ahead(lines["cost_of_goods"], outside, b["turnover_days"])
    lines["stock"] = stock[1:]
    carrying = stock[1:] * b["carrying_rate"] / 12
    lines["inventory"] = carrying + stock[1:] * b["write_off_rate"] / 12
    fixed = v.payroll + b["technology"] + b["supply_chain_reserve"] + b["other_overhead"]
    lines["overhead"] = np.broadcast_to(fixed + v.initiative_cost, size)
    surcharge = lines["net_revenue"] * b["surcharge"]
    before_tax = lines["contribution"] - lines["marketing"] - lines["inventory"] - lines["overhead"] - surcharge
    lines["taxes"] = surcharge + profit.income_taxes(before_tax, b["income_tax"])
    lines["net_profit"] = before_tax + surcharge - lines["taxes"]
    lines["cash_flow"] = profit.cash_flow(
        lines["net_revenue"], lines["cost_of_goods"], stock, lines["take"], lines["fulfilment"], lines["marketing"],
        carrying, lines["overhead"], lines["taxes"], outside, b["settlement_days"], b["credit_days"])
    lines["cash"] = np.cumsum(lines["cash_flow"], axis=0)
    return stock
