"""`make bench-page`: slider key to changed card and to rest, in Chromium, as ratios to the smallest Streamlit app.

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
ROUNDS, MOVES = 3, 14


def measure(*target: str) -> dict:
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        chromium = shutil.which("chromium") or shutil.which("chromium-browser") or "chromium"
        subprocess.run([sys.executable, str(HERE / "latency.py"), *target, "-n", str(MOVES), "--loads", "1",
                        "--no-reload", "--chromium", chromium, "--json", out.name], check=True, capture_output=True)
        return json.loads(Path(out.name).read_text())


def main() -> None:
    start = f"{sys.executable} -m streamlit run app.py --server.port {{port}}"
    pairs = []
    with tempfile.TemporaryDirectory() as empty:
        os.environ["SANDTABLE_DB"] = f"sqlite:///{empty}/bench.db"  # and not the library of whoever measures
        for _ in range(ROUNDS):
            floor = measure("--app", str(HERE / "floor.py"), "--cwd", empty)
            page = measure("--cmd", start, "--cwd", str(ROOT), "--slider", "Conversion rate", "--watch",
                           "css=.sd-value", "--locale", "en-US")
            pairs.append((floor, page))
    for key, meaning in (("kpi", "key to changed card"), ("idle", "key to everything at rest")):
        ratios = [page[key]["p50"] / floor[key]["p50"] for floor, page in pairs]
        shown = ", ".join(f"{p[key]['p50']:.0f}/{f[key]['p50']:.0f} ms" for f, p in pairs)
        print(f"{meaning}: {statistics.median(ratios):.2f} × the smallest app ({shown})")
    page = pairs[-1][1]
    print(f"per move: {page['kb']:.1f} KiB, {page['msgs']:.0f} messages, {page['reruns']:.0f} rerun, "
          f"{page['chart_recreated']:.2f} charts re-created")


if __name__ == "__main__":
    main()
