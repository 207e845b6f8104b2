"""Words: every text of the app in every language, `locales/<language>/*.toml`. Add a folder, and there is a language.

Keys are dotted paths into the files. All languages must have the same keys and placeholders; a test holds it. A text that a
count changes is a list of its forms, chosen by {count} and the language's rule.
"""

from __future__ import annotations

import re
import threading
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import streamlit as st

from pages.ui.kit import languages
from pages.ui.kit.languages import Language
from pages.ui.kit.streamlit_internals import run_at_hand

T = TypeVar("T")
FOLDER = Path(__file__).parents[1] / "locales"
LANGUAGES = languages.read(FOLDER)
DEFAULT = "en"
#: stands in the middle of what markdown would make a link of, and of what Streamlit puts a sign in the place of after it has
#: read the markdown, whatever was escaped: icons, emoji, its logo, arrows
_BREAK = "\u200b"
_SIGNS = re.compile(r":(?=material/|[\w+-]+:)|(?<!\S)[<>~-](?=(->|[->=])(?!\S))")
#: characters that markdown or Streamlit's own marks would act on
_MARKS = str.maketrans({c: f"\\{c}" for c in r"\`*_{}[]()#+-!|<>~$:"})


@cache
def catalogue(language: str) -> dict[str, str | list[str]]:
    """All texts of a language by dotted key."""
    out: dict[str, str | list[str]] = {}
    for path in sorted((FOLDER / language).glob("*.toml")):
        if path.name != languages.RULES:
            _flatten(tomllib.loads(path.read_text(encoding="utf-8")), "", out)
    return out


def _flatten(tree: dict, prefix: str, out: dict[str, str | list[str]]) -> None:
    for key, value in tree.items():
        if isinstance(value, dict):
            _flatten(value, f"{prefix}{key}.", out)
        else:
            out[f"{prefix}{key}"] = value


#: the run that this thread is in, and its language: a move asks some five hundred times, 10 µs each
_KNOWN = threading.local()


def language() -> str:
    """The reader's language in this session, or the one that is being spoken."""
    if spoken := getattr(_KNOWN, "spoken", None):
        return spoken
    run = run_at_hand()
    if run is None:
        return st.session_state.get("_language", DEFAULT)
    if getattr(_KNOWN, "run", None) is not run:
        _KNOWN.run, _KNOWN.language = run, st.session_state.get("_language", DEFAULT)
    return _KNOWN.language


def rules() -> Language:
    """How the reader's language works."""
    return LANGUAGES[language()]


def speak(language: str) -> None:
    """From here on the session's language is this one."""
    st.session_state["_language"] = language
    _KNOWN.run = None


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Until its end all words are of this language: of a file that is made on a thread without a session, of what a reader may
    have copied from elsewhere.
    """
    before = getattr(_KNOWN, "spoken", None)
    _KNOWN.spoken = language
    try:
        yield
    finally:
        _KNOWN.spoken = before


def choose_language() -> None:
    """Settle the language: the switch, then the link (?lang=), then the browser's. Runs once at the top of app.py."""
    state = st.session_state
    asked = state.get("lang") or st.query_params.get("lang")
    if asked in LANGUAGES:
        speak(asked)
        state["_asked"] = state.get("_asked") or "lang" in st.query_params
    elif "_language" not in state:
        speak(languages.of_browser(LANGUAGES, st.context.locale or "") or DEFAULT)


def keep_language() -> None:
    """A language that was chosen stays in the address when the page changes, so that a reload keeps it."""
    if st.session_state.get("_asked") and st.query_params.get("lang") != language():
        st.query_params["lang"] = language()


def t(key: str, **values: Any) -> str:
    """The text of a key in the reader's language, its placeholders filled in."""
    spoken = language()
    text = catalogue(spoken)[key]
    if not isinstance(text, str):  # its forms, by a count
        text = LANGUAGES[spoken].of_count(text, values["count"])
    return LANGUAGES[spoken].filled(text, values) if values else text


def has(key: str) -> bool:
    return key in catalogue(language())


def plain(text: str) -> str:
    """Somebody's text for a markdown element: shown as it is, nothing in it acts."""
    text = _SIGNS.sub(lambda m: m[0] + _BREAK, text)
    text = text.replace("www.", f"www{_BREAK}.").replace("://", f":{_BREAK}//").replace("@", f"@{_BREAK}")
    return text.translate(_MARKS)


def half_widths(text: str) -> int:
    """Half-width characters that a text takes: a Chinese one takes two."""
    return sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in text)


def unmarked(text: str) -> str:
    """A text with somebody's words made `plain`, as it reads: for where nothing is markdown."""
    return re.sub(r"\\([\W_])", r"\1", text).replace(_BREAK, "")


def inside(label: str) -> str:
    """A label in the middle of a sentence: without its capital where the language has it so, but for abbreviations (CPM, GMV)."""
    return label if label[1:2].isupper() or not rules().small_inside else label[:1].lower() + label[1:]


def own_source(text: str) -> str:
    """A source as the planner wrote it; one written as "Chinese ‖ English" in the language that comes first."""
    chinese, both, english = text.partition(" ‖ ")
    return {"zh": chinese, "en": english}[rules().own_first[0]] if both else text


def own_name(row: Mapping, key: str) -> str:
    """The name that a planner gave a row, in the reader's language if there is one, else in any, else its key."""
    return str(next((row[field] for field in rules().own_names if row.get(field)), key))


def name_of(rows: Mapping[str, Mapping], key: str) -> str:
    """What a row of a table is called; with its key where another row is called the same."""
    name = own_name(rows.get(key, {}), key)
    fields = rules().own_names
    alike = [k for k, row in rows.items() if name == k or any(name == row.get(field) for field in fields)]
    if len(alike) < 2 or sum(own_name(rows[k], k) == name for k in alike) < 2:
        return name
    return t("rows.same_name", name=name, row=key)


def unique(words: Mapping[T, str]) -> dict[T, str]:
    """Words by key, made different where two are the same."""
    often = Counter(words.values())
    if len(often) == len(words):
        return dict(words)
    return unique({k: w if often[w] == 1 else t("rows.same_name", name=w, row=k) for k, w in words.items()})


def together(sentences: Iterable[str]) -> str:
    """Sentences as one text."""
    return rules().between_sentences.join(sentences)


def listed(words: Iterable[str]) -> str:
    """Words one after the other, as a sentence lists them; "" for none."""
    return rules().between_parts.join(words)
