"""The real app in a process of its own and Chromium in front of it.

SANDTABLE_BROWSER=required turns the skip, where there is no Chromium, into a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hands import CALM, MET, WIRE
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from deploy.serve import free_port

ROOT = Path(__file__).parents[2]
#: Chromium draws the pop-up of its own address bar as a page, anew for each window: 0.55 s of processor time that nobody sees.
#: The last --disable-features counts, so what Playwright turns off is said again
OFF = ("WebUIOmniboxPopup", "WebUIOmniboxFullPopup", "WebUIOmniboxAimPopup", "AvoidUnnecessaryBeforeUnloadCheckSync", "AimEnabled",
       "DestroyProfileOnBrowserClose", "HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter",
       "PaintHolding", "OptimizationHints", "NetworkTimeServiceQuerying", "PreconnectToSearch")
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", f"--disable-features={','.join(OFF)}"]
#: seconds until the server answers; milliseconds until the page shows what is expected of it
START, PATIENCE = 60, 30_000
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


def chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
    return "/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else next(filter(None, map(shutil.which, names)), None)


@contextmanager
def server(log: Path, *options: str, port: int = 0) -> Iterator[str]:
    """The app on a free port; its address. No page was asked for yet when it is given. Its database lies beside the log. options:
    more of Streamlit's."""
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port),
               "--server.address", "127.0.0.1", "--server.headless", "true", *options]
    env = {**os.environ, "SANDTABLE_DB": f"sqlite:///{log.parent}/sandtable.db"}
    with log.open("wb") as out, subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=subprocess.STDOUT) as process:
        try:
            wait_until_it_answers(f"http://127.0.0.1:{port}/_stcore/health", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def wait_until_it_answers(address: str, process: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + START
    while time.monotonic() < end:
        if process.poll() is not None:
            pytest.fail(f"the app stopped: {log.read_text(errors='replace')[-2000:]}")
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the app does not answer after {START} s")


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
