"""`make bench-page`: slider key to changed card and to rest, first card of a cold start; ratios to the smallest app.

The two are measured in turn, three times; the medians are compared (latency.py says what each figure is).
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE, ROOT = Path(__file__).parent, Path(__file__).parents[2]
#: rounds, and moves of each: as many as latency.py makes by itself
ROUNDS, MOVES = 3, 30


def measure(*target: str, moves: int = MOVES) -> dict:
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        chromium = shutil.which("chromium") or shutil.which("chromium-browser") or "chromium"
        subprocess.run([sys.executable, str(HERE / "latency.py"), *target, "-n", str(moves), "--loads", "1",
                        "--no-reload", "--chromium", chromium, "--json", out.name], check=True, capture_output=True)
        return json.loads(Path(out.name).read_text())


def pairs(count: int, moves: int = MOVES) -> list[tuple[dict, dict]]:
    """What latency.py finds for (the smallest app, ours) on fresh servers, in turn."""
    start = f"{sys.executable} -m streamlit run app.py --server.port {{port}}"
    found = []
    with tempfile.TemporaryDirectory() as empty:
        os.environ["SANDTABLE_DB"] = f"sqlite:///{empty}/bench.db"  # and not the library of whoever measures
        for _ in range(count):
            floor = measure("--app", str(HERE / "floor.py"), "--cwd", empty, moves=moves)
            found.append((floor, measure("--cmd", start, "--cwd", str(ROOT), "--slider", "Conversion rate", "--watch",
                                         "css=.sd-value", "--locale", "en-US", moves=moves)))
    return found


def show(meaning: str, found: list[tuple[float, float]]) -> None:
    """found: milliseconds of (the smallest app, ours)."""
    each = ", ".join(f"{ours:.0f}/{floor:.0f} ms" for floor, ours in found)
    print(f"{meaning}: {statistics.median(ours / floor for floor, ours in found):.2f} × the smallest app ({each})")


def main() -> None:
    found = pairs(ROUNDS)
    for key, meaning in (("kpi", "key to changed card"), ("idle", "key to everything at rest")):
        show(meaning, [(floor[key]["p50"], ours[key]["p50"]) for floor, ours in found])
    show("first card after a cold start", [tuple(x["load_cold_first"]["kpi"] for x in pair) for pair in found])
    page = found[-1][1]
    print(f"per move: {page['kb']:.1f} KiB, {page['msgs']:.0f} messages, {page['reruns']:.0f} rerun, "
          f"{page['chart_recreated']:.2f} charts re-created")


if __name__ == "__main__":
    main()
