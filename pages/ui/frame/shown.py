"""What stands on each page: for every table its columns, for every chart its axes, for the cards their KPIs, as figures.

One row an element, by its key (its beginning, where it ends in *); tables name a figure a column. A column that comes once
for each month, cohort or scenario has that word after it: `"line.gmv months"`. `tests/pages/test_figures.py` opens every page
and holds this: an element that is not here, or has another number of columns or more axes, fails, and so does one that is
here and on no page. Which figure a column is, nobody but the reader of this file can tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from model import units as u
from model.analysis.explain.terms import INDICES
from pages.ui.words import figures
from pages.ui.words.figures import CARDS, EDITABLE

Elements = Mapping[str, tuple[str, ...]]
_NAME, _TIME, _KPI = "figure.name", "figure.month_or_period", "figure.kpi_value"
_CARD = ("change", "last_year", "target", "gap", "range", "chance", "error")


def _lines(*keys: str) -> tuple[str, ...]:
    return tuple(f"line.{k}" for k in keys)


def _kpis(*keys: str) -> tuple[str, ...]:
    return tuple(f"kpi.{k}" for k in keys)


def _f(*keys: str) -> tuple[str, ...]:
    return tuple(f"figure.{k}" for k in keys)


def _d(table: str, *keys: str) -> tuple[str, ...]:
    return tuple(f"driver.{table}.{k}" for k in keys)


_SIMULATE = {
    "cards": (*_kpis(*CARDS, "roas_gmv", "spend_to_gmv"), *_f(*_CARD)),
    "channel_results": (_NAME, *_lines("spend", "clicks", "orders", "new_customers", "gmv", "net_revenue", "contribution"),
                        *_kpis("roas_gmv", "roas_net", "cac"), *_f("marginal", "coming")),
    "channel_editor_*": (_NAME, *_d("channel", *EDITABLE)),
    "chart_months": _lines("gmv", "net_profit"), "chart_waterfall": _f("part"), "chart_tornado": _f("swing"),
    "chart_shares": _f("variance_share"), "chart_split": _f("spend_year"),
}
_CHANNELS = {
    "curves": (_NAME, "line.spend", *_f("even_spend", "mroas", "marginal", "reference_more", "today_more")),
    "funnel": (_NAME, "line.impressions", "kpi.ctr", "figure.industry", "line.clicks", "kpi.cvr", "figure.industry",
               "line.channel_orders", "figure.new_share", "figure.industry", "line.new_customers"),
    "industry": (_NAME, _NAME, _KPI, *_f("industry", "industry", "industry", "industry"), _NAME),
    "roas": (_NAME, "kpi.roas_gmv", "figure.rank", "kpi.roas_net", "figure.rank", "kpi.break_even_roas", "kpi.cac"),
    "platform_roi": (_NAME, *_f("roi_now", "roi_break_even", "roi_target", "roi_break_even_coming", "roi_target_coming"), _NAME,
                     "line.spend"),
    "platform_roi_months": (_NAME, "figure.roi_break_even months"),
    "chart_curve_*": ("line.spend", "figure.curve"), "chart_roas": _kpis("roas_gmv", "roas_net", "break_even_roas"),
}
_CUSTOMERS = {
    "customer_worth": (_NAME, "figure.first_value", "figure.ltv_12", "kpi.cac", "figure.left", "figure.payback"),
    "repurchase_rates": (_NAME, "figure.assumption", "figure.industry", _NAME),
    "customer_months": (_TIME, *_f("segment", "segment", "segment"),
                        *_lines("pool", "repeats_member", "repeats_other", "repeats_booked", "woken")),
    "cohorts": (_TIME, "figure.cohort_size", "figure.cohort_again cohorts"),
    "tiers_*": (_NAME, *_d("tier", "share", "repurchase_once", "repurchase_again", "benefit")),
    "chart_pool": _f("segment"), "chart_repeats": _lines("repeat_orders"), "chart_triangle": _f("cohort_again"),
    "chart_payback": _f("month_or_period", "left"),
}
_ASSUMPTIONS = {"assume_list_*": (_NAME, *_f("assumption", "swing"), _NAME, *_f("plausible", "percentile"), _NAME, _NAME)}
_PLAN = {
    "statement": (_NAME, "figure.part", *_f("per_100", "last_year", "growth"), "figure.part months"),
    "targets": (_NAME, _TIME, _NAME, *_f("chance", "gap", "target"), _KPI),
    "month_budget": (_NAME, "line.spend", "figure.budget_share", "line.spend months"),
    "promotions": (_NAME, *_f("effect", "effect"), _TIME, *_d("promotion", "channels", "budget_share", "uplift", "discount",
                                                             "traffic_price_uplift")),
    "initiatives": (_NAME, *_f("effect", "effect"), *_d("initiative", "start", "cost_once", "cost_monthly"), _NAME),
    "team": (_NAME, *_d("team", "heads", "monthly_cost"), *_f("team_month", "team_plan")),
    "split": (_TIME, *_f("month_weight", "month_target"), _KPI, "figure.gap"),
    "work_followed": (_NAME, *_f("work_month", "work_plan"), _NAME), "chart_tasks": (),
    "chart_cash": _lines("cash_flow", "cash"), "chart_timeline": (), "chart_season": _d("season", "season", "traffic_season"),
    "statement_lines": _lines("gmv", "refunds", "net_sales", "vat_paid", "net_revenue", "cost_of_goods", "gross_profit", "take",
                              "fulfilment", "contribution", "marketing", "inventory", "overhead", "taxes", "net_profit",
                              "cash_flow", "cash"),
}
_RISK = {
    "risk_chances": (_NAME, _TIME, _NAME, *_f("chance", "target", "plan_value")),
    "risk_quantiles": (_NAME, *_f("plan_value", "mean", "percentile", "p10", "p50", "p90", "percentile", "error")),
    "risk_stress": (_NAME, *(k for kpi in _kpis("gmv", "net_profit", "net_margin_rate", "lowest_cash")
                             for k in (kpi, "figure.stress_change"))),
    "risk_register": (_NAME, *_f("event_chance", "event_loss", "loss_if", "tail_share")),
    "risk_mitigations": (_NAME, _NAME, _NAME, *_f("mitigation_cost", "mitigation_worth", "mitigation_bad_year"), _NAME),
    "chart_fan": (_KPI,), "chart_distribution": (_KPI, "figure.frequency"), "chart_shares": _f("variance_share"),
    "chart_tornado": _f("swing"),
    "risk_repairs": (_NAME, *_f("correlation", "correlation", "difference")),
    "chart_density": ("figure.assumption",), "chart_paths": ("figure.assumption",), "chart_matrix": (),
    "chart_risk_tornado": _f("swing_10_90"), "chart_scatter": ("figure.assumption", _KPI, "figure.correlation"),
}
_OPTIMIZE = {
    "optimize_limits_*": (_NAME, *_f("budget_share", "budget_share", "budget_share", "spend_year", "spend_year")),
    "frontier_limits_*": (_NAME, *_f("budget_share", "budget_share", "budget_share", "spend_year", "spend_year")),
    **dict.fromkeys(("optimize_kpis", "frontier_kpis"), (_NAME, _KPI, "figure.before_after", "figure.difference")),
    "optimize_why": (_NAME, *_f("budget_share", "before_after", "marginal_return", "marginal_return", "limit_worth",
                                "next_yuan", "next_yuan", "stable")),
    "needed": (_NAME, *_f("assumption", "needed", "difference", "plausible"), _NAME, "figure.chance"),
    "goal_ranges_*": (_NAME, *_f("assumption", "plausible", "plausible")),
    "goal": (_NAME, *_f("assumption", "needed", "plausible")),
    "chart_best_split": _f("spend_year"), "chart_frontier_split": _f("spend_year"),
    "chart_frontier": _f("spend_year", "best_value"),
    "chart_two_way": ("figure.assumption", "figure.assumption", _KPI),
}
_COMPARE = {
    "compare_kpis": (_NAME, _KPI, f"{_KPI} rest", "figure.difference rest"),
    "compare_drivers": (_NAME, *_f("assumption", "assumption", "bridge")),
    "compare_risks": (_NAME, *_f("range", "range", "chance", "loss_chance", "beats", "beats")),
    "compare_assumptions": (_NAME, "figure.assumption sides"),
    "compare_bridge": _f("bridge"), "compare_months": (_KPI,), "compare_split": _f("spend_year"),
}
_REVIEW = {
    "review_to_date": (_NAME, _KPI, "figure.plan_value", *_f("difference", "growth")),
    "review_targets": (_NAME, _TIME, _NAME, "figure.target", _KPI, *_f("pace", "pace", "difference")),
    "review_known": (_TIME, _NAME, _NAME, _NAME), "review_drivers": (_NAME, *_f("assumption", "assumption", "bridge")),
    "review_channels_*": (_NAME, *_lines("gmv", "spend", "impressions", "clicks", "orders", "new_customers", "gmv", "refunds")),
    "review_shop_*": (_NAME, _KPI, _KPI), "review_lag_*": (_NAME, *_f("refunds_booked", "refunds_booked", "refunds_booked")),
    "review_alone": (_NAME, *_f("needed", "plausible"), _NAME),
    "review_moves": (_NAME, *_lines("spend", "spend", "spend"), *_f("budget_share", "budget_share")),
    "review_moves_chances": (_NAME, _TIME, *_f("target", "chance", "chance")),
    "review_to_come": (_TIME, "figure.refunds_booked", *_lines("refunds", "refunds", "net_revenue", "net_revenue")),
    "review_chances": (_NAME, _TIME, *_f("target", "chance", "chance")),
    "review_moved": (_TIME, *_f("p50", "range", "chance")),
    "review_record": (_NAME, _NAME, _NAME, *_f("error", "error", "error", "error")),
    "chart_landing": (_KPI,), "chart_moved": (_KPI,),
    "review_bridge": _f("bridge"), "chart_review": (_KPI,),
}
_SCENARIOS = {"shelf_*": (_NAME, *_lines("gmv", "gmv", "net_profit"), "kpi.net_margin_rate", "figure.chance",
                          "figure.version",
                          _NAME, _NAME, _TIME, _NAME, _NAME)}
_METHOD = {
    "all_figures": (_NAME, _NAME, _NAME, _NAME), "all_lines": (_NAME, _NAME, _NAME, _KPI),
    "all_kpis": (_NAME, _NAME, _KPI, _NAME),
    "all_indices": (_TIME, *(f"index.{k}" for k in INDICES)),
    "all_assumptions": (_NAME, _NAME, "figure.assumption", _NAME, _NAME),
}
_PRINT = {
    "cards": _SIMULATE["cards"], "sheet_fall": (_NAME, *_f("part", "part", "per_100")),
    "sheet_split": (_NAME, *_f("spend_year", "spend_year", "spend_year", "budget_share")),
    "sheet_targets": (_NAME, _TIME, "figure.target", _KPI, *_f("gap", "chance")),
    "sheet_risks": (_NAME, *_f("event_chance", "event_loss", "tail_share")),
    "sheet_followed": _PLAN["work_followed"], "sheet_activity_rows": (_NAME,) * 4, "sheet_offer_rows": (_NAME,) * 2,
    "sheet_task_rows": (_NAME,) * 6,
    "sheet_changes": ("figure.assumption", "figure.assumption", "figure.bridge"),
}
SHOWN: Mapping[str, Elements] = MappingProxyType({
    "simulate": _SIMULATE, "channels": _CHANNELS, "customers": _CUSTOMERS, "assumptions": _ASSUMPTIONS, "plan": _PLAN,
    "risk": _RISK, "optimize": _OPTIMIZE, "review": _REVIEW, "scenarios": _SCENARIOS, "compare": _COMPARE, "own": {},
    "method": _METHOD, "print": _PRINT})


def of_page(page: str) -> list[str]:
    """The figures of a page, each once, words and times left out."""
    found = dict.fromkeys(k.split()[0] for row in SHOWN.get(page, {}).values() for k in row)
    words = {f"figure.{k}" for k, row in figures.OTHERS.items() if row.unit is u.TEXT or k in ("kpi_value", "assumption", "part")}
    return [k for k in found if k not in words]
