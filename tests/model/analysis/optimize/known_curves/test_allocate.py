"""The proven best split over known curves: certified cases, dense brute force, boundaries, scales and refusals."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from every import each
from hypothesis import given
from hypothesis import strategies as st

from model.analysis.optimize import Curve, Hill, Logistic, MichaelisMenten, allocate, largest_budget
from model.analysis.optimize.asks import Impossible

BENCH = json.loads((Path(__file__).parents[4] / "cases" / "optimizer_cases.json").read_text())
CASES = {case["id"]: case for case in BENCH["cases"]}
each_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def curve(channel, value=1.0, money=1.0):
    """The curve of a channel of the bench, in other units of value and money."""
    if channel["family"] == "logistic":
        return Logistic(channel["a"] * value, channel["lam"] / money)
    a, k = channel["a"] * value, channel["k"] * money
    return Hill(a, k, channel["s"]) if channel["family"] == "hill" else MichaelisMenten(a, k)


def solved(case, value=1.0, money=1.0):
    low, high = (np.array(case[b]) * money for b in ("lb", "ub"))
    return allocate([curve(c, value, money) for c in case["channels"]], case["budget"] * money, low, high)


# --- the certified cases ------------------------------------------------------------------------------------------------

@each_case
def test_certified_optimum(case):
    found, optimum = solved(case), case["optimum"]
    assert found.value >= 0.99999 * optimum["value"]
    assert found.value <= optimum["upper_bound"] * (1 + 1e-12)
    assert found.proven and found.bound >= optimum["value"] * (1 - 1e-12)
    assert found.gap == pytest.approx((found.bound - found.value) / found.bound, abs=1e-15)
    values = [float(curve(c).value(np.array(x))) for c, x in zip(case["channels"], found.spend, strict=True)]
    assert found.value == pytest.approx(sum(values), rel=1e-12)


@each_case
def test_all_of_the_budget_is_spent_within_the_bounds(case):
    found = solved(case)
    assert found.spend.sum() == pytest.approx(case["budget"], rel=1e-15)
    assert np.all(found.spend >= case["lb"]) and np.all(found.spend <= np.array(case["ub"]) * (1 + 1e-15))


@each("value, money", [(1e-6, 1), (1e6, 1), (1, 1e-3), (1, 1e3), (1e-6, 1e3), (1e6, 1e-3), (7, 3)])
@each_case
def test_the_same_split_in_other_units(case, value, money):
    plain, scaled = solved(case), solved(case, value, money)
    np.testing.assert_allclose(scaled.spend / money, plain.spend, atol=1e-6 * case["budget"])
    assert scaled.value == pytest.approx(plain.value * value, rel=1e-9)


@pytest.mark.deep
@each("name", BENCH["target_roi"])
def test_largest_budget_with_a_target_return(name):
    wanted, case = BENCH["target_roi"][name], CASES[name.split("@")[0]]
    history = np.array(case["history"])
    found = largest_budget([curve(c) for c in case["channels"]], wanted["target"], 0.1 * history, 10 * history)
    assert found.roi >= wanted["target"]
    assert found.allocation.value >= 0.999 * wanted["exact_value"]
    assert found.budget == pytest.approx(wanted["exact_spend"], rel=1e-3)
    assert (found.allocation.spend < 10 * history).any()


@each_case
def test_any_function_with_its_derivative(case):
    pairs = [(c.value, c.slope) for c in map(curve, case["channels"])]
    found = allocate(pairs, case["budget"], case["lb"], case["ub"])
    assert found.proven and found.value == pytest.approx(case["optimum"]["value"], rel=1e-8)


# --- brute force --------------------------------------------------------------------------------------------------------

def brute_force(curves, low, high, steps: int) -> float:
    """The best sum of values where every spend is a whole number of steps of the budget 1."""
    grid = np.arange(steps + 1) / steps
    best = np.where(grid == 0, 0.0, -np.inf)
    for c, least, most in zip(curves, low, high, strict=True):
        value = np.where((grid >= least - 1e-9) & (grid <= most + 1e-9), c.value(grid), -np.inf)
        after = np.full(steps + 1, -np.inf)
        for j in np.flatnonzero(np.isfinite(value)):
            after[j:] = np.maximum(after[j:], best[:steps + 1 - j] + value[j])
        best = after
    return best[-1]


@st.composite
def problems(draw):
    """Two to six Hill curves of shape 1 to 6, floors and ceilings in hundredths of the budget."""
    n = draw(st.integers(2, 6))
    curves = [Hill(draw(st.floats(0.05, 1)), draw(st.floats(0.03, 3)), draw(st.sampled_from((1.0, 1.4, 2.0, 2.7, 3.0, 6.0))))
              for _ in range(n)]
    low = np.array([draw(st.integers(0, 50 // n)) for _ in range(n)]) / 100 * draw(st.integers(0, 1))
    high = np.minimum(1, low + np.array([draw(st.integers(100 // n, 100)) for _ in range(n)]) / 100 + 0.01)
    return curves, low, high


@given(problems())
def test_random_s_shapes_against_dense_brute_force(problem):
    curves, low, high = problem
    found = allocate(curves, 1.0, low, high)
    dense = brute_force(curves, low, high, 500)
    assert found.proven
    assert found.value >= dense * (1 - 1e-7) and found.bound >= dense * (1 - 1e-12)


@given(problems(), st.floats(0.2, 5))
def test_a_larger_budget_never_lowers_the_best_value(problem, factor):
    curves, _, _ = problem
    values = [allocate(curves, b, 0.0, 10.0).value for b in sorted((1.0, factor))]
    assert values[1] >= values[0] * (1 - 2e-7)


# --- many channels, hardly different -----------------------------------------------------------------------------------

@each("noise", [0.0, 1e-6, 1e-3, 1e-2, 0.1])
@each("shape", [1.5, 3.0])
def test_thirty_channels_that_hardly_differ_take_few_nodes(noise, shape):
    chance = np.random.default_rng(5)
    curves = [Hill(1 + noise * chance.normal(), 1 + noise * chance.normal(), shape) for _ in range(30)]
    found = allocate(curves, 17.3, 0, 17.3)
    assert found.proven and found.nodes <= 100


def test_thirty_random_channels_take_few_nodes():
    for seed in range(10):
        chance = np.random.default_rng(seed)
        curves = [Hill(*p) for p in zip(chance.uniform(0.1, 2, 30), chance.uniform(0.2, 4, 30), chance.uniform(1, 3, 30),
                                        strict=True)]
        found = allocate(curves, 20.0, 0, 20.0)
        assert found.proven and found.nodes <= 100, seed


# --- boundaries ---------------------------------------------------------------------------------------------------------

HILLS = [Hill(1.0, 1.0, 2.0), Hill(2.0, 3.0, 3.0), MichaelisMenten(1.0, 0.5)]


def test_budget_equal_to_the_floors():
    found = allocate(HILLS, 1.5, [0.5, 0.5, 0.5], 9)
    assert found.spend.tolist() == [0.5, 0.5, 0.5] and found.gap == 0


def test_budget_equal_to_the_ceilings():
    found = allocate(HILLS, 6.0, 0, [1.0, 2.0, 3.0])
    assert found.spend.tolist() == [1.0, 2.0, 3.0] and found.gap == 0


def test_budget_zero():
    found = allocate(HILLS, 0.0, 0, 5)
    assert found.spend.tolist() == [0, 0, 0] and found.value == 0 and found.gap == 0


def test_one_channel_gets_it_all():
    assert allocate([HILLS[0]], 3.0, 0, 5).spend.tolist() == [3.0]


def test_floor_equal_to_ceiling_is_a_lock():
    found = allocate(HILLS, 4.0, [0, 1.25, 0], [4, 1.25, 4])
    assert found.spend[1] == 1.25 and found.spend.sum() == 4.0


def test_convex_curves_put_all_on_one():
    square = Curve(lambda x: x ** 2, lambda x: 2 * x)
    found = allocate([square, square, square], 2.0, 0, 2.0)
    assert sorted(found.spend) == pytest.approx([0, 0, 2.0], abs=1e-12) and found.value == pytest.approx(4.0)


def test_straight_lines_fill_the_steepest_first():
    lines = [Curve(lambda x, s=s: s * x, lambda x, s=s: np.full_like(x, s)) for s in (1.0, 3.0, 2.0)]
    found = allocate(lines, 5.0, 0, 2.0)
    assert found.spend == pytest.approx([1.0, 2.0, 2.0]) and found.value == pytest.approx(11.0)


def test_falling_curves_still_spend_the_budget():
    costly = [Curve(lambda x, a=a: a * np.log1p(x) - x, lambda x, a=a: a / (1 + x) - 1) for a in (0.5, 1.0)]
    found = allocate(costly, 6.0, 0, 6.0)
    assert found.spend.sum() == 6.0 and found.spend == pytest.approx([5 / 3, 13 / 3], rel=1e-6) and found.gap < 1e-6


def test_functions_that_take_numbers_only():
    found = allocate([(lambda x: float(x) ** 0.5, lambda x: 0.5 / max(float(x), 1e-12) ** 0.5)] * 2, 2.0, 0, 2)
    assert found.spend == pytest.approx([1, 1], rel=1e-6)


def of_numbers(h: Hill):
    """The same curve in plain arithmetic of single numbers."""
    return (lambda x: h.a / (1 + (h.k / x) ** h.s) if x > 0 else 0.0,
            lambda x: h.a * h.s / h.k * (x / h.k) ** (h.s - 1) / (1 + (x / h.k) ** h.s) ** 2)


@pytest.mark.deep
@given(problems(), st.sampled_from(("arrays", "numbers", "mixed")))
def test_functions_have_the_optimum_and_a_true_bound_as_named_curves_do(problem, kind):
    curves, low, high = problem
    functions = [h if kind == "mixed" and i % 2 else of_numbers(h) if kind == "numbers" else (h.value, h.slope)
                 for i, h in enumerate(curves)]
    named, found = allocate(curves, 1.0, low, high), allocate(functions, 1.0, low, high)
    assert found.proven and found.value >= named.value * (1 - 1e-6)
    assert found.bound >= named.value * (1 - 1e-12) and found.value <= named.bound * (1 + 1e-12)


def test_a_function_is_asked_a_few_hundred_times():
    """Thirty channels are answered in milliseconds because no point is asked for twice over."""
    asked = [0]

    def counted(h: Hill):
        def value(x):
            asked[0] += np.size(x)
            return h.value(x)
        return value, h.slope
    found = allocate([counted(Hill(1 + i / 30, 1 + (i % 7) / 3, 1 + i % 3)) for i in range(30)], 20.0, 0, 20.0)
    assert found.proven and asked[0] < 30 * 1_000


@each("noise", [0.0, 1e-6, 0.1])
def test_thirty_functions_that_hardly_differ_take_few_nodes(noise):
    chance = np.random.default_rng(5)
    curves = [Hill(1 + noise * chance.normal(), 1 + noise * chance.normal(), 3.0) for _ in range(30)]
    found = allocate([(h.value, h.slope) for h in curves], 17.3, 0, 17.3)
    assert found.proven and found.nodes <= 100


@each("saturation", [1e-4, 1e-9])
def test_a_rise_between_two_points_of_the_grid_is_seen(saturation):
    """Saturated long before the first point of any even grid: slopes are zero wherever one looks, but the rise is there."""
    def steep(x):
        return 1 - np.exp(-(x / saturation) ** 3)

    def slope(x):
        return 3 / saturation * (x / saturation) ** 2 * np.exp(-(x / saturation) ** 3)
    root = (lambda x: 0.1 * np.sqrt(x), lambda x: 0.05 / np.sqrt(x))
    found = allocate([(steep, slope), root], 10.0, 0, 10.0)
    assert found.proven and found.value == pytest.approx(1 + 0.1 * np.sqrt(10), rel=1e-4)
    assert 0 < found.spend[0] < 10 * saturation


def test_kinks_are_met_exactly():
    """3 a yuan up to 1.1, 2 up to 0.7, 1 up to 2.0, of 2.5: 3.3 + 1.4 + 0.7."""
    curves = [(lambda x, a=a, c=c: a * np.minimum(x, c), lambda x, a=a, c=c: np.where(x < c, a, 0.0))
              for a, c in ((3.0, 1.1), (2.0, 0.7), (1.0, 2.0))]
    found = allocate(curves, 2.5, 0, 2.5)
    assert found.proven and found.spend == pytest.approx([1.1, 0.7, 0.7], abs=1e-9) and found.value == pytest.approx(5.4)


@each("lowest", [Hill(0.0, 1.0, 2.0), Logistic(0.0, 1.0), (lambda x: 0 * x, lambda x: 0 * x),
                                    (lambda x: 0.0, lambda x: 0.0)])
def test_a_channel_that_sells_nothing_gets_nothing(lowest):
    found = allocate([lowest, HILLS[0]], 3.0, 0, 3.0)
    assert found.spend == pytest.approx([0, 3.0]) and found.proven
    assert allocate([lowest, lowest], 3.0, 0, 3.0).value == 0


@each("make", [lambda h: h, lambda h: (h.value, h.slope)])
def test_a_budget_far_beyond_every_ceiling_of_value(make):
    found = allocate([make(h) for h in HILLS], 1e12, 0, 1e12)
    assert found.proven and found.value == pytest.approx(4.0) and found.spend.sum() == 1e12


def test_a_floor_beyond_the_inflection():
    found = allocate(HILLS, 5.0, [2.0, 0, 0], 5)
    assert found.spend[0] >= 2.0 and found.proven


# --- refusals -----------------------------------------------------------------------------------------------------------

@each("low, high, code, channels", [
    ([400_000, 0, 400_000], 1e6, "floors_above_budget", (0, 2)),
    ([0, 0, 0], [1e5, 1e5, 1e5], "ceilings_below_budget", (0, 1, 2)),
    ([0, 5.0, 0], [9e9, 4.0, 9e9], "bounds_crossed", (1,)),
])
def test_impossible_bounds_are_named_with_their_numbers(low, high, code, channels):
    with pytest.raises(Impossible) as caught:
        allocate(HILLS, 500_000.0, low, high)
    assert caught.value.code == code and caught.value.data["channels"] == channels
    if code == "floors_above_budget":
        assert (caught.value.data["floors"], caught.value.data["budget"]) == (800_000, 500_000)


def test_a_curve_that_turns_twice_is_refused():
    wave = Curve(lambda x: x + np.sin(x), lambda x: 1 + np.cos(x))
    with pytest.raises(Impossible) as caught:
        allocate([wave, wave], 30.0, 0, 30.0)
    assert caught.value.code == "not_s_shaped"


@each("curve, code", [
    ((np.sqrt, lambda x: np.ones_like(x)), "not_s_shaped"),                 # not its derivative
    ((lambda x: np.where(x > 1, 1.0, 0.0), lambda x: 0 * x), "not_s_shaped"),   # a jump
    ((lambda x: np.nan * x, lambda x: x), "not_finite"),
    ((lambda x: 1 / (1 - float(x) // 2), lambda x: 0.0), "not_finite"),     # divides by zero on the way
    (Hill(-1.0, 1.0, 2.0), "too_low"), (Hill(1.0, 1.0, 0.5), "too_low"), (Hill(1.0, 0.0, 2.0), "too_low"),
    (Logistic(1.0, np.nan), "not_finite"),
])
def test_a_curve_that_no_proof_could_rest_on_is_refused(curve, code):
    with pytest.raises(Impossible) as caught:
        allocate([HILLS[0], curve], 3.0, 0, 3.0)
    assert caught.value.code == code


def test_bounds_that_are_no_amounts():
    for low, high, code in (([0, np.nan, 0], 5, "not_finite"), (0, [5, np.nan, 5], "not_finite"), (-1.0, 5, "too_low")):
        with pytest.raises(Impossible) as caught:
            allocate(HILLS, 3.0, low, high)
        assert caught.value.code == code


@each("budget", [np.nan, np.inf, -1.0])
def test_a_budget_that_is_no_amount(budget):
    with pytest.raises(Impossible):
        allocate(HILLS, budget, 0, 1)


def test_a_return_out_of_reach_tells_the_highest():
    with pytest.raises(Impossible) as caught:
        largest_budget(HILLS, 100.0, 0, 10)
    data = caught.value.data
    assert caught.value.code == "return_out_of_reach" and 0 < data["highest"] < 100
    assert data["spend"].sum() == pytest.approx(data["budget"])


def test_a_return_that_even_the_ceilings_give():
    found = largest_budget(HILLS, 0.01, 0, 3)
    assert found.budget == 9.0
