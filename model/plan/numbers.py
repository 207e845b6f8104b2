"""The one reader of numbers as people and spreadsheets write them, for every door: files, forms, grids and pastes.

    read_number("1.2万", YUAN)     12000.0       money and counts may be in 千, 万, 亿, K, M, B
    read_number("3.30%", RATE)     0.033         stored units: a bare 3.30 would be 330 %
    read_shown("3.30", RATE)       0.033         shown units, as a form or grid says them: 3.30 and 3.30% are the same
    read_number("(75,500)", YUAN)  -75500.0      as accounts write it; so are "-" for nothing, ¥, 元, full-width digits, …

Decimal marks: with both marks the last one is the decimal mark, and a mark that stands more than once parts thousands.
A mark with three digits behind it and no leading 0 could be either (`mark_of` says EITHER): 1,234 is 1234 and 1.234 is
1.234, unless the decimal mark of the file is said to be a comma. Anything else is a decimal (0,085 and 64,5).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable

from model import units as u
from model.units import Unit, shown_of


class NotANumber(ValueError):
    """A text that is no number of this unit."""


EITHER = "either"
#: longest text and longest digits that are looked at; more is no number
_LONGEST, _LONGEST_DIGITS = 60, 40
#: digits that a cell or field shows beyond those of its unit, where they are there
_MORE, _MORE_COUNTED = 2, 4
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣"), "-")
#: what stands for a mark of ours on a Chinese keyboard or in a spreadsheet of another country
_MARKS = str.maketrans("，。．´’ʼ`￥٫٬", ",..''''¥.,")
_TIMES = {
    "": 0, "k": 3, "m": 6, "b": 9, "bn": 9, "thousand": 3, "million": 6, "billion": 9,
    "千": 3, "w": 4, "万": 4, "萬": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "億": 8, "万亿": 12,
}
_PARTS = {"": 0, "%": 2, "‰": 3}
_MONEY = (u.YUAN, u.YUAN_EACH, u.YUAN_PER_1000)
#: NUMBER is the unit of rows that count in another row's unit, such as targets: they may be anything
_IN_MONEY = (*_MONEY, u.NUMBER)
_IN_PER_CENT = (u.RATE, u.FINE_RATE, u.FACTOR, u.RATIO, u.NUMBER)
_LARGE = (*_MONEY, u.NUMBER, u.PEOPLE, u.ORDERS, u.IMPRESSIONS, u.CLICKS)
#: thousands are parted in what is shown of these
_GROUPED_UNITS = frozenset({*_MONEY, u.PEOPLE, u.ORDERS, u.IMPRESSIONS, u.CLICKS})

_TIMES_WORDS = "|".join(sorted(_TIMES, key=len, reverse=True))
_SHAPE = re.compile(
    r"(?P<open>\()?\s*(?P<sign>[+-]?)\s*(?P<money>¥|cn¥|cny|rmb|人民币)?\s*(?P<sign2>[+-]?)\s*"
    r"(?P<body>[0-9.,' ]*[0-9.])(?:e(?P<power>[+-]?[0-9]{1,4}))?\s*"
    rf"(?P<times>{_TIMES_WORDS})\s*(?P<part>[%‰]?)\s*(?P<money2>元整?|块|圆|yuan|cny|rmb)?\s*(?P<close>\))?")
_SPACED = re.compile(r"[1-9]\d{0,2}(?:([ '])\d{3})(?:\1\d{3})*(?:[.,]\d+)?")
#: 1,234 and 12,345,678: thousands in groups of three; never after a leading 0, so that 0,085 is no 85
_BY = {mark: re.compile(rf"[1-9]\d{{0,2}}(?:[{mark}]\d{{3}})+") for mark in ",."}
_DECIMAL = {mark: re.compile(rf"\d*[{mark}]\d+") for mark in ",."}


def read_number(text: str, unit: Unit, decimal_comma: bool | None = None) -> float | int:
    """The number that a text says, in stored units: a bare 0.38 is 38 %. Raises NotANumber."""
    return _read(text, unit, decimal_comma, 0)


def read_shown(text: str, unit: Unit, power: int = 0) -> float | int:
    """The same where the unit stands beside the text: a bare 38 is 38 % in a column of per cent.

    power: of ten that the words beside it count in, as 万元 counts in 10⁴; 1320 and 1,320万 are then the same.
    """
    return _read(text, unit, None, _digits_of(unit) - power)


def written(stored: float, unit: Unit, power: int = 0) -> str:
    """A number for a cell or field, in shown units and without their word: what `read_shown` reads.

    The digits of the unit; up to two more where the number has them, four where it is counted in a power of ten.
    """
    most = unit.decimals + (_MORE_COUNTED if power else _MORE)
    value = round(shown_of(stored, unit) / 10 ** power, most)
    text = f"{value:{',' if unit in _GROUPED_UNITS else ''}.{most}f}"
    whole, point, digits = text.partition(".")
    digits = digits[:unit.decimals] + digits[unit.decimals:].rstrip("0")
    text = whole + point * bool(digits) + digits
    return text if any(c in "123456789" for c in text) else text.lstrip("-")


def mark_of(text: str) -> str:
    """The decimal mark that a text has: "," or "."; EITHER where it may be one or part thousands; "" where none is seen."""
    shape = _SHAPE.fullmatch(_plain(text))
    body = shape["body"].strip() if shape else ""
    if "," in body and "." in body:
        return max(",.", key=body.rindex)
    mark = next((m for m in ",." if m in body), "")
    if not mark:
        return ""
    if body.count(mark) > 1:
        return ",."[mark == ","] if _BY[mark].fullmatch(body) else ""
    return EITHER if _BY[mark].fullmatch(body) else mark


def decimal_comma_of(cells: Iterable[str]) -> bool | None:
    """Whether the decimal mark of these cells is a comma: False also where none has a mark, None where some have one
    and some the other, so that only the writer knows what an EITHER among them means."""
    marks = {mark_of(cell) for cell in cells}
    return None if {",", "."} <= marks else "," in marks


def _digits_of(unit: Unit) -> int:
    return round(math.log10(unit.scale))


def _plain(text: str) -> str:
    """The text in plain digits and marks: no signs that cannot be seen, no full-width forms, one kind of space and dash."""
    text = text[:_LONGEST + 1].translate(_MARKS)
    if not (text.isascii() and text.isprintable()):
        text = "".join(map(_plain_sign, text.translate(_DASHES)))
    return text.strip().lstrip("'").strip().lower()


def _plain_sign(c: str) -> str:
    if c.isspace():
        return " "
    if unicodedata.category(c) in ("Cf", "Cc", "Mn"):
        return ""
    digit = unicodedata.decimal(c, None)
    wide = chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c
    return wide if digit is None else str(digit)


def _read(text: str, unit: Unit, comma: bool | None, shift: int) -> float | int:
    plain = _plain(text)
    if plain in ("nan", "inf", "-inf", "+inf", "infinity"):
        return float(plain)
    if unit in _MONEY and plain.strip("¥元 ") in ("-", "--"):
        return 0.0
    shape = _SHAPE.fullmatch(plain)
    if shape is None or len(plain) > _LONGEST or not _fits(shape, unit):
        raise NotANumber(text)
    part = _PARTS[shape["part"]]
    own = shape["times"] or shape["money2"]  # says itself what it counts in
    power = int(shape["power"] or 0) + _TIMES[shape["times"]] - (part or (0 if own else shift))
    value = float(f"{_digits(shape['body'].strip(), comma, text)}e{power}") + 0.0
    if shape["open"] or "-" in (shape["sign"], shape["sign2"]):
        value = 0.0 - value
    return int(value) if unit.whole and math.isfinite(value) and value == int(value) else value


def _fits(shape: re.Match, unit: Unit) -> bool:
    """Whether signs and words fit each other and the unit: no per cent of money, no 万 of per cent, one sign."""
    signs = (shape["sign"] + shape["sign2"]) + ("-" if shape["open"] else "")
    return (bool(shape["open"]) == bool(shape["close"]) and len(signs) < 2
            and not (shape["times"] and (shape["part"] or unit not in _LARGE))
            and not (shape["part"] and unit not in _IN_PER_CENT)
            and not ((shape["money"] or shape["money2"]) and (shape["part"] or unit not in _IN_MONEY)))


def _digits(body: str, comma: bool | None, text: str) -> str:
    """The digits with a decimal point and nothing else."""
    if " " in body or "'" in body:
        if not _SPACED.fullmatch(body):
            raise NotANumber(text)
        body = body.replace(" ", "").replace("'", "")
        comma = "," in body
    elif "," in body and "." in body:
        comma = body.rindex(",") > body.rindex(".")
    elif body.count(",") > 1 or body.count(".") > 1:
        comma = "." in body
    elif _DECIMAL[","].fullmatch(body) and not _BY[","].fullmatch(body):
        comma = True
    elif _DECIMAL["."].fullmatch(body) and not _BY["."].fullmatch(body):
        comma = False
    mark, group = (",", ".") if comma else (".", ",")
    head, point, tail = body.partition(mark)
    if _BY[group].fullmatch(head):
        head = head.replace(group, "")
    if not (head + tail).isdigit() or len(head + tail) >= _LONGEST_DIGITS:
        raise NotANumber(text)
    return head + point.replace(",", ".") + tail
