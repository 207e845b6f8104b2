"""The page to print, printed by a real browser: one sheet A4 and one of the work, with everything on them, without the app around."""

from __future__ import annotations

import re

import pytest
from every import part
from hands import answered, button, visit
from playwright.sync_api import Page, expect
from sheets import crowded, hostile, speaking, work

from model.plan.work import WORK_TABLES
from pages.ui.kit import texts
from pages.ui.print import onepage
from pages.ui.session.state import presets
from samples import changed, sample

#: the sample has work to print
SHEETS = [(210, 297)] * 2
each_language = pytest.mark.parametrize("language", texts.LANGUAGES)
PLANS = {"sample": sample, "changed": lambda: presets()["conservative"], "crowded": crowded, "hostile": hostile,
         "busy": lambda: changed(**{f"{t}__{t}-{i:03d}__name_en": "A rather long name of some work " * 4 for t in WORK_TABLES
                                    for i in range(1, 31)}),
         "huge": lambda: changed(budget=9e10, channel__organic__visits=9e9), "loss": lambda: changed(other_overhead=9e8)}


def sheets(page: Page) -> list[tuple[float, float]]:
    """Width and height of each printed page, in millimetres."""
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    count = len(re.findall(rb"/Type\s*/Page\b", pdf))
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", pdf)
    assert len(boxes) == count
    return [tuple(round(float(x) / 72 * 25.4) for x in box) for box in boxes]


def left_out(page: Page) -> list[str]:
    """Parts of the sheet that reach over its edge or into each other."""
    return page.locator("body").evaluate("""body => [...body.querySelectorAll('.sd-sheet')].flatMap(sheet => {
        const edge = sheet.getBoundingClientRect(), last = sheet.querySelector('footer')
        const foot = last ? last.getBoundingClientRect() : {top: edge.bottom}
        const over = [...sheet.querySelectorAll('table, p, h2, svg, .cards > div')].filter(e => {
            const r = e.getBoundingClientRect()
            return r.bottom > edge.bottom || r.right > edge.right + 1 || !e.closest('footer') && r.bottom > foot.top + 1 })
        return over.map(e => e.textContent.slice(0, 60)) })""")


@each_language
@pytest.mark.parametrize("plan", part(PLANS, 2))
def test_the_file_is_a_sheet_of_figures_and_one_of_work_with_everything_on_them(new_page, tmp_path, language, plan):
    with speaking(language):
        (tmp_path / "page.html").write_text(onepage.document(work(PLANS[plan]())), encoding="utf-8")
    page = new_page(offline=True)
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.goto((tmp_path / "page.html").as_uri())
    assert sheets(page) == SHEETS
    page.emulate_media(media="print")
    assert left_out(page) == []
    assert len(asked) == 1 and page.locator(".sd-sheet script, .sd-sheet img").count() == 0


def test_the_download_opens_without_the_app_and_the_page_prints_alone(page, new_page, address, tmp_path):
    visit(page, address)
    with answered(page):
        button(page, "simulate_print").click()
    expect(page.locator(".sd-sheet h1").first).to_be_visible()
    assert sheets(page) == SHEETS
    page.emulate_media(media="print")
    expect(page.get_by_test_id("stHeader")).to_be_hidden()
    expect(page.locator(".st-key-bar_undo button")).to_be_hidden()
    assert left_out(page) == [] and page.locator(".sd-sheet").first.bounding_box() | {"width": 0, "height": 0} == dict.fromkeys(
        ("x", "y", "width", "height"), 0)
    page.emulate_media(media="screen")
    with page.expect_download() as download:
        button(page, "print_file").click()
    assert re.fullmatch(r"Qinghe_Apparel_2027_operating_plan_\d{8}\.html", download.value.suggested_filename)
    download.value.save_as(tmp_path / "file.html")
    other = new_page(offline=True)
    other.goto((tmp_path / "file.html").as_uri())
    expect(other.locator("h1").first).to_have_text(page.locator(".sd-sheet h1").first.inner_text())
    assert sheets(other) == SHEETS


def test_the_print_button_prints(page, address):
    visit(page, address, "/print")
    page.evaluate("() => { window.printed = 0; window.print = () => { window.printed += 1 } }")
    page.locator(".st-key-print_now button").click()
    page.wait_for_function("window.printed === 1")


def test_on_a_phone_the_sheet_is_shrunk_to_fit(new_page, address):
    page = visit(new_page(width=390, height=844), address, "/print")
    expect(page.locator(".sd-sheet").first).to_be_visible()
    assert page.locator(".sd-sheet").first.bounding_box()["width"] <= 390
