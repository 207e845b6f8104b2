"""Actual months: what is read of them, what is refused and where, corrections and status."""

from __future__ import annotations

import numpy as np
import pytest
from every import each

import plans
from model import InvalidInput, UnknownName, review
from samples import ROOT, refused, sample

FILE = ROOT / "sample_data" / "actuals.csv"
HEADING = "month,channel,spend,impressions,clicks,orders,new_customers,gmv,refunds,net_profit,status\n"


def read(text: str):
    return review.read_actuals(text.encode(), sample())


def of_june():
    return review.read_actuals(FILE.read_bytes(), sample())


def test_the_sample_file_is_read_as_it_stands():
    found = of_june()
    assert found.closed == 6 and found.measured == found.months[:6]
    assert [found.status(m) for m in found.months[5:7]] == ["closed", "open"]
    assert found.of("gmv", "private")[3] == 1055393.04 and found.of("overhead")[1] == 450_000
    assert np.isnan(found.of("spend", "organic")).all() and np.isnan(found.total("gmv")[6:]).all()
    assert found.total("gmv")[0] == 9140559.92


def test_the_row_of_the_shop_is_the_channels_sum_where_it_is_not_said():
    rows = "".join(f"2027-01,{c},,,,,,{i}000,,,\n" for i, c in enumerate(of_june().channels))
    found = read(HEADING + rows)
    assert found.total("gmv")[0] == 15_000 and np.isnan(found.total("refunds")[0])
    assert np.isnan(read(HEADING + rows.partition("\n")[2]).total("gmv")[0]), "a channel is missing"


def test_what_is_written_is_read_again():
    found = of_june().with_status("2027-06", review.PROVISIONAL)
    assert review.read_actuals(review.write_actuals(found).encode("utf-8-sig"), sample()) == found
    template = review.write_actuals(review.Actuals.none(sample()))
    assert template.count("\n") == 1 + 12 * 7
    assert refused(review.read_actuals, template.encode(), sample(), unreadable=True)[0].code == "empty_file"


def test_people_write_months_channels_headings_and_numbers_as_they_do():
    text = "六月经营实际\n月份;渠道;花费;成交额;退款;状态\n2027年1月;平台推广;52.4万;200.2万;(0);暂估\nJan-27;Private domain;¥103,175.07;1.3E6;;\n2027/1/1;全店;;;;\n"
    found = review.read_actuals(text.encode("gb18030"), sample())
    assert found.of("spend", "platform")[0] == 524_000 and found.of("spend", "private")[0] == 103_175.07
    assert found.status("2027-01") == review.PROVISIONAL


@each("line, code, place", [
    ("2026-12,platform,1,,,,,,,,", "month_outside", "line 2: 2026-12 platform spend"),
    ("June,platform,1,,,,,,,,", "not_a_month", "line 2: month"),
    ("2027-01,tv,1,,,,,,,,", "unknown_channel", "line 2: 2027-01 tv spend"),
    ("2027-01,platform,,,,,,100,101,,", "above_whole", "line 2: 2027-01 platform refunds"),
    ("2027-01,platform,,100,101,,,,,,", "above_whole", "line 2: 2027-01 platform clicks"),
    ("2027-01,platform,,,,5,6,,,,", "above_whole", "line 2: 2027-01 platform new_customers"),
    ("2027-01,platform,,,,5,-1,,,,", "too_low", "line 2: 2027-01 platform new_customers"),
    ("2027-01,platform,,,,many,,,,,", "not_a_number", "line 2: 2027-01 platform orders"),
    ("2027-01,platform,12%,,,,,,,,", "not_a_number", "line 2: 2027-01 platform spend"),
    ("2027-01,platform,nan,,,,,,,,", "not_finite", "line 2: 2027-01 platform spend"),
    ("2027-01,organic,5,,,,,,,,", "no_such_cell", "line 2: 2027-01 organic spend"),
    ("2027-01,platform,,,,,,,,5,", "no_such_cell", "line 2: 2027-01 platform net_profit"),
    ("2027-01,platform,1,,,,,,,,done", "not_a_choice", "line 2: status"),
    ("2027-01,platform,1,,,,,,,,\n2027-01,平台推广,2,,,,,,,,", "duplicate_row", "line 3: 2027-01 platform"),
    ("2027-01,platform,,,,,,9e6,,,\n2027-01,content,,,,,,9e6,,,\n2027-01,shop,,,,,,1e7,,,", "above_whole", "line 4: 2027-01 shop gmv"),
    ("2027-01,platform,1.234,,,,,,,,\n2027-01,content,\"1,5\",,,,,,,,\n2027-01,private,1.5,,,,,,,,", "mixed_marks",
     "line 2: 2027-01 platform spend")])
def test_what_cannot_be_is_refused_with_its_line(line, code, place):
    assert (code, place) in [(v.code, v.place) for v in refused(review.read_actuals, (HEADING + line).encode(), sample())]


def test_everything_wrong_is_told_at_once_and_unknown_columns_too():
    text = HEADING.replace("orders", "ordres") + "2027-01,platform,x,,,,,1,2,,\n2027-13,platform,1,,,,,,,,\n"
    found = refused(review.read_actuals, text.encode(), sample())
    assert [v.code for v in found] == ["unknown_field", "not_a_number", "above_whole", "not_a_month"]


def test_a_correction_says_cells_anew_and_the_rest_stays():
    before = of_june()
    after = before.with_cells({("2027-06", "private", "refunds"): 400_000.0, ("2027-06", review.SHOP, "pool"): None})
    assert after.of("refunds", "private")[5] == 400_000 and np.isnan(after.of("pool")[5])
    assert len(before.said.keys() - after.said.keys()) == 1 and before.merged(after).of("pool")[5] == 116_030
    assert before.up_to(3).measured == before.months[:3] and hash(before) == hash(of_june())
    with pytest.raises(InvalidInput):
        before.with_cells({("2027-06", "private", "refunds"): 5e6})
    with pytest.raises(UnknownName):
        before.with_status("2027-06", "done")


def test_a_channel_called_shop_is_the_channel_and_the_whole_is_called_otherwise():
    scenario = plans.scenario(plans.rich())
    found = review.read_actuals(b"month,channel,gmv\n2027-01,shop,100\n2027-01,total,300\n", scenario)
    assert found.of("gmv", "shop")[0] == 100 and found.of("gmv")[0] == 300
    assert review.read_actuals(review.write_actuals(found).encode(), scenario) == found
