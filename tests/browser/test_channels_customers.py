"""Channels and customers as a person meets them: charts changed in place, forms, nothing cut off on a phone."""

from __future__ import annotations

import re

import pytest
from hands import CHART, MAIN, answered, button, drawn, file_box, go, press, sections, until, upload, visit
from playwright.sync_api import expect

from model import Plan, Scenario, to_json
from samples import sample_plan


def large() -> bytes:
    """30 channels and 36 months, as a file."""
    row, keys = sample_plan().rows["channel"]["platform"], [f"extra_{i}" for i in range(24)]
    plan = dict(sample_plan().values) | {f"channel.{k}.{f}": v for k in keys for f, v in row.items()}
    plan |= {f"channel.{k}.name_en": f"A channel with a long name, number {i}" for i, k in enumerate(keys)}
    spending = [*keys, "platform", "content", "creators", "own_live", "private"]
    plan |= {f"channel.{k}.share": 1 / len(spending) for k in spending} | {"months": 36}
    return to_json(Scenario(Plan("large", tuple(plan.items())))).encode()


@pytest.mark.parametrize(("path", "slider", "count"), [("/channels", "lever_cvr", 6), ("/customers", "lever_repurchase_rate", 4)])
def test_a_move_changes_the_charts_in_place(page, address, path, slider, count):
    visit(page, address, path)
    if path == "/channels":
        sections(page, "roas")
    drawn(page, count, CHART)
    page.evaluate(f"window.kept = [...document.querySelectorAll('{CHART}')]; window.drawn = kept.map(s => s.innerHTML)")
    press(page, slider, "ArrowLeft", "ArrowLeft")
    until(page, f"[...document.querySelectorAll('{CHART}')].every((s, i) => s.innerHTML !== window.drawn[i])")
    same = page.evaluate(f"[...document.querySelectorAll('{CHART}')].map((s, i) => s === window.kept[i])")
    assert same == [True] * count
    expect(page.locator(f".st-key-{slider} input[type=range]")).to_be_focused()


@pytest.mark.deep
def test_a_channel_is_added_by_hand_and_undone(page, address):
    visit(page, address, "/channels")
    sections(page, "funnel", "channel_desk")
    with answered(page):
        page.get_by_text("Add a channel", exact=True).click()
    expect(page.locator(".st-key-channel_create")).to_be_visible()
    form = page.locator("[data-testid=stForm]").last
    for label, value in {"Channel name (English)": "Brand video", "Budget share": "10", "CPM": "50", "Click-through": "3",
                         "Conversion": "2.5", "Order value": "220", "Goods margin": "55", "Refund rate": "40",
                         "Reference impressions": "3000000"}.items():
        form.get_by_label(re.compile(f"^{re.escape(label)}")).first.fill(value)
    with answered(page):
        form.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".st-key-funnel table")).to_contain_text("Brand video")
    expect(page.locator(CHART)).to_have_count(6)
    button(page, "bar_undo").click()
    expect(page.locator(".st-key-funnel table")).not_to_contain_text("Brand video")


def test_a_table_is_downloaded_for_a_spreadsheet(page, address):
    visit(page, address, "/channels", "zh")
    sections(page, "funnel")
    with page.expect_download() as waiting:
        page.locator(".st-key-csv_funnel button").click()
    data = waiting.value.path().read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") and "平台推广".encode() in data


@pytest.mark.deep
def test_thirty_channels_and_three_years_are_drawn_whole(new_page, address):
    page = visit(new_page(width=1280), address, "/channels")
    sections(page)
    file_box(page)
    with answered(page):
        upload(page, "bar_incoming", {"name": "large.json", "mimeType": "application/json", "buffer": large()})
    with answered(page):
        button(page, "bar_incoming_open").click()
    expect(page.locator(".st-key-funnel table").first).to_contain_text("number 23")
    for path, charts in (("Channels", 10), ("Customers", 4)):
        go(page, path)
        expect(page.locator(CHART)).to_have_count(charts)
        assert page.locator(MAIN).evaluate("e => e.scrollWidth") <= 1280
