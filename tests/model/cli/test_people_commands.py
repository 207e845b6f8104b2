"""Who did what and ending sign-ins, from the command line."""

from __future__ import annotations

import csv
import io
from contextlib import closing
from getpass import getuser

import pytest

from model.cli import main
from model.io.store import ScenarioStore
from model.io.store.actors import key_of
from samples import sample

ACCOUNT = f"os:{getuser()}"


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
        assert [(d.deed, d.name, d.account) for d in store.audit(author="it")] == [("sign_out", "3f2a", ACCOUNT)]
        assert store.deeds() == (), "no matter of scenarios"


def test_whatever_author_is_said_the_audit_has_the_account_of_the_machine(url, capsys, tmp_path):
    plan, copy = str(tmp_path / "plan.json"), str(tmp_path / "copy.db")
    for words in (("new", plan, "--name", "Budget"), ("import", plan, "--author", "Li Lei"), ("import", plan, "--name", "mine"),
                  ("backup", copy), ("restore", copy)):
        assert main([*words, "--url", url]) == 0, capsys.readouterr()
    with closing(ScenarioStore(url)) as store:
        lines = store.audit(author="it")
    assert [(d.deed, d.author) for d in lines] == [("replace", getuser()), ("save", getuser()), ("save", "Li Lei")]
    assert {d.account for d in lines} == {ACCOUNT}
