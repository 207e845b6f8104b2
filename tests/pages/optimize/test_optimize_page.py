"""The Optimize page: the best split and why, frontiers, goal seek, the two-way table, and what cannot be had."""

from __future__ import annotations

import re
from types import SimpleNamespace

import numpy as np
import pytest
from every import some
from screens import again, app, asked, charts, click, component, goto, markdown, scenario, settled, space

from model import evaluate, kpi
from model.analysis.optimize import Limits, Objective, best_split
from pages.ui.optimize import best_split as best_split_page
from pages.ui.optimize.specs import iso_line
from pages.ui.optimize.split_limits import SHARE, SPEND
from pages.ui.rows import number_grid
from pages.ui.rows.number_grid import Numbers
from pages.ui.rows.steps import removed
from pages.ui.session.workspace import Stored, fresh
from samples import changed, sample

TABS = {"frontier": 1, "goal": 2, "two": 3}


def opened(tab: str = "", language: str = "en", **values):
    at = app(language, "optimize", scenario=changed(**values) if values else None)
    if tab:
        at.session_state["optimize_tab"] = [t.label for t in at.tabs][TABS[tab]]
        at.session_state["goal_own"] = tab == "goal"
        again(at)
    return at


def answered(at):
    """With the reasons found beside the answer, where there is one."""
    return settled(at, "why") if "_job_why" in at.session_state else again(at)


def net_profit(of) -> float:
    return float(kpi(evaluate(of), "net_profit")[0])


@pytest.mark.parametrize(("language", "months"), [("en", 12), ("zh", 24)])
def test_the_page_opens_with_the_answer_for_the_defaults_and_names_the_split_and_what_binds(language, months):
    """What stands on the screen is what the model says, in either language, of one year and of two."""
    at = opened(language=language, **({} if months == 12 else {"months": months}))
    of = scenario(at)
    found = best_split(of, explained=False)
    moved = {c: (of.get(f"channel.{c}.share"), s) for c, s in found.shares.items()}
    said = at.subheader[0].value
    for channel, (before, after) in moved.items():
        assert re.search(rf"{100 * before:.1f} → {100 * after:.1f} ?%", said) or abs(after - before) < 5e-4, channel
    unit = {"en": f"+¥{found.gain / 1e3:.4g}K", "zh": f"+{found.gain / 1e4:.4g} 万元"}[language]
    assert said.replace("\u2060", "").replace("\u00a0", " ").endswith(unit)
    held = next(c.value for c in at.caption if c.value.startswith({"en": "Limited by", "zh": "卡住它"}[language]))
    assert held.count({"en": "largest", "zh": "幅上限"}[language]) == sum(r.kind == "move" for r in found.at_limits) >= 2
    assert not [b for b in at.button if b.key == "go_split"], "no button where the answer is there at once"


def test_the_reasons_come_beside_the_answer_and_say_that_it_is_no_proof():
    at = answered(opened())
    assert any("no proof" in c.value for c in at.caption) and "8 times out of 10" in markdown(at)
    assert len(component(at, "optimize_why")["rows"]) == 5


@pytest.mark.deep
def test_a_changed_form_or_plan_is_answered_at_once_and_what_stands_there_belongs_to_it():
    at = opened()
    first = at.subheader[0].value
    at.text_input(key="optimize_move").set_value("10").run()
    assert at.subheader[0].value != first
    narrow = best_split(sample(), limits=Limits(0.1), explained=False)
    assert f"→ {100 * narrow.shares['own_live']:.1f}%" in at.subheader[0].value
    at.text_input(key="optimize_move").set_value("30").run()
    assert at.subheader[0].value == first
    at.session_state["workspace"].scenario = changed(headline__cvr=1.1)
    assert again(at).subheader[0].value != first
    click(at, "split_apply")
    assert at.subheader[0].value.startswith("Within these limits") or at.subheader[0].value != first
    click(at, "bar_undo")
    assert scenario(at) == changed(headline__cvr=1.1)


def test_draws_and_months_are_asked_for_by_a_button_and_no_older_answer_stands_there_meanwhile():
    at = opened()
    at.toggle(key="optimize_phasing").set_value(True).run()
    assert at.button(key="go_split") and not at.subheader and "split_apply" not in [b.key for b in at.button]
    asked(at, "split")
    assert "net profit" in at.subheader[0].value and len(component(at, "optimize_why")["rows"]) == 5
    at.text_input(key="optimize_move").set_value("10").run()
    assert not at.subheader and any("no longer fits" in c.value for c in at.caption)


def test_a_figure_left_by_the_very_click_on_apply_counts():
    """The answer to the form as it stands is taken over, not the one to the figure before."""
    at = opened()
    at.text_input(key="optimize_move").set_value("10")
    click(at, "split_apply")
    assert scenario(at).get("channel.own_live.share") <= 0.18 * 1.1 + 1e-9


def gained(at) -> float:
    click(at, "split_apply")
    gain = net_profit(scenario(at)) - net_profit(sample())
    click(at, "bar_undo")
    return gain


@pytest.mark.deep
def test_locks_of_simulate_are_named_beside_the_answer_and_one_press_takes_them_away():
    at = opened()
    space(at).locks = frozenset({"platform", "creators"})
    answered(again(at))
    assert any("±30%" in c.value and "Search ads" in c.value and "locked" in c.value for c in at.caption)
    held = gained(at)
    answered(click(at, "optimize_unlock"))
    assert space(at).locks == frozenset() and not any("locked" in c.value for c in at.caption)
    assert gained(at) > 2 * held > 0


@pytest.mark.deep
def test_a_channel_without_a_share_is_named_with_the_room_it_has():
    at = answered(opened(channel__creators__share=0.0, channel__platform__share=0.6))
    assert any("may come up to 2%" in c.value for c in at.caption)
    at.text_input(key="optimize_points").set_value("5%").run()
    answered(at)
    assert any("±5 points in any case" in c.value for c in at.caption)


def test_applying_is_one_step_that_can_be_undone():
    at = answered(opened())
    click(at, "split_apply")
    assert net_profit(scenario(at)) > net_profit(sample()) and {a.split(".")[-1] for a, _ in scenario(at).changes} == {"share"}
    here = "of what it is now (changed since the saved plan)"
    assert any(here in c.value for c in at.caption), "limits are counted from the split taken over: a further gain is no surprise"
    click(at, "bar_undo")
    assert not any(here in c.value for c in at.caption)
    assert scenario(at) == sample()


def test_adopting_and_saving_makes_a_new_scenario_and_leaves_the_open_one_alone(store):
    first = store.save(sample().named("Budget", "for the board"), author="Wang")
    at = opened()
    at.session_state["workspace"].stored = Stored(first.entry.id, 1, "Budget")
    at.session_state["workspace"].scenario = first.scenario
    for i, name in enumerate(("Budget, best split", "Budget, best split 2")):
        click(answered(again(at)), "split_save")
        saved = next(e for e in store.list().entries if e.name == name)
        assert store.list().total == i + 2 and store.open(saved.id).scenario == scenario(at) and saved.note == "for the board"
        assert space(at).stored == Stored(saved.id, 1, name) and space(at).baseline == sample()
        assert store.open(first.entry.id).version.number == 1
        click(at, "bar_undo")
        assert space(at).stored == Stored(first.entry.id, 1, "Budget") and scenario(at) == first.scenario


@pytest.mark.deep
def test_what_cannot_be_reached_is_named_with_the_most_that_can():
    at = opened()
    at.text_input(key="optimize_gmv").set_value("2亿").run()
    answered(at)
    assert "GMV reaches ¥1" in at.error[0].value and "not ¥200M" in at.error[0].value
    click(at, "take_nearest")
    assert scenario(at) != sample()


def limited(**rows) -> dict:
    """What the planner has typed into the table of channels, as the page remembers it."""
    return {c: dict(r) for c, r in rows.items()}


def with_limits(rows: dict, tab: str = ""):
    at = app("en", "optimize", run=False)
    at.session_state["_optimize_channels"] = rows
    at.run()
    at.switch_page("pages/optimize.py").run()
    if tab:
        at.session_state["optimize_tab"] = [t.label for t in at.tabs][TABS[tab]]
    return again(at)


def share(of, channel: str) -> float:
    return of.get(f"channel.{channel}.share")


@pytest.mark.deep
def test_floors_and_ceilings_in_yuan_hold():
    """Content takes 1,848,000 a year today and is given at least 2,300,000; platform at most 6,000,000 of its 6,336,000."""
    at = answered(with_limits(limited(content={"least": 2.3e6}, platform={"most": 6e6})))
    click(at, "split_apply")
    assert share(scenario(at), "content") * 13.2e6 >= 2.3e6 * (1 - 1e-9)
    assert share(scenario(at), "platform") * 13.2e6 <= 6e6 * (1 + 1e-9)


def test_floors_above_the_budget_are_one_report_with_names_sums_and_what_to_do():
    at = answered(with_limits(limited(platform={"least": 8e6}, content={"least": 2.2e6}, own_live={"least": 4e6})))
    at.text_input(key="optimize_move").set_value("500").run()
    answered(at)
    (report,) = [e.value for e in at.error]
    assert all(w in report for w in ("¥14.2M", "above the budget of ¥13.2M", "¥8M", "¥4M", "Lower one"))


def test_a_floor_that_the_largest_move_forbids_says_so():
    at = answered(with_limits(limited(content={"low": 0.3})))
    assert "floor ¥3.96M above ceiling ¥2.402M" in at.error[0].value and "±30%" in at.error[0].value


def grouped(at, channels: list[str], by: str = "share", low=None, high=None):
    at.button(key="optimize_add_group").click().run()
    at.multiselect(key="optimize_group_channels_1").set_value(channels).run()
    at.selectbox(key="optimize_group_by_1").set_value(by).run()
    for side, value in (("floor", low), ("ceiling", high)):
        if value is not None:
            at.text_input(key=f"optimize_group_{side}_{by}_1").set_value(str(value)).run()
    return at


@pytest.mark.parametrize(("by", "most"), some([("spend", 3.3), ("share", 25.0)], keep=2))
def test_a_group_keeps_its_ceiling_and_goes_when_it_is_removed(by, most):
    """25 % of 13.2 million is 3.3 million: both say the same; without the group it is more."""
    at = answered(grouped(opened(), ["creators", "own_live"], by, high=most))
    click(at, "split_apply")
    assert share(scenario(at), "creators") + share(scenario(at), "own_live") == pytest.approx(0.25, abs=1e-6)
    click(at, "bar_undo")
    click(at, "optimize_group_remove_1")
    answered(at)
    click(at, "split_apply")
    assert share(scenario(at), "creators") + share(scenario(at), "own_live") > 0.26


def test_a_group_that_its_channels_cannot_fill_is_named_with_what_they_can_have():
    at = answered(grouped(opened(), ["creators", "own_live"], low=60.0))
    report = at.error[0].value
    assert "“No. 1”, share floor" in report and "at least ¥7.92M" in report and "between" in report and "Relax one" in report


def test_limits_outlive_their_tab_and_those_of_a_removed_channel_go_with_it():
    at = with_limits(limited(content={"low": 0.15}, creators={"most": 2e6}))
    at.button_group(key="optimize_locks").set_value(["creators", "private"]).run()
    grouped(at, ["creators", "own_live"], high=30.0)
    at.session_state["optimize_tab"] = at.tabs[1].label
    again(at)
    assert at.button_group(key="optimize_locks").value == ["creators", "private"]
    at.session_state["workspace"].scenario = removed(scenario(at), "channel", "creators")
    again(at)
    assert at.button_group(key="optimize_locks").value == ["private"]
    assert at.multiselect(key="optimize_group_channels_1").value == ["own_live"]
    assert at.session_state["_optimize_channels"] == {"content": {"low": 0.15}} | {
        c: {} for c in ("platform", "own_live", "private")}


@pytest.mark.deep
def test_the_frontier_keeps_the_limits_of_the_form():
    at = asked(with_limits(limited(private={"high": 0.05}), "frontier"), "frontier")
    click(at, "frontier_take")
    assert share(scenario(at), "private") <= 0.05 + 1e-9


@pytest.mark.deep
def test_a_picked_point_shows_what_it_does_to_the_split():
    at = asked(opened("frontier"), "frontier")
    at.selectbox(key="frontier_point").set_value(0).run()
    bars = charts(at)[1][1]
    assert sum(bars["Before"]) == pytest.approx(13.2, abs=0.05) and sum(bars["After"]) == pytest.approx(0.4 * 13.2, abs=0.05)
    assert len(component(at, "frontier_kpis")["rows"]) == 5


@pytest.mark.deep
def test_any_number_of_any_channel_may_be_sought():
    at = opened("goal")
    at.selectbox(key="goal_kpi").set_value("orders").run()
    at.multiselect(key="goal_levers").set_value(["channel.platform.cpm", "channel.content.cvr"]).run()
    wanted = float(kpi(evaluate(sample()), "orders")[0]) * 1.02
    at.text_input(key="goal_value_orders").set_value(f"{wanted:,.2f}").run()
    asked(at, "goal")
    assert len(component(at, "goal")["rows"]) == 2
    click(at, "goal_take")
    assert float(kpi(evaluate(scenario(at)), "orders")[0]) == pytest.approx(wanted, rel=1e-4)
    assert {a for a, _ in scenario(at).changes} == {"channel.platform.cpm", "channel.content.cvr"}


@pytest.mark.deep
def test_eighty_per_cent_sure_of_an_amount():
    at = opened("goal")
    at.selectbox(key="goal_kpi").set_value("gmv").run()
    at.selectbox(key="goal_measure_False").set_value("chance").run()
    at.text_input(key="goal_target_gmv").set_value("105").run()
    asked(at, "goal")
    assert at.subheader[-1].value.startswith("The chance that GMV reaches ¥105M goes from ")
    assert "to 80.0%" in at.subheader[-1].value


@pytest.mark.parametrize("key", some(["turnover_days", "orders", "closing_cash", "repurchase_rate_year"], keep=4))
def test_any_kpi_over_any_two_numbers_has_a_table(key):
    at = opened("two")
    at.selectbox(key="two_kpi").set_value(key).run()
    at.selectbox(key="two_across").set_value("channel.content.cvr").run()
    at.selectbox(key="two_up").set_value("fulfilment_cost").run()
    again(at)
    assert charts(at)[0][1]["kind"].count("cell") == 441


def test_a_frontier_is_drawn_with_todays_plan_and_a_point_is_taken_over():
    at = asked(opened("frontier"), "frontier")
    data = charts(at)[0][1]
    assert data["name"].count("Today") == 1 and len(data["x"]) >= 10
    click(at, "frontier_take")
    assert scenario(at) != sample()


@pytest.mark.deep
def test_the_value_that_is_needed_reaches_the_target():
    at = opened("goal")
    at.selectbox(key="goal_kpi").set_value("gmv").run()
    asked(at, "goal")
    assert at.subheader[-1].value.startswith("GMV goes from ¥112.1M to ¥114M")
    click(at, "goal_take")
    assert float(kpi(evaluate(scenario(at)), "gmv")[0]) == pytest.approx(114e6, rel=1e-4)


@pytest.mark.deep
def test_a_goal_out_of_reach_says_what_stops_it():
    at = opened("goal")
    at.selectbox(key="goal_kpi").set_value("gmv").run()
    at.text_input(key="goal_value_gmv").set_value("９００").run()
    asked(at, "goal")
    assert "does not reach" in at.subheader[-1].value and "end of its plausible range" in markdown(at)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_two_way_table_shows_every_cell_and_today(language, monkeypatch):
    monkeypatch.setattr("pages.ui.kit.texts.language", lambda: language)  # AppTest formats options outside of the session
    data = charts(opened("two", language))[0][1]
    assert data["kind"].count("cell") == 441 and data["kind"].count("today") == 1


def test_a_target_on_the_table_is_a_line():
    """z = x + y on a grid of 0, 1, 2: the target 1 is met on (0, 1) … (1, 0)."""
    at = np.arange(3.0)
    assert iso_line(at, at, at[None] + at[:, None], 1.0) == [(0.0, 1.0), (1.0, 0.0)]
    assert iso_line(at, at, at[None] + at[:, None], 9.0) == []


#: typed into the field of the least GMV (in million yuan) or net margin -> what then stands there, what counts; None: refused
TYPED = {
    "optimize_gmv": {"1.2万": ("0.012", 12_000.0), "１２": ("12", 12e6), "1,5": ("1.5", 1.5e6), "1.1亿": ("110", 1.1e8),
                     "12.345.678元": ("12.3457", 12_345_678.0), "¥ 30": ("30", 30e6), "": ("", None)},
    "optimize_margin": {"12%": ("12.0", 0.12), "12,5": ("12.5", 0.125), "（3）": ("-3.0", -0.03), "150": None, "一半": None},
}


@pytest.mark.deep
def test_the_fields_read_numbers_as_people_write_them_and_keep_them_over_tabs_and_pages():
    at = opened()
    for key, cases in TYPED.items():
        counts = None
        for text, expected in cases.items():
            at.text_input(key=key).set_value(text).run()
            shown, counts = expected or (text, counts)
            assert at.text_input(key=key).value == shown, text
            about = at.session_state["_kept_numbers"][key]
            assert about.value == counts and bool(about.typed) == (expected is None), text
            assert any("between" in m.value or text in m.value for m in at.markdown if ":red[" in m.value) == (expected is None)
    at.text_input(key="optimize_gmv").set_value("1.1亿").run()
    at.session_state["optimize_tab"] = at.tabs[TABS["goal"]].label
    goto(again(at), "risk")
    at.session_state["optimize_tab"], at.session_state["_optimize_tab"] = None, "split"
    goto(at, "optimize")
    assert [at.text_input(key=k).value for k in TYPED] == ["110", "一半"], "what was refused stays to be mended"


def test_cells_of_limits_are_read_as_people_write_them_and_a_refused_one_holds_up_no_other(monkeypatch):
    kept: dict = {}
    grid = Numbers("grid", "Channel", {"a": "A", "b": "B"}, ("Now", ["1%", "2%"]), {"low": "Low", "most": "Most"},
                   lambda _, side: (SPEND, 4) if side == "most" else (SHARE, 0), {("a", "low"): 0.125, ("a", "most"): 1.2e7},
                   lambda typed: kept.update(typed) or {})
    assert (grid.text("a", "low"), grid.text("a", "most"), grid.text("b", "low")) == ("12.5", "1,200", None)
    typed = {0: {"low": "12.5", "most": None}, 1: {"low": "１５％", "most": "1.2亿"}}
    state = {"grid": {"edited_rows": typed}, "bad": {"edited_rows": {0: {"low": "150", "most": "120"}, 1: {"low": "half"}}},
             "workspace": fresh(sample())}
    monkeypatch.setattr("streamlit.session_state", state)
    number_grid._edited(grid, "grid")
    assert kept == {("a", "most"): None, ("b", "low"): 0.15, ("b", "most"): 1.2e8} and state["_said_grid"] == (sample(), {})
    kept.clear()
    number_grid._edited(grid, "bad")
    assert kept == {("a", "most"): 1.2e6}
    assert {p: (v.code, v.got, v.allowed) for p, v in state["_said_grid"][1].items()} == {
        ("a", "low"): ("too_high", "150", "0.0 … 100.0 %"), ("b", "low"): ("not_a_number", "half", "0.0 … 100.0 %")}


@pytest.mark.parametrize("odd", [{"budget": 0.0}, {"months": 36}, {"months": 1}])
def test_odd_plans_have_a_page(odd):
    assert not opened(**odd).exception and not opened("two", **odd).exception


def test_a_marginal_return_is_of_a_yuan_spent_also_in_a_plan_of_two_years():
    """A yuan more of the yearly budget spends two in 24 months, and counted in one of them one."""
    def years(months: int, period: str = "all") -> float:
        scenario = changed(months=months)
        found = SimpleNamespace(start=scenario, before=np.array([scenario.get("budget")]), objective=Objective(period=period))
        return best_split_page._years(found)

    assert [round(years(m), 9) for m in (12, 24, 36)] == [1, 2, 3] and years(6) < 1
    assert round(years(24, "year"), 9) == 1
