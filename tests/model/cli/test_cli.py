"""The command line says what the library says, to the last digit, and refuses as every other door does."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from books import opened

from model import cli, evaluate, kpi, read_plan, risk
from model.analysis.compare import bridge
from model.analysis.goalseek import seek
from model.analysis.optimize.search.limits import Limits
from model.analysis.optimize.split import best_split
from model.cli.plans import store_at
from model.engine.kpis import KPIS
from model.io.files import from_json
from model.io.store import reading
from model.plan.scenario import Scenario
from model.review import forecast, read_actuals
from samples import ROOT, sample


@pytest.fixture(autouse=True)
def library(monkeypatch, tmp_path):
    monkeypatch.setenv("SANDTABLE_DB", f"sqlite:///{tmp_path}/library.db")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def say(capsys):
    """Run a command; its exit code, what it says and why it refuses."""
    def run(*arguments: str):
        code = cli.main(list(arguments))
        out, err = capsys.readouterr()
        return code, out, err
    return run


@pytest.fixture
def answer(say):
    def run(*arguments: str) -> dict:
        code, out, err = say(*arguments, "--json")
        assert code == 0, err
        return json.loads(out)
    return run


def values(rows: list[dict], key: str = "kpi", value: str = "value") -> dict:
    return {row[key]: row[value] for row in rows}


def known(of: Scenario) -> dict:
    result = evaluate(of)
    return {k: x if (x := float(kpi(result, k)[0])) == x else None for k in KPIS}


# --- the same digits --------------------------------------------------------------------------------------------------

def test_simulate_has_every_kpi_to_the_last_digit_and_what_is_set_is_set(answer):
    assert values(answer("simulate", "sample")["kpis"]) == known(sample())
    changed = sample().with_values({"headline.aov": 1.15, "channel.platform.cpm": 80.0})
    assert values(answer("simulate", "sample", "--set", "headline.aov=+15%", "--set", "channel.platform.cpm=80")["kpis"]) == known(changed)


def test_risk_has_the_draws_of_the_seed(answer):
    found, said = risk.simulate(sample(), 1024, seed=3), answer("risk", "sample", "--draws", "1024", "--seed", "3")
    assert values(said["kpis"], value="p10")["net_profit"] == float(found.year("net_profit", "all").point(10))
    assert values(said["chances"], "target", "chance")["gmv_year"] == found.chances["gmv_year"].chance


def test_optimize_goal_seek_and_compare_are_the_librarys(answer):
    found = best_split(sample(), limits=Limits(0.1), explained=False)
    said = answer("optimize", "sample", "--move", "10%", "--out", "better.json")
    assert (said["before"], said["after"]) == (found.value_before, found.value_after)
    assert from_json(Path("better.json").read_bytes()).changes == found.scenario.changes
    sought = seek(sample(), "gmv", 114e6, ("headline.aov",))
    assert answer("goal-seek", "sample", "gmv", "1.14亿", "--lever", "headline.aov")["levers"][0]["value"] == sought.values["headline.aov"]
    bars = bridge(sample(), found.scenario, "gmv").bars
    assert values(answer("compare", "sample", "better.json", "--kpi", "gmv")["bridge"], "group") == {x.group: x.value for x in bars}


def test_review_lands_where_the_library_lands(answer):
    months = ROOT / "sample_data" / "actuals.csv"
    said = answer("review", "sample", str(months), "--draws", "512")
    found = forecast(sample(), read_actuals(months.read_bytes(), sample()), 512)
    assert values(said["landing"], value="p50")["gmv"] == float(found.year("gmv", "all").point(50))


def test_csv_has_full_precision_and_the_first_table_alone(say):
    code, out, _ = say("simulate", "sample", "--csv")
    lines = out.splitlines()
    assert code == 0 and lines[0] == "kpi,value,unit" and len(lines) == 1 + len(KPIS)
    assert f"net_profit,{known(sample())['net_profit']!r},yuan" in lines


# --- files and the library --------------------------------------------------------------------------------------------

def test_a_plan_goes_out_as_a_file_into_the_library_and_back_without_a_digit_lost(say, answer):
    assert say("export", "sample", "plan.csv", "--set", "headline.cvr=+5%")[0] == 0
    assert dict(read_plan(Path("plan.csv").read_bytes(), "x").values)["headline.cvr"] == 1.05
    assert say("import", "plan.csv", "--name", "计划", "--author", "李雷")[0] == 0
    assert say("new", "second.json", "--from", "计划", "--set", "headline.aov=1.1")[0] == 0
    (entry,) = answer("list", "计")["scenarios"]
    assert say("import", "second.json", "--name", "计划", "--author", "李雷", "--of", entry["id"])[0] == 0
    assert answer("list", "计")["scenarios"][0]["version"] == 2
    assert say("import", "plan.csv", "--name", "a@home", "--author", "李雷")[0] == 0
    for word, aov in (("计划@1", 1.0), ("计划", 1.1), (entry["id"], 1.1), ("a@home", 1.0)):
        assert values(answer("show", word, "headline.aov")["assumptions"], "address") == {"headline.aov": aov}


def test_the_months_of_every_line_go_out_as_csv(say):
    assert say("export", "sample", "months.csv", "--months")[0] == 0
    assert Path("months.csv").read_text("utf-8-sig").startswith("line,channel,unit,2027-01")


# --- refusals ---------------------------------------------------------------------------------------------------------

def test_a_plan_goes_out_as_a_document_and_a_bad_template_is_refused(say):
    code, out, err = say("export", "sample", "plan.md", "--language", "en")
    text = Path("plan.md").read_text(encoding="utf-8")
    assert code == cli.DONE and "plan.md" in out and "md:" in err and text.startswith("# Qinghe Apparel 2027 operating plan")
    Path("bad.docx").write_bytes(b"PK no document")
    code, _, err = say("export", "sample", "plan.docx", "--template", "bad.docx")
    assert code == cli.REFUSED and "save it again as .docx" in err and not Path("plan.docx").exists()
    for wrong in (("--template", "bad.docx"), ("--language", "xx")):
        assert say("export", "sample", "x.pptx", *wrong)[0] == cli.WRONG_CALL


def test_plans_comparisons_and_reviews_go_out_as_workbooks(say):
    actuals = str(ROOT / "sample_data" / "actuals.csv")
    assert say("export", "sample", "plan.xlsx", "--language", "en")[0] == cli.DONE
    assert say("compare", "sample", "plan.xlsx", "--workbook", "compare.xlsx")[0] == cli.DONE
    code, _, err = say("review", "sample", actuals, "--workbook", "review.xlsx", "--language", "en", "--draws", "64")
    assert (code, err) == (cli.DONE, "")
    sheets = {name: opened(Path(name).read_bytes()).sheet_names for name in ("plan.xlsx", "compare.xlsx", "review.xlsx")}
    assert sheets["plan.xlsx"][1] == "Assumptions" and sheets["compare.xlsx"][1] == "指标" and sheets["review.xlsx"][1] == "Months"


def test_everything_wrong_is_said_at_once_and_nothing_is_written(say, tmp_path):
    code, out, err = say("new", "x.json", "--set", "headline.aov=x", "--set", "channel.platform.cpm=-4")
    assert (code, out) == (cli.REFUSED, "") and "headline.aov: not_a_number" in err and "channel.platform.cpm: too_low" in err
    assert not (tmp_path / "x.json").exists()


@pytest.mark.parametrize(("arguments", "code", "said"), [
    (("simulate", "nowhere"), cli.REFUSED, "no file and no saved scenario of this name"),
    (("simulate", "gone.json"), cli.REFUSED, "gone.json"),
    (("simulate", "sample", "--period", "2031-01"), cli.REFUSED, "2031-01: no such name"),
    (("simulate", "sample", "--period", "someday"), cli.REFUSED, "someday: no such name"),
    (("simulate", "sample", "--set", "nothing"), cli.WRONG_CALL, "ADDRESS=VALUE"),
    (("show", "sample", "nothing."), cli.REFUSED, "nothing.: no such name"),
    (("optimize", "sample", "--lock", "moon"), cli.REFUSED, "moon"),
    (("optimize", "sample", "--move", "much"), cli.WRONG_CALL, "no number"),
    (("goal-seek", "sample", "gmv", "much", "--lever", "headline.aov"), cli.WRONG_CALL, "no number"),
    (("goal-seek", "sample", "gmv", "9亿", "--lever", "headline.aov"), cli.NO, ""),
    (("export", "sample", "plan.doc"), cli.WRONG_CALL, ".json or .csv"),
    (("fly",), cli.WRONG_CALL, "No such command"),
    ((), cli.WRONG_CALL, "Usage")])
def test_what_cannot_be_done_has_a_code_and_a_reason_on_stderr(say, arguments, code, said):
    got, out, err = say(*arguments)
    assert got == code and said in err and (out == "" or code == cli.NO)


@pytest.mark.parametrize("name", sorted(cli.sandtable.commands))
def test_the_help_of_each_command_teaches_by_an_example(say, name):
    code, out, _ = say(name, "--help")
    assert code == 0 and f"sandtable {name}" in out.split("Options:")[0]


def test_what_has_long_been_archived_is_named_and_on_request_deleted(say, monkeypatch):
    with store_at("") as store:
        for name in ("kept", "old", "locked"):
            id = store.save(sample().named(name), author="Lin").entry.id
            if name != "kept":
                store.archive(id, author="Lin")
            if name == "locked":
                store.lock(id, author="Lin")
        assert say("clean", "--archived-days", "365", "--yes")[1].splitlines() == ["0 of 2 archived scenarios"]
        monkeypatch.setattr(reading, "now", lambda: datetime.now(UTC) + timedelta(days=366))
        assert say("clean", "--archived-days", "365")[1].splitlines() == ["would go: old", "1 of 2 archived scenarios"]
        assert say("clean", "--archived-days", "365", "--yes")[1].splitlines() == ["deleted: old", "1 of 2 archived scenarios"]
        assert [e.name for e in store.list(archived=True).entries] == ["locked"] and store.list().entries[0].name == "kept"


def test_a_file_of_another_kind_is_refused_and_all_kinds_are_named(say):
    code, out, err = say("export", "sample", "plan.foo")
    assert (code, out) == (2, "") and all(f".{kind}" in err for kind in ("json", "csv", "docx", "md", "pptx", "xlsx"))
