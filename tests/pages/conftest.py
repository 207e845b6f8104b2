"""Page tests keep their scenarios in a database of their own."""

from __future__ import annotations

from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner

from pages.ui.frame import safety_net
from pages.ui.session import drafts, library, results


@pytest.fixture(autouse=True, scope="session")
def scanned_once():
    """Streamlit looks through all installed packages for components at every AppTest: a third of the time of a page's test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(autouse=True, scope="session")
def database(tmp_path_factory):
    """One for all tests that do not look into it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SANDTABLE_DB", f"sqlite:///{tmp_path_factory.mktemp('db')}/tests.db")
        yield
        drafts.flush()


@pytest.fixture
def store(tmp_path, monkeypatch):
    """An empty library, as the pages reach it."""
    monkeypatch.setenv("SANDTABLE_DB", f"sqlite:///{tmp_path}/library.db")
    yield library.store()
    drafts.flush()


@pytest.fixture(autouse=True)
def few_draws(request, monkeypatch):
    """An eighth of the draws of a page that opens, but for tests of the draws themselves, which are marked `all_draws`."""
    if request.node.get_closest_marker("all_draws") is None:
        monkeypatch.setattr(results, "DRAWS", 512)


@pytest.fixture(autouse=True)
def no_net(monkeypatch):
    """A page that fails shows its exception to a test, and not our own words for it (tests/pages/test_net.py)."""
    monkeypatch.setattr(safety_net, "spread", lambda: None)
