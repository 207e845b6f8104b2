"""A random walk through the app as a person could go it: after every step all that stands on the page is held against the
plan that the session works on.

What the plan is, is read from the store under the token of the address (as a reload would), and evaluated here; nothing in
the app knows of the walk.
"""

from __future__ import annotations

import math
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from hands import settled, tick
from playwright.sync_api import Error, Locator, Page

from model import Scenario, evaluate, from_link, kpi, to_link
from model.engine.kpis import YEAR, period_of, periods_of
from model.io.store import ScenarioStore
from model.plan.numbers import written
from model.plan.schema import TABLES, Address, join
from pages.ui.kit import texts
from pages.ui.rows import cell_words, row_rules
from pages.ui.session.workspace import Workspace, fresh, unpack
from pages.ui.words.figures import EDITABLE
from samples import changed, sample_plan

#: everything that holds a value, by the key of its widget; cards by the key of their KPI
SEEN = r"""() => {
  const key = e => [...(e.closest('[class*="st-key-"]')?.classList ?? [])].find(c => c.startsWith('st-key-'))?.slice(7)
  const main = document.querySelector('[data-testid=stMain]'), widgets = {}, choices = {}, cells = {}, bad = []
  for (const e of main.querySelectorAll('input, textarea')) if (key(e) && e.type !== 'file' && e.getAttribute('role') !== 'combobox')
    widgets[key(e)] = e.type === 'checkbox' ? e.checked : e.value
  for (const g of main.querySelectorAll('[data-testid=stButtonGroup]')) if (key(g))
    widgets[key(g)] = [...g.querySelectorAll('button[data-variant]')].map(b => (b.ariaPressed ?? b.ariaChecked) === 'true')
  for (const e of main.querySelectorAll('[data-testid=stSelectbox] input')) if (key(e)) choices[key(e)] = e.value
  for (const e of main.querySelectorAll('.st-key-channel_edit [data-testid^=glide-cell-]')) cells[e.dataset.testid.slice(11)] = e.textContent
  for (const e of main.querySelectorAll('[data-testid=stException]')) bad.push(e.innerText.slice(0, 300))
  const able = k => { const b = [...main.querySelectorAll(`.st-key-${k} button`)].find(b => b.offsetParent); return b && !b.disabled }
  const cards = Object.fromEntries([...main.querySelectorAll('.sd-card')].map(c => [
    [...c.querySelector('[class^=sd-band-]').classList][0].slice(8), c.querySelector('.sd-value').title]))
  const lang = /撤销/.test(main.querySelector('.st-key-bar_undo')?.innerText) ? 'zh' : 'en'
  return {lang, widgets, choices, cells, cards, bad, undo: able('bar_undo'), redo: able('bar_redo'), reset: able('bar_reset')}
}"""
PAGES = ("", "channels", "customers", "assumptions", "plan", "risk", "optimize", "scenarios", "compare", "own", "method")
#: where a kind of step can be done that has not been done yet: a page, and a box there that must be open
HOMES = {"slide": ("",), "lock": ("",), "preset": ("",), "pill": ("plan", "section_promotions"), "tab": ("optimize",),
         "flag": ("plan", "section_promotions", "edit_promotion"), "number": ("plan", "section_targets", "edit_target"),
         "choice": ("plan", "section_targets", "edit_target"), "pick": ("plan", "section_team", "edit_team"),
         "text": ("scenarios",), "save": ("scenarios",), "open": ("scenarios",)}
#: cells that are typed into
FREE_CELL = "[class*=st-key-cell_] input[type=text]:enabled:not([role=combobox])"
#: a number as a field or a cell shows it
NUMBER = re.compile(r"-?[\d,]+(\.\d+)?")
#: what walks begin on: the sample, or a shared plan of 24 months
START = {"the sample": dict, "a plan of 24 months": lambda: {"s": to_link(changed(months=24, budget=20e6))}}
#: how often a kind of step may be looked for at its home before its first time: it may be locked or shut there now and then
TRIES = 6
#: how long the store may need to have the last move, in seconds
PATIENCE = 20


class Walk:
    def __init__(self, page: Page, address: str, database: Path, seed: int) -> None:
        self.page, self.address, self.seed = page, address, seed
        self.store, self.random, self.trail = ScenarioStore(f"sqlite:///{database}"), random.Random(seed), []
        self.ways: dict[Callable[[], str], int] = {
            self.menu: 6, self.back: 2, self.forward: 1, self.reload: 1, self.language: 1, self.slide: 8, self.lock: 2, self.preset: 1,
            self.bar: 4, self.unfold: 2, self.tab: 1, self.pill: 2, self.number: 2, self.flag: 1, self.choice: 1,
            self.pick: 2, self.save: 1, self.open: 1, self.text: 1}
        #: how often each kind of step was done
        self.acted = Counter({way.__name__: 0 for way in self.ways})
        #: how often it could not be done where it had not been done before
        self.missed: Counter[str] = Counter()

    def run(self, steps: int) -> None:
        """So many steps that were done, each kind among them if there are as many steps as kinds."""
        self.check()
        while len(self.trail) < steps:
            way = self.chosen(steps - len(self.trail))
            done = way() or self.at_home(way)
            if done:
                self.acted[way.__name__] += 1
                self.trail.append(f"{urlsplit(self.page.url).path} {way.__name__}: {done}")
                settled(self.page)
                self.check()
        self.store.close()

    def chosen(self, left: int) -> Callable[[], str]:
        waiting = {way: weight for way, weight in self.ways.items() if not self.acted[way.__name__]}
        ways = waiting if len(waiting) >= left else self.ways
        return self.random.choices([*ways], [*ways.values()])[0]

    def at_home(self, way: Callable[[], str]) -> str:
        """A step that cannot be done here, and was not done yet, where it can."""
        path, *boxes = HOMES.get(way.__name__, ("none",))
        if path == "none" or self.acted[way.__name__]:
            return ""
        self.missed[way.__name__] += 1
        assert self.missed[way.__name__] <= TRIES, f"{way.__name__} cannot be done on the page {path or 'simulate'} any more: see HOMES"
        self.menu(path)
        settled(self.page)
        for box in boxes:
            closed = self.page.locator(f".st-key-{box} details:not([open]) summary")
            if closed.count():
                closed.first.click()
                settled(self.page)
        return way()

    # --- what is there against what should be -------------------------------------------------------------------------

    def work(self) -> Workspace:
        """The work of the address, as a reload would find it."""
        query = parse_qs(urlsplit(self.page.url).query)
        if "w" in query:
            if (draft := self.store.get_draft(query["w"][0])) is None:
                raise ValueError("not in the store yet")
            return unpack(draft.payload, (sample_plan(),))
        if "s" in query:
            start = Scenario(sample_plan())
            return Workspace(from_link(query["s"][0], {"sample": start.base}), start, start)
        return fresh(Scenario(sample_plan()))

    def check(self) -> None:
        """The store has a move half a second later, so what differs is looked at again; what still differs is a lie."""
        end = time.monotonic() + PATIENCE
        while found := self.lies():
            if time.monotonic() > end:
                raise AssertionError("\n".join([*found, f"seed {self.seed}, step {len(self.trail)}, after:", *self.trail[-20:]]))
            self.page.wait_for_timeout(200)

    def lies(self) -> list[str]:
        try:
            work = self.work()
        except ValueError as error:  # not in the store yet
            return [f"no draft: {error}"]
        seen = self.page.evaluate(SEEN)
        out = [f"an exception on the page: {e}" for e in seen["bad"]]
        for key, shown in seen["widgets"].items():
            want = wanted(work, key)
            if want is not None and not same(shown, want):
                out.append(f"{key} shows {shown!r}, the plan has {want!r}")
        with texts.speaking(seen["lang"]):
            for key, shown in seen["choices"].items():
                if (want := choice_of(work.scenario, key)) not in (None, shown):
                    out.append(f"{key} shows {shown!r}, the plan has {want!r}")
        for at, shown in seen["cells"].items():
            if (want := cell_of(work.scenario, *map(int, at.split("-")))) not in (None, shown):
                out.append(f"cell {at} of the channels shows {shown!r}, the plan has {want!r}")
        if seen["cards"]:
            result = evaluate(work.scenario)
            span = period_of(work.period if work.period in periods_of(len(result.months)) else YEAR, result.months)
            for key, exact in seen["cards"].items():
                now = float(kpi(result, key, span)[0])
                if exact != (f"{now:.10g}" if math.isfinite(now) else exact):
                    out.append(f"card {key} shows {exact}, the plan gives {now:.10g}")
        for key, want in (("undo", bool(work.undo)), ("redo", bool(work.redo)), ("reset", work.changed or bool(work.locks))):
            if bool(seen[key]) != want:
                out.append(f"{key} is {'on' if seen[key] else 'off'}, the work has it {'on' if want else 'off'}")
        return out

    # --- steps: each says what it did, or nothing where it cannot be done here ----------------------------------------

    def any_of(self, selector: str) -> Locator | None:
        found = self.page.locator(f"[data-testid=stMain] {selector}").filter(visible=True)
        count = found.count()
        return found.nth(self.random.randrange(count)) if count else None

    def click(self, selector: str) -> str:
        one = self.any_of(selector)
        if one is None or not one.is_enabled():
            return ""
        words = one.inner_text().strip()[:30] or selector
        one.click()
        return f"click {words}"

    def menu(self, path: str | None = None) -> str:
        path = self.random.choice(PAGES) if path is None else path
        link = self.page.locator(f'a[href$="/{path}"]:visible').first
        if not link.count():
            return ""
        link.click()
        return f"menu {path or 'simulate'}"

    def back(self) -> str:
        self.page.go_back()
        if not self.page.url.startswith(self.address):
            self.page.go_forward()
        return "back"

    def forward(self) -> str:
        self.page.go_forward()
        return "forward"

    def reload(self) -> str:
        work_before = self.page.url
        self.check()  # what is not in the store yet would be gone
        self.page.reload()
        return f"reload {work_before[-20:]}"

    def language(self) -> str:
        return self.click(".st-key-lang button:not([aria-checked=true])")

    def slide(self) -> str:
        one = self.any_of("input[type=range]:enabled")
        if one is None:
            return ""
        key, times = self.random.choice(("ArrowRight", "ArrowRight", "ArrowLeft", "ArrowLeft", "PageUp")), self.random.randint(1, 4)
        one.focus()
        for _ in range(times):
            self.page.keyboard.press(key)
        return f"{times} {key} on {one.get_attribute('aria-label') or one.evaluate('e => e.closest(`[class*=st-key-]`).className')}"

    def lock(self) -> str:
        return self.click(".st-key-locks button[data-variant]")

    def preset(self) -> str:
        return self.click("[class*=st-key-preset_] button")

    def bar(self) -> str:
        return self.click(f".st-key-bar_{self.random.choice(('undo', 'undo', 'undo', 'redo', 'redo', 'reset', 'pin'))} button")

    def unfold(self) -> str:
        return self.click("[data-testid=stExpander] summary")

    def tab(self) -> str:
        return self.click("[role=tab]")

    def pill(self) -> str:
        return self.click("[class*=st-key-on_] button[data-variant], .st-key-plan_period button, .st-key-risk_kpi button, "
                          ".st-key-period button[data-variant]")

    def flag(self) -> str:
        one = self.any_of("[class*=st-key-cell_] label:has(input[type=checkbox])")
        if one is None:
            return ""
        one.click()
        return "switch of a cell"

    def number(self) -> str:
        """A number in a cell five per cent more or less, or a word that is none, sent by Enter."""
        fields = self.page.locator(f"[data-testid=stMain] {FREE_CELL}").filter(visible=True)
        found = [i for i, text in enumerate(fields.evaluate_all("all => all.map(e => e.value)")) if NUMBER.fullmatch(text)]
        if not found:
            return ""
        one = fields.nth(self.random.choice(found))
        before = one.input_value()
        times = self.random.choice((0.95, 0.95, 1.05, 1.05, None))
        after = "half" if times is None else f"{float(before.replace(',', '')) * times:.{len(before.partition('.')[2])}f}"
        one.fill(after)
        one.press("Enter")
        return f"{before} → {after} in a cell"

    def text(self) -> str:
        """Text in a field, and an undo there: it is the field's and never the plan's."""
        one = self.any_of(f".st-key-desk_comment input, .st-key-shelf_search input, {FREE_CELL}")
        if one is None:
            return ""
        one.focus()
        self.page.keyboard.press("End")
        self.page.keyboard.type("1")
        self.page.keyboard.press("Control+z")
        one.blur()
        return "typing and Ctrl+Z in a field"

    def choice(self) -> str:
        """Another value of a cell that has a list of them."""
        return self.pick("[class*=st-key-cell_] [data-testid=stSelectbox] [role=combobox]")

    def pick(self, lists: str = "[class*=st-key-pick_] [role=combobox], [class*=st-key-method_] [role=combobox]") -> str:
        """One of the next in a list of choices."""
        one = self.any_of(lists)
        if one is None:
            return ""
        one.click()
        for _ in range(self.random.randint(1, 3)):
            self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Enter")
        return "another choice"

    def save(self) -> str:
        return self.click(".st-key-bar_save_version button, .st-key-desk_new button")

    def open(self) -> str:
        """A scenario from the list of those saved; the one at hand is saved first where there is none."""
        if not urlsplit(self.page.url).path.endswith("/scenarios"):
            return ""
        rows = self.page.locator("[data-testid=stDataFrame]").first.locator("tbody tr")  # other tables may stand below it
        if not self.store.list().total:
            self.click(".st-key-desk_new button")
            settled(self.page)
        with suppress(Error):  # a busy browser draws the list a while after it has been told
            rows.first.wait_for(state="attached", timeout=10_000)
        if not rows.count():
            return ""
        one = self.random.randrange(rows.count())
        for i, ticked in enumerate(rows.evaluate_all("all => all.map(e => e.ariaSelected === 'true')")):
            if ticked != (i == one):
                tick(self.page, i)
        self.page.locator(".st-key-shelf_open button").filter(visible=True).first.click()
        return f"row {one} of the list"


def wanted(work: Workspace, key: str) -> object:
    """What a widget should show; None where it shows nothing of the plan."""
    scenario = work.scenario
    shares = [c for c, row in scenario.rows["channel"].items() if row["kind"] != "organic"]
    if key.startswith("lever_"):
        return float(round((scenario.get(f"headline.{key[6:]}") - 1) * 100))
    if key.startswith("share_") and key[6:] in shares:
        return round(scenario.get(f"channel.{key[6:]}.share") * 100, 1)
    if key == "locks":
        return [c in work.locks for c in shares]
    if key == "period":
        offered = periods_of(scenario.get("months"))
        return [p == (work.period if work.period in offered else YEAR) for p in offered]
    if key == "desk_author":
        return work.author
    if re.fullmatch(r"on_(promotion|initiative|event)", key):
        return [bool(row.get("on", True)) for row in scenario.rows[key[3:]].values()]
    if key.startswith("cell_"):
        return _cell(scenario, key)
    return None


def address_of(scenario: Scenario, key: str) -> Address | None:
    """The address of a cell; the page names it with a hyphen for every dot."""
    for table, rows in scenario.rows.items():
        for row in rows:
            head = f"cell_{table}-{row}-"
            if key.startswith(head) and key[len(head):] in TABLES[table]:
                return Address(table, row, key[len(head):])
    return None


def _cell(scenario: Scenario, key: str) -> object:
    """What a cell shows of its value; None for a choice, which is shown by words."""
    a = address_of(scenario, key)
    if a is None or row_rules.options(scenario, a) is not None:
        return None
    value, driver = scenario.get(join(*a)), TABLES[a.table][a.field]
    if driver.unit.kind == "flag":
        return bool(value)
    return written(value, row_rules.unit_of(scenario, a)) if driver.unit.is_number and value is not None else str(value or "")


def choice_of(scenario: Scenario, key: str) -> str | None:
    """The word of a cell's value among those of its list."""
    a = address_of(scenario, key)
    if a is None or row_rules.several(a) or (options := row_rules.options(scenario, a)) is None:
        return None
    value = scenario.get(join(*a))
    return texts.unique({o: row_rules.word(scenario, a, o) for o in dict.fromkeys([*options, value])})[value]


def cell_of(scenario: Scenario, column: int, row: int) -> str | None:
    """What the grid of channels shows there; None beside its inputs."""
    keys = list(scenario.rows["channel"])
    if not 1 <= column <= len(EDITABLE) or row >= len(keys):
        return None
    return cell_words.text_of(scenario, f"channel.{keys[row]}.{EDITABLE[column - 1]}") or ""


def same(shown: object, want: object) -> bool:
    """Numbers to the decimals that are shown."""
    if isinstance(want, float):
        decimals = len(str(shown).partition(".")[2])
        return bool(shown) and abs(float(shown) - want) <= 0.5000001 * 10.0 ** -decimals
    return shown == want
