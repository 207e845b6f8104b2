"""Every page by keyboard alone: each control reached in the order of the page, the focus seen, no trap; and pictures by name."""

from __future__ import annotations

import re

import pytest
from every import part
from hands import PICTURE, answered, button, drawn, file_box, press, sections, settled, slider, still, until, visit
from playwright.sync_api import Locator, Page, expect

from pages.ui.frame.top_bar import PAGES

#: controls that a person can see and use; what a group moves through by arrows (tabindex -1) is one stop
CONTROLS = """() => [...document.querySelectorAll('a[href],button,input,select,textarea,summary,[tabindex]')].filter(e => {
  const s = getComputedStyle(e), b = e.getBoundingClientRect()
  // buttons over a picture or a table show on hover and on focus; a file's button stands for its hidden input
  if (e.tabIndex < 0 || e.disabled || e.closest('[inert],[aria-hidden=true],[aria-disabled=true]') || e.type === 'file') return false
  if (e.getAttribute('aria-label') === 'Link to heading' || /^Link to heading/.test(e.title || '')) return false  // a hover's extra
  const fold = e.closest('details:not([open])')
  if (fold && e.tagName !== 'SUMMARY' && !e.closest('summary')) return false
  if (e.type === 'radio' && !e.checked && document.querySelector(`input[name="${CSS.escape(e.name)}"]:checked`)) return false
  return e.checkVisibility({visibilityProperty: true}) && s.visibility === 'visible' && b.width > 0 && b.height > 0 })"""
#: what the focus may change: of the control, of what it stands in, of what it holds
LOOK = """e => { const s = x => { const c = getComputedStyle(x); return [c.outline, c.boxShadow, c.borderColor, c.backgroundColor,
    c.opacity, c.color, c.textDecoration, getComputedStyle(x, '::after').content].join() }
  const around = [e]; for (let p = e.parentElement; p && around.length < 8; p = p.parentElement) around.push(p)
  return [...around, ...[...e.querySelectorAll('*')].slice(0, 8), ...(e.nextElementSibling ? [e.nextElementSibling] : [])].map(s).join('|') }"""
STEP = f"""() => {{ const look = {LOOK}, e = document.activeElement, last = window.sdLast
  // a box of several controls keeps its ring while the focus is anywhere in it
  const kept = last && last.e.closest('[data-testid=stMultiSelect]')
  const seen = !last || !last.e.isConnected || kept && kept.contains(e) || look(last.e) !== last.look
  window.sdLast = e === document.body ? null : {{e, look: look(e)}}
  const at = window.sdControls.indexOf(e), box = e.closest('[class*=st-key-]')
  const b = e.getBoundingClientRect()
  return {{at, seen, end: e === document.body, shown: b.bottom > 0 && b.top < innerHeight,
    name: e.tagName + ' ' + (e.dataset.testid || '') + ' ' + (e.getAttribute('aria-label') || e.textContent || '').slice(0, 40) + ' ' +
      (box ? [...box.classList].find(c => c.startsWith('st-key-')) : '')}} }}"""
#: names of what Tab did not stop at; a group of buttons is one stop, arrows move within it
MISSED = """([known, missed]) => { const all = window.sdControls, group = e => e.closest('[data-testid=stButtonGroup]')
  const groups = new Set(known.map(i => group(all[i])).filter(Boolean))
  return missed.map(i => all[i]).filter(e => e.isConnected && !groups.has(group(e))).map(e => { const box = e.closest('[class*=st-key-]')
    return e.tagName + ' ' + (e.type || '') + ' ' + (e.dataset.testid || '') + ' ' + (e.getAttribute('aria-label') || e.textContent || '').slice(0, 40)
      + ' ' + (box ? [...box.classList].find(c => c.startsWith('st-key-')) : '') }) }"""
#: no look is caught half way; the buttons over grids and code come and go with the end of their transitions, so they keep them
STILL = """:not(:has([data-testid=stDataFrame],[data-testid=stCode]), [data-testid=stElementContainer]:has([data-testid=stDataFrame],
    [data-testid=stCode]) *) {transition: none !important; animation: none !important}"""
#: pages with pictures
PICTURES = ("simulate", "channels", "customers", "plan", "risk", "compare")
#: Tab presses after which a page must have been walked through
MOST = 400


@pytest.mark.parametrize("key", part(PAGES, 8))
def test_tab_reaches_every_control_in_the_order_of_the_page_and_leaves_it_and_pictures_have_names(page, address, key):
    visit(page, address, "/" if key == "simulate" else f"/{key}")
    sections(page)
    while page.evaluate("document.activeElement !== document.body"):  # out of the page, so that Tab begins at its top
        page.keyboard.press("Tab")
    expect(page.get_by_test_id("stProgress")).to_have_count(0)  # what is computed beside the page draws it anew when it is done
    settled(page)
    if key in PICTURES:
        pictures_are_named(page)
    page.add_style_tag(content=STILL)
    still(page, f"({CONTROLS})().map(e => (e.sdKnown = e.sdKnown || Math.random()) + e.className)")
    total = page.evaluate(f"() => (window.sdControls = ({CONTROLS})()).length")
    assert total > 10
    reached, unseen, hidden, name = [], [], [], ""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        step = page.evaluate(STEP)
        if not step["seen"] and not name.startswith(("MAIN", "CANVAS", "TD glide")):  # the scrolling page; a grid draws its ring
            unseen.append(name)
        if step["end"]:
            break
        reached.append(step["at"])
        name = step["name"]
        if not step["shown"]:
            hidden.append(name)
    assert step["end"], f"the focus never left the page; at the end: {name}"
    known = [i for i in reached if i >= 0]
    missed = sorted(set(range(total)) - set(known))
    names = page.evaluate(MISSED, [known, missed])
    assert names == [], f"never reached by Tab: {names}"
    assert known == sorted(known), "the order of Tab is not that of the page"
    assert unseen == [], f"the focus cannot be seen there: {unseen}"
    assert hidden == [], "the focus is outside of the window there"


def escaped(page: Page, box: Locator) -> None:
    """Closed by Escape. The library begins to listen some 20 ms after it has drawn the box: a key of a script may come before."""
    for _ in range(3):
        page.keyboard.press("Escape")
        try:
            return expect(box).to_have_count(0, timeout=2_000)
        except AssertionError:
            continue
    expect(box).to_have_count(0)


def test_boxes_open_by_enter_and_close_by_escape_with_the_focus_back(page, address):
    visit(page, address)
    for key in ("bar_share", "bar_file", "bar_checks"):
        box = button(page, key)
        box.focus()
        with answered(page):
            page.keyboard.press("Enter")
        expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
        page.keyboard.press("Tab")
        escaped(page, page.get_by_test_id("stPopoverBody"))
        expect(box).to_be_focused()
        settled(page)


def test_rows_of_the_statement_open_by_enter_and_space_and_arrows_move_within_a_group(page, address):
    visit(page, address, "/plan")
    row = page.locator(".sd-tree tbody button").first
    row.focus()
    for key, state in (("Enter", "true"), ("Space", "false")):
        page.keyboard.press(key)
        expect(row).to_have_attribute("aria-expanded", state)
        expect(row).to_be_focused()
    group = page.get_by_test_id("stButtonGroup").nth(1).get_by_role("radio")
    group.first.focus()
    page.keyboard.press("ArrowRight")
    expect(group.nth(1)).to_be_focused()


def test_a_list_of_choices_is_used_by_arrows_and_left_by_escape(page, address):
    visit(page, address, "/scenarios")
    box = page.locator(".st-key-shelf_order input")
    box.focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("option")).to_have_count(0)


def test_a_data_editor_lets_the_focus_out(page, address):
    visit(page, address, "/customers")
    sections(page, "tiers")
    grid = page.locator("[data-testid=stDataFrame] canvas[tabindex='0'], [data-testid=stDataFrame] [tabindex='0']").first
    grid.scroll_into_view_if_needed()
    grid.focus()
    inside = "document.activeElement.closest('[data-testid=stDataFrame]') !== null"
    until(page, inside)
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-testid=stDataFrame] td[aria-selected=true]")).to_have_count(1)
    for _ in range(60):
        page.keyboard.press("Tab")
        if not page.evaluate(inside):
            break
    else:
        page.keyboard.press("Escape")
        page.keyboard.press("Tab")
    assert not page.evaluate(inside)


def pictures_are_named(page: Page) -> None:
    """Every picture is a figure named by the message that is seen over it."""
    until(page, """() => { const all = [...document.querySelectorAll('[data-testid=stVegaLiteChart]')]
        return all.length && all.every(e => e.getAttribute('aria-labelledby')) }""")
    named = page.get_by_role("figure", name=re.compile(r"\d"))
    pictures = page.get_by_test_id("stVegaLiteChart")
    said = pictures.evaluate_all("""all => all.map(e => { const id = e.getAttribute('aria-labelledby')
        return [e.getAttribute('role'), id, document.getElementById(id)?.textContent] })""")
    expect(named, f"role, title and text of each: {said}").to_have_count(pictures.count())


def test_a_pictures_name_follows_a_move_and_the_picture_stays(page, address):
    visit(page, address)
    first = page.get_by_role("figure").first
    expect(first).to_have_attribute("aria-labelledby", re.compile("sd-title"))
    drawn(page, 4)
    page.evaluate("at => { window.kept = document.querySelector(at) }", PICTURE)
    label = page.locator("#" + page.get_by_role("figure").nth(1).get_attribute("aria-labelledby"))
    before = label.inner_text()
    press(page, "lever_aov", *["ArrowRight"] * 5)
    expect(label).not_to_have_text(before)
    expect(page.get_by_role("figure", name=label.inner_text().strip())).to_have_count(1)
    assert page.evaluate("at => window.kept === document.querySelector(at)", PICTURE)


def test_undo_in_a_field_is_the_fields_and_outside_of_it_the_plans(page, address):
    visit(page, address)
    press(page, "lever_aov", *["ArrowRight"] * 3)
    file_box(page)
    field = page.locator(".st-key-bar_name input")
    name = field.input_value()
    field.press("End")
    for undo in ("Control+z", "Control+y", "Control+Shift+z"):
        field.press("X")
        field.press(undo)
        settled(page)
        expect(slider(page, "lever_aov")).to_have_value("3")
        field.fill(name)
    escaped(page, page.get_by_test_id("stPopoverBody"))
    settled(page)
    slider(page, "lever_aov").focus()
    with answered(page):
        page.keyboard.press("Control+z")
    expect(slider(page, "lever_aov")).not_to_have_value("3")
