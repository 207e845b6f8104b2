"""What a replica does before it takes people (SANDTABLE_WARM=yes): load what the pages use, and compute the sample once.

Without it the first visitor of a process waits for all of that. Behind a proxy this is whoever was thrown onto a replica that
nobody had used yet; on one's own machine it is oneself, who waits no shorter, and there the address comes sooner.
"""

from __future__ import annotations

import importlib
import os
from contextlib import suppress
from pathlib import Path

from model import SandtableError, Scenario
from model.late import load_all
from pages.ui.session import library, results, state

_PAGES = Path(__file__).parents[1]


def settle() -> None:
    """Where it is asked for: seconds of work, then everybody finds a process that has done everything once."""
    if os.environ.get("SANDTABLE_WARM", "").lower() in ("", "no", "0", "false"):
        return
    for file in sorted(_PAGES.rglob("*.py")):
        importlib.import_module(".".join(("pages", "ui", *file.relative_to(_PAGES).with_suffix("").parts)))
    load_all(("model", "pages"))
    with suppress(SandtableError):  # a library that does not answer yet is `/readyz`'s to tell
        library.store()
    results.common_risk_of(sample := Scenario(state.sample_plan()), sample.base, results.DRAWS)
