"""What a plan may say, each test named after its boundary; the same rules at both doors, of plans and of scenarios."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from every import each
from hypothesis import given
from hypothesis import strategies as st

import plans
from model import errors, evaluate
from model.errors import ADVICE, InvalidInput, shown
from model.plan import rules
from model.plan.scenario import Plan, Scenario
from model.plan.schema import MAX_ROWS, find
from samples import refused, sample

RICH, TIERED = plans.scenario(plans.rich()), plans.scenario(plans.tiered())


def at_the_plans_door(values: dict, change: dict) -> set[tuple[str, str]]:
    removed = tuple(a + "." for a, v in change.items() if v is None and not (find(a) and find(a).field))
    rows = {a: v for a, v in (values | change).items() if not (a + ".").startswith(removed or ("\0",))}
    try:
        Plan("test", tuple(rows.items()))
    except InvalidInput as refused:
        return {(v.place, v.code) for v in refused.violations}
    return set()


def at_the_scenarios_door(base: Scenario, change: dict) -> set[tuple[str, str]]:
    try:
        base.with_values(change)
    except InvalidInput as refused:
        return {(v.place, v.code) for v in refused.violations}
    return set()


def row(address: str, **fields) -> dict[str, object]:
    return {f"{address}.{field}": value for field, value in fields.items()}


def months(before: str, after: str, value) -> dict[str, object]:
    return {f"{before}{m}{after}": value for m in plans.MONTHS}


SHOP = {"cvr": 0.02, "aov": 200.0, "goods_margin_rate": 0.5, "refund_rate": 0.3, "visits": 1000.0}
PRIVATE = {"share": 0.0, "cpm": 90.0, "ctr": 0.05, "cvr": 0.05, "aov": 200.0, "goods_margin_rate": 0.5,
           "refund_rate": 0.3, "frequency": 4.0}
TARGET = {"kpi": "gmv", "value": 1.0}
FEWER = {"channel.live": None, "channel.search.share": 0.9, "promotion.live_night": None}
#: name of the boundary: (change of the rich plan, where it is reported, under which code)
REFUSED = {
    # numbers
    "price_below_zero": ({"channel.search.aov": -0.01}, "channel.search.aov", "too_low"),
    "cpm_of_zero": ({"channel.search.cpm": 0.0}, "channel.search.cpm", "too_low"),
    "ctr_above_100_per_cent": ({"channel.search.ctr": 1.0001}, "channel.search.ctr", "too_high"),
    "refund_rate_above_95_per_cent": ({"channel.search.refund_rate": 0.951}, "channel.search.refund_rate", "too_high"),
    "repurchase_rate_of_1": ({"repurchase_member_once": 1.0}, "repurchase_member_once", "too_high"),
    "months_0": ({"months": 0}, "months", "too_low"),
    "months_37": ({"months": 37}, "months", "too_high"),
    "months_12_and_a_half": ({"months": 12.5}, "months", "not_whole"),
    "headline_below_half": ({"headline.cvr": 0.49}, "headline.cvr", "too_low"),
    "budget_nan": ({"budget": float("nan")}, "budget", "not_finite"),
    "budget_infinite": ({"budget": float("inf")}, "budget", "not_finite"),
    "budget_minus_infinite": ({"budget": float("-inf")}, "budget", "not_finite"),
    "budget_of_400_digits": ({"budget": 10**400}, "budget", "not_finite"),
    "share_of_400_digits": ({"channel.search.share": 10**400}, "channel.search.share", "not_finite"),
    "promotions_budget_of_400_digits": ({"promotion.618.budget_share": 10**400}, "promotion.618.budget_share",
                                        "not_finite"),
    "budget_as_text": ({"budget": "12000000"}, "budget", "not_a_number"),
    "budget_in_per_cent": ({"budget": "12%"}, "budget", "no_per_cent"),
    "budget_true": ({"budget": True}, "budget", "not_a_number"),
    "budget_as_list": ({"budget": [1.0]}, "budget", "not_a_number"),
    "cpm_missing": ({"channel.search.cpm": None}, "channel.search.cpm", "missing_value"),
    # flags, words, text
    "switch_as_number": ({"promotion.618.on": 1}, "promotion.618.on", "not_a_flag"),
    "switch_as_text": ({"promotion.618.on": "true"}, "promotion.618.on", "not_a_flag"),
    "word_that_is_no_choice": ({"opening.other_once_1-3.group": "vip"}, "opening.other_once_1-3.group", "not_a_choice"),
    "target_of_unknown_kpi": (row("target.x", **TARGET | {"kpi": "profit"}), "target.x.kpi", "not_a_choice"),
    "name_as_number": ({"plan_name_zh": 7}, "plan_name_zh", "not_text"),
    "start_as_number": ({"start": 202701}, "start", "not_text"),
    "text_of_201_characters": ({"plan_name_en": "x" * 201}, "plan_name_en", "text_too_long"),
    "text_of_10_000_characters": ({"plan_name_en": "x" * 10_000}, "plan_name_en", "text_too_long"),
    "text_with_a_null_byte": ({"plan_name_en": "a\x00b"}, "plan_name_en", "bad_text"),
    "text_with_a_line_break": ({"plan_name_en": "a\nb"}, "plan_name_en", "bad_text"),
    "text_with_an_escape_sequence": ({"plan_name_en": "\x1b[31mred"}, "plan_name_en", "bad_text"),
    "text_with_an_override_of_direction": ({"plan_name_en": "a\u202eb"}, "plan_name_en", "bad_text"),
    "text_with_half_a_character": ({"plan_name_en": "a\ud800b"}, "plan_name_en", "bad_text"),
    # days and months
    "date_without_a_year": ({"task.q2_618.first": "05-24"}, "task.q2_618.first", "not_a_date"),
    "date_29_02_of_a_common_year": ({"task.q2_618.last": "2027-02-29"}, "task.q2_618.last", "not_a_date"),
    "date_of_month_13": ({"task.q2_618.last": "2027-13-01"}, "task.q2_618.last", "not_a_date"),
    "day_29_02": ({"promotion.618.first": "02-29"}, "promotion.618.first", "not_a_day"),
    "day_31_06": ({"promotion.618.last": "06-31"}, "promotion.618.last", "not_a_day"),
    "day_of_month_13": ({"promotion.618.last": "13-01"}, "promotion.618.last", "not_a_day"),
    "day_of_month_0": ({"promotion.618.last": "00-10"}, "promotion.618.last", "not_a_day"),
    "day_0": ({"promotion.618.last": "06-00"}, "promotion.618.last", "not_a_day"),
    "day_without_leading_zero": ({"promotion.618.last": "6-20"}, "promotion.618.last", "not_a_day"),
    "day_with_a_year": ({"promotion.618.last": "2027-06-20"}, "promotion.618.last", "not_a_day"),
    "day_in_full_width_digits": ({"promotion.618.last": "０６-２０"}, "promotion.618.last", "not_a_day"),
    "day_missing": ({"promotion.618.first": None}, "promotion.618.first", "missing_value"),
    "start_in_month_13": ({"start": "2027-13"}, "start", "not_a_month"),
    "start_in_month_0": ({"start": "2027-00"}, "start", "not_a_month"),
    "start_in_1999": ({"start": "1999-12"}, "start", "not_a_month"),
    "start_in_2101": ({"start": "2101-01"}, "start", "not_a_month"),
    "start_with_a_day": ({"start": "2027-01-01"}, "start", "not_a_month"),
    # addresses
    "unknown_driver": ({"budgett": 1.0}, "budgett", "unknown_field"),
    "unknown_field_of_a_channel": ({"channel.search.cpmm": 1.0}, "channel.search.cpmm", "unknown_field"),
    "unknown_table": ({"chanel.search.cpm": 1.0}, "chanel.search.cpm", "unknown_table"),
    "season_of_month_13": ({"season.13.season": 1.0}, "season.13.season", "bad_key"),
    "shortage_in_month_13": ({"month.2027-13.fill": 0.5}, "month.2027-13.fill", "bad_key"),
    "row_key_with_a_capital": ({"channel.Search.cpm": 1.0}, "channel.Search.cpm", "bad_key"),
    "row_key_of_41_characters": ({f"team.{'x' * 41}.heads": 1.0}, f"team.{'x' * 41}.heads", "bad_key"),
    # between values
    "no_organic_channel": ({"channel.shop": None}, "channel.*.kind", "not_exactly_one"),
    "two_organic_channels": (row("channel.mall", kind="organic", **SHOP), "channel.*.kind", "not_exactly_one"),
    "two_owned_channels": (row("channel.app", kind="owned", **PRIVATE), "channel.*.kind", "more_than_one"),
    "shares_sum_to_0_999": ({"channel.search.share": 0.599}, "channel.*.share", "shares_not_one"),
    "shares_sum_to_1_000_01": ({"channel.search.share": 0.60001}, "channel.*.share", "shares_not_one"),
    "promotions_budgets_sum_to_1_01": ({"promotion.618.budget_share": 0.97}, "promotion.*.budget_share",
                                       "shares_above_one"),
    "promotion_for_a_channel_that_is_not_there": ({"promotion.618.channels": "search;tv"}, "promotion.618.channels",
                                                  "unknown_reference"),
    "season_without_may": ({"season.05": None}, "season.05", "missing_row"),
    "season_of_zeros": (months("season.", ".season", 0.0), "season.*.season", "all_zero"),
    "phasing_of_zeros": (months("season.", ".phasing", 0.0), "season.*.phasing", "all_zero"),
    "phasing_of_one_month": ({"season.01.phasing": 1.0}, "season.*.phasing", "incomplete_series"),
    "own_phasing_of_zeros": ({"channel.live.phasing_mode": "own_months"} | months("channel.live.phasing_", "", 0.0),
                             "channel.live.phasing_*", "all_zero"),
    "own_phasing_without_weights": ({"channel.live.phasing_mode": "own_season"}, "channel.live.phasing_*",
                                    "incomplete_series"),
    "timing_sums_to_0_9": ({"timing.00.share": 0.2, "timing.01.share": 0.7}, "timing.*.share", "shares_not_one"),
    "effect_of_an_initiative_that_is_not_there": ({"effect.pages_cvr.initiative": "none"},
                                                  "effect.pages_cvr.initiative", "unknown_reference"),
    "effect_on_a_channel_that_is_not_there": ({"effect.pages_cvr.channel": "tv"}, "effect.pages_cvr.channel",
                                              "unknown_reference"),
    "effect_on_an_unknown_driver": ({"effect.pages_cvr.driver": "charm"}, "effect.pages_cvr.driver", "not_adjustable"),
    "effect_on_a_driver_that_months_do_not_change": ({"effect.pages_cvr.driver": "vat"}, "effect.pages_cvr.driver",
                                                     "not_adjustable"),
    "effect_without_a_driver": ({"effect.pages_cvr.driver": None}, "effect.pages_cvr.driver", "missing_value"),
    "target_for_the_13th_quarter": (row("target.x", **TARGET, period="Q13"), "target.x.period", "not_a_choice"),
    "target_for_the_4th_year": (row("target.x", **TARGET, period="year4"), "target.x.period", "not_a_choice"),
    "target_for_month_13": (row("target.x", **TARGET, period="2027-13"), "target.x.period", "not_a_choice"),
    "two_hundred_and_one_unknown_drivers": ({f"x{i:03}": 1.0 for i in range(201)}, "x200", "and_more"),
    "sixty_one_promotions": ({f"promotion.p{i}.{end}": "05-01" for i in range(58) for end in ("first", "last")},
                             "promotion", "too_many_rows"),
}
#: refused once more, by another rule that the same change breaks
ALSO = {"effect_without_a_driver": {("effect.pages_cvr.driver", "not_adjustable")},
        "two_hundred_and_one_unknown_drivers": {(f"x{i:03}", "unknown_field") for i in range(200)}}


@each("boundary", REFUSED)
def test_a_plan_is_refused_with(boundary):
    change, place, code = REFUSED[boundary]
    assert at_the_plans_door(plans.rich(), change) == {(place, code)} | ALSO.get(boundary, set())


@each("boundary", REFUSED)
def test_a_scenario_is_refused_with(boundary):
    change, place, code = REFUSED[boundary]
    assert at_the_scenarios_door(RICH, change) == {(place, code)} | ALSO.get(boundary, set())


def test_tiers_sum_to_0_9():
    change = {"tier.silver.share": 0.4}
    assert at_the_plans_door(plans.tiered(), change) == {("tier.*.share", "shares_not_one")}
    assert at_the_scenarios_door(TIERED, change) == {("tier.*.share", "shares_not_one")}


@pytest.mark.parametrize("change", [
    pytest.param({"channel.search.aov": 0.0}, id="price_of_zero"),
    pytest.param({"channel.search.cpm": 0.01}, id="cpm_of_a_cent"),
    pytest.param({"channel.search.ctr": 0.0}, id="ctr_of_zero"),
    pytest.param({"channel.search.ctr": 1.0}, id="ctr_of_100_per_cent"),
    pytest.param({"channel.search.ctr": 1}, id="whole_number_for_a_rate"),
    pytest.param({"budget": 0}, id="budget_of_zero"),
    pytest.param({"months": 1}, id="one_month"),
    pytest.param({"months": 36.0}, id="thirty_six_months"),
    pytest.param({"channel.search.goods_margin_rate": -1.0}, id="goods_sold_at_half_their_cost"),
    pytest.param({"channel.search.share": 0.6000004}, id="shares_within_a_millionth_of_one"),
    pytest.param({"promotion.618.budget_share": 0.96}, id="promotions_take_the_whole_budget"),
    pytest.param({"promotion.618.channels": " search ; live "}, id="channels_with_spaces"),
    pytest.param({"promotion.618.channels": "search；live"}, id="channels_with_a_chinese_semicolon"),
    pytest.param({"promotion.618.first": "02-28"}, id="day_28_02"),
    pytest.param({"promotion.618.first": "12-31", "promotion.618.last": "01-01"}, id="promotion_over_new_year"),
    pytest.param({"plan_name_zh": "双" * 200}, id="text_of_200_characters"),
    pytest.param({"plan_name_en": ""}, id="empty_text"),
    pytest.param({"plan_name_zh": "二〇二七年 计划 🚀"}, id="chinese_and_emoji"),
    pytest.param({"plan_name_zh": "二〇二七年\u3000计划"}, id="full_width_space_of_a_chinese_keyboard"),
    pytest.param(row("target.x", **TARGET, period="Q12"), id="target_for_the_12th_quarter"),
    pytest.param(row("target.x", **TARGET | {"value": -1e12}), id="target_of_a_loss"),
    pytest.param({"timing.00.share": 0.25, "timing.12.share": 0.75}, id="timing_of_two_months"),
    pytest.param({"start": "2000-01"}, id="start_in_2000"),
    pytest.param({"start": "2100-01"}, id="start_in_2100"),
    pytest.param(FEWER, id="one_channel_less"),
    pytest.param({f"promotion.p{i}.{end}": "05-01" for i in range(57) for end in ("first", "last")}, id="60_rows"),
])
def test_a_plan_may_have(change):
    assert at_the_plans_door(plans.rich(), change) == set()
    assert at_the_scenarios_door(RICH, change) == set()


def test_a_plan_ends_by_the_last_month_that_has_a_key():
    for months, latest, late in ((1, "2100-12", None), (12, "2100-01", "2100-02"), (36, "2098-01", "2098-02")):
        plan = sample().with_values({"months": months, "start": latest})
        assert evaluate(plan).months[-1] == "2100-12", months
        if late:
            (found,) = refused(plan.with_values, {"start": late})
            assert (found.code, found.place, found.got, found.allowed) == ("too_high", "start", late, f"≤ {latest}")


# --- all at once --------------------------------------------------------------------------------------------------

TEN = {
    "budget": -1.0, "months": 40, "start": "2027-13", "channel.search.cpm": "cheap", "channel.live.ctr": float("nan"),
    "promotion.618.first": "02-29", "promotion.618.channels": "tv", "effect.pages_cvr.driver": "charm",
    "channel.private.share": 0.3, "plan_name_zh": "\x00",
}
TEN_CODES = {
    ("budget", "too_low"), ("months", "too_high"), ("start", "not_a_month"), ("channel.search.cpm", "not_a_number"),
    ("channel.live.ctr", "not_finite"), ("promotion.618.first", "not_a_day"),
    ("promotion.618.channels", "unknown_reference"), ("effect.pages_cvr.driver", "not_adjustable"),
    ("channel.*.share", "shares_not_one"), ("plan_name_zh", "bad_text"),
}


def test_a_plan_with_ten_faults_reports_ten():
    assert at_the_plans_door(plans.rich(), TEN) == TEN_CODES


def test_a_scenario_with_ten_faults_reports_ten():
    assert at_the_scenarios_door(RICH, TEN) == TEN_CODES


def test_an_unknown_address_does_not_hide_the_other_faults():
    change = {"budgett": 1.0, "budget": -1.0, "channel.search.share": 0.5}
    expected = {("budgett", "unknown_field"), ("budget", "too_low"), ("channel.*.share", "shares_not_one")}
    assert at_the_plans_door(plans.rich(), change) == expected
    assert at_the_scenarios_door(RICH, change) == expected


def test_a_new_channel_reports_every_value_it_lacks():
    assert at_the_scenarios_door(RICH, {"channel.tv.kind": "paid"}) == {
        (f"channel.tv.{field}", "missing_value")
        for field in ("cpm", "ctr", "cvr", "aov", "goods_margin_rate", "refund_rate", "impressions_ref")}


def test_the_message_names_place_code_value_bounds_and_advice():
    with pytest.raises(InvalidInput) as refused:
        RICH.with_values({"budget": -1.0})
    assert str(refused.value) == ("budget: too_low got -1.0 (allowed: 0 … 1e+11). "
                                  "Raise the value to the lower bound or above.")


@each("address, near", [
    ("budgett", "budget?"), ("channel.search.cpmm", "channel.search.cpm?"), ("chanel.search.cpm", "channel?"),
    ("headline.traffic_prise", "headline.traffic_price?"), ("zzzzzz", ""),
])
def test_an_unknown_address_comes_with_a_suggestion(address, near):
    assert rules.check_address(address).allowed == near


# --- warnings -----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("change", "place", "code"), [
    pytest.param({"channel.search.cpm": 1.0}, "channel.search.cpm", "unusual_low", id="cpm_of_1"),
    pytest.param({"channel.search.cpm": 301.0}, "channel.search.cpm", "unusual_high", id="cpm_of_301"),
    pytest.param({"month.2028-01.fill": 0.5}, "month.2028-01", "outside_plan", id="shortage_after_the_plan"),
    pytest.param({"month.2026-12.fill": 0.5}, "month.2026-12", "outside_plan", id="shortage_before_the_plan"),
])
def test_a_warning_does_not_refuse(change, place, code):
    plan = plans.scenario(plans.rich(), change).base
    assert {(v.place, v.code) for v in plan.warnings()} == {(place, code)}
    assert RICH.with_values(change).changes == tuple(change.items())


def test_the_rich_plan_has_no_warnings():
    assert RICH.base.warnings() == []


# --- hostile text -------------------------------------------------------------------------------------------------

@each("text", [
    "<script>alert(1)</script>", "'; DROP TABLE scenarios; --", "=HYPERLINK(\"http://x\")", "{{7*7}}",
    "../../etc/passwd", "[link](javascript:alert(1))", "$x^2$", "%s%n", ":red[x]",
])
def test_text_that_looks_like_code_stays_data(text):
    assert RICH.with_values({"plan_name_en": text}).get("plan_name_en") == text


@given(st.text(max_size=300))
def test_any_address_is_known_or_refused_in_few_words(text):
    violation = rules.check_address(text)
    if violation is not None:
        assert len(violation.place) <= 60 and len(violation.got) <= 60 and len(violation.allowed) <= 121
        assert violation.place.isprintable()


@given(st.text())
def test_what_is_shown_of_a_value_is_short_and_printable(text):
    assert shown(text).isprintable() and len(shown(text)) <= 60


ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.binary(max_size=5),
    st.integers(min_value=10**18, max_value=10**400), st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=1), st.complex_numbers())
ADDRESSES = st.sampled_from(list(plans.tiered()))


@given(st.dictionaries(ADDRESSES, ANYTHING, min_size=1, max_size=5))
def test_any_value_anywhere_is_taken_or_refused_but_never_an_accident(change):
    at_the_plans_door(plans.tiered(), change)
    at_the_scenarios_door(TIERED, change)


@given(st.dictionaries(ADDRESSES, st.one_of(st.floats(), st.integers(), st.booleans(), st.text(max_size=9)),
                       min_size=1, max_size=3))
def test_both_doors_refuse_the_same(change):
    assert at_the_plans_door(plans.tiered(), change) == at_the_scenarios_door(TIERED, change)


# --- nothing forgotten --------------------------------------------------------------------------------------------

def codes_in(module) -> set[str]:
    """Codes that a module can raise: the first arguments of its Violation(…) calls, and the words chosen for them."""
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    return {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and n.value in ADVICE}


def test_every_code_of_the_rules_has_a_boundary_here():
    tried = {code for _, _, code in REFUSED.values()} | {"unusual_low", "unusual_high", "outside_plan"}
    assert codes_in(rules) == tried


def test_every_table_has_a_limit_of_rows():
    assert set(MAX_ROWS) | {"business", "headline"} == set(rules.TABLES)


def test_every_code_has_advice():
    assert all(text.endswith(".") for text in errors.ADVICE.values())
