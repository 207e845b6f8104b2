"""How a language works: its numbers, joints and forms, from `locales/<language>/language.toml`.

A folder of locales is a language. What is said stands in the folder's other files (`texts`); nothing else in the app asks
which language it speaks.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from gettext import c2py
from itertools import chain
from pathlib import Path

#: the file of a language's folder that holds no texts
RULES = "language.toml"
#: numbers are written out up to this, as 8,350 is, whatever steps the language has
WRITTEN_OUT = 1e4
#: stands at both ends of a value while a text is filled in, where a gap may be wanted
_EDGE = "\0"


@dataclass(frozen=True)
class Language:
    """A language's rules. Patterns say with {number}, {error}, {step} and {gap} where these stand."""

    #: in the switch: its name, the word for "language", and which place from the left
    name: str
    word: str
    place: int
    #: as HTML names it
    tag: str
    #: which form of a text a count takes, as gettext's "Plural-Forms" writes it: "n != 1"
    plural: str
    #: whose of the names and sources of a plan comes first: it has them in "zh" and "en"
    own_first: list[str]
    #: width in pixels up to which the top bar shows no shortcuts, which would take a second row
    shortcuts_from: int

    point: str
    group: str
    percent: str
    #: what large numbers are counted in, largest first: from which size, and what stands after the number
    steps: list[tuple[float, str]]
    #: between a number and the word of what is counted; the same after a step
    gap: str
    gap_after_step: str

    #: money by unit, and with its error
    yuan: str
    yuan_each: str
    yuan_per_1000: str
    with_error: str

    #: what axes count in, and its word; a statement: its divisor and decimals
    money_axis: tuple[float, str]
    people_axis: tuple[float, str]
    orders_axis: tuple[float, str]
    statement: tuple[float, int]

    #: between sentences, between the parts of a list, and between clauses that have commas of their own
    between_sentences: str
    between_parts: str
    between_clauses: str
    #: whether a label loses its capital inside a sentence
    small_inside: bool
    months: list[str]
    #: characters of a script without spaces, which keeps a gap from numbers and Latin words; its units, which keep none
    script: str = ""
    script_units: str = ""
    #: a spreadsheet's number format of amounts
    workbook_money: str = "#,##0"

    @cached_property
    def _form(self) -> Callable[[int], int]:
        return c2py(self.plural)

    def of_count(self, forms: Sequence[str], count: float | str) -> str:
        """The form of a text that a count takes; what is not whole takes the last."""
        number = float(count)
        return forms[self._form(int(number)) if number.is_integer() else -1]

    @cached_property
    def own_names(self) -> tuple[str, ...]:
        """Fields of a plan's names in the order in which they count."""
        return tuple(f"name_{language}" for language in self.own_first)

    @cached_property
    def counted(self) -> tuple[tuple[float, float, str], ...]:
        """From which number as it is rounded to four digits, what it is divided by, and the words."""
        return tuple((max(step, WRITTEN_OUT) * 0.99995, step, word) for step, word in self.steps)

    @cached_property
    def marks(self) -> dict[int, int] | None:
        """Python's marks in a number as this language has them; None where they are the same."""
        return None if (self.group, self.point) == (",", ".") else str.maketrans(",.", self.group + self.point)

    @cached_property
    def _gaps(self) -> tuple[re.Pattern, re.Pattern]:
        """Where a gap is wanted at the edge of a value, and where it is not."""
        own = f"[{self.script}]"
        return (re.compile(f"(?<={own}){_EDGE}+(?=[A-Za-z0-9+±−])|(?<=[A-Za-z0-9]){_EDGE}+(?={own})"),
                re.compile(f"(?<=[{self.script_units}]){_EDGE} (?={own})"))

    def filled(self, text: str, values: Mapping[str, object]) -> str:
        """A text with its placeholders filled in.

        What a placeholder holds is not known where the text is written: "272.7 万元" and "4.5%" end differently. What
        stands inside a value is left as it is.
        """
        if not self.script:
            return _whole(text.format(**values))
        edged = text.format(**{name: f"{_EDGE}{value}{_EDGE}" for name, value in values.items()})
        gap, none = self._gaps
        return gap.sub(" ", none.sub("", edged)).replace(_EDGE, "")


def _whole(text: str) -> str:
    """A sign and its ¥ stay on one line: a browser may break between them."""
    for sign in "−+±" if "¥" in text else "":
        text = text.replace(f"{sign}¥", f"{sign}\u2060¥")
    return text


def read(folder: Path) -> dict[str, Language]:
    """The languages whose folders stand here, in the order of the switch."""
    found = {path.parent.name: _read(path) for path in folder.glob(f"*/{RULES}")}
    return dict(sorted(found.items(), key=lambda item: (item[1].place, item[0])))


def _read(path: Path) -> Language:
    """The rules in a file; its headings are for the eye."""
    rules = tomllib.loads(path.read_text(encoding="utf-8"))
    return Language(**dict(chain.from_iterable(v.items() if isinstance(v, dict) else [(k, v)] for k, v in rules.items())))


def of_browser(languages: Mapping[str, Language], locale: str) -> str | None:
    """The language that a browser asks for, as "zh-TW" asks for zh; None where it is not spoken here."""
    asked = locale.lower().replace("_", "-")
    return next((code for code in languages if f"{asked}-".startswith(f"{code.lower()}-")), None)
