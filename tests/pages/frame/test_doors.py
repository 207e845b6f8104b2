"""What an upload says before it is taken, and the badge after; in the reader's language, for workbooks and large files too."""

from __future__ import annotations

import pytest
from screens import again, app, click, markdown, opened, scenario

from model import Plan, Scenario
from pages.ui.kit import texts
from samples import ROOT, sample

CASES = ROOT / "tests" / "cases" / "doors"
ZH = texts.catalogue("zh")


def advice(code: str) -> str:
    """What to do, as the page escapes it."""
    return texts.plain(ZH[f"violation.{code}.advice"])


def uploaded(at, key: str, name: str, data: bytes):
    at.file_uploader(key=key).set_value((name, data, "text/csv")).run()
    return again(at)


def test_a_question_is_asked_before_the_plan_is_taken_and_stays_on_the_badge():
    at = app("zh", "own")
    uploaded(at, "own_file", "plan.csv", (CASES / "22_promotion_reversed.csv").read_bytes())
    assert "347" in at.warning[0].value and advice("promotion_turned") in at.warning[0].value
    at.button(key="own_use").click().run()
    again(at)
    assert scenario(at).base.name == "own"
    opened(at, "bar_checks")
    assert "347" in markdown(at) and advice("promotion_turned") in markdown(at)


def test_a_doubt_names_its_place_and_counts_as_people_do():
    plan = sample().base
    odd = Scenario(Plan("own", tuple((dict(plan.values) | {"budget": 120, "channel.platform.refund_rate": 0.0015}).items()), ()))
    at = opened(app("zh", "own", scenario=odd), "bar_checks")
    (doubt,) = [line for line in markdown(at).splitlines() if "退款率" in line]
    name = odd.get("channel.platform.name_zh")
    assert f"{name} · 退货退款率：0.15 % 低于常见范围 5.0 % … 80.0 %" in doubt and "channel.platform" not in markdown(at)


def test_a_bad_key_is_one_problem_for_all_the_lines_of_its_row():
    data = (ROOT / "sample_data" / "plan.csv").read_bytes().replace(b"channel,platform,", "channel,平台,".encode())
    at = uploaded(app("zh", "own"), "own_file", "plan.csv", data)
    (rows,) = [frame.value for frame in at.dataframe if "位置" in frame.value]
    assert sum("平台" in place for place in rows["位置"]) == 1


@pytest.mark.parametrize("door", ["own_file", "bar_incoming"])
def test_a_workbook_and_a_large_file_are_answered_in_the_readers_language(door):
    at = app("zh", "own") if door == "own_file" else opened(app("zh"), "bar_file")
    for name, data, code in (("plan.xlsx", b"PK\x03\x04\x00", "workbook_damaged"), ("plan.xls", b"\xd0\xcf\x11\xe0", "workbook"), ("plan.csv", b"x" * 4_200_000, "file_too_large"),
                             ("plan.csv", (CASES / "09_percent_in_money.csv").read_bytes(), "no_per_cent")):
        uploaded(at, door, name, data)
        assert ZH["problem.csv"] in at.error[0].value and advice(code) in markdown(at), (name, code)
        assert scenario(at) == sample()


def test_a_table_as_a_spreadsheet_saved_it_is_taken_at_the_other_door():
    at = uploaded(opened(app("zh"), "bar_file"), "bar_incoming", "plan.csv", (CASES / "02_excel_saved.csv").read_bytes())
    click(at, "bar_incoming_new")
    assert scenario(at).get("promotion.d11.first") == "11-01"
