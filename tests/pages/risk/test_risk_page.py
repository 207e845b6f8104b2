"""The Risk page and the bands on other pages: how sure, what decides, what each risk costs."""

from __future__ import annotations

import io
import re

import numpy as np
import pyarrow.parquet as pq
import pytest
from screens import again, app, charts, click, component, goto, markdown, move, scenario, settled

import plans
from model import InvalidInput
from model.analysis.risk.register import stress
from model.analysis.risk.simulate import RiskResult, simulate
from model.plan.schema import TABLES
from pages.ui.kit import kpi_cards, texts
from pages.ui.kit.formats import sure
from pages.ui.risk import editor, files
from pages.ui.session import results, state
from pages.ui.session.workspace import fresh
from pages.ui.simulate import summary
from samples import changed, sample


@pytest.mark.parametrize("language, words", [("zh", ("达成概率", "亏损")), ("en", ("GMV target", "chance of a loss"))])
def test_the_answer_names_the_chance_of_the_target_and_of_a_loss(language, words):
    text = app(language, "risk").subheader[0].value
    assert all(w in text for w in words) and re.search(r"±\d", text)


@pytest.mark.all_draws
def test_the_chance_on_the_page_is_that_of_the_engine():
    chance = simulate(sample()).chances["gmv_year"]
    at = app("en", "risk")
    assert f"{100 * chance.chance:.1f}% (±" in at.subheader[0].value


def test_what_decides_and_the_distribution_are_drawn():
    at = app("en", "risk")
    assert len(charts(at)) == 5
    shares = charts(at)[2][1]
    assert shares["share"] == sorted(shares["share"], reverse=True) and 0 < sum(shares["share"]) <= 100.01


def test_a_plan_without_uncertainty_or_events_still_draws():
    rows = {f"event.{k}.on": False for k in sample().rows["event"]}
    at = app("en", "risk", scenario=sample().with_values(rows))
    assert at.subheader and not at.error


@pytest.mark.parametrize("odd", [{"months": 1}, {"months": 36}, {"budget": 0.0}])
def test_odd_plans_draw(odd):
    at = app("zh", "risk", scenario=changed(**odd))
    assert at.subheader and not at.error


def test_the_register_ranks_risks_and_says_what_mitigations_are_worth():
    at = settled(app("en", "risk"), "register")
    losses = component(at, "risk_register")["rows"]
    assert len(losses) == 6 and losses[0][2].startswith("¥")
    answers = {row[-1] for row in component(at, "risk_mitigations")["rows"]}
    assert answers <= {"worth it", "not worth it", "too close to tell"} and answers


def test_an_event_switched_off_leaves_the_register_and_undo_brings_it_back():
    at = app("en", "risk")
    every = list(sample().rows["event"])
    at.pills(key="on_event").set_value(every[1:]).run()
    again(at)
    assert scenario(at).changes == ((f"event.{every[0]}.on", False),)
    click(at, "bar_undo")
    assert scenario(at) == sample()


def test_more_precision_runs_beside_the_page_and_can_be_stopped():
    at = app("en", "risk")
    at.selectbox(key="risk_draws").set_value(1_048_576).run()
    job = at.session_state["_job_risk"]
    job.halt.set()
    settled(at, "risk")
    found = job.future.result()
    assert found.run.stopped and 0 < found.run.draws < 1_048_576, "what had been drawn is kept"


@pytest.mark.all_draws
@pytest.mark.parametrize("channels, months, draws", [(6, 12, 4096), (8, 36, 4096), (8, 37, 2048), (30, 12, 2048), (30, 36, 1024), (99, 36, 1024)])
def test_a_very_large_plan_opens_with_fewer_draws(channels, months, draws):
    """4,096 up to 288 cells (channel × month): that many draws × cells, as a power of two, never below 1,024."""
    class Size:
        rows = {"channel": dict.fromkeys(range(channels))}

        def get(self, address):
            return {"months": months}[address]

    assert results.first_draws(Size()) == draws


@pytest.mark.all_draws
def test_the_draws_of_a_large_plan_are_offered_and_said():
    at = app("en", "risk", scenario=plans.scenario(plans.wide()))
    assert list(at.selectbox(key="risk_draws").options)[:2] == ["1,024", "4,096"]
    assert any("1,024 draws made" in c.value for c in at.caption)


def test_stress_tests_stand_beside_the_plan():
    rows = component(app("en", "risk"), "risk_stress")["rows"]
    assert len(rows) == len(sample().rows["stress"])


# --- bands on other pages ------------------------------------------------------------------------------------------------

def bands(at) -> str:
    return next(e.proto.body for e in at.get("html") if "sd-band-gmv::after" in e.proto.body)


def test_cards_carry_their_range_and_chance_and_a_move_changes_them():
    at = app("en")
    before = bands(at)
    assert "8 in 10: " in before and "chance 21." in before
    assert bands(move(at, "lever_cvr", 10)) != before


def test_what_risk_was_asked_for_more_precisely_stands_on_every_page_until_it_is_given_up():
    at = app("en", "risk")
    at.selectbox(key="risk_draws").set_value(16_384).run()
    settled(at, "risk")
    finer = at.session_state["_job_risk"].future.result()
    assert sure(finer.chances["gmv_year"].chance, finer.chances["gmv_year"].error) in at.subheader[0].value
    first = results.risk_of(scenario(at))
    assert finer.run.draws == 16_384 and first.run.draws == results.DRAWS, "without a session there is the first one only"
    own = [quoted(found) for found in (finer, first)]
    assert own[0] != own[1]
    assert own[0] in bands(goto(at, "simulate"))
    assert own[1] not in bands(move(at, "lever_cvr", 10)) and at.session_state["_job_risk"].future.result() is finer
    click(at, "bar_undo")
    assert own[0] in bands(again(at))
    at = goto(at, "risk")
    assert at.selectbox(key="risk_draws").value == 16_384, "and Risk says so"
    at.selectbox(key="risk_draws").set_value(results.DRAWS).run()
    assert own[1] in bands(goto(at, "simulate"))


def quoted(found: RiskResult) -> str:
    """The line of the GMV card, as its style sheet writes it."""
    return kpi_cards.quoted(summary.band(found, "gmv", "year"))


def test_a_kpi_that_draws_do_not_know_has_no_range():
    assert "repurchase_rate_year" not in bands(app("en"))


def test_compared_scenarios_have_chances_on_common_draws():
    at = app("en", "compare")
    rows = component(at, "compare_risks")["rows"]
    assert [r[0] for r in rows] == ["Conservative (preset)", "Base (preset)", "Ambitious (preset)"]
    assert rows[0][-1] == "—" and rows[2][-1].startswith(("9", "100"))


@pytest.mark.deep
def test_the_bridge_of_the_five_per_cent_point_adds_up():
    at = app("en", "compare")
    at.segmented_control(key="compare_point").set_value("p5").run()
    settled(at, "bridge")
    found = at.session_state["_job_bridge"].future.result()
    assert found.kpi == "net_profit"
    assert sum(b.value for b in found.bars) == pytest.approx(found.end - found.start, rel=1e-9)
    for end, key in ((found.start, "conservative"), (found.end, "ambitious")):
        assert end == results.risk_of(state.presets()[key]).year("net_profit").point(5), "as on the scenario's own pages"


def test_chances_are_shown_with_two_standard_errors(monkeypatch):
    monkeypatch.setattr("pages.ui.kit.texts.language", lambda: "en")
    assert sure(0.219, 0.0026) == "21.9% (±0.5\u00a0pp)" and sure(float("nan"), 0) == "—" and sure(1, 0) == "100.0% (±0.1\u00a0pp)"


# --- editing what the page stands on -------------------------------------------------------------------------------------

def test_every_table_of_the_risk_settings_opens():
    at = app("en", "risk")
    for table in editor.EDITED:
        at.session_state["risk_table"] = table
        assert not again(at).exception, table


def test_edits_of_a_table_are_one_step_of_cells_new_rows_and_removed_ones():
    """Event 0 to 50 %, event 1 removed, one new: probability 10 % and a name."""
    first, second = list(sample().rows["event"])[:2]
    done = {"edited_rows": {0: {"probability": 50.0}}, "deleted_rows": [1],
            "added_rows": [{"name_en": "Strike", "name_zh": "罢工", "probability": 10.0}, {}]}
    found = editor.edits(sample(), "event", done)
    gone = {a for a, v in found.items() if v is None}
    assert gone == {f"event.{second}", *(f"{t}.{k}" for t in ("event_effect", "mitigation")
                                         for k, row in sample().rows[t].items() if row["event"] == second)}
    assert len(gone) > 2 and {a: v for a, v in found.items() if v is not None} == {f"event.{first}.probability": 0.5, "event.event-7.name_en": "Strike", "event.event-7.name_zh": "罢工",
                     "event.event-7.probability": 0.1}
    assert len(sample().with_values(found).rows["event"]) == 6


def desk(table: str, *edits: dict, language: str = "en"):
    """The desk after each of these edits of the table's first row, one after the other; the page as it was before."""
    at = app(language, "risk")
    at.session_state["risk_table"] = table
    key, cells = f"risk_editor_{table}_{hash(sample())}", {}
    for edit in edits:
        cells |= edit
        at.session_state[key] = {"edited_rows": {0: dict(cells)}, "added_rows": [], "deleted_rows": []}
        again(at)
    return at


def test_the_picture_follows_each_edit_and_stays_at_the_last_valid_one_beside_the_message():
    """Organic visits 200,000 to 330,000, then low above high: the message names row and column, the curve is the former."""
    good = {"family": "pert", "low": 200_000.0, "high": 330_000.0}
    first, edited, broken = (markdown(desk("distribution", *e)) for e in ((), (good,), (good, {"low": 400_000.0})))
    title = "most likely 252K, in 8 of 10 years between 224.5K and 289.7K"
    assert title not in first and title in edited and title in broken
    assert "row 1 (Organic · Organic visits), Low" in broken.replace("\\", "") and "row 1" not in edited


def test_an_edit_that_is_not_taken_changes_nothing_and_a_message_counts_as_the_column_does():
    at = desk("event", {"probability": 150.0})
    click(at, "risk_take_rows")
    said = markdown(at).replace("\\", "")
    assert "row 1 (Traffic gets dearer), Probability per year: 150% is too high (allowed: 0% … 100%)" in said
    assert scenario(at) == sample()


def test_points_of_a_distribution_count_in_the_unit_of_its_driver():
    """A conversion of 2 to 3.5 % is typed as 2 and 3.5 and kept as 0.02 and 0.035; visits stay visits."""
    new = {"address": "channel.platform.cvr", "family": "pert", "low": 2.0, "high": 3.5, "monthly_deviation": 5.0}
    done = {"edited_rows": {0: {"low": 200_000.0}}, "added_rows": [new], "deleted_rows": []}
    found = editor.edits(sample(), "distribution", done)
    first = next(iter(sample().rows["distribution"]))
    kept = {a.rsplit(".", 1)[1]: v for a, v in found.items() if first not in a}
    assert found[f"distribution.{first}.low"] == 200_000.0
    assert kept == new | {"low": 0.02, "high": 0.035, "monthly_deviation": 0.05}


def test_the_table_of_distributions_says_the_unit_of_each_row():
    rated = sample().with_values({"distribution.price.address": "channel.platform.cpm", "distribution.price.family": "pert",
                                    "distribution.price.low": 60.0, "distribution.price.high": 80.0,
                                    "distribution.rate.address": "channel.platform.cvr", "distribution.rate.family": "pert",
                                    "distribution.rate.low": 0.02, "distribution.rate.high": 0.035})
    at = app("en", "risk")
    at.session_state["workspace"] = fresh(rated)
    at.session_state["risk_table"] = "distribution"
    rows = {r["address"]: r for r in again(at).data_editor[-1].value.to_dict("records")}
    assert rows["channel.platform.cpm"]["_unit"] == "yuan per 1,000" and rows["channel.platform.cpm"]["low"] == "60.0"
    assert rows["channel.platform.cvr"]["_unit"] == "%" and rows["channel.platform.cvr"]["low"] == "2.00"


def test_edits_are_taken_as_one_step():
    at = desk("event", {"probability": 60.0})
    click(at, "risk_take_rows")
    assert scenario(at).changes == (("event.traffic_cost.probability", 0.6),)


def test_a_repaired_correlation_is_told_in_the_desk_and_once_taken_on_the_page():
    at = desk("correlation", {"rho": -0.9})
    assert "contradict one another" in markdown(at) and "from −0.90 to" in markdown(at)
    assert charts(at)[-1][1]["changed"].count(True) > 0 and component(at, "risk_repairs")["rows"]
    click(at, "risk_take_rows")
    assert any("contradict one another" in c.value for c in at.caption)


@pytest.mark.parametrize("language, word", [("zh", "常见区间"), ("en", "Usual range")])
def test_families_are_chosen_by_their_names(language, word, monkeypatch):
    monkeypatch.setattr("pages.ui.kit.texts.language", lambda: language)
    assert editor._options(sample(), "distribution", TABLES["distribution"]["family"])[1]("spread") == word


def test_many_draws_are_written_as_parquet_from_one_set_of_scores(monkeypatch):
    """32,768 draws: more than are kept, so that every call makes them anew. In full precision, as their heads say."""
    found, calls, scores = simulate(sample(), 32_768, by_month=False), [], RiskResult.scores
    monkeypatch.setattr(RiskResult, "scores", lambda self: calls.append(1) or scores(self))
    with texts.speaking("en"):
        table = pq.read_table(io.BytesIO(files.draws_file(found, many=True)))
    assert table.num_rows == 32_768 and len(calls) == 1
    assert np.array_equal(table["Search ads · Conversion rate (%)"], 100 * found.driver_draws("channel.platform.cvr"))
    assert np.array_equal(table["GMV (yuan)"], found.draws("gmv"))


def test_stress_tests_are_saved_with_the_scenario(store):
    shocked = sample().with_values({"stress.mine.name_en": "Half the visits", "stress_effect.mine.stress": "mine",
                                    "stress_effect.mine.driver": "visits", "stress_effect.mine.factor": 0.5})
    again_there = store.open(store.save(shocked.named("a"), author="me").entry.id).scenario
    assert again_there.rows["stress"]["mine"] == shocked.rows["stress"]["mine"] and stress(again_there) == stress(shocked)


@pytest.mark.parametrize("cells, word", [({"probability": 150.0}, "too_high"), ({"length_low": 9.0, "length_high": 2.0}, "event.")])
def test_an_impossible_event_names_its_row(cells, word):
    done = {"edited_rows": {0: cells}, "added_rows": [], "deleted_rows": []}
    with pytest.raises(InvalidInput, match=word):
        sample().with_values(editor.edits(sample(), "event", done))
