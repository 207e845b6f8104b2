"""The Review page as a person uses it: from a CSV to the verdict, a cell typed, undo, reload, another language."""

from __future__ import annotations

import re

from hands import answered, button, go, put, reload, sections, settled, upload, visit
from playwright.sync_api import expect

from samples import ROOT

CSV = ROOT / "sample_data" / "actuals.csv"


def test_from_a_csv_to_the_verdict_in_three_actions_and_everything_outlives_a_reload(page, address):
    page.set_viewport_size({"width": 1800, "height": 1000})  # a grid holds the cells in sight
    visit(page, address, "/")
    go(page, "Review")  # 1
    upload(page, "review_file_0", CSV)  # 2
    expect(button(page, "review_take")).to_be_enabled()
    with answered(page):
        button(page, "review_take").click()  # 3
    verdict = page.get_by_role("heading", name=re.compile("47.5% of the target for the year"))
    expect(verdict).to_be_visible()
    expect(page.get_by_text(re.compile("The chance of the GMV target .* has gone from"))).to_be_visible()

    sections(page, "review_months")
    grid = page.locator("[class*=st-key-review_channels_] [data-testid=stDataFrame]")
    put(page, grid, 7, 6, "700万")  # July, GMV of the whole shop
    expect(page.get_by_role("heading", name=re.compile("^7 months"))).to_be_visible()
    with answered(page):
        button(page, "bar_undo").click()
    expect(verdict).to_be_visible()
    reload(page)
    expect(verdict).to_be_visible()
    with answered(page):
        page.locator(".st-key-lang button").filter(has_text="中文").click()
    settled(page)
    expect(page.get_by_role("heading", name=re.compile("完成全年目标的 47.5%"))).to_be_visible()
