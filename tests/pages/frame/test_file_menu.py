"""The menu of files: opening, renaming, downloading."""

from __future__ import annotations

import json

import pytest
from screens import again, app, click, markdown, move, opened, query, scenario, space, upload

from model import Plan, Scenario, from_json, to_json
from pages.ui.frame import top_bar
from samples import changed, sample, sample_plan


def open_file(at, data: bytes):
    opened(at, "bar_file")
    upload(at, "bar_incoming", "scenario.json", data, "application/json")
    return click(at, "bar_incoming_open") if "bar_incoming_open" in [b.key for b in at.button] else at


def test_a_file_is_opened_and_undo_leads_back():
    at = app()
    move(at, "lever_cvr", 5)
    before = scenario(at)
    sent = changed(headline__aov=1.1, months=24).named("双年")
    open_file(at, to_json(sent).encode())
    assert scenario(at) == sent and not space(at).changed and space(at).baseline == sent
    click(at, "bar_undo")
    assert scenario(at) == before


@pytest.mark.parametrize("data", [b"{", b"\xff\xfe\x00", to_json(sample()).encode().replace(b'"schema": 1', b'"schema": 9')])
def test_a_file_that_cannot_be_read_is_reported_and_changes_nothing(data):
    at = app()
    move(at, "lever_cvr", 5)
    before = scenario(at)
    open_file(at, data)
    assert scenario(at) == before and "The file was not taken." in at.error[0].value


def test_everything_wrong_in_a_file_is_listed_in_the_readers_language():
    content = json.loads(to_json(sample(), embed_base=False))
    content["changes"] = {"channel.platform.cpm": -1, "channel.platform.share": 0.47, "vat": "x"}
    at = app("zh")
    open_file(at, json.dumps(content).encode())
    rows = at.dataframe[0].value
    assert len(rows) == 3 and scenario(at) == sample() and "共发现 3 处问题" in at.error[0].value


def test_renaming_is_a_step_and_stands_on_the_bar():
    at = opened(app(), "bar_file")
    at.text_input(key="bar_name").set_value("冲刺").run()
    again(at)
    assert scenario(at).name == "冲刺" and "**冲刺**" in markdown(at)
    click(at, "bar_undo")
    assert scenario(at).name == ""


def test_a_file_whose_base_has_the_samples_name_but_other_values_survives_a_reload():
    """As after an update of the sample: the address must not point to the new sample."""
    older = Plan("sample", tuple((dict(sample_plan().values) | {"vat": 0.12}).items()), sample_plan().sources)
    at = app()
    open_file(at, to_json(Scenario(older)).encode())
    move(at, "lever_cvr", 5)
    reloaded = app(**query(at))
    assert not reloaded.error and scenario(reloaded) == scenario(at)


def test_what_is_downloaded_opens_the_same():
    at = app()
    move(at, "lever_cvr", 5)
    assert from_json(to_json(scenario(at)).encode()) == scenario(at)
    data = top_bar.assumptions_csv(scenario(at))
    assert data.startswith(b"\xef\xbb\xbf") and b"1.05" in data
