"""Sweeps: every variant once, the digits of the library, and what was stopped goes on."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from model import cli, evaluate, kpi, risk
from model.analysis.sweep import grid
from model.cli.sweep import KEY
from samples import sample

GRID = ("--grid", "headline.aov=0.9:1.1:3", "--grid", "headline.cvr=1,1.05")


@pytest.fixture(autouse=True)
def here(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)


def swept(*more: str, code: int = 0) -> list[dict[str, str]]:
    assert cli.main(["sweep", "sample", "out.csv", *more]) == code
    return list(csv.DictReader(Path("out.csv").read_text("utf-8-sig").splitlines())) if Path("out.csv").exists() else []


def test_a_grid_is_every_combination():
    assert list(grid({"a": (1, 2), "b": (3, 4)})) == [{"a": 1, "b": 3}, {"a": 1, "b": 4}, {"a": 2, "b": 3}, {"a": 2, "b": 4}]


def test_each_row_has_the_librarys_digits():
    rows = swept(*GRID, "--draws", "512", "--seed", "2", "--workers", "2")
    assert {(float(r["headline.aov"]), float(r["headline.cvr"])) for r in rows} == {(a, c) for a in (0.9, 1.0, 1.1) for c in (1.0, 1.05)}
    for row in rows[::3]:
        variant = sample().with_values({a: float(row[a]) for a in ("headline.aov", "headline.cvr")})
        found = risk.simulate(variant, 512, 2)
        assert float(row["gmv"]) == float(kpi(evaluate(variant), "gmv")[0])
        assert float(row["net_profit.p10"]) == float(found.year("net_profit").point(10))
        assert float(row["chance.gmv_year"]) == found.chances["gmv_year"].chance


def test_a_stopped_sweep_goes_on_and_computes_nothing_twice():
    whole = swept(*GRID, "--draws", "0")
    lines = Path("out.csv").read_bytes().splitlines(keepends=True)
    Path("out.csv").write_bytes(b"".join(lines[:4]) + lines[4][:20])  # three rows, and half of one
    again = swept(*GRID, "--draws", "0")
    assert sorted(r[KEY] for r in again) == sorted(r[KEY] for r in whole) and again[:3] == whole[:3]
    before = Path("out.csv").read_bytes()
    swept(*GRID, "--draws", "0")
    assert Path("out.csv").read_bytes() == before


def test_a_list_of_variants_is_read_from_a_table():
    Path("list.csv").write_text("headline.aov,channel.platform.refund_rate\n+10%,30%\n,35%\n", encoding="utf-8")
    rows = {float(r["headline.aov"]): float(r["channel.platform.refund_rate"]) for r in swept("--list", "list.csv", "--draws", "0")}
    assert rows == {1.1: 0.3, 1.0: 0.35}, "an empty cell is the plan's own"


@pytest.mark.parametrize(("more", "code", "said"), [
    ((), cli.WRONG_CALL, "--grid"),
    (("--grid", "headline.aov"), cli.WRONG_CALL, "FROM:TO:COUNT"),
    (("--grid", "headline.aov=0.9:1.1:x"), cli.WRONG_CALL, "FROM:TO:COUNT"),
    (("--grid", "headline.aov=0.9:9:3"), cli.REFUSED, "headline.aov: too_high"),
    (("--grid", "headline.aov=a,b"), cli.REFUSED, "not_a_number"),
    (("--grid", "nothing.x=1,2"), cli.REFUSED, "no such name"),
    (("--grid", "headline.aov=0.9:1.1:400", "--grid", "headline.cvr=0.9:1.1:400"), cli.WRONG_CALL, "160,000")])
def test_what_is_wrong_is_said_before_anything_is_computed(capsys, more, code, said):
    assert cli.main(["sweep", "sample", "out.csv", *more]) == code
    assert said in capsys.readouterr().err and not Path("out.csv").exists()


def test_a_file_of_another_kind_is_left_as_it_is(capsys):
    Path("out.csv").write_text("a,b\n1,2\n")
    assert cli.main(["sweep", "sample", "out.csv", *GRID]) == cli.WRONG_CALL
    assert Path("out.csv").read_text() == "a,b\n1,2\n" and "no file of this sweep" in capsys.readouterr().err
