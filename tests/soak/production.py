"""`make soak-production`: the whole site (deploy/serve.py) under people, while its parts are killed.

20 people work on it through nginx (load.py, on the websocket). A browser among them moves a lever, saves, and then the replica that
it is on is killed without a word; ten times in ten minutes. Then 100 uploads, PostgreSQL restarted under the same people, and
the times of 50 people beside those of one. Prints a line a finding and ends with 1 where one of them is not as it should be.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "bench"), str(ROOT / "tests" / "browser")]

import load  # noqa: E402
import websockets  # noqa: E402
from hands import MET, WIRE, button, go, press, slider, upload, value  # noqa: E402
from playwright.sync_api import Error, Page, sync_playwright  # noqa: E402

from deploy.serve import Replica, Site, site  # noqa: E402
from model.io.store import ScenarioStore  # noqa: E402

PEOPLE, KILLS, EVERY, UPLOADS, CROWD = 20, 10, 60.0, 100, 50
ARGS = ["--no-sandbox", "--disable-gpu"]
wrong: list[str] = []


def tell(name: str, said: str, fine: bool = True) -> None:
    print(f"{'ok ' if fine else 'NOT'} {name}: {said}", flush=True)
    if not fine:
        wrong.append(name)


# --- people ------------------------------------------------------------------------------------------------------------

class Person(load.Session):
    """A person behind TLS whose certificate nobody knows."""

    async def __aenter__(self):
        trusting = ssl._create_unverified_context()
        self.ws = await websockets.connect(self.url, subprotocols=["streamlit"], max_size=None, compression=None, open_timeout=60,
                                           ssl=trusting)
        return self


class People:
    """So many people who move a lever and think, and come back where their connection breaks."""

    def __init__(self, address: str, count: int, think: float = 5.0) -> None:
        self.url, self.count, self.think = address.replace("https", "wss") + "/_stcore/stream", count, think
        self.moves: list[float] = []
        self.breaks, self.over = Counter[str](), threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self._all()), daemon=True)

    def __enter__(self) -> People:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join(60)

    async def _all(self) -> None:
        await asyncio.gather(*(self._one() for _ in range(self.count)))

    async def _one(self) -> None:
        while not self.over.is_set():
            try:
                async with Person(self.url, "") as person:
                    await person.rerun()
                    while not self.over.is_set():
                        await asyncio.sleep(self.think * (0.5 + load.random.random()))
                        took, _ = await person.rerun(person.move())
                        self.moves.append(took)
            except (TimeoutError, OSError, websockets.WebSocketException) as broken:
                self.breaks[f"{type(broken).__name__} {broken}"[:70]] += 1
                await asyncio.sleep(0.5)


def moves_of(site_: Site, count: int, seconds: float) -> list[float]:
    with People(site_.address, count) as people:
        time.sleep(seconds)
    return people.moves


# --- what is killed ----------------------------------------------------------------------------------------------------

def replica_of(page: Page, found: Site) -> Replica:
    name = next(c["value"] for c in page.context.cookies() if c["name"] == "sandtable_replica")
    return next(r for r in found.replicas if r.name == name)


def gmv(page: Page) -> str:
    return value(page).get_attribute("title", timeout=60_000)


def saved(page: Page, number: int) -> None:
    """A version more, said by the page before anything is killed."""
    button(page, "bar_save_version").click()
    page.get_by_test_id("stAlert").filter(has_text=f"version {number}").first.wait_for()


def save_first(found: Site, page: Page) -> None:
    """The work gets a name, so that each save from here on is a version of it."""
    page.goto(f"{found.address}/scenarios?lang=en")
    button(page, "desk_new").click()
    page.get_by_text("version 1").first.wait_for()
    go(page, "Simulate")
    slider(page, "lever_aov").wait_for()


def killed(found: Site, page: Page, number: int) -> float:
    """Seconds until the GMV follows a key again, pressed as fast as a person does; what was there a second before must be."""
    press(page, "lever_aov", "ArrowRight")
    page.wait_for_timeout(2500)
    before, at = gmv(page), int(slider(page, "lever_aov").input_value())
    page.wait_for_timeout(1000)
    replica = replica_of(page, found)
    replica.kill()
    began = time.monotonic()
    back = None
    while back is None and time.monotonic() - began < 60:
        slider(page, "lever_aov").press("ArrowLeft" if at > 40 else "ArrowRight")
        page.wait_for_timeout(150)
        if gmv(page) != before:
            back = time.monotonic() - began
    page.wait_for_timeout(1000)
    now = int(slider(page, "lever_aov").input_value())
    kept = abs(now - at) < 45 and (now != 0 or at <= 1)
    tell(f"kill {number}", f"back after {back or 60:.1f} s, lever {at} % before, {now} % after", back is not None and kept)
    replica.start()
    return back or 60.0


def database_restarted(found: Site, page: Page) -> None:
    folder = found.folder / "postgres"
    tools = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))[-1]
    as_it = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    before = gmv(page)
    subprocess.run([*as_it, str(tools), "-D", str(folder / "data"), "-m", "immediate", "-w", "restart"], check=True, cwd=folder,
                         stdout=subprocess.DEVNULL)
    press(page, "lever_cvr", "ArrowRight")
    page.wait_for_timeout(3000)
    failed = page.locator(".st-key-net").count()
    tell("PostgreSQL restarted under load", f"{before} -> {gmv(page)}", gmv(page) != before and not failed)


def uploads(found: Site, page: Page, count: int) -> None:
    """By the page, through nginx: what is in the file is said, and no error."""
    data = (ROOT / "sample_data" / "plan.csv").read_bytes()
    arrived = 0
    for _ in range(count):
        page.goto(f"{found.address}/own?lang=en")
        page.get_by_role("tab", name="Upload assumptions").click()
        upload(page, "own_file", {"name": "plan.csv", "mimeType": "text/csv", "buffer": data})
        with suppress(Error):
            page.get_by_test_id("stAlert").filter(has_text="6 channels").first.wait_for(timeout=20_000)
            arrived += 1
    tell("uploads", f"{arrived} of {count} arrive", arrived == count)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--kills", type=int, default=KILLS)
    asked.add_argument("--every", type=float, default=EVERY, help="seconds between two kills")
    asked.add_argument("--uploads", type=int, default=UPLOADS)
    asked.add_argument("--crowd", type=int, default=CROWD)
    asked.add_argument("--seconds", type=float, default=60.0, help="of the crowd's moves")
    said = asked.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what it started ends with it
    with tempfile.TemporaryDirectory() as folder, site(Path(folder)) as found, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        context = browser.new_context(ignore_https_errors=True)
        context.set_default_timeout(60_000)
        context.add_init_script(WIRE + MET)
        page = context.new_page()
        save_first(found, page)
        with People(found.address, PEOPLE) as people:
            times = []
            for i in range(said.kills):
                began = time.monotonic()
                press(page, "lever_cvr", "ArrowRight")
                page.wait_for_timeout(1500)
                saved(page, i + 2)
                times.append(killed(found, page, i + 1))
                page.wait_for_timeout(max(0.0, said.every - (time.monotonic() - began)) * 1000)
            tell("back again", f"worst {max(times):.1f} s, median {sorted(times)[len(times) // 2]:.1f} s (aim 3)", max(times) <= 3)
            tell("people meanwhile", f"{len(people.moves)} moves, {people.breaks.total()} broken connections {dict(people.breaks)}")
            database_restarted(found, page)
        uploads(found, page, said.uploads)
        one, many = moves_of(found, 1, said.seconds), moves_of(found, said.crowd, said.seconds)
        middle, last = load.pct(many, .5) / load.pct(one, .5), load.pct(many, .95) / load.pct(one, .5)
        tell(f"{said.crowd} people on two replicas", f"median {middle:.2f} × one person's (aim 2), 95 % {last:.2f} × (aim 6)",
             middle <= 2 and last <= 6)
        store = ScenarioStore(found.replicas[0].settings["SANDTABLE_DB"])
        (entry,) = store.list().entries
        tell("saves", f"{entry.version} versions of {said.kills + 1} that the page called saved", entry.version == said.kills + 1)
        store.close()
        for replica in found.replicas:
            ready = urllib.request.urlopen(f"{replica.address}/readyz").status
            tell(f"{replica.name} replica", f"ready {ready}", ready == 200)
        browser.close()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
