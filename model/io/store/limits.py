"""What names, notes, tags, comments and authors may be, and the forms in which they are compared and searched."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from model.errors import InvalidInput, UnknownScenario, Violation, shown
from model.plan.rules import fit

#: longest text in characters
LONGEST = {"name": 100, "note": 4000, "comment": 500, "reason": 500, "remark": 2000, "author": 60, "tag": 40, "search": 200}
MAX_TAGS = 20
MAX_DRAFT_BYTES = 512 * 1024
_NEEDED = ("name", "author", "tag", "remark", "reason")
_SEVERAL_LINES = ("note", "comment", "remark", "reason")
_ID = re.compile(r"[0-9a-f]{32}\Z")
_TOKEN = re.compile(r"[!-~]{1,200}\Z")


def folded(text: str) -> str:
    """The form in which texts are compared: full and half width, upper and lower case are the same."""
    return unicodedata.normalize("NFKC", text).casefold()


def name_key(name: str) -> str:
    """Equal for names that must not stand beside each other."""
    return folded(name).strip()


def check(**texts: object) -> None:
    """Each text by the rules of its kind (name, note, comment, author, remark, reason, search). Raises InvalidInput with every
    violation."""
    if bad := [v for kind, text in texts.items() for v in _violations(kind, kind, text)]:
        raise InvalidInput(bad)


def _violations(kind: str, place: str, text: object) -> list[Violation]:
    if not isinstance(text, str):
        return [Violation("not_text", place, shown(text))]
    # the length first: a name of 10 MB is refused before anything is computed with it
    if len(text) > LONGEST[kind] or len(folded(text)) > 4 * LONGEST[kind]:
        return [Violation("text_too_long", place, shown(text), f"≤ {LONGEST[kind]}")]
    if kind in _NEEDED and not text.strip():
        return [Violation("missing_value", place)]
    lines = text.replace("\t", " ").splitlines() if kind in _SEVERAL_LINES else [text]
    return [] if all(map(fit, lines)) else [Violation("bad_text", place, shown(text))]


def clean_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Without blanks around, sorted, each once (case does not count). Raises InvalidInput."""
    given = [] if isinstance(tags, str) else list(tags)
    if isinstance(tags, str) or not all(isinstance(tag, str) for tag in given):
        raise InvalidInput([Violation("not_text", "tags", shown(tags), "a list of texts")])
    if len(given) > MAX_TAGS:
        raise InvalidInput([Violation("too_many_rows", "tags", str(len(given)), f"≤ {MAX_TAGS}")])
    if bad := [v for i, tag in enumerate(given, 1) for v in _violations("tag", f"tags {i}", tag)]:
        raise InvalidInput(bad)
    return tuple(sorted({folded(tag.strip()): tag.strip() for tag in reversed(given)}.values()))


def search_words(search: str) -> list[str]:
    """The words that must all occur, in the form of `searched_text`. Raises InvalidInput."""
    if not isinstance(search, str) or len(search) > LONGEST["search"]:
        raise InvalidInput([Violation("text_too_long", "search", shown(search), f"≤ {LONGEST['search']}")])
    return folded("".join(c if c.isprintable() else " " for c in search)).split()


def searched_text(name: str, note: str, author: str, editor: str, tags: Iterable[str]) -> str:
    """Everything of a scenario that the search looks at."""
    return folded("\n".join([name, note, author, editor, *tags]))


def check_id(id: object) -> None:
    """Raises UnknownScenario for what cannot be an id: it never gets near the database."""
    if not isinstance(id, str) or not _ID.match(id):
        raise UnknownScenario(f"no scenario {shown(id)}")


def is_token(token: object) -> bool:
    return isinstance(token, str) and bool(_TOKEN.match(token))
