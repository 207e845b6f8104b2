"""The table of lines agrees with what evaluate gives and with the statement it draws."""

from __future__ import annotations

from every import each

from model.engine.lines import LINES, WATERFALL


def test_every_line_is_in_a_result_and_by_channel_where_it_says_so(rich):
    assert set(LINES) == set(rich.lines) & set(LINES)
    for key, line in LINES.items():
        assert rich.lines[key].shape == (12, 1)
        assert (key in rich.by_channel) == line.channel, key


def test_the_waterfall_goes_from_gmv_to_net_profit_by_signs():
    assert WATERFALL[0] == "gmv" and WATERFALL[-1] == "net_profit"
    assert {key for key, line in LINES.items() if line.sign} == set(WATERFALL[:-1])
    assert [LINES[key].sign for key in WATERFALL[:-1]] == [1] + [-1] * (len(WATERFALL) - 2)


@each("key", LINES)
def test_a_line_has_a_formula_and_a_known_kind(key):
    line = LINES[key]
    assert line.key == key and line.formula
    assert line.kind in ("flow", "balance") and line.section in ("funnel", "customers", "pnl", "cash")
