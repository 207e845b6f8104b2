"""The real app in a process of its own and Chromium in front of it.

SANDTABLE_BROWSER=required turns the skip, where there is no Chromium, into a failure.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hands import CALM, MET, WIRE
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from started import ARGS, PATIENCE, chromium, server

#: how many times slower the browser shall be than it is: what races the page is found so
SLOWER = float(os.environ.get("SANDTABLE_BROWSER_SLOWER", 1))
#: what the browser says that is no fault of the page's scripts
HARMLESS = ("ResizeObserver loop", "WebGL", "Failed to load resource")
#: what a page keeps in the browser, but for what it has fetched
KEPT = "cookies,local_storage,indexeddb,cache_storage,service_workers"
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in Path(item.path).parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        reason = "no Chromium found (chromium or google-chrome on the PATH)"
        if os.environ.get("SANDTABLE_BROWSER") == "required":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def address(browser, tmp_path_factory) -> Iterator[str]:
    """One server for all tests but those of a cold one; asked for Chromium first, so that nothing starts in vain."""
    with server(tmp_path_factory.mktemp("app") / "server.log") as found:
        yield found


@pytest.fixture
def cold(browser, tmp_path) -> Iterator[str]:
    """A server that nobody has asked for anything yet."""
    with server(tmp_path / "server.log") as found:
        yield found


class Contexts:
    """Contexts of the browser, by what they were asked to be: each serves one test after the other, emptied in between. A new one
    would fetch and compile Streamlit's scripts anew, a fifth of what opening a page costs.
    """

    def __init__(self, browser: Browser) -> None:
        self.browser, self.free = browser, defaultdict[str, list[BrowserContext]](list)

    def take(self, locale: str, **more) -> tuple[str, BrowserContext]:
        kind = repr((locale, sorted(more.items())))
        if self.free[kind]:
            return kind, self.free[kind].pop()
        context = self.browser.new_context(locale=locale, accept_downloads=True, **more)
        context.set_default_timeout(PATIENCE)
        context.add_init_script(WIRE + CALM)
        return kind, context

    def give_back(self, kind: str, context: BrowserContext) -> None:
        """Without pages, cookies, permissions and what a page has kept; what was fetched stays."""
        for page in context.pages:
            origin = page.evaluate("location.origin")
            if origin.startswith("http"):
                context.new_cdp_session(page).send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": KEPT})
            page.close()
        context.clear_cookies()
        context.clear_permissions()
        self.free[kind].append(context)


@pytest.fixture(scope="session")
def contexts(browser) -> Contexts:
    return Contexts(browser)


@pytest.fixture
def new_page(contexts) -> Iterator[Callable[..., Page]]:
    """Pages in contexts of their own; in the end none of them may have had an error in its scripts."""
    taken: list[tuple[str, BrowserContext]] = []
    errors: list[str] = []

    def make(width: int = 1280, height: int = 900, locale: str = "en-US", *, new: bool = False, **more) -> Page:
        kind, context = contexts.take(locale, **more)
        taken.append((kind, context))
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        if not new:
            page.add_init_script(MET)
        if SLOWER > 1:
            context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.on("pageerror", lambda e: errors.append(f"page error: {e}"))
        page.on("console", lambda m: errors.append(f"console: {m.text}") if m.type == "error" else None)
        page.on("response", lambda r: errors.append(f"{r.status}: {r.url}") if r.status >= 400 else None)
        page.on("dialog", lambda d: (errors.append(f"dialog: {d.message}"), d.dismiss()))
        return page

    yield make
    for kind, context in taken:
        contexts.give_back(kind, context)
    assert [e for e in errors if not any(h in e for h in HARMLESS)] == []


@pytest.fixture
def page(new_page) -> Page:
    return new_page()
