"""One number of one result, wherever it stands: Compare, the list of scenarios, Optimize, files, totals, both languages, each
year of a longer plan. What Simulate, Risk, Plan and print share: test_shown_twice.py.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
import sheets
from amounts import PLANS, figures
from screens import again, app, cards, component, goto, space

from model import KPIS, LINES, kpi_by_channel
from model.analysis.optimize import Objective, best_split
from model.engine.kpis import ALL, YEAR, over, periods_of
from model.units import YUAN
from pages.ui.channels import view
from pages.ui.compare import comparison, files
from pages.ui.frame import grids, month_files
from pages.ui.kit import texts
from pages.ui.kit.formats import ends, number
from pages.ui.print import onepage
from pages.ui.session import results, state
from pages.ui.simulate import summary
from pages.ui.words import reach

#: KPIs that are sums of a line of their own
SUMMED = ("gmv", "net_revenue", "net_profit")


def of(scenario, key: str, period: str = YEAR) -> float:
    return float(over(results.result_of(scenario), key, period)[0])


def said(scenario, key: str, period: str = YEAR) -> str:
    """A KPI as pages say it, in the language at hand."""
    return figures(number(of(scenario, key, period), KPIS[key].unit))


def exactly(value: float):
    return pytest.approx(value, rel=1e-9, nan_ok=True)


def test_files_and_the_list_hold_the_kpis_of_the_result(store):
    for name, plan in PLANS.items():
        result = results.result_of(plan)
        with sheets.speaking("en"):
            totals = {row[1]: row[-1] for row in month_files.months(result).rows}
            compared = {row[1]: row[3:] for row in files.kpis([result, results.result_of(PLANS["sample"])], ["a", "b"]).rows}
        for key in SUMMED:
            assert totals[key] == exactly(of(plan, key, ALL)), (name, key)
        for key, (value, *_) in compared.items():
            assert value == exactly(of(plan, key, periods_of(len(result.months))[-1])), (name, key)
        store.save(plan.named(name), author="Wang")
    for entry in store.list().entries:
        for key in ("gmv", "net_profit", "net_margin_rate"):
            assert entry.summary[key] == exactly(of(PLANS[entry.name], key, ALL)), (entry.name, key)


def test_optimize_starts_from_the_figures_of_the_plan():
    plan = PLANS["edited"]
    found = best_split(plan, Objective())
    assert found.value_before == exactly(of(plan, "net_profit", ALL))
    assert {k: v for k, v in found.plan_before.items() if v != exactly(of(plan, k, ALL))} == {}
    assert {k: v for k, v in found.plan_after.items() if v != exactly(of(found.scenario, k, ALL))} == {}


def every_figure(sheet: onepage.Sheet) -> list[str]:
    """Numbers of the printed page in the order in which they stand; of what one language words otherwise, none."""
    told = [card[part] for card in sheet.cards for part in ("value", "change", "last", "target")]
    told += [line.replace("8 in 10", "80%") for card in sheet.cards for line in card["band"]]
    return [figures(text) for text in told] + [figures(cell.text) for table in (sheet.targets, sheet.risks, sheet.fall)
                                               for row in table.rows for cell in row[2:]]


@pytest.mark.parametrize("period", periods_of(24))
def test_print_says_the_same_numbers_in_both_languages_for_each_year(period):
    plan, told = PLANS["24 months"], {}
    for language in texts.LANGUAGES:
        with sheets.speaking(language):
            sheet = onepage.sheet(replace(sheets.work(plan), found=results.risk_of(plan), period=period))
            told[language] = every_figure(sheet)
            assert [figures(c["value"]) for c in sheet.cards if c["key"] == "gmv"] == [said(plan, "gmv", period)]
    assert told["zh"] == told["en"] and len(told["zh"]) > 100


def test_compare_customers_and_totals_in_chinese_say_what_the_cards_say():
    plan, words = PLANS["sample"], texts.catalogue("zh")
    at = app("zh", "compare", plan)
    sides = list(state.presets().values())
    keys = {words[f"kpi.{key}.label"]: key for key in KPIS}
    table = component(at, "compare_kpis")["rows"]
    with sheets.speaking("zh"):
        for row in table:
            told = [figures(row[i]) for i in (1, 2, 4)]
            assert told == [said(s, keys[row[0]]) for s in sides], row
        for row, side in zip(component(at, "compare_risks")["rows"], sides, strict=True):
            found = results.risk_of(side)
            for text, key in ((row[1], "gmv"), (row[2], "net_profit")):
                year = found.year(key, YEAR)
                assert figures(text) == figures("–".join(ends(float(year.point(10)), float(year.point(90)), KPIS[key].unit)))
                assert figures(text) in figures(summary.band(found, key, YEAR))
            assert figures(row[3]) == figures(reach.chance_alone(found.chances["gmv_year"]))
    at = goto(at, "simulate")
    shown = cards(at)
    with sheets.speaking("zh"):
        for key in ("gmv", "net_profit", "refund_rate", "repurchase_rate_year"):
            assert figures(shown[words[f"card.{key}"]]["value"]) == said(plan, key), key
        total = component(at, "channel_results")["rows"][-1]
        assert {said(plan, k) for k in ("cac_blended", "gmv", "roas_net")} <= {figures(c) for c in total}, total
    again = [figures(cell) for row in component(goto(at, "customers"), "repurchase_rates")["rows"] for cell in row]
    assert figures(shown[words["card.repurchase_rate_year"]]["value"]) in again


@pytest.mark.parametrize("period", periods_of(24)[1:])
def test_compare_says_of_another_year_and_of_all_months_what_the_plans_say(period, store):
    """Two plans of 24 months side by side: the table, the bridge's two ends, the ranges."""
    plan, other = PLANS["24 months"], PLANS["24 months"].with_values({"headline.cvr": 1.0, "budget": 12e6})
    at = app("en", "compare", plan)
    space(at).saved, space(at).period = other, period
    space(at).compared = ("saved", "now")
    table = component(again(at), "compare_kpis")["rows"]
    keys = {texts.catalogue("en")[f"kpi.{key}.label"]: key for key in KPIS}
    told = {keys[row[0]]: [figures(row[1]), figures(row[2])] for row in table}
    with sheets.speaking("en"):
        assert told == {key: [said(side, key, period) for side in (other, plan)] for key in comparison._TABLE}
        (title,) = [m.value for m in at.markdown if said(other, "net_profit", period) in figures(m.value)
                    and said(plan, "net_profit", period) in figures(m.value)]
        assert title
        for row, side in zip(component(at, "compare_risks")["rows"], (other, plan), strict=True):
            for text, key in ((row[1], "gmv"), (row[2], "net_profit")):
                assert figures(text) in figures(summary.band(results.risk_of(side), key, period)), (key, period)


def test_files_by_channel_hold_the_channels_of_the_result_and_sum_to_the_plan():
    for name, plan in PLANS.items():
        result = results.result_of(plan)
        with sheets.speaking("en"):
            rows = month_files.channel_months(result).rows
        of_line = {key: [row for row in rows if row[1] == key] for key in result.by_channel if key in LINES}
        for key, found in of_line.items():
            assert [row[4] for row in found] == list(result.channels), (name, key)
            for i, row in enumerate(found):
                assert list(row[5:-1]) == exactly([float(x) for x in result.by_channel[key][i][:, 0]]), (name, key, row[4])
        for key in SUMMED[:2]:
            assert sum(row[-1] for row in of_line[key]) == exactly(of(plan, key, ALL)), (name, key)


def test_the_tables_of_channels_are_the_channels_of_simulate():
    """Shown and filed: what each channel costs and brings, its returns and their order, the totals of the funnel."""
    for name, plan in PLANS.items():
        at = app("en", "channels", plan)
        result, shown = results.result_of(plan), {key: component(at, key)["rows"] for key in ("curves", "funnel", "roas")}
        space(at).period = periods_of(len(result.months))[-1]
        at = goto(at, "simulate")
        beside = {row[0]: row[1:] for row in component(at, "channel_results")["rows"]}
        with sheets.speaking("en"):
            filed = grids.table_of(view.roas_grid(result, view.roas_rows(result))).rows
            named = {view.channel_name(plan, c): i for i, c in enumerate(result.channels)}
            for row, cells in zip(shown["roas"], filed, strict=True):
                gross, net, cac = figures(row[1]), figures(row[3]), figures(row[6])
                assert [gross, net, cac] == [figures(beside[row[0]][i]) for i in (7, 8, 9)], (name, row)
                for key, value in (("roas_gmv", cells[1]), ("roas_net", cells[3]), ("break_even_roas", cells[5]), ("cac", cells[6])):
                    assert value == exactly(float(kpi_by_channel(result, key)[named[row[0]], 0])), (name, row[0], key)
            assert [row[0] for row in shown["funnel"]][:-1] == list(named)
            total = shown["funnel"][-1]
            assert {said(plan, key, ALL) for key in ("ctr", "cvr", "new_customers")} <= {figures(c) for c in total}, (name, total)
            for row in shown["funnel"][:-1]:
                clicks, customers = figures(row[4]), figures(row[10])
                assert [clicks, customers] == [figures(beside[row[0]][i]) for i in (1, 3)], (name, row)
            spend = {n: figures(number(float(result.by_channel["spend"][i].mean()), YUAN)) for n, i in named.items()}
            assert {row[0]: figures(row[1]) for row in shown["curves"]} == {n: spend[n] for n in (r[0] for r in shown["curves"])}
