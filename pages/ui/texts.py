"""Words: every text of the app in every language, `locales/<language>/*.toml`. Add a folder, and there is a language.

Keys are dotted paths into the files. Both languages must have the same keys and placeholders; a test holds it.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import streamlit as st

FOLDER = Path(__file__).parent / "locales"
LANGUAGES = {"zh": "中文", "en": "EN"}
DEFAULT = "en"
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


def language() -> str:
    """The reader's language in this session."""
    return st.session_state.get("_language", DEFAULT)


def choose_language() -> None:
    """Settle the language: the switch, then the link (?lang=), then the browser's. Runs once at the top of app.py."""
    state = st.session_state
    asked = state.get("lang") or st.query_params.get("lang")
    if asked in LANGUAGES:
        state["_language"] = asked
    elif "_language" not in state:
        state["_language"] = "zh" if (st.context.locale or "").lower().startswith("zh") else DEFAULT


def t(key: str, **values: object) -> str:
    """The text of a key in the reader's language, its placeholders filled in."""
    text = catalogue(language())[key]
    return text.format(**values) if values else text


def has(key: str) -> bool:
    return key in catalogue(language())


def plain(text: str) -> str:
    """Somebody's text for a markdown element: shown as it is, nothing in it acts."""
    return text.translate(_MARKS)


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
