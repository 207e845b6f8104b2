"""What a person does with the app and sees of it: opening, clicking, typing, and waiting until the answer is there."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

#: pictures drawn on a canvas (Simulate), pictures drawn as SVG (the other pages)
PICTURE = "[data-testid=stVegaLiteChart] canvas"
CHART = "[data-testid=stVegaLiteChart] svg"
MAIN = "[data-testid=stMain]"
#: Runs before the page's own scripts: counts what the page asks of its server and what it was answered. Top fields of
#: Streamlit's messages: BackMsg 11 rerun_script; ForwardMsg 4 new_session, 6 script_finished (2: a rerun follows),
#: 26 the answer to BackMsg 17, app_heartbeat.
WIRE = r"""
(() => {
  const wire = window.sdWire = {all: 0, asked: 0, runs: 0, begun: 0, ever: false, running: false, again: false, last: 0, beat: -1, heard: -1}
  const fields = bytes => { const found = {}; let i = 0
    const number = () => { let n = 0, k = 1, b; do { b = bytes[i++]; n += (b & 127) * k; k *= 128 } while (b & 128); return n }
    while (i < bytes.length) { const tag = number(), kind = tag % 8, field = (tag - kind) / 8
      if (kind === 0) found[field] = number()
      else if (kind === 2) { found[field] = true; const size = number(); i += size }
      else i += kind === 1 ? 8 : 4 }
    return found }
  window.WebSocket = class extends WebSocket {
    constructor(...all) { super(...all); wire.socket = this
      this.addEventListener('message', e => { const f = fields(new Uint8Array(e.data))
        wire.last = performance.now()
        if (f[26]) wire.heard = wire.beat
        if (f[4]) { wire.begun += 1; if (!wire.again) wire.runs += 1; wire.running = true; wire.ever = true; wire.again = false }
        if (f[6] !== undefined) { wire.running = false; wire.again = f[6] === 2 } }) }
    send(data) { if (data instanceof Uint8Array && fields(data)[11]) { wire.all += 1; wire.asked += 1; wire.last = performance.now() }
      super.send(data) }
  }
  // true once everything asked for was answered; token: one for each wait
  wire.quiet = token => { const now = performance.now()
    if (wire.token !== token) { wire.token = token; wire.since = now }
    const state = document.querySelector('[data-testid=stApp]')?.dataset.testScriptState
    if (!wire.ever || wire.running || wire.again || state !== 'notRunning') return false
    const still = now - Math.max(wire.last, wire.since)
    // as many runs as were asked for; or nothing asked for: an answer to what was done just before may be on its way
    if (wire.asked <= wire.runs) { if (still < (wire.asked ? 30 : 80)) return false }
    // several moves answered by one run, or one that the server dropped: it says when it has seen them all
    else { if (wire.beat !== wire.all) { wire.beat = wire.all; wire.socket.send(new Uint8Array([0x88, 1, 1])) }
      if (wire.heard !== wire.all || still < 250) return false }
    wire.asked = wire.runs = 0
    return true }
})()
"""
#: a browser that has been here before: the greeting of a first visit would stand over what is looked at
MET = ";if (location.protocol.startsWith('http')) document.cookie = 'sandtable_met=1; Path=/';"
#: What stands in for elements that are on their way pulses, and the whole window is drawn anew for it at every frame: without a
#: graphics card that is most of the time of opening a page (600 frames instead of 120), and no test looks at it.
CALM = """
;(() => { const sheet = new CSSStyleSheet()
  sheet.replaceSync('[data-testid=stSkeleton] {animation: none !important}')
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet] })()
"""
#: true once what stands for READ gives the same for `calm` milliseconds; the page's policy lets no text be run as a script
STILL = """([calm, token]) => { const now = performance.now(), seen = JSON.stringify(READ), last = window.sdSeen
  if (!last || last.token !== token || last.seen !== seen) { window.sdSeen = {token, seen, since: now}; return false }
  return now - last.since >= calm }"""
_tokens = itertools.count(1)


# --- waiting -----------------------------------------------------------------------------------------------------------

def until(page: Page, holds: str, about: object = None) -> None:
    """This expression of JavaScript holds. Asked now and then: asked at every frame, the page would be drawn at every frame."""
    page.wait_for_function(holds, arg=about, polling=50)


def settled(page: Page) -> Page:
    """The bar is there, the server has answered everything it was asked, and the page shows it."""
    expect(page.locator(".st-key-bar_undo button")).to_be_visible()
    until(page, "token => window.sdWire.quiet(token)", next(_tokens))
    return page


@contextmanager
def answered(page: Page) -> Iterator[None]:
    """What is done inside asks the server something, at once or a moment later; ends when the answer is shown."""
    before = page.evaluate("window.sdWire.all")
    yield
    until(page, "before => window.sdWire.all > before", before)
    settled(page)


def still(page: Page, read: str, calm: int = 300) -> None:
    """What this expression of JavaScript gives has stayed the same for so many milliseconds."""
    until(page, STILL.replace("READ", read), [calm, next(_tokens)])


def drawn(page: Page, count: int, at: str = PICTURE) -> None:
    """So many pictures are there, and none of them is being drawn any more."""
    expect(page.locator(at)).to_have_count(count)
    still(page, f"[...document.querySelectorAll('{at}')].map(p => p.toDataURL ? p.toDataURL() : p.innerHTML)")


# --- opening -----------------------------------------------------------------------------------------------------------

def visit(page: Page, address: str, path: str = "/", lang: str = "en", **query: str) -> Page:
    text = "&".join(f"{k}={v}" for k, v in {"lang": lang, **query}.items() if v)
    page.goto(f"{address}{path}?{text}")
    return settled(page)


def reload(page: Page) -> Page:
    page.reload()
    return settled(page)


def go(page: Page, name: str, header: str | None = None) -> None:
    """To another page by the menu."""
    link = page.locator("[data-testid=stTopNavLink]:not([inert] *)").filter(has_text=re.compile(f"{name}$"))
    if not link.count():  # the last pages stand behind "2 more" where the window is narrow
        page.get_by_test_id("stTopNavSection").last.click()
        link = page.get_by_test_id("stTopNavDropdownLink").filter(has_text=re.compile(f"{name}$"))
    with answered(page):
        link.first.click()
    if header:
        expect(page.get_by_role("heading", name=header)).to_be_visible()


def sections(page: Page, *keys: str) -> None:
    """Sections of a long page, opened by its line of contents: these, or all of them."""
    for asked in page.locator(".sd-contents button").all():
        box = asked.get_attribute("data-section")
        shut = page.locator(f".st-key-{box} details").first.get_attribute("open") is None
        if shut and (not keys or box.removeprefix("section_") in keys):
            with answered(page):
                asked.click()
    expect(page.get_by_test_id("stProgress")).to_have_count(0)  # what a section has computed beside the page


# --- cards, sliders, buttons, files ---------------------------------------------------------------------------------------

def card(page: Page, label: str) -> Locator:
    return page.locator(".sd-card", has=page.locator(".sd-label", has_text=re.compile(f"^{re.escape(label)}$")))


def value(page: Page, label: str = "GMV") -> Locator:
    return card(page, label).locator(".sd-value")


def exact(page: Page, label: str = "GMV") -> float:
    return float(value(page, label).get_attribute("title"))


def slider(page: Page, key: str) -> Locator:
    return page.locator(f".st-key-{key} input[type=range]")


def button(page: Page, key: str) -> Locator:
    """Streamlit draws a button with a help text twice, once hidden."""
    return page.locator(f".st-key-{key} button").filter(visible=True).first


def press(page: Page, key: str, *keys: str) -> None:
    """Keys on a slider that move it; waits until everything has followed."""
    slider(page, key).focus()
    with answered(page):
        for k in keys:
            page.keyboard.press(k)


def move(page: Page, key: str, *keys: str) -> str:
    """A move that changes the GMV; the new text."""
    before = value(page).get_attribute("title")
    press(page, key, *keys)
    expect(value(page)).not_to_have_attribute("title", before)
    return value(page).inner_text()


def typed(page: Page, field: Locator, text: str) -> None:
    """A text put into a field and sent by Enter; waits until everything has followed."""
    field.fill(text)
    with answered(page):
        field.press("Enter")


def upload(page: Page, key: str, file: Path | dict) -> None:
    """file: where it lies, or its name, mimeType and buffer."""
    page.locator(f".st-key-{key} input[type=file]").set_input_files(file)


def file_box(page: Page) -> None:
    name = page.locator(".st-key-bar_name input")
    if not name.is_visible():
        with answered(page):
            button(page, "bar_file").click()
    expect(name).to_be_visible()


def put(page: Page, grid: Locator, column: int, row: int, text: str) -> None:
    """A text typed into a cell of a data editor by keyboard; columns and rows count from 0.

    The grid draws on a canvas and keeps a table for screen readers, which says what is marked.
    """
    mark(page, grid, column, row)
    page.keyboard.press("Enter")
    field = page.locator("#portal .gdg-input")
    expect(field).to_be_focused()
    field.fill(text)
    with answered(page):
        page.keyboard.press("Enter")


def pasted(page: Page, grid: Locator, column: int, row: int, text: str) -> None:
    """What a spreadsheet has put on the clipboard, put into a data editor from this cell on; lines are rows, tabs columns."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    mark(page, grid, column, row)
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    with answered(page):
        page.keyboard.press("Control+v")


def tick(page: Page, row: int) -> None:
    """The box before a row of the first table, which is a canvas."""
    grid = page.locator("[data-testid=stDataFrame]").first
    with answered(page):
        grid.locator(".dvn-scroller").click(position={"x": 18, "y": 35 * (row + 1) + 17})


def mark(page: Page, grid: Locator, column: int, row: int) -> None:
    """Go to a cell of a data editor by keyboard."""
    def marked(c: int, r: int) -> None:
        expect(grid.get_by_test_id(f"glide-cell-{c}-{r}")).to_have_attribute("aria-selected", "true")

    expect(grid.get_by_test_id(f"glide-cell-{column}-{row}")).to_be_attached()
    for _ in range(5):  # a grid that has just been drawn may not listen yet
        grid.locator("canvas").first.focus()
        page.keyboard.press("ArrowDown")
        with suppress(AssertionError):
            expect(grid.locator("td[aria-selected=true]")).to_have_count(1, timeout=2_000)
            break
    expect(grid.locator("td[aria-selected=true]")).to_have_count(1)
    page.keyboard.press("Control+Home")
    marked(0, 0)
    for r in range(1, row + 1):
        page.keyboard.press("ArrowDown")
        marked(0, r)
    for c in range(1, column + 1):
        page.keyboard.press("ArrowRight")
        marked(c, row)
