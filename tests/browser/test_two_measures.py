"""What decides it, as a person meets it: two measures one click apart on Simulate and Risk, the next yuan with what comes later."""

from __future__ import annotations

import re

from hands import answered, go, move, visit
from playwright.sync_api import expect

from model import risk, what_decides
from pages.ui.frame.decides import causes
from samples import sample


def test_both_measures_are_one_click_apart_and_the_figures_are_the_models(new_page, address):
    page = visit(new_page(width=1440), address, "/", "zh")
    swing = what_decides(sample(), period="year").swings[0]
    share = causes(risk.simulate(sample(), 4096, by_month=False), "net_profit", "year")[0][0][1]
    expect(page.get_by_text(re.compile(rf"最影响净利润的是商品毛利率，约 {swing.size / 1e4:.4g}.万元"))).to_be_visible()
    choice = page.locator(".st-key-decides_simulate button")
    with answered(page):
        choice.nth(1).press("Enter")
    title = page.get_by_text(re.compile(rf"净利润的不确定性，退货退款率占 {100 * share:.1f}%"))
    expect(title).to_be_visible()
    expect(page.get_by_text(re.compile("按“各变 10%”排第一的是商品毛利率.*八成在"))).to_be_visible()
    coming = what_decides(sample(), period="year").coming["own_live"]
    expect(page.locator("tr", has_text="店铺自播").locator("td").last).to_have_text(re.compile(rf"{abs(coming):.2f}"))
    go(page, "风险")
    expect(title).to_be_visible()
    with answered(page):
        page.locator(".st-key-decides_risk button").first.click()
    expect(page.get_by_text(re.compile(r"各假设同样 ±10%：最影响净利润的是商品毛利率"))).to_be_visible()
    go(page, "推演")
    expect(title).to_be_visible()
    with answered(page):
        page.locator(".st-key-lang button", has_text="EN").click()
    expect(page.get_by_text(re.compile("Of the uncertainty of net profit, refund rate brings"))).to_be_visible()
    move(page, "lever_cvr", "ArrowRight")
    expect(page.get_by_text(re.compile("Of the uncertainty of net profit, .* brings"))).to_be_visible()
