"""Who did what and ending sign-ins, from the command line."""

from __future__ import annotations

import csv
import io
from contextlib import closing

import pytest

from model.cli import main
from model.io.store import ScenarioStore
from model.io.store.actors import key_of
from samples import sample


@pytest.fixture
def url(tmp_path) -> str:
    return f"sqlite:///{tmp_path}/s.db"


def test_the_audit_comes_out_newest_first(url, capsys):
    with closing(ScenarioStore(url)) as store:
        id = store.save(sample().named("Budget"), author="Wang").entry.id
        store.lock(id, author="Li")
    assert main(["audit", "--csv", "--url", url]) == 0
    lines = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(x["author"], x["deed"], x["name"], x["version"], x["id"]) for x in lines] == [
        ("Li", "lock", "Budget", "0", id), ("Wang", "save", "Budget", "1", id)]
    assert main(["audit", "--last", "1", "--url", url]) == 0
    assert "Wang" not in capsys.readouterr().out


def test_a_persons_sign_ins_are_ended(url, capsys):
    assert main(["sign-out", "3f2a", "--issuer", "https://id.example.com", "--url", url]) == 0
    with closing(ScenarioStore(url)) as store:
        whose = key_of("https://id.example.com", "3f2a")
        assert store.sign_outs.since([whose]).keys() == {whose}
