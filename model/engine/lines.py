"""Every row of funnel, customers, P&L and cash: one table that results, pages, files and the method page share.

formula: the equation in the words of model.md, for a month and (where the line is known by channel) a channel. Its names
are those of lines, drivers, indices and the terms of `explain/terms.py`; "owned: …" and "organic: …" stand where such a channel
follows another equation; `name[m−1]` is the month before, Σ the sum over channels. `explain/derive.py` evaluates it.
kind: "flow" adds up over months, "balance" is the last month's. channel: known by channel as well.
sign: how the line enters the P&L (+1 income, −1 cost, 0 not part of it).
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from model import units as u
from model.engine import order_economics
from model.units import Unit


@dataclass(frozen=True, slots=True)
class Line:
    key: str
    unit: Unit
    section: str
    formula: str
    sign: int = 0
    kind: str = "flow"
    channel: bool = True

    @property
    def text_key(self) -> str:
        return f"line.{self.key}"


_ROWS = (
    Line("spend", u.YUAN, "funnel", "budget · share · weight;  organic: 0"),
    Line("impressions", u.IMPRESSIONS, "funnel",
         "1000 · spend ÷ (cpm · traffic_price);  owned: capacity · (1 − exp(−1000 · spend ÷ (cpm · capacity)));  organic: 0"),
    Line("clicks", u.CLICKS, "funnel",
         "impressions · ctr;  organic: visits · visits_grown · season · promo_all"
         " · (1 − halo + halo · ads)"),
    Line("channel_orders", u.ORDERS, "funnel", "demand − claims · (1 − booked_share);  organic: demand"),
    Line("orders", u.ORDERS, "funnel", "channel_orders + own_repeats"),
    Line("sessions", u.TIMES, "funnel", "spend · slot_share ÷ slot_fee;  owned: 0;  organic: 0"),
    Line("new_customers", u.PEOPLE, "customers", "demand · new_share;  owned: 0;  organic: demand"),
    Line("returning", u.ORDERS, "customers", "channel_orders − new_customers"),
    Line("repeat_orders", u.ORDERS, "customers", "member_repeats + other_repeats", channel=False),
    Line("repeats_booked", u.ORDERS, "customers", "min(Σ claims, repeat_orders)", channel=False),
    Line("repeats_member", u.ORDERS, "customers", "member_repeats · left_share", channel=False),
    Line("repeats_other", u.ORDERS, "customers", "other_repeats · left_share", channel=False),
    Line("woken", u.ORDERS, "customers", "Σ wakes", channel=False),
    Line("joiners", u.PEOPLE, "customers", "Σ joins", channel=False),
    Line("pool", u.PEOPLE, "customers", "(pool[m−1] + joiners) · (1 − leave_share)", kind="balance", channel=False),
    Line("gmv", u.YUAN, "pnl", "own_gmv + repeats_gmv", 1),
    Line("refunds", u.YUAN, "pnl", "own_gmv · refund + repeats_gmv · refund_repeats", -1),
    Line("net_sales", u.YUAN, "pnl", "gmv − refunds"),
    Line("vat_paid", u.YUAN, "pnl", "net_sales − net_revenue", -1),
    Line("net_revenue", u.YUAN, "pnl", "net_sales ÷ (1 + vat)"),
    Line("cost_of_goods", u.YUAN, "pnl", "own_goods + repeats_goods", -1),
    Line("gross_profit", u.YUAN, "pnl", "net_revenue − cost_of_goods"),
    Line("take", u.YUAN, "pnl", order_economics.TAKE_IN_WORDS, -1),
    Line("fulfilment", u.YUAN, "pnl", order_economics.SERVICE_IN_WORDS, -1),
    Line("contribution", u.YUAN, "pnl", "gross_profit − take − fulfilment"),
    Line("commission", u.YUAN, "pnl", "net_sales · creator_commission"),
    Line("media", u.YUAN, "pnl", "spend + channel_fixed + commission"),
    Line("marketing", u.YUAN, "pnl", "media + pool · member_benefit + joiners · join_cost", -1, channel=False),
    Line("stock", u.YUAN, "pnl", "ahead(cost_of_goods, turnover_days ÷ 30)", kind="balance", channel=False),
    Line("inventory", u.YUAN, "pnl", "stock · (carrying_rate + write_off_rate) ÷ 12", -1, channel=False),
    Line("overhead", u.YUAN, "pnl", "payroll + technology + supply_chain_reserve + initiatives + other_overhead", -1,
         channel=False),
    Line("taxes", u.YUAN, "pnl", "net_revenue · surcharge + income_tax · taxable_rise", -1, channel=False),
    Line("net_profit", u.YUAN, "pnl", "contribution − marketing − inventory − overhead − taxes", channel=False),
    Line("cash_flow", u.YUAN, "cash",
         "receipts − purchases_paid − take − fulfilment − marketing − stock · carrying_rate ÷ 12 − overhead − taxes",
         channel=False),
    Line("cash", u.YUAN, "cash", "cash[m−1] + cash_flow", kind="balance", channel=False),
)
LINES = MappingProxyType({row.key: row for row in _ROWS})

#: the steps from GMV to net profit, in the order of the statement
WATERFALL = ("gmv", "refunds", "vat_paid", "cost_of_goods", "take", "fulfilment", "marketing", "inventory", "overhead",
             "taxes", "net_profit")
