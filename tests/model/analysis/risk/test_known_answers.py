"""The engine against closed forms: every case of tests/cases/closed_form_risk.json, within 4 · se1 ÷ √n of the exact value."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from every import each
from scipy.stats import kendalltau, spearmanr

from model.analysis.risk import distributions as di
from model.analysis.risk.correlation import of_ranks
from model.analysis.risk.engine import Event, run
from model.analysis.risk.shares import sobol_indices, swings
from model.engine import ladder
from samples import ROOT

CASES = {c["id"]: c for c in json.loads((ROOT / "tests/cases/closed_form_risk.json").read_text(encoding="utf-8"))["cases"]}
DRAWS = 16_384


def agrees(found, name: str, exact: dict) -> None:
    """Mean, quantiles, worst 5 % and chances of an output, within the tolerance of as many independent draws."""
    n, summary, draws = found.draws, found[name], found.outputs[name]
    for share, known in exact.get("quantiles", {}).items():
        value, error = found.point(name, float(share))
        assert abs(value - known["q"]) <= 4 * known["se1"] / math.sqrt(n), (share, float(value), known["q"])
        assert 0 < error <= 2 * known["se1"] / math.sqrt(n)
    sd = exact.get("sd") or math.sqrt(exact["var"]) if "sd" in exact or "var" in exact else draws.std()
    assert abs(summary.mean - exact["mean"]) <= 4 * sd / math.sqrt(n)
    if "var" in exact:
        assert draws.var() == pytest.approx(exact["var"], rel=0.03)
    if "cvar05_lower" in exact:
        tail = np.sort(draws)[: n // 20]
        assert abs(summary.worst - exact["cvar05_lower"]) <= 4 * 2 * tail.std() / math.sqrt(n / 20)
    for key in (k for k in exact if k.startswith("p_ge_")):
        chance, error = found.chance(name, float(key[5:]))
        assert abs(chance - exact[key]) <= 4 * 0.5 / math.sqrt(n) and error < 0.5 / math.sqrt(n)


def product(x):
    return {"gmv": 1e9 / x["CPM"] * x["CTR"] * x["CVR"] * x["AOV"]}


def lognormals(case) -> dict[str, di.Marginal]:
    return {k: di.of_logarithm(v["mu"], v["sigma"]) for k, v in case["inputs"].items() if k != "corr_normal_scores"}


@each("seed", range(3))
def test_product_of_lognormals(seed):
    case = CASES["LN_PRODUCT_INDEP"]
    agrees(run(product, lognormals(case), draws=DRAWS, seed=seed), "gmv", case["exact"])


def test_product_of_lognormals_without_turned_axes():
    case = CASES["LN_PRODUCT_INDEP"]
    agrees(run(product, lognormals(case), draws=DRAWS, toward=""), "gmv", case["exact"])


@each("seed", range(3))
def test_product_of_correlated_lognormals(seed):
    case = CASES["LN_PRODUCT_CORR"]
    pairs = {tuple(k.split(",")): of_ranks(v) for k, v in case["inputs"]["corr_normal_scores"].items()}
    agrees(run(product, lognormals(case), pairs, draws=DRAWS, seed=seed), "gmv", case["exact"])


def test_sum_of_twelve_correlated_months():
    case = CASES["SUM12_NORMAL_AR1_0.3"]
    i = case["inputs"]
    months = {f"m{m}": di.normal(mean, sd) for m, (mean, sd) in enumerate(zip(i["means"], i["sds"], strict=True))}
    pairs = {(f"m{a}", f"m{b}"): of_ranks(i["rho"] ** (b - a)) for a in range(12) for b in range(a + 1, 12)}
    agrees(run(lambda x: {"sum": sum(x.values())}, months, pairs, draws=DRAWS), "sum", case["exact"])


@each("stratified", [0, 5])
def test_event_of_random_size(stratified):
    event = Event("fire", 0.15, di.normal(-6, 1.5))
    found = run(lambda x: {"profit": x["base"] + x["fire"]}, {"base": di.normal(10, 2)}, events=[event], draws=DRAWS,
                stratified=stratified)
    agrees(found, "profit", CASES["EVENT_RANDOM_NORMAL"]["exact"])


def test_event_of_fixed_size_with_a_mitigation():
    case = CASES["EVENT_MITIGATED"]
    e = case["inputs"]["event"]
    found = run(lambda x: {"profit": x["base"] + e["impact"] * x["fire"] - case["inputs"]["mitigation_cost"]},
                {"base": di.normal(10, 2)}, events=[Event("fire", e["p"])], draws=DRAWS)
    agrees(found, "profit", case["exact"])


@each("case, marginal", [
    ("PERT_10_12_30_lam4", di.pert(10, 12, 30)), ("TRUNC_NORMAL", di.normal(0.03, 0.02).within(0, 0.08)),
    ("LN_FROM_P10_P90", di.lognormal_points(80, 150))])
def test_one_distribution(case, marginal):
    exact = CASES[case]["exact"]
    agrees(run(lambda x: dict(x), {"x": marginal}, draws=DRAWS), "x", exact)
    quantiles = {float(p): known["q"] for p, known in exact["quantiles"].items()}
    z = di.ndtri(np.array(list(quantiles)))
    np.testing.assert_allclose(marginal.at(z), list(quantiles.values()), rtol=1e-6)


def test_copula_identities():
    case = CASES["COPULA_RHO_0.3"]
    i, exact = case["inputs"], case["exact"]
    marginals = {"a": di.of_logarithm(0, i["s1"]), "b": di.of_logarithm(0, i["s2"])}
    assert of_ranks(i["rho_normal_scores"]) == pytest.approx(exact["spearman"], abs=1e-12)
    found = run(lambda x: dict(x), marginals, {("a", "b"): exact["spearman"]}, draws=DRAWS)
    a, b = found.outputs["a"], found.outputs["b"]
    tolerance = 4 / math.sqrt(found.draws)
    assert spearmanr(a, b)[0] == pytest.approx(exact["spearman"], abs=tolerance)
    assert kendalltau(a, b)[0] == pytest.approx(exact["kendall"], abs=tolerance)
    assert np.corrcoef(a, b)[0, 1] == pytest.approx(exact["pearson_of_lognormals"], abs=tolerance)
    assert np.mean((a < 1) & (b < 1)) == pytest.approx(exact["p_both_below_median"], abs=tolerance / 2)


def test_profit_of_a_lognormal_gmv():
    case = CASES["PROFIT_SHIFTED_LN"]
    i, exact = case["inputs"], case["exact"]
    found = run(lambda x: {"profit": i["k"] * x["gmv"] - i["C"]}, {"gmv": di.of_logarithm(i["mu"], i["sigma"])}, draws=DRAWS)
    agrees(found, "profit", exact)
    assert 1 - found.chance("profit", 0.0)[0] == pytest.approx(exact["p_loss"], abs=4 * math.sqrt(0.002 / found.draws))


def test_sobol_indices_of_a_product():
    marginals = {k: di.of_logarithm(0, s) for k, s in CASES["SOBOL_LN_PRODUCT"]["inputs"]["sigmas"].items()}
    found = sobol_indices(product, marginals, "gmv")
    exact = CASES["SOBOL_LN_PRODUCT"]["exact"]
    for name in marginals:
        assert found[name].first == pytest.approx(exact["S1"][name], abs=0.005)
        assert found[name].total == pytest.approx(exact["ST"][name], abs=0.005)


def test_swings_of_a_linear_profit():
    """The case's list of names puts S before G; its own swings put G first, and so do we."""
    exact = CASES["TORNADO_LINEAR"]["exact"]
    bars = swings(lambda x: {"profit": 0.4 * x["G"] - x["S"] - 2 * x["O"]},
                  {"G": di.normal(100, 10), "S": di.normal(20, 3), "O": di.normal(5, 1)}, "profit")
    assert {b.name: b.size for b in bars} == pytest.approx(exact["swing"], rel=1e-12)
    assert [b.name for b in bars] == sorted(exact["swing"], key=lambda k: -exact["swing"][k])


def test_renewal_with_geometric_delays_through_the_ladder():
    """One person who ordered in month 0; twelve months of the ladder alone, nobody woken, nobody new."""
    case = CASES["RENEWAL_GEOMETRIC"]
    r, th = case["inputs"]["r"], case["inputs"]["th"]
    timing = np.array([0.0, *(th * (1 - th) ** (a - 1) for a in range(1, 13))])[:, None]
    hazard = ladder.hazards(np.full((2, 2, 1), r), timing, np.zeros((2, 1)))
    people = np.zeros((2, 2, 13, 1))
    people[ladder.OTHER, ladder.ONCE, 0] = 1.0
    orders, nothing = [1.0], np.zeros((2, 1))
    for _ in range(12):
        repeats = people * hazard
        orders.append(float(repeats.sum()))
        people = ladder.grow_older(people - repeats, np.zeros((2, 2, 1)), repeats.sum(axis=(1, 2)), nothing, nothing, nothing)
    np.testing.assert_allclose(orders, case["exact"]["expected_orders_by_month"][:13], rtol=1e-12)
    assert sum(orders[1:]) == pytest.approx(case["exact"]["repeat_orders_12m"], rel=1e-12)


def test_every_case_of_the_file_is_tried_here():
    source = (ROOT / "tests/model/analysis/risk/test_known_answers.py").read_text(encoding="utf-8")
    assert [case for case in CASES if f'"{case}"' not in source] == []
