"""Every row of funnel, customers, P&L and cash: one table that results, pages, files and the method page share.

formula: the equation in the words of model.md, its names those of drivers and lines.
kind: "flow" adds up over months, "balance" is the last month's. channel: known by channel as well.
sign: how the line enters the P&L (+1 income, −1 cost, 0 not part of it).
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from model import units as u
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
    Line("spend", u.YUAN, "funnel", "budget · share · weight"),
    Line("impressions", u.IMPRESSIONS, "funnel",
         "1000 · spend ÷ (cpm · traffic_price);  owned: capacity · (1 − exp(−1000 · spend ÷ (cpm · capacity)))"),
    Line("clicks", u.CLICKS, "funnel",
         "impressions · ctr;  organic: visits · (1 + growth)^(m/12) · season · promo · (1 − halo + halo · ads)"),
    Line("channel_orders", u.ORDERS, "funnel", "exposure · ctr · cvr · yield · promo · fill"),
    Line("orders", u.ORDERS, "funnel", "channel_orders + repeats booked to the channel"),
    Line("sessions", u.TIMES, "funnel", "spend · slot_share ÷ slot_fee"),
    Line("new_customers", u.PEOPLE, "customers", "channel_orders · new_share"),
    Line("returning", u.ORDERS, "customers", "channel_orders · (1 − new_share)"),
    Line("repeat_orders", u.ORDERS, "customers", "Σ people · hazard · pulse + same-month repeats", channel=False),
    Line("repeats_booked", u.ORDERS, "customers", "anyway · returning, at most repeat_orders", channel=False),
    Line("repeats_member", u.ORDERS, "customers", "members' share of (repeat_orders − repeats_booked)", channel=False),
    Line("repeats_other", u.ORDERS, "customers", "others' share of (repeat_orders − repeats_booked)", channel=False),
    Line("woken", u.ORDERS, "customers", "(1 − anyway) · returning", channel=False),
    Line("joiners", u.PEOPLE, "customers", "Σ new_customers · join", channel=False),
    Line("pool", u.PEOPLE, "customers", "members at the end of the month, lapsed ones included", kind="balance",
         channel=False),
    Line("gmv", u.YUAN, "pnl", "orders · aov · price (repeats · repeat_value_factor)", 1),
    Line("refunds", u.YUAN, "pnl", "gmv · min(95 %, refund_rate · refund_lift)", -1),
    Line("net_sales", u.YUAN, "pnl", "gmv − refunds"),
    Line("vat_paid", u.YUAN, "pnl", "net_sales − net_revenue", -1),
    Line("net_revenue", u.YUAN, "pnl", "net_sales ÷ (1 + vat)"),
    Line("cost_of_goods", u.YUAN, "pnl",
         "orders · aov ÷ (1 + vat) · basket · (1 − goods_margin_rate) · (1 − refund · (unshipped + (1 − unshipped) · resale))",
         -1),
    Line("gross_profit", u.YUAN, "pnl", "net_revenue − cost_of_goods"),
    Line("take", u.YUAN, "pnl", "net_sales · (platform_take + payment_fee)", -1),
    Line("fulfilment", u.YUAN, "pnl",
         "shipped · (fulfilment_cost + dispute_rate · compensation) + returned · return_cost + orders · service_cost", -1),
    Line("contribution", u.YUAN, "pnl", "gross_profit − take − fulfilment"),
    Line("commission", u.YUAN, "pnl", "net_sales · creator_commission"),
    Line("media", u.YUAN, "pnl", "spend + channel_fixed + commission"),
    Line("marketing", u.YUAN, "pnl", "media + pool · member_benefit + joiners · join_cost", -1, channel=False),
    Line("stock", u.YUAN, "pnl", "cost_of_goods of the turnover_days ÷ 30 months ahead", kind="balance", channel=False),
    Line("inventory", u.YUAN, "pnl", "stock · (carrying_rate + write_off_rate) ÷ 12", -1, channel=False),
    Line("overhead", u.YUAN, "pnl", "payroll + technology + supply_chain_reserve + initiatives + other_overhead", -1,
         channel=False),
    Line("taxes", u.YUAN, "pnl", "net_revenue · surcharge + income_tax · Δ max(0, cumulated profit before income tax)",
         -1, channel=False),
    Line("net_profit", u.YUAN, "pnl", "contribution − marketing − inventory − overhead − taxes", channel=False),
    Line("cash_flow", u.YUAN, "cash",
         "receipts − purchases paid − take − fulfilment − marketing − stock · carrying_rate ÷ 12 − overhead − taxes",
         channel=False),
    Line("cash", u.YUAN, "cash", "Σ cash_flow up to the month", kind="balance", channel=False),
)
LINES = MappingProxyType({row.key: row for row in _ROWS})

#: the steps from GMV to net profit, in the order of the statement
WATERFALL = ("gmv", "refunds", "vat_paid", "cost_of_goods", "take", "fulfilment", "marketing", "inventory", "overhead",
             "taxes", "net_profit")
