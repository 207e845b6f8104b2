"""A comparison and a review as workbooks: the model's figures, formulas that give them again, no error in LibreOffice."""

from __future__ import annotations

import shutil
from functools import cache

import pytest
from actual_months import measured
from books import WORDS, broken, calculated, errors, opened
from odd_plans import ODD

import plans
from model import KPIS, evaluate, kpi, review
from model.analysis.compare import bridge
from model.analysis.risk.simulate import simulate
from model.io.workbook.comparison import Comparison, Side, comparison_workbook
from model.plan.book import Book, Note
from model.review.kept import actuals_of
from model.review.workbook import Review, review_workbook
from samples import changed, june, sample

POINTS = (5, 10, 25, 50, 75, 90, 95)


@cache
def compared(name: str) -> bytes:
    dearer = changed(headline__traffic_price=1.15, channel__platform__name_zh="=1+1")
    scenarios = {"plain": (sample(), dearer), "three": (sample(), dearer, ODD["24 months from July"]()), "same": (sample(), sample()),
                 "undefined": (sample(), ODD["organic only"]())}[name]
    sides = tuple(Side(f"side {i}", evaluate(s), simulate(s, 64) if i < 2 else None) for i, s in enumerate(scenarios))
    key = "roas_gmv" if name == "undefined" else "net_profit"
    return comparison_workbook(Comparison(sides, bridge(scenarios[0], scenarios[1], key), 0, 1, "all", WORDS, str,
                                          lambda s, a: str(s.rows.get(a, a)), "Compare"))


@cache
def reviewed(name: str) -> bytes:
    plan, known = {"june": (sample(), actuals_of(june())), "gmv": (sample(), _only_gmv()),
                   "rich": (plans.scenario(plans.rich()), None)}[name]
    known = known or measured(plan, evaluate(plan.with_values({"headline.cvr": 0.9})), 2)
    of = plan.with_book(Book(notes=(Note("2027-06", "refunds", "=2+3", "Wang", "2027-07-10"), Note("2027-05", "", "x", done=True))))
    bridges = tuple(review.bridge(plan, known, key) for key in ("gmv", "net_profit"))
    return review_workbook(Review(evaluate(of), known, review.forecast(plan, known, 64), simulate(plan, 64), bridges,
                                  review.as_happened(plan, known), ("gmv", "refund_rate", "net_profit", "pool", "closing_cash"), WORDS,
                                  lambda s: s.state, str, lambda a, v: f"{v:.3g}", POINTS, "Review", (("verdict", "on plan"),)))


def _only_gmv() -> review.Actuals:
    """Of the shop alone, and of May nothing."""
    known = actuals_of(june())
    return known.with_cells({p: None for p in known.said if p[1:] != (review.SHOP, "gmv") or p[0] == "2027-05"})


EVERY = {**{f"compared_{k}": (compared, k) for k in ("plain", "three", "same", "undefined")},
         **{f"reviewed_{k}": (reviewed, k) for k in ("june", "gmv", "rich")}}


def sheet(data: bytes, name: str) -> list[list]:
    return opened(data).get_sheet_by_name(name).to_python()


def rows(data: bytes, name: str, *first: str) -> list[list]:
    return [row for row in sheet(data, name) if row[:len(first)] == list(first)]


def test_every_formula_carries_its_value_and_none_is_an_error():
    assert {name: found for name, (make, of) in EVERY.items() if (found := broken(make(of)))} == {}


def test_kpis_targets_and_months_are_the_scenarios_own():
    data, (a, b) = compared("plain"), (evaluate(sample()), evaluate(changed(headline__traffic_price=1.15)))
    for key in KPIS:
        x, y = (float(kpi(r, key)[0]) for r in (a, b))
        assert rows(data, "compared_kpis", f"kpi.{key}")[0][2:5] == pytest.approx([x, y, y - x], nan_ok=True), key
    (own, other) = rows(data, "compared_months", "line.gmv")
    assert own[3:16] == pytest.approx([*a.lines["gmv"][:, 0], a.lines["gmv"].sum()]) and other[15] == pytest.approx(b.lines["gmv"].sum())
    (target, _) = rows(data, "compared_targets", "kpi.gmv", "year")
    chance = simulate(sample(), 64).chances["gmv_year"].chance
    assert target[4:7] == pytest.approx([1.14e8, a.lines["gmv"].sum(), a.lines["gmv"].sum() - 1.14e8]) and target[8] == pytest.approx(chance)
    assert [row[1] for row in sheet(data, "compared_differences")[4:]] == ["headline.traffic_price", "channel.platform.name_zh"]
    assert len(sheet(data, "compared_kpis")) == 4 + len(KPIS), "one row each"


def test_the_way_from_one_figure_to_the_other_adds_up():
    data, found = compared("plain"), bridge(sample(), changed(headline__traffic_price=1.15), "net_profit")
    way = sheet(data, "compared_bridge")[25:]
    assert way[0][1] == pytest.approx(found.start) and way[-1][1] == pytest.approx(found.end)
    assert way[-2][1] == pytest.approx(sum(bar.value for bar in found.bars)) == way[-2][2]
    for bar in way[1:-1]:  # a column between two heights: what is seen of it is the amount
        assert bar[4] - bar[5] + bar[6] - bar[7] == pytest.approx(abs(bar[1]))


def test_months_targets_reasons_and_forecast_are_the_reviews_own():
    data, known, plan = reviewed("june"), actuals_of(june()), evaluate(sample())
    actual, planned, before, gap = rows(data, "reviewed_months", "kpi.gmv")
    assert actual[3:9] == pytest.approx(known.total("gmv")[:6]) and actual[9] == "" and planned[14] == pytest.approx(plan.lines["gmv"][11, 0])
    assert [row[15] for row in (actual, planned, gap)] == pytest.approx([54_122_384.66, 50_667_847.98, 3_454_536.68])
    assert before[15] > 0 and gap[3] == pytest.approx(actual[3] - planned[3])
    way = sheet(data, "reviewed_net_profit")[25:]
    assert (way[0][1], way[-1][1]) == pytest.approx((964_101.14, 347_168.32)) and way[-3][0] == "review.group.unexplained"
    year = next(row for row in rows(data, "reviewed_forecast", "kpi.gmv") if row[1] == "year")
    assert year[4:11] == pytest.approx(list(review.forecast(sample(), known, 64).year("gmv").points))
    (target,) = rows(data, "reviewed_targets", "kpi.gmv", "year")
    assert target[2] == "ahead" and target[8] == pytest.approx(54_122_384.66 / 1.14e8)
    assert [row[2] for row in sheet(data, "reviewed_notes")[4:]] == ["=2+3", "x"], "words, the open one first"


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
def test_counted_anew_every_figure_is_what_was_written(tmp_path):
    files = {name: make(of) for name, (make, of) in EVERY.items() if name in ("compared_three", "reviewed_june", "reviewed_gmv")}
    for name, data in calculated(files, tmp_path).items():
        then, now = opened(files[name]), opened(data)
        assert errors(now) == [], name
        for tab in then.sheet_names:
            first, second = (book.get_sheet_by_name(tab).to_python() for book in (then, now))
            for i, (a, b) in enumerate(zip(first, second, strict=True)):
                figures = [(x, y) for x, y in zip(a, b, strict=False) if isinstance(x, float)]
                assert [y for _, y in figures] == pytest.approx([x for x, _ in figures], rel=1e-9, abs=1e-6), f"{name} {tab} {i}"
