"""Every page in every extreme: nothing to spend on, one channel, 30, 36 months, no promotions, a failed check, no budget.

Each must draw, say what is there or what is missing and what to do next, and show no number that is none.
"""

from __future__ import annotations

import json
import math
import re
from itertools import product

import pytest
from every import some, turns
from google.protobuf.message import Message
from screens import app, charts, settled

import plans
from model import Plan, Scenario, checks, evaluate
from pages.ui.frame.top_bar import PAGES
from pages.ui.kit import texts
from samples import changed, sample_plan

SPENDING = tuple(c for c, row in sample_plan().rows["channel"].items() if row["kind"] != "organic")


def without(*drop: str, **values: object) -> Scenario:
    """The sample's plan without some rows or tables; values set (dots as two underscores)."""
    kept = {a: v for a, v in sample_plan().values if not any(a == d or a.startswith(d + ".") for d in drop)}
    return Scenario(Plan("own", tuple((kept | {a.replace("__", "."): v for a, v in values.items()}).items())))


def naming(*channels: str) -> tuple[str, ...]:
    """Rows of the risk register and of initiatives that name one of these channels."""
    found = []
    for table in ("effect", "event_effect", "stress_effect"):
        found += [f"{table}.{k}" for k, row in sample_plan().rows[table].items() if row.get("channel") in channels]
    for table, field in (("distribution", "address"), ("correlation", "a"), ("correlation", "b")):
        found += [f"{table}.{k}" for k, row in sample_plan().rows[table].items()
                  if any(str(row.get(field)).startswith(f"channel.{c}.") for c in channels)]
    found += [f"promotion.{k}" for k, row in sample_plan().rows["promotion"].items() if row["channels"] != "all"]
    return tuple(found)


def only(*channels: str, **values: object) -> Scenario:
    """The sample with these of its spending channels."""
    gone = [c for c in SPENDING if c not in channels]
    return without(*(f"channel.{c}" for c in gone), *naming(*gone), **values)


STATES = {
    "no channel": lambda: only(budget=0.0),
    "one channel": lambda: only("platform", channel__platform__share=1.0),
    "no promotions": lambda: without("promotion"),
    "36 months": lambda: changed(months=36),
    "30 channels": lambda: plans.scenario(plans.wide()),
    "a failed check": only,
    "no budget": lambda: changed(budget=0.0),
    "nothing at all": lambda: plans.scenario(plans.bare()),
}
#: states in which every page says what is missing and what to do next
MISSING = {"no channel": "channel", "a failed check": "channel", "no budget": "budget", "nothing at all": "sales"}

#: fields of elements that are machinery: identities, scripts, specifications, data of pictures
_MACHINERY = {"id", "js_content", "css_content", "html_content", "spec", "element_id", "form_id", "fragment_id", "url", "data",
              "key", "component_name", "page_script_hash", "theme", "vega_lite_theme", "columns", "icon", "file_name"}
_BAD = re.compile(r"(?<![\w-])[-+−]?(?:nan|inf|None|NaN|Infinity)(?![\w-])|\{[a-z_]+\}")
_KEY = re.compile(r"(?<![\w./@-])[a-z_]+(?:\.[a-z0-9_]+)+(?![\w/-])")


def words(message: Message) -> list[str]:
    """What a person can read or hear in an element: every text in it that is not machinery."""
    out = []
    for field, value in message.ListFields():
        if field.name in _MACHINERY:
            continue
        for one in value if field.is_repeated else [value]:
            if isinstance(one, Message):
                out += words(one)
            elif isinstance(one, str):
                out += spoken(field.name, one)
    return out


def spoken(field: str, text: str) -> list[str]:
    if field == "json":
        return list(strings(json.loads(text)))
    if field == "body" and "<style>" in text:
        return []
    return [text]


def strings(tree):
    if isinstance(tree, dict):
        yield from (s for k, v in tree.items() if k != "key" for s in strings(v))
    elif isinstance(tree, list):
        yield from (s for v in tree for s in strings(v))
    elif isinstance(tree, str):
        yield tree
    elif isinstance(tree, float):
        assert math.isfinite(tree)


def read(at) -> list[str]:
    """All of a page's words, those in pictures and data frames too."""
    said = [w for node in at.main for w in (words(node.proto) if getattr(node, "proto", None) is not None else [])]
    for _, columns in charts(at):
        for values in columns.values():
            said += [v for v in values if isinstance(v, str)]
            assert all(math.isfinite(v) for v in values if isinstance(v, float)), columns
    for frame in at.dataframe:
        said += [v for column in frame.value for v in frame.value[column] if isinstance(v, str)]
    return said


def faults(texts_read: list[str], language: str) -> list[str]:
    keys = texts.catalogue(language)
    return [w[:120] for w in texts_read if _BAD.search(w.replace("J: None", "")) or any(k in keys for k in _KEY.findall(w))]


def finished(at):
    """With whatever the page computes beside it done."""
    if "_job_register" in at.session_state:
        settled(at, "register")
    return at


@pytest.mark.parametrize("which, page, language", some(((*pair, language) for pair, language in turns(product(STATES, PAGES), texts.LANGUAGES)), 3))
def test_every_page_draws_in_every_extreme(page, which, language, monkeypatch):
    monkeypatch.setattr(texts, "DEFAULT", language)  # AppTest asks a select box for its words outside of the session
    at = finished(app(language, page, STATES[which]()))
    say = texts.catalogue(language)
    assert [say[f"empty.{MISSING[which]}"]] == [b.value for b in at.info][:1] if which in MISSING else True
    failed = [e.value for e in at.error]
    assert len(failed) == (which == "a failed check")
    assert all(say["check.budget.label"] in e and say["check.budget.advice"] in e for e in failed)
    said = read(at)
    assert sum(len(w) for w in said) > 200, said
    assert faults(said, language) == []


def test_the_states_are_what_their_names_say():
    results = {k: evaluate(make()) for k, make in STATES.items()}
    assert [c.status for c in checks(results["a failed check"])].count("FAIL") == 1
    assert all(c.status != "FAIL" for k, r in results.items() if k != "a failed check" for c in checks(r))
    wide = results["30 channels"]
    assert len(wide.channels) == 30 and len(wide.months) == 36 and len(wide.scenario.rows["promotion"]) == 20
    assert results["no budget"].lines["spend"].sum() == results["no channel"].lines["spend"].sum() == 0
    assert results["nothing at all"].lines["gmv"].sum() == 0


@pytest.mark.parametrize("bad", ["¥nan in all", "None", "a {gap} missing", "worth inf", "see chart.fall_title"])
def test_faults_are_seen(bad):
    assert faults([bad], "en") and not faults(["Finance, infinite and Nancy: ¥1.5M at 3.2% (v1.2)"], "en")
