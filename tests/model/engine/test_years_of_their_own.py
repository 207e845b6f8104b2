"""Later years of a longer plan with a budget, shares and organic growth of their own (model.md section 1)."""

from __future__ import annotations

import numpy as np
import pytest

from model import evaluate, what_decides
from model.analysis import compare, optimize, response
from model.analysis.optimize import Impossible
from model.engine.checks import PASS, checks
from samples import codes, refused, sample

LONG = sample().with_values({"months": 36})
SECOND = dict(zip(LONG.spending_channels, (0.40, 0.20, 0.15, 0.15, 0.10), strict=True))
OWN = LONG.with_values({"budget_2": 15_000_000.0, **{f"channel.{c}.share_2": v for c, v in SECOND.items()}})


def years(*values: float) -> np.ndarray:
    """A value a year as draws by month (36, 1)."""
    return np.repeat(values, 12)[:, None]


def spend_by_year(scenario) -> dict[str, list[float]]:
    result = evaluate(scenario)
    by = result.by_channel["spend"][..., 0].reshape(len(result.channels), -1, 12).sum(axis=2)
    return {c: [round(x, 2) for x in by[i]] for i, c in enumerate(result.channels) if c in scenario.spending_channels}


def test_a_year_spends_its_own_budget_by_its_own_shares_and_a_silent_one_as_the_year_before():
    first = LONG.get("budget")
    assert spend_by_year(OWN) == {c: [round(first * LONG.get(f"channel.{c}.share"), 2), 15_000_000 * share, 15_000_000 * share]
                                  for c, share in SECOND.items()}
    third = OWN.with_values({"budget_3": 9_000_000.0})
    assert sum(spent[2] for spent in spend_by_year(third).values()) == pytest.approx(9_000_000)


def test_every_line_is_that_of_the_same_values_said_month_by_month():
    drawn = evaluate(LONG, {"budget": years(LONG.get("budget"), 15e6, 15e6), **{
        f"channel.{c}.share": years(LONG.get(f"channel.{c}.share"), share, share) for c, share in SECOND.items()}})
    own = evaluate(OWN)
    for key, values in own.lines.items():
        np.testing.assert_allclose(values, drawn.lines[key], rtol=1e-12, atol=1e-6, err_msg=key)


def test_the_first_year_does_not_see_the_second_but_for_stock_that_is_bought_ahead():
    short, own = evaluate(sample()), evaluate(OWN)
    for key in ("gmv", "orders", "spend", "new_customers", "contribution"):
        np.testing.assert_array_equal(short.lines[key][:, 0], own.lines[key][:12, 0], err_msg=key)


def test_organic_visits_grow_by_the_rate_of_each_year():
    own = evaluate(LONG.with_values({"channel.organic.growth": 0.03, "channel.organic.growth_2": 0.30, "halo": 0.0}))
    flat = evaluate(LONG.with_values({"channel.organic.growth": 0.0, "halo": 0.0}))
    row = own.channels.index("organic")
    grown = (own.by_channel["clicks"] / flat.by_channel["clicks"])[row, :, 0]
    assert grown[[0, 12, 24]] == pytest.approx([1, 1.03, 1.03 * 1.3])
    assert grown[18] == pytest.approx(1.03 * 1.3 ** 0.5)
    assert grown[35] == pytest.approx(1.03 * 1.3 * 1.3 ** (11 / 12)), "the third year is silent: as the second"


def test_all_checks_pass_and_a_plan_of_one_year_does_not_see_them():
    assert all(c.status == PASS for c in checks(evaluate(OWN)))
    one = OWN.with_values({"months": 12})
    for key, values in evaluate(one).lines.items():
        np.testing.assert_array_equal(values, evaluate(sample()).lines[key])


def test_draws_of_a_year_of_its_own_and_of_the_first():
    drawn = evaluate(OWN, {"budget": np.array([8e6, 12e6]), "budget_2": np.array([15e6, 20e6])})
    by_year = drawn.lines["spend"].reshape(3, 12, 2).sum(axis=1)
    np.testing.assert_allclose(by_year, [[8e6, 12e6], [15e6, 20e6], [15e6, 20e6]])


@pytest.mark.parametrize(("values", "wanted"), [
    ({"budget_2": 15e6, "channel.platform.share_2": 0.5}, [("shares_not_one", "channel.*.share_2")]),
    ({f"channel.{c}.share_2": v for c, v in SECOND.items()}, [("missing_value", "budget_2")]),
    ({"budget_3": -1.0}, [("too_low", "budget_3")]),
])
def test_shares_of_a_year_add_up_and_come_with_its_budget(values, wanted):
    assert codes(refused(LONG.with_values, values)) == wanted


def test_the_bridge_to_a_plan_with_years_of_its_own_adds_up():
    bridge = compare.bridge(LONG, OWN)
    assert bridge.start + sum(bar.value for bar in bridge.bars) == pytest.approx(bridge.end, abs=1e-3)
    assert {bar.group for bar in bridge.bars if bar.value} == {"split"}


def test_the_best_split_moves_the_first_year_and_keeps_the_others():
    found = optimize.best_split(OWN).scenario
    assert found.get("budget_2") == 15e6
    assert {c: found.get(f"channel.{c}.share_2") for c in SECOND} == SECOND
    assert evaluate(found).lines["net_profit"].sum() >= evaluate(OWN).lines["net_profit"].sum()


def test_months_cannot_be_moved_along_where_a_year_has_another_split():
    with pytest.raises(Impossible) as caught:
        optimize.best_split(OWN, phasing=True)
    assert caught.value.code == "own_years"


LONELY = LONG.with_values({"budget_2": 60_000_000.0})
LAST = LONG.with_values({"budget_3": 9_000_000.0})


def test_the_same_plan_with_its_shares_said():
    """Its lines to the bit; a plan without years of its own, and one that says them, is itself."""
    for scenario in (LONELY, LAST):
        said, plain = evaluate(response.spelled_out(scenario)), evaluate(scenario)
        assert all(np.array_equal(said.lines[k], plain.lines[k]) for k in plain.lines)
    assert response.spelled_out(LONG) is LONG and response.spelled_out(OWN) is OWN


@pytest.mark.parametrize("scenario", [OWN, LONELY, LAST])
def test_one_more_yuan_of_a_channel_is_worth_what_two_evaluations_say(scenario):
    """Of the same step in every year, each with the other channels' yuan as they are."""
    channel, spelled = "platform", response.spelled_out(scenario)
    more = spelled.with_values(response.one_step_more(spelled, channel))
    step = 1e-3 * scenario.get("budget")
    moved = {c: [y - x for x, y in zip(a, b, strict=True)] for (c, a), b in
             zip(spend_by_year(scenario).items(), spend_by_year(more).values(), strict=True)}
    for c, by_year in moved.items():
        assert by_year == pytest.approx([step if c == channel else 0.0] * 3, abs=0.05), c
    before, after = evaluate(scenario), evaluate(more)
    wanted = ((after.lines["net_profit"].sum() - before.lines["net_profit"].sum())
              / (after.lines["spend"].sum() - before.lines["spend"].sum()))
    assert response.responses(scenario)[channel].marginal == pytest.approx(float(wanted), rel=1e-5)


@pytest.mark.parametrize("scenario", [OWN, LONELY, LAST])
def test_the_next_yuan_of_every_year_is_a_yuan(scenario):
    """Nothing is divided by money that was not spent: each year's marginal profit is of the size of a yuan."""
    for period in ("year", "year2", "year3", "all"):
        found = what_decides(scenario, period=period)
        assert all(abs(v) < 10 for v in (*found.marginal.values(), *found.coming.values())), (period, found.marginal)
    assert {c: r.marginal for c, r in response.responses(scenario).items()} == pytest.approx(found.marginal, rel=1e-5)


def test_a_curve_moves_a_channel_in_every_year_and_no_other_channel():
    found = response.responses(LONELY)["content"]
    assert found.spend[0] == 0 and found.today == pytest.approx(sum(spend_by_year(LONELY)["content"]) / 36)
    without = LONELY.with_values({"budget": 0.86 * LONELY.get("budget"), "budget_2": 0.86 * 60e6,
                                  **{f"channel.{c}.share": 0.0 if c == "content" else LONELY.get(f"channel.{c}.share") / 0.86
                                     for c in LONELY.spending_channels}})
    lost = float(evaluate(LONELY).lines["net_profit"].sum() - evaluate(without).lines["net_profit"].sum()) / 36
    assert found.profit[response.TODAY] == pytest.approx(lost, rel=1e-6)
