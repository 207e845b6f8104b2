"""Long pages in a browser: contents that jump, sections that stay open, tables that copy themselves and show that they scroll."""

from __future__ import annotations

from hands import answered, go, sections, until, visit
from playwright.sync_api import Page, expect

#: what a table shows, as a spreadsheet takes it
SHOWN = r"""key => [...document.querySelectorAll(`.st-key-${key} table tr`)].map(tr => [...tr.cells].map(cell => cell.textContent
  .replace(/[\u2060\u200b]/g, '').replace(/\u00a0/g, ' ').replace(/^−(?=[\d.])/, '-')).join('\t')).join('\n')"""


def is_open(page: Page, key: str) -> bool:
    return page.locator(f".st-key-section_{key} details").first.get_attribute("open") is not None


def asked(page: Page, key: str):
    return page.locator(f".sd-contents [data-section=section_{key}]")


def test_the_line_of_contents_opens_a_section_and_goes_there_by_mouse_and_by_key(page, address):
    visit(page, address, "/channels")
    assert not is_open(page, "platform_roi")
    with answered(page):
        asked(page, "platform_roi").click()
    expect(page.locator(".st-key-platform_roi table")).to_be_visible()
    head = page.locator(".st-key-section_platform_roi summary").first
    expect(head).to_be_focused()
    expect(head).to_be_in_viewport()
    expect(page.locator(".st-key-platform_roi table")).to_be_in_viewport()
    asked(page, "funnel").focus()
    with answered(page):
        page.keyboard.press("Enter")
    expect(page.locator(".st-key-funnel table")).to_be_in_viewport()
    asked(page, "platform_roi").click()     # it is open: goes there and leaves it so
    expect(head).to_be_focused()
    assert is_open(page, "platform_roi")


def test_what_is_open_stays_open_over_a_language_another_page_and_back(page, address):
    visit(page, address, "/plan")
    sections(page, "team")
    with answered(page):
        page.locator(".st-key-section_statement summary").first.click()
    with answered(page):
        page.locator(".st-key-lang button", has_text="中文").click()
    expect(page.locator(".st-key-team table")).to_be_visible()
    go(page, "渠道")
    with answered(page):
        page.go_back()
    expect(page.locator(".st-key-team table")).to_be_visible()
    assert not is_open(page, "statement") and is_open(page, "team") and not is_open(page, "targets")


def copied(page: Page, key: str) -> str:
    """What the button of a table puts on the clipboard, pressed by keyboard."""
    button = page.locator(f".st-key-{key} .sd-copy")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".sd-said")).not_to_have_text("")
    return page.evaluate("navigator.clipboard.readText()")


def test_a_table_copies_what_it_shows_for_a_spreadsheet_and_says_so(page, address):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit(page, address, "/plan", lang="zh")
    page.locator(".st-key-statement tbody button").first.click()    # a row's parts are copied as well once they are seen
    expect(page.locator(".st-key-statement tr.part").first).to_be_visible()
    text = copied(page, "statement")
    assert text == page.evaluate(SHOWN, "statement") and text.count("\t") > 200
    assert "退款额\t-4,344.1" in text, "a number, with the minus that a spreadsheet knows"
    expect(page.get_by_role("status").filter(has_text="已复制，可粘贴到电子表格")).to_be_visible()
    expect(page.get_by_role("button", name="复制这张表，可直接粘贴到电子表格").first).to_be_visible()
    expect(page.locator(".sd-said")).to_have_text("", timeout=5_000)
    visit(page, address, "/channels")
    sections(page, "platform_roi")
    assert copied(page, "platform_roi") == page.evaluate(SHOWN, "platform_roi")
    expect(page.get_by_role("status").filter(has_text="Copied, paste it into a spreadsheet")).to_be_visible()


def test_without_a_clipboard_a_table_is_copied_all_the_same(new_page, address):
    """As on a server in the house that is reached by http."""
    page = new_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('none'))")
    visit(page, address, "/plan")
    assert copied(page, "statement") == page.evaluate(SHOWN, "statement")
    expect(page.locator(".st-key-statement .sd-copy")).to_be_focused()


def test_a_wide_table_shows_at_which_edge_there_is_more(new_page, address):
    page = visit(new_page(width=390, height=844), address, "/plan")
    box, scroll = (page.locator(f".st-key-statement .{name}") for name in ("sd-box", "sd-scroll"))

    def edges() -> list[str]:
        return [name for name in ("sd-more", "sd-more-left") if name in box.get_attribute("class").split()]

    shadow = "() => getComputedStyle(document.querySelector('.st-key-statement .sd-box'), '::after').opacity"
    until(page, "() => document.querySelector('.st-key-statement .sd-box.sd-more')")
    assert edges() == ["sd-more"] and page.evaluate(shadow) == "1"
    scroll.evaluate("e => e.scrollTo(200, 0)")
    until(page, "() => document.querySelector('.st-key-statement .sd-box.sd-more-left')")
    assert edges() == ["sd-more", "sd-more-left"]
    scroll.evaluate("e => e.scrollTo(9e6, 0)")
    until(page, "() => !document.querySelector('.st-key-statement .sd-box.sd-more')")
    assert edges() == ["sd-more-left"] and page.evaluate(shadow) == "0"
    page.set_viewport_size({"width": 1900, "height": 900})
    until(page, "() => !document.querySelector('.st-key-statement').querySelector('.sd-more, .sd-more-left')")
