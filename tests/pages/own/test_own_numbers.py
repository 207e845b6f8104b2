"""My own numbers: the form, and tables uploaded instead."""

from __future__ import annotations

import pytest
from odd_plans import ODD
from screens import again, app, scenario, upload

from model import write_plan
from samples import CSV, changed, sample, sample_plan


@pytest.mark.parametrize("data", [CSV.read_bytes(), CSV.read_text(encoding="utf-8-sig").encode("gb18030")])
def test_an_uploaded_table_is_shown_before_it_is_taken(data):
    at = app("en", "own")
    upload(at, "own_file", "plan.csv", data, "text/csv")
    assert scenario(at) == sample() and "6 channels" in at.success[0].value
    at.button(key="own_use").click().run()
    again(at)
    assert scenario(at).base.name == "own" and scenario(at).base.values == sample_plan().values


def test_unusual_values_of_a_table_are_pointed_out():
    data = write_plan(changed(channel__platform__cpm=640.0).as_plan("own")).encode()
    at = app("en", "own")
    upload(at, "own_file", "plan.csv", data, "text/csv")
    assert "Search ads · CPM: 640.0 yuan per 1,000" in at.warning[0].value.replace("\\", "")


def test_a_table_with_errors_is_reported_with_its_lines_and_not_taken():
    data = CSV.read_bytes() + b"channel,platform,cpmm,3,,\r\nbusiness,,vat,0.1,,\r\n"
    at = app("en", "own")
    upload(at, "own_file", "plan.csv", data, "text/csv")
    (rows,) = [d.value for d in at.dataframe if "Where" in d.value]
    assert len(rows) == 2 and all(w.startswith("line ") for w in rows["Where"])
    assert not [b for b in at.button if b.key == "own_use"] and scenario(at) == sample()


def test_back_to_the_sample():
    at = app("en", "own", ODD["one paid channel"]())
    button = next(b for b in at.button if b.label == "Back to the sample plan")
    button.click().run()
    again(at)
    assert scenario(at) == sample() and not [b for b in at.button if b.label == "Back to the sample plan"]
