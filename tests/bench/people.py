"""`make bench-people`: many people on one server, and its memory over a thousand moves.

One person and 50 with 5 seconds of thought between moves (load.py, on the websocket); their moves' times are compared.
Memory: the server's own, while one person makes 1,000 moves without a pause.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import io
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

HERE, ROOT = Path(__file__).parent, Path(__file__).parents[2]
sys.path.insert(0, str(HERE))

import load  # noqa: E402

PEOPLE, THOUGHT, MOVES = 50, 5.0, 12
LONG, PART = 1_000, 250


@contextlib.contextmanager
def server():
    """A fresh server of the app with an empty store: (address, process)."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    with tempfile.TemporaryDirectory() as empty:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)], cwd=ROOT,
            env=os.environ | {"SANDTABLE_DB": f"sqlite:///{empty}/bench.db"}, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        try:
            for _ in range(200):
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1)
                    break
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}", process
        finally:
            process.terminate()
            process.wait()


def levels(url: str, pid: int, people: str, **more) -> list[dict]:
    """What load.py finds for these numbers of people."""
    asked = {"url": url, "app": None, "port": None, "pid": pid, "st_args": "", "n": people, "steps": MOVES, "slider": "", "page": "",
              "mode": "think", "think": THOUGHT, "json": None, "verbose": False} | more
    with tempfile.NamedTemporaryFile(suffix=".json") as out, contextlib.redirect_stdout(io.StringIO()):
        asyncio.run(load.main(argparse.Namespace(**asked | {"json": out.name})))
        return json.loads(Path(out.name).read_text())


def main() -> None:
    with server() as (url, process):
        one, many = levels(url, process.pid, f"1,{PEOPLE}")
    print(f"{'people':>8} {'median ms':>10} {'95 % ms':>9} {'moves/s':>8} {'cores':>6} {'MB':>6} errors")
    for row in (one, many):
        print(f"{row['n']:>8} {row['p50']:>10} {row['p95']:>9} {row['reruns_per_s']:>8} {row['cpu_cores']:>6} {row['rss_mb']:>6.0f}"
              f" {row['errors']}")
    print(f"{PEOPLE} people with {THOUGHT:g} s of thought: median {many['p50'] / one['p50']:.2f} ×, 95 % "
          f"{many['p95'] / one['p50']:.2f} × the median of one ({many['p95'] / one['p95']:.2f} × the 95 % of one)")
    with server() as (url, process):
        sizes = [levels(url, process.pid, "1", steps=PART, mode="closed")[0]["rss_mb"] for _ in range(LONG // PART)]
    print(f"memory after {', '.join(str(PART * (i + 1)) for i in range(len(sizes)))} moves: "
          f"{', '.join(f'{s:.0f}' for s in sizes)} MB")


if __name__ == "__main__":
    main()
