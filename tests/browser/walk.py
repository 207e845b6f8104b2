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
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from hands import settled
from playwright.sync_api import Locator, Page

from model import Scenario, evaluate, from_link, kpi, to_link
from model.engine.kpis import YEAR, period_of, periods_of
from model.io.store import ScenarioStore
from model.plan.schema import driver_of, split
from pages.ui.rows import row_rules
from pages.ui.session.workspace import Workspace, fresh, unpack
from samples import changed, sample_plan

#: everything that holds a value, by the key of its widget; cards by the key of their KPI
SEEN = r"""() => {
  const key = e => [...(e.closest('[class*="st-key-"]')?.classList ?? [])].find(c => c.startsWith('st-key-'))?.slice(7)
  const main = document.querySelector('[data-testid=stMain]'), widgets = {}, bad = []
  for (const e of main.querySelectorAll('input, textarea')) if (key(e) && e.type !== 'file' && e.getAttribute('role') !== 'combobox')
    widgets[key(e)] = e.type === 'checkbox' ? e.checked : e.value
  for (const g of main.querySelectorAll('[data-testid=stButtonGroup]')) if (key(g))
    widgets[key(g)] = [...g.querySelectorAll('button[data-variant]')].map(b => (b.ariaPressed ?? b.ariaChecked) === 'true')
  for (const e of main.querySelectorAll('[data-testid=stException]')) bad.push(e.innerText.slice(0, 300))
  const able = k => { const b = [...main.querySelectorAll(`.st-key-${k} button`)].find(b => b.offsetParent); return b && !b.disabled }
  const cards = Object.fromEntries([...main.querySelectorAll('.sd-card')].map(c => [
    [...c.querySelector('[class^=sd-band-]').classList][0].slice(8), c.querySelector('.sd-value').title]))
  return {widgets, cards, bad, undo: able('bar_undo'), redo: able('bar_redo'), reset: able('bar_reset')}
}"""
PAGES = ("", "channels", "customers", "plan", "risk", "optimize", "scenarios", "compare", "own", "method")
#: what walks begin on: the sample, or a shared plan of 24 months
START = {"the sample": dict, "a plan of 24 months": lambda: {"s": to_link(changed(months=24, budget=20e6))}}
#: how long the store may need to have the last move, in seconds
PATIENCE = 20


class Walk:
    def __init__(self, page: Page, address: str, database: Path, seed: int) -> None:
        self.page, self.address, self.seed = page, address, seed
        self.store, self.random, self.trail = ScenarioStore(f"sqlite:///{database}"), random.Random(seed), []
        self.ways: list[tuple[int, Callable[[], str]]] = [
            (6, self.menu), (2, self.back), (1, self.forward), (1, self.reload), (1, self.language), (8, self.slide),
            (2, self.lock), (1, self.preset), (4, self.bar), (2, self.unfold), (1, self.tab), (2, self.pill), (2, self.number),
            (1, self.flag), (2, self.pick), (1, self.save), (1, self.text)]

    def run(self, steps: int) -> None:
        self.check()
        weights, ways = zip(*self.ways, strict=True)
        for _ in range(steps):
            done = self.random.choices(ways, weights)[0]()
            if done:
                self.trail.append(f"{urlsplit(self.page.url).path} {done}")
                settled(self.page)
                self.check()
        self.store.close()

    # --- what is there against what should be -------------------------------------------------------------------------

    def work(self) -> Workspace:
        """The work of the address, as a reload would find it."""
        query = parse_qs(urlsplit(self.page.url).query)
        if "w" in query:
            return unpack(self.store.get_draft(query["w"][0]), (sample_plan(),))
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
        except (ValueError, TypeError) as error:  # not in the store yet
            return [f"no draft: {error}"]
        seen = self.page.evaluate(SEEN)
        out = [f"an exception on the page: {e}" for e in seen["bad"]]
        for key, shown in seen["widgets"].items():
            want = wanted(work, key)
            if want is not None and not same(shown, want):
                out.append(f"{key} shows {shown!r}, the plan has {want!r}")
        if seen["cards"]:
            result = evaluate(work.scenario)
            span = period_of(work.period if work.period in periods_of(len(result.months)) else YEAR, result.months)
            for key, exact in seen["cards"].items():
                now = float(kpi(result, key, span)[0])
                if exact != (f"{now:.10g}" if math.isfinite(now) else exact):
                    out.append(f"card {key} shows {exact}, the plan gives {now:.10g}")
        for key, want in (("undo", bool(work.undo)), ("redo", bool(work.redo)), ("reset", work.changed)):
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

    def menu(self) -> str:
        path = self.random.choice(PAGES)
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
        """Five per cent more or less in a cell, sent by Enter."""
        one = self.any_of("[class*=st-key-cell_] input[type=number]:enabled")
        if one is None:
            return ""
        before = one.input_value()
        after = f"{float(before or 0) * self.random.choice((0.95, 1.05)):.{len(before.partition('.')[2])}f}"
        one.fill(after)
        one.press("Enter")
        return f"{before} → {after} in a cell"

    def text(self) -> str:
        """Text in a field, and an undo there: it is the field's and never the plan's."""
        one = self.any_of(".st-key-desk_comment input, .st-key-shelf_search input, [class*=st-key-cell_] input[type=number]:enabled")
        if one is None:
            return ""
        one.focus()
        self.page.keyboard.press("End")
        self.page.keyboard.type("1")
        self.page.keyboard.press("Control+z")
        one.blur()
        return "typing and Ctrl+Z in a field"

    def pick(self) -> str:
        """The next or the last but one of a list of choices."""
        one = self.any_of("[class*=st-key-pick_] [role=combobox], [class*=st-key-method_] [role=combobox]")
        if one is None:
            return ""
        one.click()
        for _ in range(self.random.randint(1, 3)):
            self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Enter")
        return "another choice"

    def save(self) -> str:
        return self.click(".st-key-bar_save_version button, .st-key-desk_new button")


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
        return _cell(scenario, key[5:])
    return None


def _cell(scenario: Scenario, address: str) -> object:
    """A cell's value in its unit; None for a choice, which is shown by words."""
    a = split(address)
    if a is None or a.row not in scenario.rows[a.table] or row_rules.options(scenario, a) is not None:
        return None
    value, driver = scenario.get(address), driver_of(address)
    if driver.unit.kind == "flag":
        return bool(value)
    return float(value * row_rules.unit_of(scenario, a).scale) if driver.unit.is_number else str(value or "")


def same(shown: object, want: object) -> bool:
    """Numbers to the decimals that are shown."""
    if isinstance(want, float):
        decimals = len(str(shown).partition(".")[2])
        return bool(shown) and abs(float(shown) - want) <= 0.5000001 * 10.0 ** -decimals
    return shown == want
