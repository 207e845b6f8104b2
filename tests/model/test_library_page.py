"""docs/library.md says what the library does: its examples run, and every public name is in it."""

from __future__ import annotations

import doctest
import re

import model
from samples import ROOT

PAGE = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")


def test_every_example_prints_what_the_page_says(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    text = re.sub(r"^```.*$", "", PAGE, flags=re.MULTILINE)  # a closing fence would be read as printed
    text = text.replace("sqlite:///build/", f"sqlite:///{tmp_path}/")
    examples = doctest.DocTestParser().get_doctest(text, {}, "docs/library.md", None, 0)
    said: list[str] = []
    outcome = doctest.DocTestRunner(verbose=False).run(examples, out=said.append)
    assert outcome.failed == 0 and outcome.attempted > 50, "".join(said)


def test_every_public_name_is_on_the_page():
    named = set(re.findall(r"\w+", PAGE))
    assert set(model.__all__) <= named, sorted(set(model.__all__) - named)
