"""Assumptions: every number of the plan is there and found, what was pasted is read cell by cell, links lead to the very row."""

from __future__ import annotations

import itertools

import pytest
import sheets as sheets_of
from odd_plans import ODD
from screens import again, app, click, markdown, scenario

from model import Plan, Scenario
from model.io.document.outline import Text
from model.plan.new_plan import TEMPLATE
from model.plan.schema import TABLES, applies, is_work, join, split
from pages.ui.assumptions import found
from pages.ui.assumptions.found import Asked
from pages.ui.document import risks
from pages.ui.document.work import Work
from pages.ui.kit import texts
from pages.ui.print import onepage
from pages.ui.rows import cell_words, cells, sheets
from pages.ui.session import results
from pages.ui.words.driver_labels import driver_label
from samples import changed, sample, sample_plan


def listed(at) -> list[str]:
    """Addresses in the list, as they stand."""
    return list(next(d.value["key"] for d in at.dataframe if "key" in d.value))


def grid(at, table: str) -> tuple[list[str], list[str]]:
    """Rows and columns of a table's grid."""
    first = at.session_state[f"_mounted_edit_{table}"][2]
    return list(first["_name"]), [c for c in first if c in TABLES[table]]


@pytest.mark.parametrize("make", [sample, lambda: changed(months=24), ODD["no team, no tiers"], ODD["organic only"]])
def test_every_input_of_every_row_is_there_and_found_by_its_key_and_by_its_names(make):
    plan = make()
    every = found.every(plan)
    said = {join(table, key, f) for table, rows in plan.rows.items() for key, row in rows.items() for f, driver in TABLES[table].items()
            if applies(driver, row) and not is_work(f"{table}.")}
    assert len(every) == len(set(every)) and said <= set(every) and not any(map(is_work, every))
    assert sum(split(a).table == "month" for a in every) == plan.get("months")
    for address in every:
        assert found.fits(plan, address, Asked(words=address)), address
    for language, address in itertools.product(texts.LANGUAGES, every):
        a = split(address)
        with texts.speaking(language):
            words = f"{driver_label(a.table, a.field)} {texts.t(f'table.{a.table}.label')}"
        assert found.fits(plan, address, Asked(words=words)), (address, words)


def test_words_of_both_languages_narrow_together_and_influence_sorts():
    asked = Asked(words="平台 refund", order=found.LISTED)
    assert found.asked_for(sample(), asked) == ["channel.platform.refund_rate"]
    every = found.asked_for(sample(), Asked(group="channel"))
    assert every[0] == "channel.organic.goods_margin_rate" and len(every) == len(set(every)) > 200
    assert found.asked_for(sample(), Asked(group="business/cash", order=found.LISTED)) == ["settlement_days", "credit_days"]
    assert found.asked_for(changed(vat=0.06), Asked(mark=found.CHANGED)) == ["vat"]


def test_the_page_names_how_many_and_the_ten_that_weigh_most():
    at = app("en", "assumptions", changed(months=24))
    every, stated = len(found.every(scenario(at))), len(found.stated(scenario(at)))
    assert f"{stated:,} assumptions; none of them" in texts.unmarked(markdown(at))
    assert f"{every - stated} more may be filled in" in texts.unmarked(markdown(at))
    assert [b.key for b in at.button if (b.key or "").startswith("assume_ten_")] == [f"assume_ten_{i}" for i in range(10)]
    assert len(listed(at)) == len(found.every(scenario(at)))


def test_the_page_the_printed_sheet_and_the_document_count_the_same_assumptions():
    """What figures are computed from: an empty cell is none, what the model says where the plan is silent is one."""
    plan = changed(channel__platform__cvr=0.03)
    said = f"{len(found.stated(plan)):,} assumptions"
    assert {a for a, _ in plan.base.values if not is_work(a)} <= set(found.stated(plan)) < set(found.every(plan))
    with sheets_of.speaking("en"):
        work = Work(plan, results.risk_of(plan), sheets_of.registered(plan), "")
        told = [text for _, text in onepage.sheet(sheets_of.work(plan)).notes] + [b.text for b in risks.grounds(work).blocks if isinstance(b, Text)]
    assert sum(said in text for text in told) == 2 and said in texts.unmarked(markdown(app("en", "assumptions", plan)))


def test_what_still_is_the_templates_is_counted_marked_and_named_first():
    plan = sample_plan()
    own, weighed = {"channel.platform.ctr", "vat"}, [a for a, _ in plan.values if not is_work(a)]
    lent = Scenario(Plan("own", plan.values, tuple((a, "J: own" if a in own else TEMPLATE) for a, _ in plan.values)))
    at = app("en", "assumptions", lent)
    assert f"{len(weighed) - 2} of them still come from the template" in markdown(at)
    at.get_by_key("assume_mark").set_value(found.TEMPLATE).run()
    assert len(listed(again(at))) == len(weighed) - 2 and own.isdisjoint(listed(at))
    click(at, "assume_ten_0")
    assert len(listed(at)) > 1 and len({split(a).field for a in listed(at)}) == 1


def test_a_link_leads_to_the_very_cell_and_the_way_back_to_all():
    at = app("zh", "assumptions", at="channel.platform.ctr,season.*.season")
    assert set(listed(at)) == {"channel.platform.ctr", *(f"season.{m:02d}.season" for m in range(1, 13))}
    assert grid(at, "channel") == (["平台推广"], ["ctr"]) and len(grid(at, "season")[0]) == 12
    click(at, "assume_all")
    assert len(listed(at)) > 1000 and "at" not in at.query_params
    assert app("zh", "assumptions", at="nonsense").button(key="assume_all")


def test_methods_link_names_the_row():
    at = app("en", "method", figure="driver.channel.ctr", row="platform")
    links = [link.proto.query_string for link in at.get("page_link")]
    assert any("at=channel.platform.ctr" in x for x in links), links


# --- grids -------------------------------------------------------------------------------------------------------------

def pasted(plan: Scenario, table: str, cells_: dict[int, dict[str, str]]):
    values, refused = cells.read_cells(plan, sheets.of_table("grid", plan, table, list), cells_)
    made, more = cells.taken(plan, values)
    return made, [(v.code, v.place) for v in (*refused, *more)]


@pytest.mark.parametrize(("table", "row", "typed", "values"), [
    ("promotion", 1, {"on": "关", "first": "6月1日", "channels": "平台推广、content", "discount": "12%"},
     {"on": False, "first": "06-01", "channels": "platform;content", "discount": 0.12}),
    ("promotion", 0, {"channels": "All channels"}, {"channels": "all"}),
    ("initiative", 0, {"on": "no", "start": "2027/5", "cost_once": "1.2万"}, {"on": False, "start": "2027-05", "cost_once": 12000.0}),
    ("effect", 0, {"driver": "Conversion rate", "channel": "all", "effect": "3"}, {"driver": "cvr", "channel": "all", "effect": 0.03}),
    ("month", 2, {"fill": "80"}, {"fill": 0.8}),
    ("event", 0, {"probability": "35％", "on": "Off"}, {"probability": 0.35, "on": False}),
    ("team", 0, {"heads": "４", "monthly_cost": "1.5万"}, {"heads": 4.0, "monthly_cost": 15000.0})])
def test_every_kind_of_cell_is_read_as_people_write_it(table, row, typed, values):
    plan = sample()
    made, refused = pasted(plan, table, {row: typed})
    key = sheets.rows_of(plan, table)[row]
    assert refused == [] and {f: made.rows[table][key][f] for f in values} == values


def test_a_target_is_typed_in_the_unit_of_its_kpi():
    row = next(i for i, r in enumerate(sample().rows["target"].values()) if r["kpi"] == "net_margin_rate")
    made, refused = pasted(sample(), "target", {row: {"value": "4.5"}})
    assert refused == [] and list(made.rows["target"].values())[row]["value"] == pytest.approx(0.045)


def test_what_a_cell_shows_is_what_it_reads():
    """Every text of every cell of the plan, typed again, changes nothing."""
    plan = changed(months=24)
    for address in found.every(plan):
        text = cell_words.text_of(plan, address)
        if text is not None and cell_words.read(plan, address, text)[1] is not None:
            pytest.fail(f"{address}: {text!r} {cell_words.read(plan, address, text)}")


def test_pasted_shares_stand_and_the_others_give_way():
    made, refused = pasted(sample(), "channel", {0: {"share": "40"}, 1: {"share": "22"}})
    shares = {k: made.get(f"channel.{k}.share") for k in made.spending_channels}
    assert refused == [] and (shares["platform"], shares["content"]) == (0.4, 0.22)
    assert sum(shares.values()) == pytest.approx(1, abs=1e-12)
    made, refused = pasted(sample(), "channel", {0: {"share": "80"}, 1: {"share": "30"}, 2: {"cpm": "50"}})
    assert [code for code, _ in refused] == ["shares_not_one"] * 2 and made.get("channel.creators.cpm") == 50.0


def wide(count: int) -> Scenario:
    """A plan of so many channels."""
    rows = sample_plan().rows["channel"]
    more = {join("channel", f"c{i}", f): v for i in range(count) for f, v in rows["content"].items() if f != "share"}
    return sample().with_values(more)


def test_two_thousand_cells_are_taken_or_named_each_by_row_and_column():
    """Every third cell is wrong in one of three ways; all others stand in the plan afterwards, as one step."""
    plan = wide(54)
    sheet = sheets.of_table("grid", plan, "channel", list)
    fields = [f for f in sheet.columns if TABLES["channel"][f].unit.is_number and "share" not in f]
    rows = [i for i, k in enumerate(sheet.rows) if plan.rows["channel"][k]["kind"] == "paid"]
    good = {f: 2 * float((cell_words.text_of(plan, join("channel", "c0", f)) or "1").replace(",", "")) for f in fields}
    bad = ("abc", "-500", "1e15")
    block = {i: {f: bad[(i + j) // 3 % 3] if (i + j) % 3 == 0 else f"{0.49 * good[f]:.4f}" for j, f in enumerate(fields)} for i in rows}
    values, refused = cells.read_cells(plan, sheet, block)
    made, more = cells.taken(plan, values)
    named = {v.place for v in (*refused, *more)}
    asked = {join("channel", list(sheet.rows)[i], f): text for i, row in block.items() for f, text in row.items()}
    wrong = {a for a, text in asked.items() if text in bad or not cell_words.there(plan, a)}
    assert len(asked) > 2000 and len(wrong) > 600
    assert wrong <= named
    alone = {field for a in named - wrong if not (field := split(a).field).startswith("phasing")}
    assert alone <= {"shape", "slot_fee"}, "twelve weights count together; two numbers are at their least"
    assert all(made.get(a) == value for a, value in values.items() if a not in named)
    assert named <= set(sheet.places())


def test_a_rule_between_cells_names_those_that_break_it_and_takes_the_rest():
    made, refused = pasted(sample(), "distribution", {0: {"monthly_rho": "0.4", "family": "Triangular"}})
    assert [code for code, _ in refused] == ["incomplete_distribution"]
    assert next(iter(made.rows["distribution"].values()))["monthly_rho"] == 0.4
