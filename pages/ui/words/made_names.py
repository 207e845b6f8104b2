"""Names and remarks that the app made in one language, said in the reader's: an author without a name, a copy, a found split."""

from __future__ import annotations

import re
from functools import cache

from pages.ui.kit import texts
from pages.ui.kit.texts import t

#: texts that the app writes into the library
_MADE = ("desk.anonymous", "shelf.copy_name", "desk.found_name", "shelf.restored_comment", "desk.comment_merge",
         "desk.comment_mine", "desk.comment_copy")
_PRESETS = ("conservative", "base", "ambitious")


def said(text: str) -> str:
    """A text of the library as the app would have written it in the reader's language; somebody's own as it is."""
    for key, preset, form in _forms():
        if found := form.fullmatch(text):
            parts = {name: said(part) for name, part in found.groupdict().items()}
            return t(key, **parts, preset=t(f"preset.{preset}")) if preset else t(key, **parts)
    return text


@cache
def _forms() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """Each text in every language, what was filled in as groups; a preset's name with the words for each preset."""
    every = [texts.catalogue(language) for language in texts.LANGUAGES]
    made = [(key, "", str(known[key])) for key in _MADE for known in every]
    made += [("preset.of_plan", p, str(known["preset.of_plan"]).replace("{preset}", str(known[f"preset.{p}"])))
             for p in _PRESETS for known in every]
    return tuple((key, p, re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(text)))) for key, p, text in made)
