"""Words: every text of the app in every language, `locales/<language>/*.toml`. Add a folder, and there is a language.

Keys are dotted paths into the files. Both languages must have the same keys and placeholders; a test holds it.
"""

from __future__ import annotations

import re
import threading
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, reduce
from pathlib import Path

import streamlit as st

from pages.ui.kit.streamlit_internals import run_at_hand

FOLDER = Path(__file__).parents[1] / "locales"
LANGUAGES = {"zh": "中文", "en": "EN"}
DEFAULT = "en"
#: stands in the middle of what markdown would make a link of, and of what Streamlit puts a sign in the place of after it has
#: read the markdown, whatever was escaped: icons, emoji, its logo, arrows
_BREAK = "\u200b"
_SIGNS = re.compile(r":(?=material/|[\w+-]+:)|(?<!\S)[<>~-](?=(->|[->=])(?!\S))")
#: stands at both ends of a value while a Chinese text is filled in; where a gap is wanted there, and where it is not
_EDGE, _HAN, _LATIN = "\0", "[\u3400-\u9fff]", "[A-Za-z0-9+±−]"
_GAP = re.compile(f"(?<={_HAN})\0+(?={_LATIN})|(?<=[A-Za-z0-9])\0+(?={_HAN})")
_NO_GAP = re.compile(f"(?<=[元点万亿])\0 (?={_HAN})")
#: characters that markdown or Streamlit's own marks would act on
_MARKS = str.maketrans({c: f"\\{c}" for c in r"\`*_{}[]()#+-!|<>~$:"})


@cache
def catalogue(language: str) -> dict[str, str]:
    """All texts of a language by dotted key."""
    out: dict[str, str] = {}
    for path in sorted((FOLDER / language).glob("*.toml")):
        _flatten(tomllib.loads(path.read_text(encoding="utf-8")), "", out)
    return out


def _flatten(tree: dict, prefix: str, out: dict[str, str]) -> None:
    for key, value in tree.items():
        if isinstance(value, dict):
            _flatten(value, f"{prefix}{key}.", out)
        else:
            out[f"{prefix}{key}"] = value


#: the run that this thread is in, and its language: a move asks some five hundred times, 10 µs each
_KNOWN = threading.local()


def language() -> str:
    """The reader's language in this session."""
    run = run_at_hand()
    if run is None:
        return getattr(_KNOWN, "spoken", None) or st.session_state.get("_language", DEFAULT)
    if getattr(_KNOWN, "run", None) is not run:
        _KNOWN.run, _KNOWN.language = run, st.session_state.get("_language", DEFAULT)
    return _KNOWN.language


def speak(language: str) -> None:
    """From here on the session's language is this one."""
    st.session_state["_language"] = language
    _KNOWN.run = None


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """For work on a thread that has no session, where a file is made: its words are of this language."""
    _KNOWN.spoken = language
    try:
        yield
    finally:
        _KNOWN.spoken = None


def choose_language() -> None:
    """Settle the language: the switch, then the link (?lang=), then the browser's. Runs once at the top of app.py."""
    state = st.session_state
    asked = state.get("lang") or st.query_params.get("lang")
    if asked in LANGUAGES:
        speak(asked)
        state["_asked"] = state.get("_asked") or "lang" in st.query_params
    elif "_language" not in state:
        speak("zh" if (st.context.locale or "").lower().startswith("zh") else DEFAULT)


def keep_language() -> None:
    """A language that was chosen stays in the address when the page changes, so that a reload keeps it."""
    if st.session_state.get("_asked") and st.query_params.get("lang") != language():
        st.query_params["lang"] = language()


def t(key: str, **values: object) -> str:
    """The text of a key in the reader's language, its placeholders filled in."""
    text = catalogue(language())[key]
    if not values:
        return text
    return _spaced(text, values) if language() == "zh" else _whole(text.format(**values))


def _spaced(text: str, values: dict[str, object]) -> str:
    """A Chinese text filled in: a gap between a Chinese word and a number or Latin word, none after a Chinese unit.

    What a placeholder holds is not known where the text is written: "272.7 万元" and "4.5%" end differently. What
    stands inside a value is left as it is.
    """
    filled = text.format(**{name: f"{_EDGE}{value}{_EDGE}" for name, value in values.items()})
    return _GAP.sub(" ", _NO_GAP.sub("", filled)).replace(_EDGE, "")


def _whole(text: str) -> str:
    """A sign and its ¥ stay on one line: a browser may break between them."""
    for sign in "−+±" if "¥" in text else "":
        text = text.replace(f"{sign}¥", f"{sign}\u2060¥")
    return text


def has(key: str) -> bool:
    return key in catalogue(language())


def plain(text: str) -> str:
    """Somebody's text for a markdown element: shown as it is, nothing in it acts."""
    text = _SIGNS.sub(lambda m: m[0] + _BREAK, text)
    text = text.replace("www.", f"www{_BREAK}.").replace("://", f":{_BREAK}//").replace("@", f"@{_BREAK}")
    return text.translate(_MARKS)


def unmarked(text: str) -> str:
    """A text with somebody's words made `plain`, as it reads: for where nothing is markdown."""
    return re.sub(r"\\([\W_])", r"\1", text).replace(_BREAK, "")


def inside(label: str) -> str:
    """A label in the middle of a sentence: without its capital, but for abbreviations (CPM, GMV)."""
    return label if language() == "zh" or label[1:2].isupper() else label[:1].lower() + label[1:]


def own_source(text: str) -> str:
    """A source as the planner wrote it; one written as "Chinese ‖ English" in the reader's language."""
    chinese, both, english = text.partition(" ‖ ")
    return english if both and language() != "zh" else chinese


def own_name(row: dict, key: str) -> str:
    """The name that a planner gave a row, in the reader's language if there is one, else in any, else its key."""
    first, second = (row.get("name_zh"), row.get("name_en"))
    if language() != "zh":
        first, second = second, first
    return str(first or second or key)


def name_of(rows: Mapping[str, dict], key: str) -> str:
    """What a row of a table is called; with its key where another row is called the same."""
    name = own_name(rows.get(key, {}), key)
    alike = [k for k, row in rows.items() if name in (row.get("name_zh"), row.get("name_en"), k)]
    if len(alike) < 2 or sum(own_name(rows[k], k) == name for k in alike) < 2:
        return name
    return t("rows.same_name", name=name, row=key)


def unique(words: Mapping[object, str]) -> dict[object, str]:
    """Words by key, made different where two are the same."""
    often = Counter(words.values())
    if len(often) == len(words):
        return dict(words)
    return unique({k: w if often[w] == 1 else t("rows.same_name", name=w, row=k) for k, w in words.items()})


def together(sentences: Iterable[str]) -> str:
    """Sentences as one text: Chinese puts no space between them."""
    return ("" if language() == "zh" else " ").join(sentences)


def listed(words: Sequence[str]) -> str:
    """Words one after the other, as a sentence lists them; "" for none."""
    return reduce(lambda first, more: t("plan.listed", first=first, more=more), words) if words else ""
