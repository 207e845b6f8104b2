"""What holds on every screen: nothing wider than it, every text readable, names are text and never markup, no other host asked."""

from __future__ import annotations

import pytest
from contrast import unreadable
from every import part
from hands import CHART, PICTURE, answered, drawn, file_box, press, sections, settled, still, typed, visit
from playwright.sync_api import expect

from model import to_link
from pages.ui.frame.top_bar import PAGES
from samples import sample

#: what is still being drawn or faded in
DRAWN = f"""[document.body.innerText, document.querySelectorAll('{PICTURE}').length, document.getAnimations().length,
  [...document.querySelectorAll('[data-testid=stVegaLiteChart]')].every(chart => chart.querySelector('svg, canvas')),
  [...document.querySelectorAll('{CHART}')].map(svg => svg.outerHTML)]"""
#: by how much the page is wider than its window; what reaches over its edge; labels that leave their chart
OVER = """() => { const main = document.querySelector('[data-testid=stMain]')
  const labels = svg => { const box = svg.getBoundingClientRect()
    return [...svg.querySelectorAll('.mark-text text')].filter(t => t.textContent).filter(t => { const r = t.getBoundingClientRect()
      return r.width && (r.left < box.left - 2 || r.right > box.right + 2 || r.top < box.top - 3 || r.bottom > box.bottom + 3) }) }
  return [...[document.documentElement.scrollWidth - innerWidth, main.scrollWidth - main.clientWidth].filter(more => more > 0),
    ...[...document.querySelectorAll('.sd-card, [data-testid=stSlider], [data-testid=stButton], h1, h2, h3')]
      .filter(e => e.offsetParent && e.getBoundingClientRect().right > innerWidth + 1).map(e => `${e.className} ${e.textContent.slice(0, 40)}`),
    ...[...document.querySelectorAll('[data-testid=stVegaLiteChart] svg')].flatMap(labels).map(t => `label ${t.textContent}`)] }"""


@pytest.mark.parametrize("key", part(PAGES, 3))
def test_a_page_fits_a_phone_and_a_screen_and_every_text_can_be_read(new_page, address, key):
    """Opened once; then its language, its window and its colours change, as they can under a person's hands."""
    page, found = new_page(width=390, height=844, has_touch=True), {}
    visit(page, address, "/" if key == "simulate" else f"/{key}", lang="zh")
    sections(page)
    page.add_style_tag(content="*, *::before, *::after {transition: none !important}")  # no colour is caught half way

    def look(screen: str, *, colours: bool) -> None:
        expect(page.get_by_test_id("stProgress")).to_have_count(0)
        still(page, DRAWN)
        bad = page.evaluate(OVER) + (unreadable(page) if colours else [])
        if bad:
            found[screen] = bad

    look("phone, Chinese", colours=False)
    with answered(page):
        page.locator(".st-key-lang button", has_text="EN").click()
    page.mouse.move(0, 0)  # nothing is looked at with the hand over it
    look("phone, English", colours=False)
    page.set_viewport_size({"width": 1440, "height": 900})
    look("screen, light", colours=True)
    page.emulate_media(color_scheme="dark")
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", "rgb(18, 22, 28)")
    settled(page)
    look("screen, dark", colours=True)
    assert found == {}, "\n".join(f"{screen}: {bad}" for screen, bad in found.items())


def test_a_text_of_low_contrast_would_be_found(page, address):
    visit(page, address, "/method")
    page.evaluate("""() => document.querySelector('[data-testid=stMain] p').style.color = 'rgba(27, 36, 48, .5)'""")
    bad = unreadable(page)
    assert bad and all(1 < float(row[0]) < 4.5 for row in bad)


HOSTILE = "<img src=x onerror=alert(1)> **b** [l](http://e.example) www.e.example :red[r] $x$"


def test_signs_in_a_name_are_text(page, address):
    visit(page, address)
    file_box(page)
    typed(page, page.locator(".st-key-bar_name input"), "<b>x</b> **y** [l](http://e) $z$ :red[r] 2*3")
    expect(page.locator("[data-testid=stMain]")).to_contain_text("<b>x</b> **y** [l](http://e) $z$ :red[r] 2*3")
    assert page.locator("[data-testid=stMain] a[href^='http://e']").count() == 0
    assert page.locator("[data-testid=stMain] b").count() == 0


def test_names_of_channels_in_a_link_are_text_everywhere(page, address):
    sent = sample().with_values({f"channel.platform.name_{x}": HOSTILE for x in ("en", "zh")})
    visit(page, address, s=to_link(sent))
    expect(page.locator(".st-key-share_platform")).to_contain_text("<img src=x")
    press(page, "share_platform", "ArrowRight")
    expect(page.locator(".st-key-changes")).to_be_visible()
    main = page.locator("[data-testid=stMain]")
    assert main.locator("img[src=x]").count() == 0
    assert main.locator("a[href*='e.example']").all_inner_texts() == []


def test_the_page_asks_no_other_host_and_names_its_sliders(page, address):
    asked = []
    page.on("request", lambda r: asked.append(r.url))
    visit(page, address)
    drawn(page, 4)
    assert [u for u in asked if not u.startswith((address, "data:", "blob:"))] == []
    for element in page.locator("input[type=range]").all():
        assert element.evaluate("e => (e.getAttribute('aria-label') || e.labels?.[0]?.textContent || "
                                "document.getElementById(e.getAttribute('aria-labelledby'))?.textContent || '').trim()")
