"""A folder of locales is a language: a third one is added in a folder of the test's and the app speaks it."""

from __future__ import annotations

import json
import re

import pytest
import third_language
from screens import app, cards

from model import evaluate, kpi
from model import units as u
from pages.ui.kit import formats, languages, texts
from samples import sample

#: fields of elements that people read
READ = {"label", "help", "body", "content", "placeholder", "alt", "json", "spec", "text", "title", "caption", "tooltip", "message"}
#: what is no word: marks and their names, the shortcuts of the keyboard, keys of a component's rows
MARKUP = re.compile(r"<(style|script)>.*?</\1>|<[^>]*>|&\w+;|:material/\w+:|:[\w-]+\[|[\\\u200b*\]]|ctrl\+\w", re.DOTALL)
KEY = re.compile(r"[a-z0-9_/]*")


@pytest.fixture
def third(tmp_path, monkeypatch):
    third_language.add(tmp_path / "locales")
    monkeypatch.setattr(texts, "FOLDER", tmp_path / "locales")
    monkeypatch.setattr(texts, "LANGUAGES", languages.read(texts.FOLDER))
    monkeypatch.setattr(texts, "DEFAULT", "xx")  # AppTest asks a select box for its words outside of the session
    yield "xx"
    texts.catalogue.cache_clear()


# --- what a page says ----------------------------------------------------------------------------------------------------

def strings(message) -> list[str]:
    """All that an element says."""
    out = []
    for field, value in message.ListFields():
        for one in value if hasattr(value, "append") else [value]:
            if hasattr(one, "ListFields"):
                out += strings(one)
            elif isinstance(one, str) and field.name in READ:
                out += of_field(field.name, one)
    return out


def of_field(name: str, text: str) -> list[str]:
    if name == "spec":
        return titles(json.loads(text))
    if name == "json":
        return [word for word in leaves(json.loads(text)) if not KEY.fullmatch(word)]
    return [text]


def leaves(data) -> list[str]:
    """The texts at the ends of nested lists and tables."""
    values = [v for k, v in data.items() if k != "key"] if isinstance(data, dict) else data if isinstance(data, list) else ()
    return [data] if isinstance(data, str) else [text for value in values for text in leaves(value)]


def titles(spec) -> list[str]:
    if isinstance(spec, list):
        return [x for part in spec for x in titles(part)]
    if not isinstance(spec, dict):
        return []
    own = [spec["title"]] if isinstance(spec.get("title"), str) else []
    return own + titles(list(spec.values()))


def unbracketed(text: str) -> str:
    """What of a text stands in no brackets."""
    text = MARKUP.sub("", text)
    while (less := re.sub(r"⟦[^⟦⟧]*⟧", "", text)) != text:
        text = less
    return text.strip()


def names_of_the_plan() -> set[str]:
    return {str(value) for address, value in sample().base.values if address.endswith("name_en")}


@pytest.mark.parametrize("page", ["simulate", "plan"])
def test_every_text_of_a_page_is_of_the_folder(third, page):
    found = {s for node in app(third, page)._tree if getattr(node, "proto", None) is not None for s in strings(node.proto)}
    own = names_of_the_plan() | {"EN", "中文", "语言 / Language /"}  # the switch says them all
    words = {s for s in map(unbracketed, found) if re.search("[A-Za-z\u4e00-\u9fff]{2,}", s)}
    assert len(found) > 100 and words - own == set()


# --- its rules -------------------------------------------------------------------------------------------------------------

def test_it_stands_in_the_switch(third):
    (switch,) = [b for b in app(third).get("button_group") if b.key == "lang"]
    assert [option.content for option in switch.proto.options] == ["中文", "EN", "⟦Xx⟧"] and switch.value == "xx"


def test_numbers_on_the_cards_follow_its_rules(third):
    shown, result = cards(app(third)), evaluate(sample())
    gmv, margin = (float(kpi(result, key)[0]) for key in ("gmv", "net_margin_rate"))
    assert shown["⟦GMV⟧"]["value"] == f"{gmv / 1e7:.4g} ⟦Cr⟧ ¤".replace(".", ",")
    assert shown["⟦Net margin⟧"]["value"] == f"{margin * 100:.1f} %".replace(".", ",")


@pytest.mark.parametrize(("said", "text"), [
    (lambda: formats.money(8350), "8.350 ¤"), (lambda: formats.money(-1_234_567), "−12,35 ⟦Lk⟧ ¤"),
    (lambda: formats.number(1234.5, u.YUAN_EACH), "1.234,50 ¤"), (lambda: formats.number(46.44, u.YUAN_PER_1000), "46,4 ¤ ‰"),
    (lambda: formats.rate(0.123), "12,3 %"), (lambda: formats.difference(-0.0123, u.RATE), "−1,2\u00a0⟦pp⟧"),
    (lambda: formats.with_error(211_700, 5_721), "2,117 ± 0,057 ⟦Lk⟧ ¤"), (lambda: formats.counted(1.2e6, "customers.people"), "12 ⟦Lk⟧ ⟦people⟧"),
    (lambda: formats.counted(1, "customers.people"), "1 ⟦person⟧"), (lambda: formats.counted(2, "customers.people"), "2 ⟦two: people⟧"),
    (lambda: texts.t("plan.heads", count=2), "⟦two: 2 heads⟧"), (lambda: texts.t("plan.heads", count=3), "⟦3 heads⟧"),
    (lambda: formats.month("2027-05"), "⟦M5⟧"), (lambda: texts.listed("AB"), "A & B"), (lambda: texts.together("AB"), "A ¦ B"),
    (lambda: texts.own_name({"name_zh": "甲", "name_en": "A"}, "k"), "A"),
])
def test_it_writes_by_its_own_rules(third, said, text):
    with texts.speaking(third):
        assert said() == text


def test_a_browser_that_asks_for_it_gets_it(third):
    assert [languages.of_browser(texts.LANGUAGES, x) for x in ("xx-YY", "XX", "zh_TW", "en-GB", "xxy", "fr", "")] == [
        "xx", "xx", "zh", "en", None, None, None]
