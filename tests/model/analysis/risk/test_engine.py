"""The engine's promises: the same numbers whatever the blocks, threads and order; truncation; copula; honest errors."""

from __future__ import annotations

import math

import numpy as np
import pytest
from every import each
from scipy import special, stats

from model import InvalidInput, UnknownName
from model.analysis.risk import distributions as di
from model.analysis.risk import sobol
from model.analysis.risk.correlation import correlate, nearest, of_ranks, of_scores
from model.analysis.risk.engine import BATCH, Event, run
from model.analysis.risk.shares import shapley, shares_of
from model.plan import risks as ri
from samples import codes

MARGINALS = {"price": di.pert(8, 12, 20), "rate": di.beta(0.03, 0.006), "value": di.lognormal(220, 20),
             "cost": di.uniform(5, 9), "level": di.metalog(90, 100, 115)}
PAIRS = {("price", "rate"): -0.3, ("rate", "value"): -0.2, ("value", "cost"): 0.4}
EVENTS = (Event("strike", 0.2), Event("recall", 0.1, di.pert(1, 2, 5)))


def profit(x):
    sales = 1e6 / x["price"] * x["rate"] * x["value"] * x["level"]
    return {"profit": sales * (1 - 0.1 * x["strike"]) - 1000 * x["cost"] - 5000 * x["recall"],
            "by_month": sales * np.array([[0.5], [1.0], [1.5]])}


def go(function=profit, **more):
    return run(function, **{"marginals": MARGINALS, "correlation": PAIRS, "events": EVENTS, "draws": 2048, "seed": 3} | more)


BASE = go()


def same(a, b) -> bool:
    return all(np.array_equal(a.outputs[k], b.outputs[k]) and np.array_equal(a[k].points, b[k].points)
               and np.array_equal(a[k].points_error, b[k].points_error) for k in ("profit", "by_month"))


# --- the same numbers -------------------------------------------------------------------------------------------------

@each("more", [
    {"block": 100}, {"block": 7}, {"threads": 1}, {"threads": 5, "block": 333}, {"axes": BASE.axes},
    {"marginals": dict(reversed(MARGINALS.items()))}, {"correlation": {(b, a): r for (a, b), r in PAIRS.items()}},
], ids=str)
def test_to_the_bit_whatever_the_blocks_threads_and_order(more):
    assert same(go(**more), BASE)


@each("more", [{"block": 7}, {"threads": 5, "block": 333}, {"marginals": dict(reversed(MARGINALS.items()))}],
                         ids=str)
def test_single_precision_too_gives_the_same_numbers_to_the_bit(more):
    assert same(go(precision=np.float32, **more), go(precision=np.float32))


def test_single_precision_shows_the_function_single_numbers_that_are_the_same_to_a_hundred_thousandth():
    seen = {}

    def watched(x):
        if len(next(iter(x.values()))) == 2048:  # and not the few of the gradient
            seen.update(x)
        return profit(x)

    single = go(precision=np.float32, function=watched)
    assert {draws.dtype for draws in seen.values()} == {np.dtype(np.float32)}
    for name, draws in go(function=lambda x: dict(x), axes=BASE.axes).outputs.items():
        np.testing.assert_allclose(seen[name], draws, rtol=1e-5, atol=1e-6, err_msg=name)
    assert set(np.unique(seen["strike"])) == {0, 1}
    np.testing.assert_allclose(single["profit"].points, BASE["profit"].points, rtol=1e-5)


def test_another_seed_is_another_run():
    assert not np.array_equal(go(seed=4).outputs["profit"], BASE.outputs["profit"])


def test_an_input_more_leaves_the_others_their_draws():
    def inputs(x):
        return {k: x[k] for k in MARGINALS}
    before = run(inputs, MARGINALS, PAIRS, draws=512, toward="")
    after = run(inputs, {"a new one": di.normal(0, 1), **MARGINALS}, PAIRS, draws=512, toward="")
    assert all(np.array_equal(before.outputs[k], after.outputs[k]) for k in MARGINALS)


def test_more_scrambles_begin_with_the_same_ones():
    few, many = go(draws=1024, scrambles=16), go(draws=4096, scrambles=64)
    assert (few.layout.bits, many.scrambles) == (many.layout.bits, 64)
    assert np.array_equal(many.outputs["profit"][:1024], few.outputs["profit"])


# --- progress and stop ------------------------------------------------------------------------------------------------

def test_progress_is_told_and_stopping_keeps_what_there_is():
    told = []
    found = go(draws=4 * BATCH, keep=BATCH, progress=lambda *now: told.append(now), stop=lambda: len(told) >= 2)
    assert told == [(BATCH, 4 * BATCH), (2 * BATCH, 4 * BATCH)]
    assert found.stopped and found.draws == 2 * BATCH and found.outputs["profit"].shape == (BATCH,)
    whole = go(draws=4 * BATCH)
    assert not whole.stopped and np.array_equal(whole.outputs["profit"][:BATCH], found.outputs["profit"])
    assert np.all(found["profit"].points_error > whole["profit"].points_error * 0.5)


def test_at_least_one_batch_is_done():
    assert go(stop=lambda: True).draws == 2048


def test_batches_together_say_what_all_draws_say():
    found = go(draws=4 * BATCH)
    exact = np.quantile(found.outputs["profit"], 0.05, method="hazen")
    assert found["profit"].point(5) == pytest.approx(exact, abs=2 * found["profit"].point_error(5))
    assert found["profit"].mean == pytest.approx(found.outputs["profit"].mean(), rel=1e-12)


# --- errors that can be trusted -----------------------------------------------------------------------------------------

def test_standard_errors_are_those_of_many_seeds():
    runs = [go(seed=s, draws=512) for s in range(60)]
    for at in range(7):
        points = np.array([r["profit"].points[at] for r in runs])
        said = np.mean([r["profit"].points_error[at] for r in runs])
        assert 0.6 < said / points.std(ddof=1) < 1.6


def test_turned_axes_find_the_lower_tail_with_fewer_draws():
    errors = {toward: np.std([go(seed=s, draws=512, toward=toward)["profit"].point(5) for s in range(40)])
              for toward in ("", "profit")}
    assert errors["profit"] < 0.8 * errors[""]


@each("stratified", [0, 1, 2])
def test_events_happen_as_often_as_they_should(stratified):
    both = [run(lambda x: {"both": x["a"] * x["b"], "a": x["a"]}, {"x": di.normal(0, 1)}, draws=2048, seed=s, stratified=stratified,
                events=[Event("a", 0.3), Event("b", 0.2)], toward="") for s in range(40)]
    for name, share in (("a", 0.3), ("both", 0.06)):
        means = np.array([r[name].mean for r in both])
        assert abs(means.mean() - share) < 4 * math.sqrt(share * (1 - share) / 2048 / 40)
        if stratified == 2:
            assert means.std() < 0.5 * math.sqrt(share * (1 - share) / 2048)


@each("marginals", [{}, {"a": di.normal(0, 1)}, {"a": di.normal(0, 1), "b": di.normal(0, 1)}], ids=len)
def test_any_number_of_inputs_and_events_makes_a_run(marginals):
    """None, one or many of either; events that never and always happen, with and without a size, stratified or not."""
    choices = [(), *[(Event("e", p),) for p in (0.0, 0.3, 1.0)], (Event("e", 0.3, di.uniform(2, 4)), Event("f", 1.0)),
               tuple(Event(f"e{i}", 0.3) for i in range(40))]
    for events in choices:
        for more in ({}, {"stratified": 0}, {"precision": np.float32}, {"draws": 32}, {"counted": {"y"}}):
            found = run(lambda x: {"y": sum(x.values(), 0.0)}, marginals, None, events, **more)
            wanted = sum(e.probability if e.size is None else 3 * e.probability + 3 for e in events)  # a size is an input too
            assert found["y"].mean == pytest.approx(wanted, abs=0.01 + 6 * float(found["y"].mean_error)), (events, more)
            assert found.outputs["y"].shape == (found.draws,)


# --- distributions ------------------------------------------------------------------------------------------------------

U = np.array([1e-6, 0.001, 0.02, 0.1, 0.3, 0.5, 0.77, 0.9, 0.99, 1 - 1e-6])
KNOWN = {
    "pert": (di.pert(10, 12, 30), stats.beta(1.4, 4.6, 10, 20)), "pert_at_its_end": (di.pert(0, 0, 1), stats.beta(1, 5)),
    "triangular": (di.triangular(1, 4, 5), stats.triang(0.75, 1, 4)), "uniform": (di.uniform(-2, 6), stats.uniform(-2, 8)),
    "normal": (di.normal(3, 2), stats.norm(3, 2)), "lognormal": (di.of_logarithm(1, 0.4), stats.lognorm(0.4, 0, math.e)),
    "beta": (di.beta(0.2, 0.1), stats.beta(3, 12)), "u_shaped_beta": (di.beta(0.5, 0.4), stats.beta(0.28125, 0.28125)),
}


@each("which", KNOWN)
def test_inverse_agrees_with_scipy(which):
    ours, theirs = KNOWN[which]
    width = min(theirs.ppf(0.999) - theirs.ppf(0.001), 1e9)
    np.testing.assert_allclose(ours.at(stats.norm.ppf(U)), theirs.ppf(U), atol=5e-7 * width)


@each("inner", [False, True], ids=["whole", "truncated"])
@each("which", KNOWN)
def test_inverse_in_single_precision_is_the_same_to_a_millionth(which, inner):
    ours, theirs = KNOWN[which]
    if inner:
        ours = ours.within(*theirs.ppf([0.001, 0.999]))
    z = np.linspace(-5, 5, 4001)
    exact = (ours.at(z) - ours.offset) / ours.scale
    found = di.standard_at(ours.standard, z.astype(np.float32))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, exact, rtol=3e-6, atol=2e-6)


def test_bounds_of_numpys_own_kind_do_not_make_single_values_double():
    assert di.pert(*np.array([10.0, 12.0, 30.0])).at(np.zeros(3, np.float32)).dtype == np.float32


@each("which", KNOWN)
def test_truncated_and_not_clipped(which):
    """Inside the bounds the law is the old one given that it is inside; no draw sits at a bound."""
    ours, theirs = KNOWN[which]
    low, high = theirs.ppf([0.15, 0.8])
    inner = ours.within(low, high)
    expected = theirs.ppf(theirs.cdf(low) + U * (theirs.cdf(high) - theirs.cdf(low)))
    np.testing.assert_allclose(inner.at(stats.norm.ppf(U)), expected, atol=2e-6 * (high - low))
    draws = run(lambda x: dict(x), {"x": inner}, draws=2048).outputs["x"]
    assert np.all((draws > low) & (draws < high))


def test_metalog_goes_through_its_points_also_when_truncated():
    m = di.metalog(5, 9, 20)
    np.testing.assert_allclose(m.at(stats.norm.ppf([0.1, 0.5, 0.9])), [5, 9, 20], rtol=1e-9)
    inner = m.within(4, 22).at(np.linspace(-6, 6, 2001))
    assert inner.min() >= 4 and inner.max() <= 22 and np.all(np.diff(inner) > 0)


@each("family", [di.pert, di.triangular])
def test_a_range_with_the_likely_at_an_end(family):
    for likely in (1.0, 3.0):
        assert np.all(np.diff(family(1.0, likely, 3.0).at(np.linspace(-5, 5, 101))) > 0)


def test_mean_and_deviation_are_met():
    for family, form in ((f, ri.MOMENTS) for f, forms in ri.FORMS.items() if ri.MOMENTS in forms):
        m = di.make(family, form, {"mean": 0.4, "deviation": 0.05}, 0.0, 1.0)
        draws = run(lambda x: dict(x), {"x": m}, draws=8192).outputs["x"]
        assert (draws.mean(), draws.std()) == (pytest.approx(0.4, abs=1e-4), pytest.approx(0.05, rel=0.01)), family


@each("make, code", [
    (lambda: di.pert(3, 2, 1), "low_above_high"), (lambda: di.pert(1, 5, 3), "likely_outside"),
    (lambda: di.metalog(5, 6, 4), "low_above_high"), (lambda: di.metalog(5, 5.1, 20), "points_too_skewed"),
    (lambda: di.normal(0, 0), "no_width"), (lambda: di.lognormal(-1, 2), "not_positive"),
    (lambda: di.lognormal_points(0, 2), "not_positive"), (lambda: di.beta(0.5, 0.6), "deviation_too_large"),
    (lambda: di.uniform(2, 3).within(5, 6), "outside_bounds"), (lambda: go(events=[Event("x", 1.2)]), "too_high"),
    (lambda: go(events=[Event("x", -0.1)]), "too_low"), (lambda: go(correlation={("price", "rate"): 1.5}), "too_high"),
    (lambda: go(draws=3), "too_low"), (lambda: go(draws=2 ** 40), "too_high"), (lambda: go(events=[Event("price", 0.1)]), "duplicate_row"),
    (lambda: go(draws=0), "too_low"), (lambda: go(draws=1), "too_low"), (lambda: go(events=[Event("x", 0.1)] * 2), "duplicate_row"),
    (lambda: go(marginals={"a size": di.uniform(0, 1)}, correlation=None, events=[Event("a", 0.1, di.uniform(2, 3))]), "duplicate_row"),
    (lambda: go(marginals={"axis 1": di.uniform(0, 1)}, correlation=None), "duplicate_row"),
])
def test_bad_input_is_refused(make, code):
    with pytest.raises(InvalidInput) as caught:
        make()
    assert [c for c, _ in codes(caught.value.violations)] == [code]


def test_a_correlation_with_nobody_is_refused():
    with pytest.raises(UnknownName):
        go(correlation={("price", "nobody"): 0.1})


# --- correlation --------------------------------------------------------------------------------------------------------

def test_ranks_and_scores_belong_together():
    for rho in np.linspace(-1, 1, 9):
        assert of_ranks(of_scores(rho)) == pytest.approx(rho, abs=1e-12)


def test_a_valid_matrix_is_left_alone():
    assert correlate(PAIRS, MARGINALS).repairs == ()


def test_a_contradiction_is_repaired_to_the_nearest_matrix_and_told():
    found = correlate({("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): -0.9}, "abc")
    assert np.linalg.eigvalsh(found.matrix)[0] > -1e-9 and np.allclose(np.diag(found.matrix), 1)
    assert {r.pair for r in found.repairs} == {("a", "b"), ("b", "c"), ("a", "c")}
    assert max(abs(r.used - r.asked) for r in found.repairs) == pytest.approx(0.9 - of_ranks(0.5), abs=1e-6)


def test_highams_example():
    """Higham (2002): the nearest correlation matrix to [[1, 1, 0], [1, 1, 1], [0, 1, 1]]."""
    found = nearest(np.array([[1.0, 1, 0], [1, 1, 1], [0, 1, 1]]))
    np.testing.assert_allclose(found[[0, 0], [1, 2]], [0.76068985, 0.15729811], atol=1e-7)


def test_draws_have_the_rank_correlations_asked_for():
    found = run(lambda x: dict(x), MARGINALS, PAIRS, draws=8192)
    for (a, b), rho in PAIRS.items():
        assert stats.spearmanr(found.outputs[a], found.outputs[b])[0] == pytest.approx(rho, abs=0.02)


# --- points -------------------------------------------------------------------------------------------------------------

def test_direction_numbers_are_those_of_scipys_sobol_sequence():
    """Point 2^j − 1 of the unscrambled sequence is, in Gray code, direction number j alone."""
    points = stats.qmc.Sobol(sobol.DIMENSIONS, scramble=False, bits=32).random(2 ** sobol.MOST_BITS)
    alone = points[[2 ** (j + 1) - 1 for j in range(sobol.MOST_BITS)]].T * 2.0 ** 32
    np.testing.assert_array_equal(sobol._directions(), alone.astype(np.uint32))


def test_each_scramble_has_one_point_in_every_part_of_every_dimension():
    where = sobol.dimensions([f"x{i}" for i in range(50)], ("x7", "x8"))
    assert len(set(where.values())) == 50 and (where["x7"], where["x8"]) == (0, 1)
    points = sobol.points(where, 5, range(2, 6), 6).reshape(50, 4, 64)
    assert np.array_equal(np.sort((points * 64).astype(int), axis=-1), np.broadcast_to(np.arange(64), (50, 4, 64)))
    assert np.array_equal(points[:, 1:3], sobol.points(where, 5, range(3, 5), 6).reshape(50, 2, 64))


@each("precision, within", [(np.float64, 2e-8), (np.float32, 1e-6)])
def test_normal_scores_are_those_of_the_points_also_at_the_ends(precision, within):
    where = sobol.dimensions([f"x{i}" for i in range(40)])
    points, found = sobol.points(where, 5, range(64), 12), sobol.normals(where, 5, range(64), 12, precision)
    assert found.dtype == precision
    assert points.min() < 1e-6 and points.max() > 1 - 1e-6
    np.testing.assert_allclose(found, special.ndtri(points), rtol=0, atol=within)


def test_points_are_unbiased_and_scrambles_independent():
    points = sobol.points(sobol.dimensions("ab"), 1, range(4000), 1).reshape(2, 4000, 2)
    assert np.abs(points.mean(axis=(1, 2)) - 0.5).max() < 0.02
    assert np.abs(np.corrcoef(points[:, :-1, 0].ravel(), points[:, 1:, 0].ravel())[0, 1]) < 0.05


# --- shares -------------------------------------------------------------------------------------------------------------

def test_shapley_effects_of_two_correlated_normals():
    """Iooss and Prieur (2019), section 3.1, the closed form of two inputs."""
    b1, b2, rho = 2.0, 1.0, 0.6
    found = shapley(np.array([b1, b2]), np.array([[1, rho], [rho, 1]]))
    first = b1 ** 2 * (1 - rho ** 2 / 2) + rho * b1 * b2 + b2 ** 2 * rho ** 2 / 2
    second = b2 ** 2 * (1 - rho ** 2 / 2) + rho * b1 * b2 + b1 ** 2 * rho ** 2 / 2
    assert found == pytest.approx([first, second], rel=1e-6)


def test_shapley_effects_of_a_group_and_an_independent_input():
    """The third is by itself; a fourth without a slope has its part of what it shares with the first."""
    matrix = np.eye(4)
    matrix[0, 3] = matrix[3, 0] = 0.8
    found = shapley(np.array([1.0, 2.0, 3.0, 0.0]), matrix)
    assert found == pytest.approx([1 - 0.32, 4, 9, 0.32], rel=1e-6)


def test_shares_add_up_and_name_what_they_leave():
    rng = np.random.default_rng(0)
    z = {k: rng.normal(size=20_000) for k in "ab"}
    fire = (rng.random(20_000) < 0.2).astype(float)
    found = shares_of(z["a"] + 2 * z["b"] - 5 * fire + z["a"] ** 2, z, correlate(None, z), {"fire": [fire]})
    assert sum(found.shares.values()) + found.rest == pytest.approx(1, abs=1e-12)
    total = 1 + 4 + 4 + 2
    assert found.shares == pytest.approx({"a": 1 / total, "b": 4 / total, "fire": 4 / total}, abs=0.02)
    assert list(found.shares)[-1] == "a" and found.rest == pytest.approx(2 / total, abs=0.02)


def test_an_output_that_does_not_move_has_no_shares():
    z = {"a": np.linspace(-1, 1, 100)}
    assert shares_of(np.ones(100), z, correlate(None, z)).shares == {"a": 0.0}


@each("draws", [16_384, 16_384 + 4_096, 3 * 16_384 + 4_096], ids=lambda d: f"{d / 16_384:g} batches")
def test_a_smaller_last_batch_counts_with_the_others(draws):
    outputs = {f"y{i}": i + 1.0 for i in range(40)}
    found = run(lambda x: {k: v * x["a"] for k, v in outputs.items()}, {"a": di.normal(1, 0.2)}, draws=draws, threads=2)
    for key in outputs:
        assert found[key].mean == pytest.approx(found.outputs[key].mean(), rel=1e-12)
        assert found[key].point(50) == pytest.approx(np.median(found.outputs[key]), rel=1e-3)
    assert found.draws == draws
