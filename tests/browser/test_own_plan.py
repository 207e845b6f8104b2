"""From an empty browser to a shop's own plan of 24 months, by mouse, keyboard and the clipboard, no file in between."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hands import answered, button, exact, go, reload, settled, typed, visit
from playwright.sync_api import Locator, Page, expect

from model import Scenario, evaluate, kpi, read_plan

CHANNELS = [  # kind, name, share %, CPM, CTR %, CVR %, AOV, margin %, refunds %
    ("搜索直通车", "万相台", "30", "55", "3.8", "2.4", "268", "46", "11"), ("信息流", "巨量千川", "16", "31", "2.1", "1.6", "239", "45", "13"),
    ("信息流", "腾讯广告", "9", "26", "1.6", "1.3", "229", "45", "13"), ("小红书种草", "小红书", "14", "27", "2.9", "1.1", "259", "47", "12"),
    ("达人直播", "达人", "8", "40", "2.0", "2.9", "219", "38", "19"), ("店铺自播", "自播", "15", "23", "2.1", "2.8", "229", "43", "15"),
    ("私域", "会员社群", "8", "95", "5.5", "5.0", "279", "48", "7")]
KEYS = ("search", "feed", "feed_2", "content", "creators", "own_live", "private")
FIELDS = {"share": 100, "cpm": 1, "ctr": 100, "cvr": 100, "aov": 1, "goods_margin_rate": 100, "refund_rate": 100}
PROMOTIONS = [("年货节", "家装年货节", "01-06", "01-20"), ("38 节", "女神节", "03-01", "03-08"), ("618", "年中大促", "05-26", "06-20"),
              ("双11", "双11", "10-21", "11-11"), ("双12", "双12", "12-06", "12-13")]
TEAM = [("运营", "2", "12000"), ("投放", "2", "13000"), ("内容", "2", "9500"), ("客服", "3", "6800")]
TARGETS = [("GMV（元）", "全年", "6000万"), ("净利率（%）", "全年", "5")]


class Steps:
    """What a person did, counted."""

    def __init__(self, page: Page):
        self.page, self.count = page, 0

    def type(self, key: str, text: str) -> None:
        self.count += 1
        typed(self.page, self.page.locator(f".st-key-{key} input"), text)

    def click(self, key: str) -> None:
        self.count += 1
        with answered(self.page):
            button(self.page, key).click()

    def choose(self, key: str, words: str) -> None:
        self.count += 2
        box = self.page.locator(f".st-key-{key}")
        box.locator("[data-baseweb=select]").or_(box.locator("input")).first.click()
        with answered(self.page):
            self.page.get_by_role("option", name=words, exact=True).click()

    def paste(self, name: str, rows: list[tuple[str, ...]]) -> None:
        """Rows copied from a spreadsheet, pasted into the first cell of a grid."""
        self.count += 2
        self.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        canvas = grid(self.page, name).locator(".dvn-scroller")
        canvas.scroll_into_view_if_needed()
        first = grid(self.page, name).get_by_test_id("glide-cell-1-0")
        for _ in range(5):  # a grid that has just been drawn may not listen yet
            canvas.click(position={"x": 60, "y": 35 + 17})
            with suppress(AssertionError):
                expect(first).to_have_attribute("aria-selected", "true", timeout=2_000)
                break
        expect(first).to_have_attribute("aria-selected", "true")
        self.page.evaluate("text => navigator.clipboard.writeText(text)", "\n".join("\t".join(row) for row in rows))
        with answered(self.page):
            self.page.keyboard.press("Control+v")


def grid(page: Page, name: str) -> Locator:
    return page.locator(f".st-key-rows_{name} [data-testid=stDataFrame]")


def plan_of(page: Page, path) -> Scenario:
    """The plan at hand, from its own file."""
    with answered(page):
        button(page, "bar_file").click()
    with page.expect_download() as saved:
        button(page, "bar_plan").click()
    saved.value.save_as(path)
    page.keyboard.press("Escape")
    return Scenario(read_plan(path.read_bytes(), "own"))


def test_a_home_goods_plan_of_24_months_is_typed_and_pasted_and_stands_in_the_scenario(page, address, tmp_path):
    visit(page, address, lang="zh")
    go(page, "我的数据")
    at = Steps(page)
    at.type("new_name", "家与光家居")
    at.type("new_start", "2027年4月")
    at.choose("new_months", "24 个月")
    at.choose("new_category", "家居家纺")
    for key, text in {"budget": "900万", "members": "42,000", "customers": "260,000", "visits": "18万", "overhead": "95000"}.items():
        at.type(f"new_{key}", text)
    at.type("new_repurchase_rate", "22%")
    for name, rows in {"channels": CHANNELS, "promotions": PROMOTIONS, "team": TEAM, "targets": TARGETS}.items():
        at.paste(name, rows)
    at.click("new_create")
    expect(page.locator(".st-key-first_look")).to_contain_text("家与光家居")
    at.click("first_simulate")
    expect(page.locator(".sd-card")).to_have_count(8)
    assert at.count < 60

    plan = plan_of(page, tmp_path / "plan.csv")
    assert [plan.get(k) for k in ("plan_name_zh", "start", "months", "budget", "other_overhead")] == ["家与光家居", "2027-04", 24, 9e6, 95_000]
    for key, (_, name, *numbers) in zip(KEYS, CHANNELS, strict=True):
        assert plan.get(f"channel.{key}.name_zh") == name
        for (field, scale), number in zip(FIELDS.items(), numbers, strict=True):
            assert plan.get(f"channel.{key}.{field}") == pytest.approx(float(number) / scale), (key, field)
    promotions = plan.rows["promotion"].values()
    assert [(p["name_zh"], p["first"], p["last"]) for p in promotions] == [(name, first, last) for _, name, first, last in PROMOTIONS]
    assert [(r["name_zh"], r["heads"], r["monthly_cost"]) for r in plan.rows["team"].values()] == [
        (role, float(heads), float(cost)) for role, heads, cost in TEAM]
    assert (plan.get("target.gmv_year.value"), plan.get("target.net_margin_rate_year.value")) == (6e7, 0.05)
    assert exact(page, "GMV") == pytest.approx(float(kpi(evaluate(plan), "gmv", slice(0, 12))[0]), abs=1)
    settled(page)
    reload(page)
    expect(page.locator("#root")).to_contain_text("家与光家居")


def test_what_cannot_be_is_named_and_what_was_typed_stays(page, address):
    visit(page, address, "/own")
    at = Steps(page)
    at.type("new_start", "soon")
    at.type("new_budget", "120万")
    at.paste("channels", [("Search ads", "mine", "40", "lots")])
    at.click("new_create")
    alert = page.locator("[data-testid=stAlert]", has_text="to change")
    expect(alert).to_contain_text("soon")
    expect(alert).to_contain_text("lots")
    expect(page.locator(".st-key-new_budget input")).to_have_value("1,200,000")
    go(page, "Risk")
    go(page, "My numbers")
    expect(page.locator(".st-key-new_start input")).to_have_value("soon")
    expect(grid(page, "channels").get_by_test_id("glide-cell-2-0")).to_have_text("mine")


def test_a_unit_that_can_hardly_be_meant_is_asked_about(page, address):
    visit(page, address, "/own", lang="zh")
    at = Steps(page)
    at.type("new_refund_rate", "0.15")
    at.type("new_budget", "1320")
    at.click("new_create")
    expect(page.get_by_test_id("stAlert").last).to_contain_text("是不是想填 15.0 %")
    at.click("new_meant")
    expect(page.locator(".st-key-first_look")).to_contain_text("15.0%")
