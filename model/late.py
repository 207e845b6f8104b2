"""Imports that wait until they are used, said at the top of a file where every reader looks for them.

A cold server draws its first card with numpy and our own formulas alone; scipy, SQLAlchemy and pandas come a moment later,
while the card is already seen.
"""

from __future__ import annotations

import importlib
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
