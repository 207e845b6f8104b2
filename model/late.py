"""Imports that wait until they are used, said at the top of a file where every reader looks for them.

A cold server draws its first card with numpy and our own formulas alone; scipy, SQLAlchemy and pandas come a moment later,
while the card is already seen.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any


class Late:
    """A module by name, imported when a name of it is asked for: `pd = Late("pandas")`. Any number of threads may ask."""

    def __init__(self, name: str):
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        found = getattr(importlib.import_module(self._name), attribute)
        if not attribute.startswith("__"):
            setattr(self, attribute, found)  # the next time costs what it costs in a module
        return found


def load_all(packages: tuple[str, ...]) -> None:
    """Import everything now that modules of these packages, loaded already, put off; and what that puts off in turn."""
    known: set[str] = set()
    while waiting := {vars(late)["_name"] for name, module in list(sys.modules.items()) if name.split(".")[0] in packages
                      for late in vars(module).values() if type(late) is Late} - known:
        for name in sorted(waiting):
            importlib.import_module(name)
        known |= waiting
