"""What spreadsheets do to an assumptions table, and back: they take 01 for 1, 2027-01, 01-04 and 1-3 for dates.

The table is therefore written in forms that no spreadsheet takes for something else: an m before months and their spans
(m01, m2027-01, m1-3), a d before days (d01-04, d2027-03-15), a # before other keys that look like numbers, an apostrophe
before such texts. Read are these forms, the plain ones, and what Excel and LibreOffice made of the plain ones in old files.
"""

from __future__ import annotations

import re
import unicodedata

import numpy as np

from model.plan import lists as li
from model.plan.schema import Driver, is_month
from model.units import CHOICE, DATE, DAY, MONTH

#: first three letters of the months' names in English, German, French, Spanish, Italian, Portuguese
_NAMES = ("jan ene gen", "feb fev", "mar mrz mae", "apr avr abr", "may mai mag", "jun giu", "jul lug", "aug aou ago",
          "sep set", "oct okt ott out", "nov", "dec dez dic")
_MONTH_OF = {name: m for m, names in enumerate(_NAMES, 1) for name in names.split()} | {"juin": 6, "juil": 7}
_DATED = (li.MONTH, li.LAST_YEAR)
_NUMBERED = (li.SEASON, li.TIMING)
#: a key of letters, of words joined by _, or a plain number: nothing that a spreadsheet changes
_SAFE_KEY = re.compile(r"(?!true\Z|false\Z)(?:[a-z]+(?:_[a-z0-9_-]*)?|[a-z]+\d+|[1-9]\d{0,9})\Z")
_MONTH_AND_NUMBER = re.compile(r"[a-z]+\d+\Z")
#: days from Excel's first to 2000-01 and 2100-12
_SERIAL = (36_526, 73_415)
#: no date is longer, signs that cannot be seen included
_LONGEST_DATE = 60
_BANDS: dict[tuple[int, ...], str] = {span: key for key, span in li.BANDS.items() if span}


def without_marks(text: str) -> str:
    """A key or heading without what cannot be seen, in half-width signs."""
    if text.isascii() and text.isprintable():  # the common case, and nothing is there to take away
        return text.strip()
    seen = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) not in ("Cf", "Cc"))
    return seen.strip()


# --- out --------------------------------------------------------------------------------------------------------------

def written_key(table: str, key: str) -> str:
    """A row's key as it is written."""
    if table in _DATED or table in _NUMBERED:
        return "m" + key
    named = _MONTH_AND_NUMBER.match(key) and key[:3] in _MONTH_OF
    return key if not key or _SAFE_KEY.match(key) and not named else "#" + key


def written_text(text: str, driver: Driver) -> str:
    """A text value as it is written: months, days and spans of months in their own form, tempting text guarded."""
    if driver.unit == MONTH or driver.key == "period" and is_month(text) or driver.key == "band" and text in _BANDS.values():
        return "m" + text
    return "d" + text if driver.unit in (DAY, DATE) else guarded(text)


def guarded(text: str) -> str:
    """A text behind an apostrophe where a spreadsheet would take it for a number, a date or a truth value."""
    return "'" + text if _tempting(text.lstrip("'")) else text


def unguarded(text: str) -> str:
    """The inverse of `guarded`."""
    return text[1:] if text.startswith("'") and _tempting(text.lstrip("'")) else text


#: signs that numbers, dates and times consist of; what starts a formula is guarded elsewhere
_OF_NUMBERS = re.compile(r"(?![=+@-])[\d\s.,:;/%¥￥$€年月日时分秒'()+eE-]*\d[\d\s.,:;/%¥￥$€年月日时分秒'()+eE-]*\Z")


def _tempting(text: str) -> bool:
    words = re.findall(r"[^\W\d_]+", text.lower())
    named = len(words) == 1 and words[0][:3] in _MONTH_OF and re.search(r"\d", text)
    return bool(_OF_NUMBERS.match(text) or named or text.lower() in ("true", "false", "nan", "inf"))


# --- in ---------------------------------------------------------------------------------------------------------------

def read_key(table: str, text: str) -> str:
    """A row's key from what is written; what is none is handed on for the report."""
    text = without_marks(text).removeprefix("'").removeprefix("#")
    if table in _DATED:
        return month_of(text)
    if table in _NUMBERED:
        found = re.fullmatch(r"m?0*(\d{1,2})(?:[.,]0+)?月?", text)
        return found[1].zfill(2) if found else text
    return text


def read_text(text: str, driver: Driver) -> str:
    """A text value from what is written."""
    if driver.unit == MONTH or driver.key == "period" and is_month(month_of(text)):
        return month_of(text)
    if driver.unit == DAY:
        return day_of(text)
    if driver.unit == DATE:
        return date_of(text)
    if driver.unit == CHOICE:
        return band_of(without_marks(text)) if driver.key == "band" else without_marks(text)
    return unguarded(text)


def _parts(text: str) -> tuple[list[str], list[int]]:
    """Words and numbers of a date in the order in which they stand, without a time of day; none of a longer text."""
    if len(text) > _LONGEST_DATE:
        return [], []
    text = re.sub(r"[T ]*\b\d{1,2}:\d\d(:\d\d)?.*", "", unicodedata.normalize("NFKD", without_marks(text))).lower()
    words = re.findall(r"[a-z]+", "".join(c for c in text if not unicodedata.combining(c)))
    return words, [int(n) for n in re.findall(r"\d{1,5}", text)]


def _named(words: list[str]) -> int | None:
    """The month that a single word names."""
    if len(words) != 1:
        return None
    return _MONTH_OF.get(words[0][:4]) or _MONTH_OF.get(words[0][:3])


def _month(year: int, month: int, text: str) -> str:
    found = f"{year + 2000 * (year < 100)}-{month:02d}"
    return found if is_month(found) else text


def month_of(text: str) -> str:
    """2027-01 of 2027-1, 2027/01, 2027年1月, m2027-01, 2027/1/1, Jan-27, 27-Jan, 01/2027, 1/1/2027 and a date's number;
    the text itself where it is no month. A day in it must be the first: dates made of months are."""
    words, numbers = _parts(text)
    named = _named(words) if words != ["m"] else None
    if named and len(numbers) in (1, 2) and (len(numbers) == 1 or 1 in numbers[:1]):
        return _month(numbers[-1], named, text)
    if words not in ([], ["m"]):
        return text
    if len(numbers) == 1 and _SERIAL[0] <= numbers[0] <= _SERIAL[1]:
        return str(_of_serial(numbers[0]).astype("datetime64[M]"))
    if len(numbers) == 3 and numbers[0] > 999 and numbers[2] == 1:
        return _month(numbers[0], numbers[1], text)
    if len(numbers) == 3 and numbers[2] > 999 and 1 in numbers[:2]:
        return _month(numbers[2], max(numbers[:2]), text)
    if len(numbers) == 2 and max(numbers) > 999:
        return _month(max(numbers), min(numbers), text)
    return text


def _of_serial(days: int) -> np.datetime64:
    """The date that a spreadsheet shows as its number."""
    return np.datetime64("2000-01-01") + (days - _SERIAL[0])


def day_of(text: str) -> str:
    """01-04 of 1-4, 1/4, d01-04, 1月4日, 4-Jan, Jan-04, 2027/1/4, 01/04/2027; the text itself where it is no day."""
    words, numbers = _parts(text)
    named = _named(words) if words != ["d"] else None
    if named and 1 <= len(numbers) <= 2:
        return f"{named:02d}-{numbers[0] if numbers[0] < 32 else numbers[-1]:02d}"
    if words not in ([], ["d"]) or len(numbers) not in (2, 3):
        return text
    month, day = numbers[1:] if len(numbers) == 3 and numbers[0] > 999 else numbers[:2]
    if len(numbers) == 3 and month > 12:
        month, day = day, month
    dated = len(numbers) == 2 or max(numbers[0], numbers[2]) > 999
    return f"{month:02d}-{day:02d}" if dated and month < 100 and day < 100 else text


def date_of(text: str) -> str:
    """2027-03-15 of 2027-3-15, d2027-03-15, 2027/3/15, 2027年3月15日, 15-Mar-27, 3/15/2027 and a date's number; the text itself
    where it is no day of a year."""
    words, numbers = _parts(text)
    named = _named(words) if words != ["d"] else None
    if named and len(numbers) == 2:
        return _date(numbers[1], named, numbers[0], text)
    if words not in ([], ["d"]):
        return text
    if len(numbers) == 1 and _SERIAL[0] <= numbers[0] <= _SERIAL[1] + 30:
        return str(_of_serial(numbers[0]))
    if len(numbers) != 3 or max(numbers[0], numbers[2]) < 1000:
        return text
    year, month, day = numbers if numbers[0] > 999 else (numbers[2], *numbers[:2])
    return _date(year, *((day, month) if month > 12 else (month, day)), text)


def _date(year: int, month: int, day: int, text: str) -> str:
    return f"{year + 2000 * (year < 100)}-{month:02d}-{day:02d}" if max(month, day) < 100 else text


def band_of(text: str) -> str:
    """1-3 of m1-3, Jan-03, 3-Jan, 1月3日, 01/03/2027, 2027-01-03 and the like; no two bands have a number in common."""
    words, numbers = _parts(text)
    named = _named(words) if words != ["m"] else None
    small = sorted({n for n in numbers if n < 13} | ({named} if named else set()))
    return _BANDS.get(tuple(small), text) if words in ([], ["m"]) or named else text
