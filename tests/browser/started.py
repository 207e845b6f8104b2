"""The real app in a process of its own, and where Chromium is: for tests that need a server beside the shared one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

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
