"""The Review page: months in, the verdict, targets, the bridge, notes; every door, one undo an edit."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from every import part
from screens import again, app, click, component, goto, opened, scenario, settled, sound, upload

from model import KPIS, evaluate, review
from model.analysis.risk.simulate import Chance
from model.plan.book import EMPTY, Frozen, Note
from model.review import Actuals, record
from model.review.kept import actuals_of, left_out, with_actuals
from model.review.pace import pace, standings
from model.review.updated import updated
from pages.ui.kit.csv_tables import csv_bytes
from pages.ui.kit.formats import difference
from pages.ui.kit.texts import speaking
from pages.ui.review import answer, entering, landing, months_grid, moves, refunds, standing, why
from pages.ui.session import results
from pages.ui.session.workspace import Stored, fresh
from pages.ui.words import reach
from samples import ROOT, changed, june, just_after_june, sample

CSV = (ROOT / "sample_data" / "actuals.csv").read_bytes()
def page(language: str = "en", of=None):
    return app(language, "review", of)


def said(at) -> str:
    return at.subheader[0].value.replace("\u00a0", " ").replace("\u2060", "")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_one_click_shows_the_page_on_the_sample_and_undo_takes_it_back(language):
    at = page(language)
    assert not at.subheader and at.button(key="review_sample")
    click(at, "review_sample")
    assert actuals_of(scenario(at)) == review.read_actuals(CSV, sample())
    click(at, "bar_undo")
    assert scenario(at) == sample() and scenario(at).book == EMPTY


def test_the_verdict_is_the_pace_against_the_plans_own_target():
    """54.12 of 114 million: 47.5 % where 44.4 % were due."""
    at = page("zh", june())
    found = pace(evaluate(sample()), review.read_actuals(CSV, sample()), "gmv", "year", 1.14e8)
    assert (round(found.done, 3), round(found.due, 3)) == (0.475, 0.444)
    assert "完成全年目标的 47.5%（按计划此时应为 44.4%），比计划多 345.5 万元" in said(at) and "净利润 34.72 万元，比计划少 61.69 万元" in said(at)


@pytest.mark.parametrize("months", part([6, 18, 24], 3, 2))
def test_shorter_and_longer_plans_have_a_page(months):
    of = changed(months=months)
    at = page("zh", june(of))
    assert said(at).startswith("6 个月做了 GMV 5,412 万元")
    if months == 24:
        at.session_state["workspace"].period = "year2"
        again(at)
        assert "第 2 年还没有实际数" in said(at)
        assert not at.get("vega_lite_chart") or all("****" not in m.value for m in at.markdown)


def test_a_file_is_shown_before_it_is_taken_and_corrections_are_named():
    at = app("en", "review")
    upload(at, "review_file_0", "actuals.csv", CSV, "text/csv")
    assert any("new figures 348, corrected 0" in m.value for m in at.markdown)
    assert scenario(at).book == EMPTY
    click(at, "review_take")
    assert said(at).startswith("6 months")
    opened(at, "review_more")
    at.session_state["review_more"] = True
    upload(at, "review_file_1", "more.csv", b"month,channel,gmv,status\n2027-06,content,540000,provisional\n", "text/csv")
    assert any("new figures 0, corrected 1" in m.value for m in at.markdown)
    click(at, "review_take")
    assert actuals_of(scenario(at)).said["2027-06", "content", "gmv"] == 5.4e5
    assert any("Jun 2027 are not closed" in c.value for c in at.caption)


def test_a_file_that_cannot_be_is_one_report_and_nothing_is_taken():
    at = app("zh", "review")
    upload(at, "review_file_0", "a.csv", "month,channel,gmv,refunds\n2027-13,platform,1,\n2027-01,抖音,5,\n2027-01,platform,10,20\n".encode(),
           "text/csv")
    places_ = [x.replace("\u00a0", " ") for x in at.dataframe[0].value.iloc[:, 0]]
    assert places_ == ["第 2 行：月份", "第 3 行：2027 年 1月 · 抖音 · GMV", "第 4 行：2027 年 1月 · 平台推广 · 退款额"]
    assert at.dataframe[0].value.iloc[2, 2] == "GMV ≤ 10" and not [b for b in at.button if b.key == "review_take"]


def test_cells_are_one_step_and_a_refused_one_holds_up_no_other(monkeypatch):
    kept = []
    monkeypatch.setattr("streamlit.session_state", {"workspace": fresh(june())})
    monkeypatch.setattr(entering, "keep", kept.append)
    refused = months_grid._keep("2027-07", False, {("platform", "gmv"): 1e6, ("platform", "refunds"): 2e6, ("organic", "spend"): 5.0,
                                                   ("content", "gmv"): 2e5})
    assert {p: v.code for p, v in refused.items()} == {("platform", "refunds"): "above_whole", ("organic", "spend"): "no_such_cell"}
    (got,) = kept
    assert got.status("2027-07") == "provisional", "its first figure closes no month"
    assert got.said["2027-07", "platform", "gmv"] == 1e6 and ("2027-07", "platform", "refunds") not in got.said


def test_every_target_has_a_state_and_a_figure_stands_beside_it():
    plan = evaluate(sample())
    found = standings(plan, review.read_actuals(CSV, sample()), results.targets_of(plan))
    states = {(s.target.kpi, s.target.period): s.state for s in found}
    assert states["gmv", "year"] == "ahead" and states["gmv", "Q1"] == "hit" and states["gmv", "Q3"] == "unknown"
    assert states["net_margin_rate", "year"] == "behind" and states["pool", "2027-03"] == "missed"
    quarter = next(s for s in found if (s.target.kpi, s.target.period) == ("gmv", "Q1"))
    with speaking("en"):
        gap = review.read_actuals(CSV, sample()).total("gmv")[:3].sum() - plan.lines["gmv"][:3, 0].sum()
        assert standing._line(quarter, plan).cells[7] == difference(gap, KPIS["gmv"].unit), "against the plan, of periods that are over too"


def test_the_bars_add_up_to_the_difference_on_the_page():
    of = june()
    for key in ("gmv", "net_profit"):
        bridge = review.bridge(of, actuals_of(of), key)
        assert bridge.start + sum(b.value for b in bridge.bars) == pytest.approx(bridge.end, abs=1e-6)
    at = page("zh", of)
    title = next(m.value for m in at.markdown if m.value.startswith("**GMV：计划"))
    assert re.search(r"计划 5,067.*实际 5,412.*相差 .*345\.5", title)


def test_a_note_is_kept_with_the_plan_open_ones_first():
    at = page("zh", june())
    at.text_input(key="note_text").set_value("换一批主图")
    at.text_input(key="note_owner").set_value("王")
    next(b for b in at.button if b.label == "记一条").click()
    sound(at.run())
    again(at)
    (note,) = scenario(at).book.notes
    assert (note.text, note.owner, note.month, note.done) == ("换一批主图", "王", "2027-06", False)
    click(at, "note_done_0")
    assert scenario(at).book.notes[0].done
    click(at, "note_delete_0")
    assert not scenario(at).book.notes


@pytest.mark.deep
def test_what_the_plan_no_longer_has_is_kept_and_not_counted():
    of = june().with_values({"channel.creators": None, **{f"channel.{c}.share": s for c, s in (
        ("platform", 0.5), ("content", 0.2), ("own_live", 0.2), ("private", 0.1))}})
    assert len(left_out(of)) == 6 * 7 and "creators" not in actuals_of(of).channels
    at = page("en", of)
    assert any("42 actual figures" in c.value for c in at.caption)
    assert entering.of(of).measured


@pytest.fixture(scope="module")
def seen():
    """What could be said before January, after March and after June."""
    actuals = actuals_of(june())
    return evaluate(sample()), actuals, tuple(
        record.step_of(review.forecast(sample(), known := actuals.up_to(over), 512), known) for over in (0, 3, 6))


@pytest.mark.deep
def test_what_is_said_of_the_year_narrows_and_the_known_months_stand_as_they_were(seen):
    plan, actuals, found = seen
    widths = [s.year["gmv"][2] - s.year["gmv"][0] for s in found]
    assert [s.months_over for s in found] == [0, 3, 6] and widths[0] > widths[1] > widths[2]
    known = actuals.total("gmv")[:6].sum()
    assert found[2].year["gmv"][0] > known and len(found[2].months["gmv"]) == 6


def test_forecasts_of_the_next_month_are_held_against_what_came_and_against_two_simple_ways(seen):
    plan, actuals, found = seen
    score = record.score(plan, actuals, found, "gmv")
    came, planned = actuals.total("gmv")[[0, 3]], plan.lines["gmv"][[0, 3], 0]
    assert score.months == 2 and score.plan == pytest.approx(abs(planned - came).mean()), "of July nothing is known"
    middles = [s.months["gmv"][actuals.months[s.months_over]][1] for s in found[:2]]
    assert score.forecast == pytest.approx(abs(middles - came).mean()) and 0 <= score.inside <= 2
    assert record.score(plan, Actuals.none(sample()), (), "gmv") is None


@pytest.mark.deep
def test_the_plan_that_believes_the_months_comes_nearer_to_them():
    of = june()
    known = actuals_of(of).total("gmv")[:6].sum()
    off = [abs(evaluate(s).lines["gmv"][:6, 0].sum() - known) for s in (of, updated(of, actuals_of(of)))]
    assert off[1] < off[0] / 2 and updated(sample(), Actuals.none(sample())) == sample()


def test_what_the_rest_needs_is_the_target_less_what_is_reached():
    """114.00 − 54.12 million in six months: 97.5 % of what the plan has of them."""
    of = june()
    plan = evaluate(of)
    target = next(x for x in results.targets_of(plan) if (x.kpi, x.period) == ("gmv", "year"))
    words = landing.needed_of(plan, actuals_of(of), target)
    assert "months left must bring ¥59.88M" in words.replace("\u00a0", " ") and "97.5%" in words and "106.8%" in words


def test_a_forecast_is_frozen_once_and_goes_with_the_plan():
    at = page("zh", june())
    assert any("预计 GMV" in m.value and "变为" in m.value for m in at.markdown)
    click(at, "review_freeze")
    (kept,) = scenario(at).book.forecasts
    assert kept.after == "2027-06" and {k: low for k, low, *_ in kept.ranges}["gmv"] > 1e8
    assert at.button(key="review_freeze").disabled


def test_the_updated_plan_is_a_scenario_of_its_own_and_undo_leads_back(store):
    at = page("en", june())
    click(at, "review_updated")
    assert "updated to 2027-06" in scenario(at).name and len(scenario(at).changes) > 20
    assert len(store.list().entries) == 2 and scenario(at).book == EMPTY, "the plan is saved with its months; the new one has none"
    assert any(store.open(e.id).scenario.book == june().book for e in store.list().entries)
    click(at, "bar_undo")
    assert scenario(at).book == june().book and not scenario(at).changes


def captions(at) -> str:
    return "\n".join(c.value for c in at.caption).replace("\u00a0", " ").replace("\u2060", "")


def test_refunds_to_come_are_counted_where_the_planner_says_so_and_the_page_says_that():
    """Until then the verdict says how much they would be."""
    of = just_after_june()
    booked, end = actuals_of(of), review.mature(actuals_of(of))
    at = page("en", of)
    more = end.total("refunds")[:6].sum() - booked.total("refunds")[:6].sum()
    assert f"not counted in this: about ¥{more / 1e6:.3f}M more" in captions(at)
    assert component(at, "review_to_come")["rows"][5][:2] == ["Jun 2027", "72.0%"]
    at.toggle(key="review_mature").set_value(True).run()
    again(at)
    assert entering.as_read(scenario(at)) == end and entering.of(scenario(at)) == booked, "what was typed stays"
    assert "Counted with refunds still to come" in captions(at) and "hang together" in captions(at)
    assert "not counted" not in captions(at) and "booked in full" not in captions(at)
    assert landing.forecast_of(scenario(at), end).year("net_profit").point(50) != \
        landing.forecast_of(scenario(at), booked).year("net_profit").point(50)
    click(at, "bar_undo")
    assert scenario(at).book == of.book


@pytest.mark.deep
def test_refunds_that_look_booked_in_full_are_not_offered_again():
    """The sample's stand in the month of the order: counted once more, June would lose 61 % of its sales, and the year its profit."""
    at = page("en", june())
    assert any("look booked in full" in m.value for m in at.markdown) and not at.toggle and "still to come" not in captions(at)
    space = at.session_state["workspace"]
    space.scenario = june().with_book(replace(june().book, mature=True))
    again(at)
    assert at.toggle(key="review_mature").value and "look booked in full, though" in captions(at)
    space.scenario = june().with_book(replace(june().book, lag=(0.8, 1.0)))
    again(at)
    assert at.toggle and "not counted in this" in captions(at), "a curve of one's own is believed"


def test_a_curve_is_typed_or_read_from_the_saved_versions(store, monkeypatch):
    """Each month saved when it had just ended, with the refunds of those before entered anew."""
    of, end, curve = sample().named("Plan"), actuals_of(june()), (0.6, 0.8, 0.9, 1.0)
    saved = None
    for closed in (3, 4, 5, 6):
        now = end.up_to(closed)
        now = now.with_cells({p: v * review.booked_share(now, p[0], curve) for p, v in now.said.items() if p[2] == "refunds"})
        saved = store.save(with_actuals(of, now), author="Wang", id=saved and saved.entry.id, expected=saved and saved.version.number)
    space = fresh(saved.scenario)
    space.stored = Stored(saved.entry.id, saved.version.number, saved.entry.name)
    monkeypatch.setattr("streamlit.session_state", {"workspace": space, "_books": 0})
    monkeypatch.setattr("streamlit.rerun", lambda: None)
    refunds._read()
    assert space.scenario.book.lag == pytest.approx(curve)
    assert refunds._take({("lag", "1"): 0.5})["lag", "1"].code == "too_low", "a curve does not fall"
    assert refunds._take({("lag", "0"): 0.7}) == {} and space.scenario.book.lag[0] == 0.7


def test_the_months_left_a_missed_target_and_the_best_split_taken_by_one_press():
    of = june().with_values({"target.gmv_year.value": 1.25e8})
    at = settled(page("en", of), "moves", 240)
    said_ = "\n".join(m.value for m in at.markdown).replace("\u00a0", " ")
    told = re.search(r"best split of the months left adds .* on average \(the median for the year goes from (.*) to (.*)\); \d+ targets? "
                     r"ha.. ?.* lower chance, .*: from \d+", said_)
    before, after = told.groups()
    assert f"net profit at {before} (" in said_, "the verdict says the median, and so does the split"
    assert "in the months left" in said_ and component(at, "review_moves_chances")["rows"]
    shown = [component(at, key)["rows"] for key in ("review_to_date", "review_targets")]
    rows = component(at, "review_moves")["rows"]
    assert len(rows) == 5
    click(at, "review_moves_take")
    spent = [evaluate(s).by_channel["spend"][:, :, 0] for s in (of, scenario(at))]
    assert spent[1][:, :6] == pytest.approx(spent[0][:, :6]) and abs(spent[1] - spent[0]).max() > 1e4
    assert scenario(at).book == replace(of.book, planned=scenario(at).book.planned)
    settled(at, "moves", 240)
    assert f"net profit at {after} (" in "\n".join(m.value for m in at.markdown).replace("\u00a0", " ")
    assert [component(at, key)["rows"] for key in ("review_to_date", "review_targets")] == shown
    assert any("nothing more to gain" in m.value for m in at.markdown), "the limits count from the plan of record"
    click(at, "review_of_record")
    assert scenario(at).book == of.book
    click(at, "bar_undo")
    click(at, "bar_undo")
    assert scenario(at) == of


def test_a_change_of_a_chance_within_its_own_error_is_none():
    plan = results.result_of(sample())
    aim = results.targets_of(plan)[0]

    def chance(value: float, error: float = 0.004) -> Chance:
        return Chance(aim.key, aim.kpi, aim.period, aim.target, 0.0, value, error)

    with speaking("en"):
        assert "lower chance" not in moves._besides([(aim, chance(0.500), chance(0.493))], 12), "2 × 0.4 points stand behind it"
        assert "1 target has a lower chance" in moves._besides([(aim, chance(0.500), chance(0.490)), (aim, chance(0.5), chance(0.496))], 12)
        assert "rises from 50.0% to 52.0%, none falls" in moves._besides([(aim, chance(0.5), chance(0.52)), (aim, chance(0.5), chance(0.499))], 12)


def test_what_a_shop_measures_the_parts_of_is_told_and_of_what_it_is_made():
    """Gross margin and the private share of the same months, against the plan's own; what cannot be told stays so."""
    at = page("en", june())
    rows = {r["cells"][0]: r for r in component(at, "review_targets")["rows"]}
    got = actuals_of(june())
    margin = 1 - got.total("cost_of_goods")[:6].sum() / got.total("net_revenue")[:6].sum()
    private = np.nansum(got.of("gmv", "private")) / np.nansum(got.total("gmv"))
    for name, value, words in (("Gross margin", margin, "cost of goods are both measured"), ("Private-domain share", private, "order is of the channel")):
        assert rows[name]["cells"][4] == f"{100 * value:.1f}%" and words in rows[name]["help"], rows
    assert rows["Repurchase rate of the year"]["cells"][2] == "cannot be told from the actual months"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_files_speak_the_readers_language_and_are_read_back(language):
    of, known = sample(), review.read_actuals(CSV, sample()).with_status("2027-06", "provisional")
    with speaking(language):
        words = entering._words(of)
    assert len(words.heads) == len(review.COLUMNS) and len(words.channels) == 7 and len(words.statuses) == 3, "all are read"
    text = review.write_actuals(known, words)
    assert text.splitlines()[0].startswith({"zh": "月份,渠道,投放花费", "en": "Month,Channel,Spend"}[language]) and "platform" not in text
    assert review.read_actuals(text.encode("utf-8-sig"), of) == known


@pytest.mark.deep
def test_a_figure_of_a_ten_thousandth_of_the_plans_is_asked_about_and_taken():
    at = app("zh", "review")
    upload(at, "review_file_0", "a.csv", "月份,渠道,GMV\n2027-01,content,54.2\n2027-02,content,500000\n".encode(), "text/csv")
    (asked,) = [w.value.replace("\u00a0", " ") for w in at.warning]
    assert "2027 年 1月 · 内容种草 · GMV：54.2" in asked and "2月" not in asked
    click(at, "review_take")
    assert actuals_of(scenario(at)).said["2027-01", "content", "gmv"] == 54.2


def test_a_rate_that_is_to_be_low_is_over_its_target_not_short_of_it():
    plan = evaluate(changed(target__marketing__value=0.2))
    with speaking("en"):
        assert "over" in reach.gap(reach.target(plan, "marketing_rate", "year")).replace("\u00a0", " ")


def test_everything_of_the_review_is_a_file_and_its_sums_are_the_pages():
    """All drivers of the bridge add up to the difference; the forecast has every month; plan and last year stand beside each month."""
    of, known = june(), actuals_of(june())
    plan, found = evaluate(of), landing.forecast_of(of, known)
    with speaking("zh"):
        bridge = why._table(of, known, review.bridge(sample(), known, "net_profit"))
        ahead, months = landing._table(found, known), answer.by_month(plan, known)
    assert sum(row[-1] for row in bridge.rows) == pytest.approx(-616_900, rel=1e-3) and len(bridge.rows) > 40
    assert len([r for r in ahead.rows if r[0].startswith("2027-")]) == 24 and ahead.rows[0][3:] == pytest.approx([9140559.92] * 3, rel=1e-6)
    assert csv_bytes(months).decode("utf-8-sig").count("2027-06") == len([r for r in months.rows if r[0] == "2027-06"]) > 10


def test_compare_and_optimize_begin_with_the_plan_that_believes_the_months(store):
    at = app("en", "compare", june())
    assert at.multiselect(key="compare_pick").value == ["now", "forecast"]
    at = goto(at, "optimize")
    click(at, "optimize_as_forecast")
    assert "updated to 2027-06" in scenario(at).name and scenario(at).book == EMPTY


def test_notes_left_open_come_with_the_next_month():
    of = june()
    notes = (Note("2027-05", "", "New pictures", "Wang", "2027-06-10"), Note("2027-06", "", "This month's"), Note("2027-04", "", "x", done=True))
    at = page("en", of.with_book(replace(of.book, notes=notes)))
    (said_,) = [c.value.replace("\u00a0", " ") for c in at.caption if "open from before" in c.value]
    assert said_.startswith("1 note is open from before: “New pictures” (May 2027)")


def test_months_below_last_years_have_fallen():
    """A fall was once shown without its sign."""
    of = june()
    known, plan = actuals_of(of), evaluate(of)
    low = known.with_cells({p: v / 2 for p, v in known.said.items() if p[2] in ("gmv", "refunds")})
    with speaking("en"):
        rises, falls = (answer.on_last_year(pace(plan, x, "gmv", "year"))[0] for x in (known, low))
    assert rises == "+20.6%" and falls == "−39.7%"


def test_frozen_forecasts_are_scored_as_months_close_beside_three_simple_ways():
    """Frozen after March: 8 of April, 12 of May, 1 of November, which has not come."""
    of, known = june(), actuals_of(june())
    said_ = tuple((f"2027-{m:02d} gmv", *(x * 1e6 for x in ends)) for m, ends in ((4, (7, 8, 9)), (5, (11, 12, 13)), (11, (0, 1, 2))))
    plan = evaluate(of.with_book(replace(of.book, forecasts=(Frozen("2027-03", "2027-04-02", (), said_),))))
    found, came = record.score_frozen(plan, known, "gmv"), known.total("gmv")[3:5]
    assert (found.months, found.inside) == (2, int(7e6 <= came[0] <= 9e6) + int(11e6 <= came[1] <= 13e6))
    assert found.forecast == pytest.approx(abs(came - [8e6, 12e6]).mean())
    before = evaluate(sample().with_values({})).lines["gmv"][:, 0]
    assert found.ratio == pytest.approx(abs(before[3:5] * known.total("gmv")[:3].sum() / before[:3].sum() - came).mean())
    assert 0 < found.trend < 2e6 and record.score_frozen(evaluate(of), known, "gmv") is None


def test_a_file_that_says_no_status_leaves_a_months_own():
    of = june()
    held = actuals_of(of).with_status("2027-06", "provisional")
    known = with_actuals(of, held)
    data = b"month,channel,gmv\n2027-06,content,540000\n2027-05,content,500000\n"
    assert review.read_actuals(data, known).provisional == {"2027-06"} and review.read_actuals(data, of).provisional == frozenset()
    closed = review.read_actuals(b"month,channel,gmv,status\n2027-06,content,540000,closed\n", known)
    assert held.merged(closed).provisional == frozenset()


@pytest.mark.deep
def test_refunds_to_come_reopen_no_books():
    of = june()
    lower = {k: v * (0.72 if k[0] == "2027-06" else 1.0) for k, v in actuals_of(of).said.items() if k[2] == "refunds"}
    at = page("en", with_actuals(of, actuals_of(of).with_cells(lower)))
    at.session_state["workspace"].scenario = scenario(at).with_book(replace(scenario(at).book, mature=True))
    again(at)
    assert not [c.value for c in at.caption if "are not closed" in c.value]
