"""More servers on one library than the one that a test runs in, and a library that does not answer."""

from __future__ import annotations

from importlib.util import find_spec, module_from_spec
from types import ModuleType

from model.errors import StoreProblem
from pages.ui.session import drafts


def another_server() -> ModuleType:
    """`session/drafts.py` once more, with a memory of its own, on the same library; it writes when it is told to."""
    spec = find_spec(drafts.__name__)
    made = module_from_spec(spec)
    spec.loader.exec_module(made)
    made._start_writer = lambda: None
    return made


def away(*_):
    raise StoreProblem("store_unreachable", "somewhere")
