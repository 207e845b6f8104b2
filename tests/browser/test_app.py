"""What a person does with the app, done in a real browser."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from every import part
from hands import (
    PICTURE,
    answered,
    button,
    card,
    drawn,
    exact,
    file_box,
    go,
    move,
    press,
    reload,
    settled,
    slider,
    typed,
    until,
    upload,
    value,
    visit,
)
from playwright.sync_api import Page, expect

from model import from_json, from_link, to_json, to_link
from pages.ui.kit.formats import money
from pages.ui.kit.texts import speaking
from pages.ui.session.state import presets
from samples import CSV, changed, sample, sample_plan

ROOT = Path(__file__).parents[2]
KNOWN = {"sample": sample_plan()}
NAMES = {"platform": "Search ads", "content": "Content", "creators": "Creator live", "own_live": "Own live",
         "private": "Private domain"}


def shares(page: Page) -> dict[str, float]:
    return {c: float(slider(page, f"share_{c}").input_value()) for c in NAMES}


def share_said(page: Page, channel: str) -> str:
    """What stands behind a channel's name at its slider: its yuan, and what one more earns."""
    return page.evaluate("at => getComputedStyle(document.querySelector(at), '::after').content", f".st-key-share_{channel} label p")


def said_anew(page: Page, channel: str, before: str) -> None:
    until(page, "([at, before]) => getComputedStyle(document.querySelector(at), '::after').content !== before",
          [f".st-key-share_{channel} label p", before])


def months_have_a_colour_for_each_channel(page: Page) -> None:
    """Of the first picture."""
    until(page, """([at, colours]) => {
        const picture = document.querySelector(at)
        const data = picture.getContext('2d').getImageData(0, 0, picture.width, picture.height).data, seen = {}
        for (let i = 0; i < data.length; i += 4) { const k = data.slice(i, i + 3).join(); seen[k] = (seen[k] || 0) + 1 }
        return colours.every(c => seen[[1, 3, 5].map(i => parseInt(c.slice(i, i + 2), 16)).join()] > 100) }""",
          [PICTURE, tomllib.loads((ROOT / ".streamlit/config.toml").read_text())["theme"]["light"][
                               "chartCategoricalColors"][:6]])


# --- moving sliders ------------------------------------------------------------------------------------------------------

def test_a_move_by_keyboard_changes_cards_and_charts_in_place(page, address):
    visit(page, address)
    drawn(page, 4)
    months_have_a_colour_for_each_channel(page)
    before = value(page).inner_text()
    expect(card(page, "GMV")).not_to_contain_text("vs baseline")
    page.evaluate("""at => {
        window.kept = [...document.querySelectorAll(at)]
        window.drawn = window.kept.map(picture => picture.toDataURL()) }""", PICTURE)
    move(page, "lever_aov", "ArrowRight", "ArrowRight", "ArrowRight")
    expect(slider(page, "lever_aov")).to_have_value("3")
    expect(value(page)).not_to_have_text(before)
    expect(card(page, "GMV").locator(".sd-good").first).to_contain_text("vs baseline")
    page.wait_for_function("""at => [...document.querySelectorAll(at)].slice(0, 3)
        .every((picture, i) => picture.toDataURL() !== window.drawn[i])""", arg=PICTURE)
    same = page.evaluate("at => [...document.querySelectorAll(at)].map((picture, i) => picture === window.kept[i])", PICTURE)
    assert same == [True] * 4, "a chart was drawn anew instead of being changed in place"


def test_a_move_is_one_run(page, address):
    """A second one would take the browser through the whole page twice more: pages/ui/kit/redraw.py."""
    visit(page, address)
    for key in ("lever_aov", "share_content"):
        press(page, key, "ArrowRight")
        begun = page.evaluate("window.sdWire.begun")
        move(page, key, "ArrowRight")
        assert page.evaluate("window.sdWire.begun") == begun + 1, key


def test_what_a_move_takes_away_is_gone(page, address):
    """Back where it was, by key or by its pill, the list of changes is empty again; the focus stays on the slider."""
    visit(page, address)
    start = value(page).get_attribute("title")
    pill = page.locator(".st-key-changes button")
    move(page, "lever_aov", "ArrowRight")
    expect(slider(page, "lever_aov")).to_be_focused()
    expect(pill).to_have_count(1)
    expect(page.get_by_text("Changed since saved (1)")).to_be_visible()
    move(page, "lever_cvr", "ArrowRight")
    expect(pill).to_have_count(2)
    move(page, "lever_cvr", "ArrowLeft")
    expect(pill).to_have_count(1)
    move(page, "lever_aov", "ArrowLeft")
    expect(pill).to_have_count(0)
    expect(page.get_by_text("Changed since saved (0)")).to_be_visible()
    move(page, "lever_aov", "ArrowRight")
    pill.first.click()
    expect(value(page)).to_have_attribute("title", start)
    expect(pill).to_have_count(0)


def test_the_note_under_a_long_list_goes_with_the_line_too_many(page, address):
    fields = ("aov", "goods_margin_rate", "refund_rate", "cvr", "ctr", "cpm", "new_share", "join", "stay", "anyway", "creator_commission",
              "platform_take", "saturation", "impressions_ref")
    near = {f"channel.{c}.{f}": row[f] * 0.99 for c, row in sample().rows["channel"].items() for f in fields if row.get(f)}
    visit(page, address, s=to_link(sample().with_values(dict(list(near.items())[:60]))))
    note = page.get_by_text("1 more not listed.")
    expect(page.locator(".st-key-changes button")).to_have_count(60)
    move(page, "lever_aov", "ArrowRight")
    expect(note).to_be_visible()
    move(page, "lever_aov", "ArrowLeft")
    expect(note).to_have_count(0)


def test_a_check_that_a_move_fails_shows_in_the_bar_at_once(page, address):
    """79 % refunds times 1.5 is held back at the bound: worth a review, though the bar has nothing else to show."""
    near = sample().with_values({"channel.own_live.refund_rate": 0.79, "headline.refund_rate": 1.01})
    visit(page, address, s=to_link(near))
    badge = page.locator(".st-key-bar_checks button").first
    press(page, "lever_refund_rate", "ArrowRight")
    expect(badge).to_contain_text("Checks pass")
    press(page, "lever_refund_rate", "End")
    expect(badge).to_contain_text("2 to review")  # the bound, and a factor beyond what is usual


def test_many_quick_moves_end_where_the_slider_ends(page, address):
    visit(page, address)
    before = exact(page)
    press(page, "lever_aov", *["ArrowRight"] * 12)
    expect(page.locator(".st-key-changes")).to_contain_text("+0% → +12%")
    expect(slider(page, "lever_aov")).to_have_value("12")
    assert exact(page) == pytest.approx(1.12 * before, rel=1e-6)


def test_what_the_share_sliders_show_sums_to_a_hundred_and_its_yuan_stand_at_each(page, address):
    visit(page, address)
    budget = sample().get("budget")
    for keys in (["ArrowRight"], ["ArrowRight"], ["ArrowLeft", "ArrowLeft", "ArrowLeft"]):
        before = share_said(page, "platform")
        press(page, "share_platform", *keys)
        said_anew(page, "platform", before)
        assert sum(shares(page).values()) == pytest.approx(100, abs=0.01)
        for channel, share in shares(page).items():
            with speaking("en"):
                assert money(share / 100 * budget) in share_said(page, channel)


def test_a_page_that_is_left_with_an_open_box_leaves_the_next_one_whole(page, address):
    """The click on the menu closes the box, which the browser tells after it has asked for the next page."""
    visit(page, address)
    for name, key in (("Channels", "bar_share"), ("Simulate", "bar_file"), ("Customers", "bar_share"), ("Simulate", "bar_checks")):
        with answered(page):
            button(page, key).click()
        go(page, name)


def test_a_value_that_is_typed_moves_its_lever_alone_whatever_else_was_moved(page, address):
    """Over shares, the next amount and another page: no field's old text comes back as if it had been typed."""
    visit(page, address)
    press(page, "share_platform", "ArrowRight")
    page.get_by_role("button", name="Add budget").click()
    with answered(page):
        button(page, "next_take").click()
    go(page, "Channels")
    go(page, "Simulate")
    page.get_by_role("button", name="Type a value").click()
    typed(page, page.locator(".st-key-typed_budget input"), "13.5")
    with answered(page):
        button(page, "type_set").click()
    expect(page.locator(".st-key-changes")).to_contain_text("Media budget: +0% →")
    moved = page.locator(".st-key-changes").inner_text()
    assert not [name for name in ("Conversion rate", "Click-through rate", "Traffic price", "Refund rate") if name in moved]
    press(page, "lever_aov", "ArrowRight")
    reload(page)
    assert "Conversion rate" not in page.locator(".st-key-changes").inner_text()


def test_keys_pressed_fast_on_a_share_are_not_lost(page, address):
    visit(page, address)
    slider(page, "share_platform").focus()
    with answered(page):
        for _ in range(10):
            page.keyboard.press("ArrowRight", delay=60)
    expect(slider(page, "share_platform")).to_have_value("49")


def test_a_locked_share_stays(page, address):
    visit(page, address)
    with answered(page):
        page.locator(".st-key-locks button", has_text="Private domain").click()
    expect(slider(page, "share_private")).to_be_disabled()
    for _ in range(4):
        before = share_said(page, "platform")
        press(page, "share_platform", "ArrowRight")
        said_anew(page, "platform", before)
    assert (shares(page)["private"], shares(page)["platform"]) == (8.0, 48.4)


# --- undo ----------------------------------------------------------------------------------------------------------------

def test_undo_and_redo_by_button_and_by_key(page, address):
    visit(page, address)
    start = value(page).get_attribute("title")
    expect(button(page, "bar_undo")).to_be_disabled()
    move(page, "lever_aov", "ArrowRight")
    moved = value(page).get_attribute("title")
    with answered(page):
        button(page, "bar_undo").click()
    expect(value(page)).to_have_attribute("title", start)
    expect(slider(page, "lever_aov")).to_have_value("0")
    expect(button(page, "bar_undo")).to_be_disabled()
    with answered(page):
        button(page, "bar_redo").click()
    expect(value(page)).to_have_attribute("title", moved)
    expect(button(page, "bar_undo")).to_be_enabled()
    with answered(page):
        page.locator("body").press("Control+z")
    expect(value(page)).to_have_attribute("title", start)
    expect(button(page, "bar_redo")).to_be_enabled()
    page.locator("body").press("Control+y")
    expect(value(page)).to_have_attribute("title", moved)


def test_ctrl_z_works_while_a_slider_has_the_focus(page, address):
    visit(page, address)
    start = value(page).get_attribute("title")
    move(page, "lever_aov", "ArrowRight")
    expect(button(page, "bar_undo")).to_be_enabled()
    page.keyboard.press("Control+z")
    expect(value(page)).to_have_attribute("title", start)


@pytest.mark.deep
@pytest.mark.race
def test_presets_pressed_faster_than_the_page_answers_leave_the_last_one(page, address):
    """Each press carries sliders as the browser knew them: nobody has moved those."""
    visit(page, address)
    for keys in (("ambitious",), ("conservative", "base", "ambitious"), ("base", "conservative", "base")):
        for key in keys:
            button(page, f"preset_{key}").click(no_wait_after=True)
        settled(page)
        page.wait_for_timeout(1_500)
        settled(page)
        wanted = presets()[keys[-1]]
        until(page, "([at, to]) => Math.abs(document.querySelector(at).value - to) < 0.51",
              [".st-key-lever_budget input", round(100 * wanted.get("headline.budget") - 100)])
        for channel, share in shares(page).items():
            assert share == pytest.approx(100 * wanted.get(f"channel.{channel}.share"), abs=0.051), (keys, channel)
        for lever in ("refund_rate", "cvr", "traffic_price"):
            assert float(slider(page, f"lever_{lever}").input_value()) == pytest.approx(
                100 * wanted.get(f"headline.{lever}") - 100, abs=0.51), (keys, lever)


def test_pin_and_preset(page, address):
    visit(page, address)
    with answered(page):
        button(page, "preset_ambitious").click()
    expect(card(page, "GMV")).to_contain_text("vs baseline")
    button(page, "bar_pin").click()
    expect(card(page, "GMV")).not_to_contain_text("vs baseline")
    expect(page.locator("#root")).to_contain_text("Ambitious")


# --- language, pages, reload ------------------------------------------------------------------------------------------

def test_the_language_is_switched_in_place_and_stands_in_the_address(page, address):
    visit(page, address)
    move(page, "lever_aov", "ArrowRight")
    drawn(page, 4)
    english = page.evaluate("at => document.querySelector(at).toDataURL()", PICTURE)
    page.locator(".st-key-lang button", has_text="中文").click()
    expect(button(page, "bar_undo")).to_contain_text("撤销")
    expect(page).to_have_url(re.compile(r"[?&]lang=zh"))
    expect(page.locator("#root")).to_contain_text("按此方案全年 GMV")
    expect(slider(page, "lever_aov")).to_have_value("1")
    page.wait_for_function("([at, then]) => document.querySelector(at).toDataURL() !== then", arg=[PICTURE, english])


def test_what_is_chosen_from_a_list_is_said_in_the_new_language(page, address):
    for path in ("/scenarios", "/optimize"):
        visit(page, address, path, lang="zh")
        boxes = page.get_by_test_id("stSelectbox").filter(visible=True).locator("input")
        expect(boxes.first).to_have_value(re.compile("[\u4e00-\u9fff]"))
        with answered(page):
            page.locator(".st-key-lang button", has_text="EN").click()
        expect(boxes.first).to_be_visible()
        for i in range(boxes.count()):
            expect(boxes.nth(i)).to_have_value(re.compile("^[^\u4e00-\u9fff]+$"))


def test_the_browsers_language_is_the_first_one(new_page, address):
    page = new_page(locale="zh-CN")
    visit(page, address, lang="")
    expect(button(page, "bar_undo")).to_contain_text("撤销")


def test_the_language_of_the_link_outlives_a_walk_and_a_reload(new_page, address):
    page = visit(new_page(locale="zh-CN"), address, lang="en")
    go(page, "Method", "Where the numbers come from")
    reload(page)
    expect(button(page, "bar_undo")).to_contain_text("Undo")


def test_another_page_and_back_keeps_everything(page, address):
    visit(page, address)
    moved = move(page, "lever_aov", "ArrowRight", "ArrowRight")
    go(page, "Method", "Where the numbers come from")
    expect(page).to_have_url(re.compile(r"/method\?"))
    expect(page.locator(".stMarkdownBadge").first).to_have_text("changed")
    go(page, "My numbers", "A plan from my own numbers")
    go(page, "Simulate")
    expect(value(page)).to_have_text(moved)
    expect(slider(page, "lever_aov")).to_have_value("2")
    expect(button(page, "bar_undo")).to_be_enabled()


def test_back_goes_from_page_to_page(page, address):
    """Also with a draft and a language in the address, each of which Streamlit makes an entry of the history for."""
    visit(page, address)
    moved = move(page, "lever_aov", "ArrowRight")
    go(page, "Channels", "Where does the next yuan go?")
    go(page, "Method", "Where the numbers come from")
    for _ in range(2):
        with answered(page):
            page.locator(".st-key-method_down button").first.click()
    go(page, "Customers")
    for path in ("method", "method", "method", "channels", ""):
        page.go_back()
        expect(page).to_have_url(re.compile(rf"^{address}/{path}[?]"))
        settled(page)
    expect(value(page)).to_have_text(moved)


def test_a_reload_keeps_the_work(page, address):
    visit(page, address)
    moved = move(page, "lever_aov", "ArrowRight", "ArrowRight")
    reload(page)
    expect(value(page)).to_have_text(moved)
    expect(slider(page, "lever_aov")).to_have_value("2")
    button(page, "bar_undo").click()
    expect(slider(page, "lever_aov")).not_to_have_value("2")


@pytest.mark.deep
def test_a_lock_survives_a_reload(page, address):
    visit(page, address)
    with answered(page):
        page.locator(".st-key-locks button", has_text="Private domain").click()
    expect(slider(page, "share_private")).to_be_disabled()
    reload(page)
    expect(slider(page, "share_private")).to_be_disabled()


# --- links -----------------------------------------------------------------------------------------------------------

def test_a_deep_link_on_a_server_that_nobody_has_asked_before(cold, page):
    link = to_link(changed(headline__cvr=1.07))
    page.goto(f"{cold}/method?lang=en&s={link}")
    settled(page)
    expect(page.get_by_role("heading", name="Where the numbers come from")).to_be_visible()
    expect(page.locator(".stMarkdownBadge").first).to_have_text("changed")
    assert page.get_by_role("dialog").count() == 0 and "Page not found" not in page.locator("body").inner_text()
    assert "/method" in page.url and "lang=en" in page.url
    expect(page.locator("[data-testid=stSidebarNavLink]")).to_have_count(0)
    go(page, "Simulate")
    expect(slider(page, "lever_cvr")).to_have_value("7")


def test_a_shared_link_opens_the_same_in_another_browser(page, new_page, address):
    visit(page, address)
    moved = move(page, "lever_aov", "ArrowRight", "ArrowRight")
    with answered(page):
        button(page, "bar_share").click()
    link = page.locator("[data-testid=stCode] code").inner_text().strip()
    sent = re.search(r"[?&]s=([\w-]+)", link).group(1)
    assert from_link(sent, KNOWN) == changed(headline__aov=1.02)
    other = new_page(locale="zh-CN")
    other.goto(link)
    settled(other)
    expect(value(other)).to_have_text(moved)
    expect(button(other, "bar_undo")).to_contain_text("Undo")


@pytest.mark.parametrize("query", part([{"s": "broken"}, {"w": "gone"}], 2))
def test_a_link_that_does_not_open_says_so_and_the_sample_is_there(page, address, query):
    visit(page, address, **query)
    expect(page.get_by_test_id("stAlert")).to_contain_text("The link could not be opened")
    expect(page.locator(".sd-card")).to_have_count(8)
    button(page, "problem_dismiss").click()
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


# --- files -----------------------------------------------------------------------------------------------------------

def test_a_scenario_is_saved_as_a_file_and_opened_again(page, new_page, address, tmp_path):
    visit(page, address)
    moved = move(page, "lever_aov", "ArrowRight", "ArrowRight")
    file_box(page)
    with page.expect_download() as saved:
        button(page, "bar_save").click()
    path = tmp_path / saved.value.suggested_filename
    saved.value.save_as(path)
    assert re.fullmatch(r"Qinghe_Apparel_2027_operating_plan_\d{8}\.json", path.name)
    assert from_json(path.read_bytes()) == changed(headline__aov=1.02)
    other = visit(new_page(), address)
    file_box(other)
    with answered(other):
        upload(other, "bar_incoming", path)
    button(other, "bar_incoming_open").click()
    expect(value(other)).to_have_text(moved)
    expect(slider(other, "lever_aov")).to_have_value("2")
    expect(button(other, "bar_undo")).to_be_enabled()


def test_tables_are_downloaded(page, address, tmp_path):
    visit(page, address)
    file_box(page)
    for key, first in (("bar_plan", b"table,row,field,value"), ("bar_months", b"Line,Line key,Unit,2027-01")):
        with page.expect_download() as saved:
            button(page, key).click()
        saved.value.save_as(tmp_path / key)
        assert (tmp_path / key).read_bytes().startswith(b"\xef\xbb\xbf" + first)


@pytest.mark.parametrize("which", part(["no JSON", "broken values"], 2, 1))
def test_a_file_that_is_broken_is_reported_and_leaves_the_work(page, address, tmp_path, which):
    document = json.loads(to_json(sample(), embed_base=False)) | {"changes": {"vat": 9, "channel.platform.cpm": "x"}}
    path = tmp_path / "scenario.json"
    path.write_text("{" if which == "no JSON" else json.dumps(document), encoding="utf-8")
    visit(page, address)
    moved = move(page, "lever_aov", "ArrowRight")
    file_box(page)
    upload(page, "bar_incoming", path)
    expect(page.get_by_test_id("stAlert")).to_contain_text("The file was not taken")
    expect(page.get_by_test_id("stAlert")).to_contain_text("1 problem" if which == "no JSON" else "2 problem")
    expect(value(page)).to_have_text(moved)
    expect(slider(page, "lever_aov")).to_have_value("1")


# --- my own numbers ----------------------------------------------------------------------------------------------------

def test_a_table_is_uploaded_previewed_and_used(page, address):
    visit(page, address, "/own")
    page.get_by_role("tab", name="Upload assumptions").click()
    field = page.locator(".st-key-own_file")
    expect(field).to_contain_text("at most 4 MB")
    assert "20" not in field.inner_text(), "one size is told, the model's own"
    with answered(page):
        upload(page, "own_file", CSV)
    expect(page.get_by_test_id("stAlert").first).to_contain_text("6 channels")
    button(page, "own_use").click()
    expect(page.locator(".sd-card")).to_have_count(8)
