"""`make soak`: random walks in Chromium, thousands of steps, each seed on a server of its own (tests/browser/walk.py).

SEEDS and STEPS say which walks and how long; a walk that finds a lie says the seed and the way there.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "browser")]

from hands import CALM, WIRE, visit  # noqa: E402
from playwright.sync_api import Browser, expect, sync_playwright  # noqa: E402
from started import ARGS, chromium, server  # noqa: E402
from walk import START, Walk  # noqa: E402

PATIENCE = 120_000


def walk(browser: Browser, seed: int, steps: int) -> None:
    start = list(START)[seed % len(START)]
    with tempfile.TemporaryDirectory() as folder, server(Path(folder) / "server.log") as address:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US")
        context.set_default_timeout(PATIENCE)
        context.add_init_script(WIRE + CALM)
        page = visit(context.new_page(), address, **START[start]())
        Walk(page, address, Path(folder) / "sandtable.db", seed).run(steps)
        context.close()
    print(f"walk {seed} on {start}: {steps} steps, nothing but the plan", flush=True)


def main(seeds: list[int], steps: int) -> None:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGS)
        for seed in seeds:
            walk(browser, seed, steps)
        browser.close()


if __name__ == "__main__":
    main(list(map(int, os.environ.get("SEEDS", "1 2 3 4 5 6 7 8").split())), int(os.environ.get("STEPS", "500")))
