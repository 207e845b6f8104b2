"""Grids that are edited: what is typed is read as people write it, the good cells are taken, the others named."""

from __future__ import annotations

import pandas as pd
import pytest

from model.plan.schema import TABLES, applies, join
from pages.ui.customers.tiers import FIELDS
from pages.ui.rows import cell_words, cells, sheets
from pages.ui.words.figures import EDITABLE
from samples import sample

GRIDS = {"channel": EDITABLE, "tier": FIELDS}
CHANNELS = list(sample().rows["channel"])


def grid(table: str, plan=None) -> cells.Sheet:
    return sheets.of_table("grid", plan or sample(), table, list, GRIDS[table])


def edit(row: str, **typed: object) -> dict[int, dict[str, object]]:
    return {CHANNELS.index(row): typed}


@pytest.mark.parametrize("table", GRIDS)
def test_a_cell_that_is_left_as_it_is_or_typed_again_changes_nothing(table):
    plan = sample()
    same = {i: {f: cell_words.text_of(plan, join(table, row, f)) for f in GRIDS[table]} for i, row in enumerate(plan.rows[table])}
    assert sum(text is not None for row in same.values() for text in row.values()) > 10
    assert cells.read_cells(plan, grid(table), same) == ({}, [])
    odd = plan.with_values({f"{table}.{row}.repurchase_once" if table == "tier" else f"{table}.{row}.ctr": 0.1234567891
                            for row in plan.rows[table] if table == "tier" or "cpm" in plan.rows[table][row]})
    first = next(iter(odd.rows[table]))
    typed = {f: cell_words.text_of(odd, join(table, first, f)) for f in GRIDS[table]}
    assert cells.read_cells(odd, grid(table), {0: typed}) == ({}, []), "digits that are not shown stay"


@pytest.mark.parametrize(("typed", "value"), [("38.5%", 0.385), ("38.5", 0.385), ("３８．５％", 0.385), ("0.385", 0.00385),
                                              ("38,5", 0.385), (" 38.5 ", 0.385)])
def test_a_refund_rate_as_people_write_it(typed, value):
    assert cells.read_cells(sample(), grid("channel"), edit("platform", refund_rate=typed)) == ({"channel.platform.refund_rate": value}, [])


def test_good_cells_are_taken_and_the_others_named_with_what_stood_there():
    edited = edit("platform", refund_rate="150", ctr="abc", cpm="１２") | edit("organic", cpm="5") | edit("content", aov="")
    values, wrong = cells.read_cells(sample(), grid("channel"), edited)
    assert values == {"channel.platform.cpm": 12.0}
    assert [(v.code, v.place, v.got, v.allowed) for v in wrong] == [
        ("too_high", "channel.platform.refund_rate", "150", "0.0 … 95.0 %"),
        ("not_a_number", "channel.platform.ctr", "abc", "0.00 … 100.00 %"),
        ("no_such_cell", "channel.organic.cpm", "5", ""),
        ("missing_value", "channel.content.aov", "", "0.00 … 1,000,000.00 yuan")]


def test_cells_that_break_a_rule_together_are_taken_one_by_one():
    values = {"tier.gold.share": 0.3, "tier.silver.share": 1.5, "tier.basic.benefit": 0.1}
    made, wrong = cells.taken(sample(), values)
    assert (made.get("tier.gold.share"), made.get("tier.basic.benefit")) == (0.3, 0.1)
    assert [(v.code, v.place) for v in wrong] == [("too_high", "tier.silver.share")]


def test_an_editor_is_mounted_anew_only_where_it_would_show_something_else():
    first = pd.DataFrame({"_name": ["a", "b"], "x": ["64.0", None]}, dtype="object")

    def shows(edited, *wanted) -> bool:
        return cells._shows(first, edited, pd.DataFrame({"_name": ["a", "b"], "x": wanted}, dtype="object"))

    assert shows({}, "64.0", None) and shows({0: {"x": "65"}}, "65.0", None) and shows({1: {"x": "5.0"}}, "64.0", "5.0")
    assert not shows({}, "65.0", None) and not shows({0: {"x": "150"}}, "64.0", None), "refused: the old value comes back"
    assert not shows({0: {"x": "65%"}}, "65.0", None) and not shows({0: {"x": "６５"}}, "65.0", None), "odd: shown as it was read"
    assert not shows({1: {"x": "5"}}, "64.0", None) and not shows({0: {"x": "65"}}, "64.0", None), "undone"


def test_every_column_of_a_grid_is_an_input_of_a_row():
    for table, fields in GRIDS.items():
        assert all(any(applies(TABLES[table][f], row) for row in sample().rows[table].values()) for f in fields)
