"""Seven questions as people bring them: each answered by what stands on the screen within two actions, held against the model."""

from __future__ import annotations

import re
from functools import cache

import pytest
from hands import answered, button, card, exact, go, settled, slider, until, visit
from playwright.sync_api import Page, expect

from model import evaluate, kpi, risk, what_decides
from model.analysis.optimize import best_split
from model.analysis.optimize.next_spend import next_spend
from model.plan import shares
from pages.ui.kit.texts import speaking
from pages.ui.words.channel_names import channel_name
from samples import changed, sample

#: what stands on a card, chances among it: they come by a style sheet, so that a move draws the cards once
SEEN = """([name, wanted]) => [...document.querySelectorAll('.sd-card')].some(card => {
  const words = e => [getComputedStyle(e, '::before').content, getComputedStyle(e, '::after').content]
  const all = [card.textContent, ...[card, ...card.querySelectorAll('*')].flatMap(words)].join(' ')
  return card.textContent.startsWith(name) && all.includes(wanted) })"""


class Asked:
    """A page on which actions are counted: a click, a press or a choice each."""

    def __init__(self, page: Page):
        self.page, self.actions = page, 0

    def click(self, key: str) -> None:
        self.actions += 1
        with answered(self.page):
            button(self.page, key).click()

    def menu(self, name: str) -> None:
        self.actions += 1
        go(self.page, name)

    def tab(self, number: int) -> None:
        self.actions += 1
        with answered(self.page):
            self.page.get_by_role("tab").nth(number).click()

    def drag(self, key: str, to: int) -> None:
        """The knob of a slider, taken to a value."""
        self.actions += 1
        handle = slider(self.page, key)
        low, high = (float(handle.get_attribute(side)) for side in ("min", "max"))
        now = float(handle.input_value())
        handle.focus()
        with answered(self.page):
            for _ in range(abs(round(to - now))):
                self.page.keyboard.press("ArrowRight" if to > now else "ArrowLeft")
        assert low <= to <= high and float(handle.input_value()) == to

    def within_two(self) -> None:
        assert self.actions <= 2, f"{self.actions} actions"


@pytest.fixture
def asked(page, address) -> Asked:
    return Asked(visit(page, address, lang="zh"))


@cache
def chance(scenario, target: str) -> float:
    return risk.simulate(scenario, 4096, base=sample().base, by_month=False).chances[target].chance


def on_card(page: Page, name: str, wanted: str) -> None:
    until(page, SEEN, [name, wanted])


def percent(value: float) -> str:
    return f"{100 * value:.1f}%"


def test_1_if_traffic_gets_15_percent_dearer_do_we_still_make_the_net_margin(asked):
    asked.drag("lever_traffic_price", 15)
    asked.within_two()
    then = changed(headline__traffic_price=1.15)
    expect(card(asked.page, "净利率")).to_contain_text(percent(kpi(evaluate(then), "net_margin_rate")[0]))
    on_card(asked.page, "净利率", percent(chance(then, "net_margin")))
    expect(asked.page.locator("#root")).to_contain_text(re.compile("净利率 .*低于目标"))


def test_2_what_if_five_points_move_from_platform_to_private_domain(asked):
    now = {c: sample().get(f"channel.{c}.share") for c in sample().spending_channels}
    new = shares.moved(now, "platform", "private", 0.05)
    then = sample().with_values({f"channel.{c}.share": new[c] for c in ("platform", "private")})
    asked.click("move_box")
    asked.click("move_do")
    asked.within_two()
    assert exact(asked.page) == pytest.approx(float(kpi(evaluate(then), "gmv")[0]), rel=1e-9)
    with speaking("zh"):
        names = [channel_name(sample(), c) for c in ("platform", "private")]
    expect(asked.page.get_by_text(re.compile(f"5.*{names[0]}.*{names[1]}.*GMV"))).to_be_visible()


def test_3_how_sure_are_we_of_the_gmv_target(asked):
    on_card(asked.page, "GMV", percent(chance(sample(), "gmv_year")))
    asked.within_two()


def test_4_what_decides_it_by_both_measures(asked):
    page = asked.page
    largest = what_decides(sample(), period="year").swings[0]
    assert largest.key == "goods_margin_rate"
    expect(page.get_by_text(re.compile(rf"最影响净利润的是商品毛利率，约.{largest.size / 1e4:.4g}.万元"))).to_be_visible()
    asked.actions += 1
    with answered(page):
        page.get_by_role("button", name="占不确定性").or_(page.get_by_role("radio", name="占不确定性")).first.click()
    asked.within_two()
    expect(page.get_by_text(re.compile("净利润的不确定性，.+占.[0-9.]+%")).first).to_be_visible()


def test_5_what_would_have_to_be_true_to_reach_the_target(asked):
    asked.menu("优化")
    asked.tab(2)
    asked.within_two()
    expect(asked.page.get_by_role("heading", level=3)).to_have_text(re.compile(r"GMV（全年）目标 1\.14.亿元"))
    assert asked.page.locator(".sd-scroll tr").count() >= 6


def test_6_which_split_is_best_if_no_channel_moves_by_more_than_30_percent(asked):
    asked.menu("优化")
    asked.within_two()
    found = best_split(sample(), explained=False)
    expect(asked.page.get_by_role("heading", level=3)).to_have_text(
        re.compile(rf"平台推广 48\.0 → {100 * found.shares['platform']:.1f}%.*{found.gain / 1e4:.4g}.万元"))


def test_7_what_is_the_next_100_000_worth_and_in_which_channel(asked):
    asked.click("next_box")
    asked.within_two()
    found = next_spend(sample(), 100_000.0)
    said = asked.page.get_by_text(re.compile("再投 10 ?.万元"))
    for money in (found.profit, found.coming):
        expect(said).to_contain_text(re.compile(rf"[+−]{abs(money) / 1e4:.4g}".replace(".", r"\.")))
    with speaking("zh"):
        for channel in found.split:
            expect(said).to_contain_text(channel_name(sample(), channel))
    settled(asked.page)
