"""Which drivers gave the months that were measured: each is moved until the model's own line is the measured one.

Every column has the driver that it is the first to show: impressions show what traffic cost, clicks the click-through, and
so on down to taxes. One round moves all of them, each by how far its line is off beyond what the line before it in the
funnel explains; rounds repeat, since lines hang together. A repeat order that came by itself stands among the private
domain's and the organic visits' orders and is no conversion: it is what is left of organic orders beside first orders.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from model.engine.evaluate import Result, evaluate
from model.plan import drivers as d
from model.plan import lists as li
from model.plan.scenario import Scenario
from model.plan.schema import TABLES, driver_of, value_at
from model.review import inverse
from model.review.actuals import CHANNEL_COLUMNS, SHOP_COLUMNS, Actuals, columns_of
from model.review.inverse import or_one, over

#: groups of the bridge, in its order; the last is what the model does not explain
(BUDGET, TRAFFIC_PRICE, TRAFFIC_VOLUME, CONVERSION, ORDER_VALUE, REFUNDS, CUSTOMERS, GOODS, TAKE, FULFILMENT, MARKETING, STOCK,
 OVERHEAD, TAXES, UNEXPLAINED) = GROUPS = (
    "budget", "traffic_price", "traffic_volume", "conversion", "order_value", "refunds", "customers", "goods", "take",
    "fulfilment", "marketing", "stock", "overhead", "taxes", "unexplained")
#: a channel's driver: its group, the column that shows it, the column before that in the funnel
FUNNEL = {
    "share": (BUDGET, "spend", ""), "cpm": (TRAFFIC_PRICE, "impressions", "spend"),
    "ctr": (TRAFFIC_VOLUME, "clicks", "impressions"), "visits": (TRAFFIC_VOLUME, "clicks", ""),
    "cvr": (CONVERSION, "orders", "clicks"),
    "new_share": (CUSTOMERS, "new_customers", "orders"), "aov": (ORDER_VALUE, "gmv", "orders"),
    "refund_rate": (REFUNDS, "refunds", "gmv")}
#: a column of the shop: its group, the drivers that it shows, all of them by one factor
OF_SHOP = {
    "pool": (CUSTOMERS, ("channel.join",)), "net_revenue": (TAXES, ("vat",)),
    "cost_of_goods": (GOODS, ("channel.goods_margin_rate",)),
    "take": (TAKE, ("channel.platform_take", "payment_fee")),
    "fulfilment": (FULFILMENT, ("fulfilment_cost", "return_cost", "service_cost", "compensation")),
    "marketing": (MARKETING, ("channel.channel_fixed", "channel.creator_commission", "benefit", "join_cost")),
    "inventory": (STOCK, ("carrying_rate", "write_off_rate")), "overhead": (OVERHEAD, ("other_overhead",)),
    "taxes": (TAXES, ("surcharge",))}
REPURCHASE = "headline.repurchase_rate"
#: drivers that the plan may have at 0 start from this; rounds at most, and how little must move in the last one
_START, _ROUNDS, _CLOSE = 0.01, 60, 1e-11
#: by how much repeats grow with the odds of repurchase, near enough for the next round; bounds of a round's step
_ELASTICITY, _LEAST, _MOST = 0.75, 0.1, 10.0


@dataclass(frozen=True, slots=True)
class Move:
    """Addresses that move together (those of one driver), and in which channel; "" where in all of them."""

    group: str
    channel: str
    addresses: tuple[str, ...]


def _addresses(scenario: Scenario, driver: str) -> tuple[str, ...]:
    """The numbers of the plan that a driver of OF_SHOP stands for."""
    if driver == "benefit":
        return tuple(f"tier.{t}.{li.BY_TIER['member_benefit']}" for t in scenario.rows[li.TIER]) or ("member_benefit",)
    if not driver.startswith("channel."):
        return (driver,)
    row = TABLES[d.CHANNEL][driver.removeprefix("channel.")]
    return tuple(f"channel.{c}.{row.key}" for c, of in scenario.rows[d.CHANNEL].items() if of["kind"] in row.kinds)


def _planned(plan: Result, address: str) -> np.ndarray:
    """What a plan has there, by month (M, 1)."""
    if address.endswith(".share"):
        value = plan.values.channel["share"][plan.channels.index(address.split(".")[1])]
    else:
        value = np.array(value_at(plan.scenario.rows, address) or 0.0)
    return np.broadcast_to(value, (len(plan.months), 1)).astype(float)


def _bounds(address: str, before: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Within which a number may be moved: what a plan may say of it, and what it says."""
    driver = driver_of(address)
    return np.minimum(driver.low, before), np.maximum(driver.high, before)


class Solver:
    """Moves the drivers of a plan until its lines are the measured ones.

    before, now: values by address and month (M, 1). moves: every driver of which something was measured.
    """

    def __init__(self, scenario: Scenario, actuals: Actuals, plan: Result):
        self.scenario, self.plan, self.channels = scenario, plan, plan.channels
        self.kinds = dict(actuals.kinds)
        self.shop = {c: actuals.of(c)[:, None] for c in (*CHANNEL_COLUMNS, *SHOP_COLUMNS)}
        self.own = {c: np.stack([actuals.of(c, key) for key in plan.channels])[..., None] for c in CHANNEL_COLUMNS}
        self.of_shop = {column: Move(group, "", tuple(a for x in drivers for a in _addresses(scenario, x)))
                        for column, (group, drivers) in OF_SHOP.items() if not np.isnan(self.shop[column]).all()}
        self.moves = tuple(sorted(self._moves(), key=lambda m: GROUPS.index(m.group)))
        known = np.arange(len(plan.months))[:, None] < actuals.closed
        self.before = {a: _planned(plan, a) for move in self.moves for a in move.addresses}
        self.bounds = {a: _bounds(a, x) for a, x in self.before.items()}
        self.now = dict(self.before)
        for move in self.moves:  # what the plan has at 0 must be more than that to be moved by a factor
            if move.channel and move.group != BUDGET:
                (a,) = move.addresses
                self.now[a] = np.where((self.before[a] == 0) & known, _START, self.before[a])

    def _moves(self) -> list[Move]:
        found = [Move(FUNNEL[f][0], c, (f"channel.{c}.{f}",)) for i, c in enumerate(self.channels)
                 for f in FUNNEL if self._has(i, f)]
        if any(m.group == BUDGET for m in found):  # shares by month are not made to add up: every channel's is said
            found += [Move(BUDGET, c, (f"channel.{c}.share",)) for i, c in enumerate(self.channels)
                      if self.kinds[c] in d.SPENDING and not self._has(i, "share")]
        found += self.of_shop.values()
        return [*found, Move(CUSTOMERS, "", (REPURCHASE,))] if self._first_orders().any() else found

    def _has(self, i: int, field: str) -> bool:
        """Whether something measured shows a channel's driver."""
        kind, column = self.kinds[self.channels[i]], FUNNEL[field][1]
        fits = kind in TABLES[d.CHANNEL][field].kinds and column in columns_of(kind)
        return fits and not (np.isnan(self.own[column][i]) & np.isnan(self.shop[column])).all()

    def _first_orders(self) -> np.ndarray:
        """Months (M, 1) in which organic first orders are known, and all its orders."""
        return np.isfinite(self.own["orders"][-1]) & np.isfinite(self.own["new_customers"][-1])

    # --- the rounds ---------------------------------------------------------------------------------------------------

    def solved(self) -> Result:
        """What follows in the end: rounds until nothing moves any more. What no driver can reach stays as the model has it."""
        result = evaluate(self.scenario, self.now) if self.moves else self.plan
        for _ in range(_ROUNDS if self.moves else 0):
            last = dict(self.now)
            self._round(result)
            result = evaluate(self.scenario, self.now)
            now, before = (np.stack(list(x.values())) for x in (self.now, last))
            if np.all(np.abs(now - before) <= _CLOSE * np.abs(before)):
                break
        return result

    def _round(self, result: Result) -> None:
        off = {column: self._off(result, column) for column in CHANNEL_COLUMNS}
        for move in self.moves:
            if move.channel:
                i, field = self.channels.index(move.channel), move.addresses[0].rpartition(".")[2]
                if field == "share":
                    self._spend(result, i)
                else:
                    self._times(move, self._step(result, off, i, field))
            elif move.addresses == (REPURCHASE,):
                self._times(move, self._repeats(result))
        for column, move in self.of_shop.items():
            self._of_shop(result, column, move)

    def _times(self, move: Move, factor: np.ndarray) -> None:
        """Moves addresses by a factor, within what a plan may say of them."""
        factor = or_one(factor)
        for a in move.addresses:
            low, high = self.bounds[a]
            self.now[a] = np.minimum(np.maximum(self.now[a] * factor, low), high)

    def _off(self, result: Result, column: str) -> np.ndarray:
        """Measured ÷ computed by channel (C, M, 1), 1 where nothing is known. What only the shop has told is shared among
        the channels that have not as the model shares it."""
        own, line = self.own[column], result.by_channel[column]
        silent = np.isnan(own)
        rest = self.shop[column] - np.where(silent, 0.0, own).sum(axis=0)
        return or_one(np.where(silent, over(np.maximum(rest, 0.0), (line * silent).sum(axis=0)), over(own, line)))

    def _spend(self, result: Result, i: int) -> None:
        """The share of the budget that was spent, whatever the plan's own is."""
        v, address = result.values, f"channel.{self.channels[i]}.share"
        line = result.by_channel["spend"][i]
        wanted = np.where(np.isnan(self.own["spend"][i]), line * self._off(result, "spend")[i], self.own["spend"][i])
        share = over(wanted, v.business["budget"] * result.index["weight_by_channel"][i])
        self.now[address] = np.where(np.isfinite(share) & self._known(i, "spend"), share, self.now[address])

    def _known(self, i: int, column: str) -> np.ndarray:
        """Months (M, 1) of which a channel's column was measured, or the shop's."""
        return np.isfinite(self.own[column][i]) | np.isfinite(self.shop[column])

    def _step(self, result: Result, off: Mapping[str, np.ndarray], i: int, field: str) -> np.ndarray:
        """By what factor (M, 1) a channel's driver is to be moved."""
        kind, (_, column, before) = self.kinds[self.channels[i]], FUNNEL[field]
        if field == "cpm" and kind == d.OWNED:
            return np.where(self._known(i, "impressions"), inverse.message_cost(result, off, i, self.shop["pool"]), np.nan)
        if field == "cpm":
            return over(off["spend"][i], off["impressions"][i])
        if field == "cvr" and kind != d.PAID:
            return over(self._converted(result, off, i), off["clicks"][i])
        return over(off[column][i], off[before][i]) if before else off[column][i]

    def _converted(self, result: Result, off: Mapping[str, np.ndarray], i: int) -> np.ndarray:
        """Orders that an owned or the organic channel made itself, measured ÷ computed: without the repeats booked to it."""
        if self.kinds[self.channels[i]] == d.OWNED:
            return np.clip(1 + over(self._apart(result)[0], result.by_channel["channel_orders"][i]), _LEAST, _MOST)
        missing = result.by_channel["orders"][i] * (off["orders"][i] - 1)
        by_orders = np.clip(1 + over(missing, result.by_channel["channel_orders"][i]), _LEAST, _MOST)
        return np.where(np.isfinite(self.own["new_customers"][i]), off["new_customers"][i], by_orders)

    def _repeats(self, result: Result) -> np.ndarray:
        """By what factor (M, 1) the odds of repurchase are to be moved."""
        return np.clip(1 + self._apart(result)[1], _LEAST, _MOST) ** (1 / _ELASTICITY)

    def _apart(self, result: Result) -> tuple[np.ndarray, np.ndarray]:
        """Orders that the owned channel made itself beyond those computed, and repeats beyond those computed, relatively."""
        orders = self.own["orders"][result.values.paid] if result.values.has_owned else np.full((len(result.months), 1), np.nan)
        return inverse.apart(result, orders, self.own["orders"][-1] - self.own["new_customers"][-1])

    # --- lines of the shop --------------------------------------------------------------------------------------------

    def _of_shop(self, result: Result, column: str, move: Move) -> None:
        """One round of a line of the shop."""
        measured, line = self.shop[column], result.lines[column]
        known = np.isfinite(measured)
        if column == "pool":
            self._times(move, inverse.joined(result, measured))
        elif column in ("overhead", "taxes"):  # what is added to it
            (a,) = move.addresses
            value = self.now[a] + measured - line if column == "overhead" else inverse.surcharge(result, measured)
            self.now[a] = np.where(known & np.isfinite(value), value, self.now[a])
        elif column in ("net_revenue", "cost_of_goods"):  # 1 + vat below the line, 1 − margin above it
            sign, factor = (1, over(line, measured)) if column == "net_revenue" else (-1, over(measured, line))
            for a in move.addresses:
                self.now[a] = np.where(known, sign * ((1 + sign * self.now[a]) * or_one(factor) - 1), self.now[a])
        else:
            besides = result.lines["spend"] if column == "marketing" else 0.0
            self._times(move, np.where(known, over(measured - besides, line - besides), np.nan))
