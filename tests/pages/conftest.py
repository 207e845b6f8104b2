"""Page tests keep their scenarios in a database of their own."""

from __future__ import annotations

from functools import cache, lru_cache

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import app_test, local_script_runner

from model.analysis.risk.register import register
from pages.ui.frame import safety_net
from pages.ui.risk import view
from pages.ui.session import drafts, library, results


@pytest.fixture(autouse=True, scope="session")
def light_runs():
    """What AppTest does anew at each run and need not: it looks through all installed packages for components, compiles the
    scripts, and asks every millisecond whether the run is over, which takes the interpreter away from that run.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        compiled = ScriptCache()
        for module in (app_test, local_script_runner):
            patch.setattr(module, "ScriptCache", lambda: compiled)
        patch.setattr(local_script_runner, "require_widgets_deltas", ended)
        yield


def ended(runner, timeout: float) -> None:
    runner._script_thread.join(timeout)
    assert runner.script_stopped(), f"the run takes longer than {timeout} s"


@pytest.fixture(autouse=True, scope="session")
def one_register():
    """Every opening of Risk and of the printed page starts its register; of a plan that was registered it is the same one."""
    kept = lru_cache(maxsize=64)(lambda scenario, draws, base: register(scenario, draws, base=base))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(view, "register", lambda scenario, draws, *, base, progress, stop: kept(scenario, draws, base))
        yield


@pytest.fixture(autouse=True, scope="session")
def database(tmp_path_factory):
    """One for all tests that do not look into it. Work is kept in memory and not written by the by: hundreds of drafts that nobody
    reads; `drafts.flush` writes them.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SANDTABLE_DB", f"sqlite:///{tmp_path_factory.mktemp('db')}/tests.db")
        patch.setattr(drafts, "_start_writer", lambda: None)
        yield


@pytest.fixture
def store(tmp_path, monkeypatch):
    """An empty library, as the pages reach it."""
    monkeypatch.setenv("SANDTABLE_DB", f"sqlite:///{tmp_path}/library.db")
    drafts._unwritten.clear()
    yield library.store()
    drafts._unwritten.clear()


@pytest.fixture(autouse=True)
def few_draws(request, monkeypatch):
    """An eighth of the draws of a page that opens, but for tests of the draws themselves, which are marked `all_draws`."""
    if request.node.get_closest_marker("all_draws") is None:
        monkeypatch.setattr(results, "DRAWS", 512)
        monkeypatch.setattr(results, "LEAST_DRAWS", 128)


@pytest.fixture(autouse=True)
def no_net(monkeypatch):
    """A page that fails shows its exception to a test, and not our own words for it (tests/pages/frame/test_net.py)."""
    monkeypatch.setattr(safety_net, "spread", lambda: None)
