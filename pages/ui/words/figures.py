"""Every figure that a page shows: its term, unit and formula in both languages, and where it is shown.

Lines, KPIs, terms, indices and assumptions are figures by their own rows in `model/`; here stand the others, one row
each, with their words under `figure.<key>` in the locales. Which of them a page shows stands in `shown.py`; a test walks
the pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from model import KPIS, LINES
from model import units as u
from model.analysis.explain import derive
from model.analysis.explain.terms import INDICES, TERMS
from model.engine import order_economics
from model.plan.schema import TABLES
from model.plan.work import WORK_TABLES
from model.units import Unit
from pages.ui.kit.texts import has, t

#: what a figure's value is asked for: a KPI, a channel, or nothing (it has a definition only)
BY_KPI, BY_CHANNEL, BY_TARGET = "kpi", "channel", "target"


@dataclass(frozen=True, slots=True)
class Figure:
    """unit: None where it has that of the KPI or line it belongs to. uses: names it is made of. page: where it is seen."""

    key: str
    unit: Unit | None
    page: str
    uses: tuple[str, ...] = ()
    by: str = ""


def _rows(page: str, rows: Mapping[str, Unit | None], **uses: tuple[str, ...]) -> list[Figure]:
    return [Figure(key, unit, page, uses.get(key, ())) for key, unit in rows.items()]


_CONTRIBUTION = (*order_economics.CHANNEL, *order_economics.BUSINESS)
_OF_ROI = (*_CONTRIBUTION, "creator_commission", "surcharge")
_WORTH = (*_CONTRIBUTION, "repurchase_member_once", "repurchase_other_once", "join", "stay", "repeat_value_factor", "leave")
_OTHERS = (
    *_rows("simulate", dict.fromkeys(("change", "saved", "plausible", "blend", "assumption", "kpi_value"))),
    *_rows("simulate", {"name": u.TEXT, "month_or_period": u.TEXT, "version": u.TEXT, "rank": u.NUMBER}),
    Figure("swing", u.YUAN, "simulate", ("net_profit",)),
    Figure("spend_year", u.YUAN, "simulate", ("spend",)), Figure("budget_share", u.RATE, "simulate", ("share",)),
    Figure("last_year", None, "plan", ("last_year.gmv", "last_year.net_revenue", "last_year.net_profit")),
    Figure("growth", u.RATE, "plan"), Figure("per_100", u.YUAN, "plan", ("gmv",)),
    Figure("target", None, "plan", ("target.value",)), Figure("gap", None, "plan", ("target.value",), BY_TARGET),
    Figure("month_target", None, "plan", ("target.value",)), Figure("month_weight", u.RATE, "plan", ("season", "weight")),
    Figure("part", u.YUAN, "plan"), Figure("effect", u.YUAN, "plan", ("net_profit", "gmv")),
    Figure("team_month", u.YUAN, "plan", ("team.heads", "team.monthly_cost")),
    *(Figure(k, None, "plan", ("sessions", "impressions")) for k in ("work_month", "work_plan")),
    Figure("team_plan", u.YUAN, "plan", ("team.heads", "team.monthly_cost", "months")),
    Figure("marginal", u.YUAN_EACH, "channels", ("net_profit", "spend"), BY_CHANNEL),
    Figure("coming", u.YUAN_EACH, "simulate", ("net_profit", "spend"), BY_CHANNEL),
    Figure("mroas", u.RATIO, "channels", ("net_revenue", "spend"), BY_CHANNEL),
    Figure("even_spend", u.YUAN, "channels", ("net_profit", "spend"), BY_CHANNEL),
    Figure("today_more", u.RATE, "channels", ("net_revenue", "spend"), BY_CHANNEL),
    Figure("reference_more", u.RATE, "channels", ("shape", "saturation"), BY_CHANNEL),
    Figure("curve", u.YUAN, "channels", ("net_revenue", "spend")),
    Figure("roi_now", u.RATIO, "channels", ("gmv", "spend"), BY_CHANNEL),
    Figure("roi_break_even", u.RATIO, "channels", ("gmv", *_OF_ROI), BY_CHANNEL),
    Figure("roi_target", u.RATIO, "channels", ("gmv", *_OF_ROI, "net_revenue")),
    Figure("roi_break_even_coming", u.RATIO, "channels", ("gmv", *_OF_ROI, "new_customers", *_WORTH), BY_CHANNEL),
    Figure("roi_target_coming", u.RATIO, "channels", ("gmv", *_OF_ROI, "net_revenue", "new_customers", *_WORTH)),
    Figure("industry", None, "channels", ("benchmark_ctr", "benchmark_cvr")),
    Figure("new_share", u.RATE, "channels", ("new_customers", "channel_orders")),
    Figure("segment", u.PEOPLE, "customers", ("pool", "active", "new_customers")),
    Figure("cohort_again", u.RATE, "customers", ("hazard", "stay")),
    Figure("cohort_size", u.PEOPLE, "customers", ("new_customers",)),
    Figure("first_value", u.YUAN_EACH, "customers", _CONTRIBUTION, BY_CHANNEL),
    Figure("ltv_12", u.YUAN_EACH, "customers", _WORTH, BY_CHANNEL),
    Figure("left", u.YUAN_EACH, "customers", ("media", "new_customers", *_WORTH), BY_CHANNEL),
    Figure("payback", u.MONTHS, "customers", ("media", "new_customers", *_WORTH), BY_CHANNEL),
    Figure("cohort_rate", u.RATE, "customers", ("repurchase_member_once", "repurchase_other_once", "joiners")),
    *(Figure(k, None, "risk", (), BY_KPI) for k in ("plan_value", "mean", "p10", "p50", "p90", "error", "shortfall")),
    Figure("percentile", None, "risk"), Figure("chance", u.RATE, "risk", ("target.value",), BY_TARGET),
    Figure("loss_chance", u.RATE, "risk", ("net_profit",)), Figure("frequency", u.RATE, "risk"),
    Figure("variance_share", u.RATE, "risk"), Figure("swing_10_90", None, "risk"), Figure("correlation", u.NUMBER, "risk"),
    Figure("event_chance", u.RATE, "risk", ("event.probability",)), Figure("event_loss", u.YUAN, "risk", ("net_profit",)),
    Figure("loss_if", u.YUAN, "risk", ("event.probability", "net_profit")),
    Figure("tail_share", u.RATE, "risk", ("net_profit",)),
    Figure("mitigation_cost", u.YUAN, "risk", ("mitigation.cost_once", "mitigation.cost_monthly")),
    Figure("mitigation_bad_year", u.YUAN, "risk", ("net_profit", "mitigation.cost_once", "mitigation.cost_monthly")),
    Figure("mitigation_worth", u.YUAN, "risk", ("net_profit", "mitigation.cost_once", "mitigation.cost_monthly")),
    Figure("stress_change", None, "risk"),
    *(Figure(k, None, "optimize", ("share", "budget")) for k in (
        "before_after", "marginal_return", "limit_worth", "next_yuan", "best_value", "needed")),
    Figure("stable", u.RATE, "optimize", ("share",)),
    Figure("pace", u.RATE, "review", ("target.value",)), Figure("refunds_booked", u.RATE, "review", ("refunds",)),
    *_rows("compare", {"difference": None, "bridge": None, "range": None, "beats": u.RATE}),
)
OTHERS: Mapping[str, Figure] = MappingProxyType({row.key: row for row in _OTHERS})


def every() -> list[str]:
    """Keys of all figures: `kpi.gmv`, `line.gmv`, `figure.chance`, `index.promo`, `term.demand`, `driver.channel.cvr`."""
    drivers = [f"driver.{table}.{k}" for table, rows in TABLES.items() if table not in WORK_TABLES for k in rows
               if has(f"driver.{table}.{k}.label")]
    return [*(f"kpi.{k}" for k in KPIS), *(f"line.{k}" for k in LINES), *(f"figure.{k}" for k in OTHERS),
            *(f"index.{k}" for k in INDICES), *(f"term.{k}" for k in TERMS), *drivers]


def known(key: str) -> bool:
    kind, _, name = key.partition(".")
    rows = {"kpi": KPIS, "line": LINES, "figure": OTHERS, "index": INDICES, "term": TERMS}
    if kind == "driver":
        table, _, field = name.partition(".")
        return field in TABLES.get(table, ())
    return name in rows.get(kind, ())


def term(key: str) -> str:
    """What it is called. Raises KeyError where it has no name in the reader's language."""
    return t(f"{key}.label")


def unit_words(key: str) -> str:
    """Its unit in words; of one that has its KPI's or line's unit, so."""
    kind, _, name = key.partition(".")
    unit = OTHERS[name].unit if kind == "figure" else derive.unit_of(kind, name)
    return t("figures.as_its_result") if unit is None else unit_name(unit)


def unit_name(unit: Unit) -> str:
    return "%" if unit.scale == 100 else t(f"unit.{unit.key}.label") or t("figures.no_unit")


def formula(key: str) -> str:
    """Its equation in the model's names, or its definition in words. Raises KeyError where it has neither."""
    kind, _, name = key.partition(".")
    if kind == "driver":
        return t(f"{key}.help")
    written = "" if kind == "figure" else derive.formula_of(kind, name)[0]
    return f"{name} = {written}" if written else t(f"{key}.formula")

CARDS = ("gmv", "net_revenue", "net_profit", "net_margin_rate", "refund_rate", "marketing_rate", "roas_net",
         "repurchase_rate_year")

#: assumptions that can be edited here
EDITABLE = ("cpm", "ctr", "cvr", "aov", "goods_margin_rate", "refund_rate", "new_share", "join", "platform_take",
            "creator_commission", "channel_fixed", "visits", "frequency")
