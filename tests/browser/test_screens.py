"""What holds on every screen: nothing wider than a phone, names are text and never markup, no other host is asked."""

from __future__ import annotations

import pytest
from hands import drawn, file_box, press, typed, visit
from playwright.sync_api import expect

from model import to_link
from samples import sample


@pytest.mark.parametrize("path", ["/", "/own", "/method"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_phone_shows_every_page_without_scrolling_sideways(new_page, address, path, lang):
    page = visit(new_page(width=390, height=844, device_scale_factor=2, has_touch=True), address, path, lang=lang)
    if path == "/":
        drawn(page, 4)
    wide = page.evaluate("""() => {
        const main = document.querySelector('[data-testid=stMain]')
        return [document.documentElement.scrollWidth - innerWidth, main.scrollWidth - main.clientWidth,
                ...[...document.querySelectorAll('.sd-card, [data-testid=stSlider], [data-testid=stButton], h1, h2, h3')]
                    .filter(e => e.offsetParent && e.getBoundingClientRect().right > innerWidth + 1)
                    .map(e => e.className + ' ' + e.textContent.slice(0, 40))] }""")
    assert wide[0] <= 0 and wide[1] <= 0 and wide[2:] == []


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
    expect(page.locator(".st-key-shares")).to_contain_text("<img src=x")
    press(page, "share_platform", "ArrowRight")
    expect(page.locator(".st-key-changes")).to_be_visible()
    main = page.locator("[data-testid=stMain]")
    assert main.locator("img[src=x]").count() == 0
    assert main.locator("a[href*='e.example']").all_inner_texts() == []


def test_the_page_asks_no_other_host(page, address):
    asked = []
    page.on("request", lambda r: asked.append(r.url))
    visit(page, address)
    drawn(page, 4)
    assert [u for u in asked if not u.startswith((address, "data:", "blob:"))] == []


def test_every_slider_has_a_name_that_a_screen_reader_says(page, address):
    visit(page, address)
    for element in page.locator("input[type=range]").all():
        assert element.evaluate("e => (e.getAttribute('aria-label') || e.labels?.[0]?.textContent || "
                                "document.getElementById(e.getAttribute('aria-labelledby'))?.textContent || '').trim()")
