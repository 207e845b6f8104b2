"""Numbers as people read them: at most four significant digits, in the steps and by the patterns of the reader's language."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from model import units as u
from model.units import Unit
from pages.ui.kit.languages import WRITTEN_OUT, Language
from pages.ui.kit.texts import rules, t

DASH = "—"
MINUS = "−"
#: what amounts are counted in: (divisor, word)
Step = tuple[float, str]
#: what stands in the text of a number that is not rounded to zero
_MORE_THAN_ZERO = re.compile("[1-9]").search
#: decimals of the least difference of rates that is told from none, in percentage points
_LEAST_POINTS = 4


def fixed(value: float, decimals: int, flags: str = ",") -> str:
    """A number with so many decimals. flags: "," groups thousands, "+" gives a gain its sign."""
    return _marked(f"{value:{flags}.{decimals}f}", rules())


def _marked(text: str, spoken: Language) -> str:
    """A number as Python writes it with the language's marks; no minus before a zero."""
    text = text if _MORE_THAN_ZERO(text) else text.removeprefix("-")
    return text.translate(spoken.marks) if spoken.marks else text


def _digits(value: float, spoken: Language, most: int = 4) -> str:
    """At most `most` significant digits, thousands grouped, no trailing zeros after the point."""
    if value == 0:
        return "0"
    places = max(0, most - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{min(places, 6)}f}"
    return _marked(text.rstrip("0").rstrip(".") if "." in text else text, spoken)


def _steps(size: float, spoken: Language) -> list[Step]:
    """What a number of this size may be counted in, the largest first; 1 and no word where it is written out."""
    return [(step, word) for least, step, word in spoken.counted if size >= least] or [(1.0, "")]


def _shortened(value: float, spoken: Language, step: Step | None = None) -> tuple[str, str]:
    """A count or amount, shortened, and the gap before the word of what is counted."""
    if not math.isfinite(value):
        return DASH, spoken.gap
    divisor, word = step or _steps(abs(value), spoken)[0]
    return _digits(value / divisor, spoken) + word, spoken.gap_after_step if word else spoken.gap


def short(value: float, step: Step | None = None) -> str:
    """A count or amount, shortened: 1.115 亿, 1,320 万, 8,350; 111.5M, 13.2M, 8,350.

    step: what it is counted in, where it stands beside another; default: what suits its size.
    """
    return _shortened(value, rules(), step)[0]


def counted(value: float, key: str) -> str:
    """A shortened number with the word of what is counted, the text of a key: 13.4 万人, 950 人; 134K people, 1 person."""
    text, gap = _shortened(value, rules())
    return f"{text}{gap}{t(key, count=f'{value:.4g}')}"


def signed(text: str) -> str:
    """A number's text with a true minus sign in front of everything, and none before a zero."""
    if "-" not in text and MINUS not in text:
        return text
    text = text.replace("-", "").replace(MINUS, "")
    return MINUS + text if _MORE_THAN_ZERO(text) else text


def money(value: float, step: Step | None = None) -> str:
    """Money with its unit: 1.115 亿元 or ¥111.5M."""
    if not math.isfinite(value):
        return DASH
    spoken = rules()
    text, gap = _shortened(round(value, 2), spoken, step)
    return signed(spoken.yuan.format(number=text, gap=gap))


def money_in_full(value: float) -> str:
    """Money to the yuan: where amounts stand in a sum that a reader adds up."""
    spoken = rules()
    return signed(spoken.yuan.format(number=_marked(f"{value:,.0f}", spoken), gap=spoken.gap)) if math.isfinite(value) else DASH


def rate(value: float, decimals: int = 1) -> str:
    if not math.isfinite(value):
        return DASH
    spoken = rules()
    return signed(_marked(f"{value * 100:.{decimals}f}", spoken) + spoken.percent)


def number(value: float | None, unit: Unit, step: Step | None = None) -> str:
    """A value in its unit, with the unit."""
    if value is None or not math.isfinite(value):
        return DASH
    if unit.key == "yuan":
        return money(value, step)
    if unit.key in ("yuan_each", "yuan_per_1000"):
        spoken = rules()
        return signed(getattr(spoken, unit.key).format(number=_marked(f"{value:,.{unit.decimals}f}", spoken)))
    return bare(value, unit, step)


def bare(value: float, unit: Unit, step: Step | None = None) -> str:
    """A value without the word of its unit, where the unit stands beside it already."""
    if value is None or not math.isfinite(value):
        return DASH
    if unit.scale == 100:
        return rate(value, unit.decimals)
    if unit in (u.RATIO, u.FACTOR):
        return signed(fixed(value, 2, ""))
    if unit.decimals == 0:  # people, orders and days are whole where they are written out
        return signed(short(float(round(value)) if 1 <= abs(value) < WRITTEN_OUT else value, step))
    return signed(fixed(value, unit.decimals))


def ends(low: float, high: float, unit: Unit, write: Callable[[float, Unit, Step], str] = number) -> tuple[str, str]:
    """Both ends of a range, counted in one unit: 0.9602 亿元 and 1.1 亿元, never 9,602 万元 and 1.1 亿元.

    In the larger one's unit, or the next smaller ones until the lesser is a hundredth of it. write: number, bare or difference.
    """
    sizes = [abs(x) for x in (low, high) if math.isfinite(x)] or [0.0]
    steps, least = _steps(max(sizes), rules()), min(sizes)
    step = next((s for s in steps if least == 0 or least >= s[0] / 100), steps[-1])
    return write(low, unit, step), write(high, unit, step)


def between(low: float, high: float, unit: Unit, write: Callable[[float, Unit, Step], str] = number) -> str:
    """A range in a cell: 0.9602 亿元 – 1.1 亿元."""
    return " – ".join(ends(low, high, unit, write))


def difference(value: float, unit: Unit, step: Step | None = None) -> str:
    """A signed difference: money as money, rates in percentage points, with one decimal where that says more than zero."""
    if value is None or not math.isfinite(value):
        return DASH
    sign = "+" if value > 0 else MINUS
    if unit.scale == 100:
        shown = (fixed(abs(value) * 100, digits, "") for digits in range(max(1, unit.decimals), _LEAST_POINTS + 1))
        points = next(filter(_MORE_THAN_ZERO, shown), fixed(0.0, max(1, unit.decimals), ""))
        return f"{sign if _MORE_THAN_ZERO(points) else '±'}{points}\u00a0{t('format.pp')}"
    text = number(abs(value), unit, step)
    return ("±" if none(text) else sign) + text


def none(text: str) -> bool:
    """Whether the text of a difference says that there is none."""
    return text != DASH and not _MORE_THAN_ZERO(text)


def size(value: float, unit: Unit) -> str:
    """The size of a difference, without its sign."""
    text = difference(abs(value), unit)
    return text.lstrip("+±") if text != DASH else text


def with_error(value: float, error: float, plus: str = "") -> str:
    """Money with the error of its computation, both counted in the same unit: 21.17 ± 0.57 万元, ¥211.7K ± 5.7K.

    error: two standard errors, in yuan. plus: the sign of a gain.
    """
    if not (math.isfinite(value) and math.isfinite(error)):
        return DASH
    spoken = rules()
    step, word = _steps(max(abs(value), error), spoken)[0]
    said = _digits(abs(value) / step, spoken)
    sign = "" if none(said) else plus if value > 0 else MINUS
    return sign + spoken.with_error.format(number=said, error=_digits(error / step, spoken, 2),
                                           step=word, gap=spoken.gap_after_step if word else spoken.gap)


def percent_change(value: float) -> str:
    """A change's size, where words say its direction."""
    return rate(abs(value))


def growth(value: float) -> str:
    """A relative change with its sign; none before a zero."""
    text = rate(value)
    return "+" + text if value > 0 and not none(text) else text


def money_unit() -> tuple[float, str]:
    """What a chart's axis counts money in: (divisor, word)."""
    divisor, word = rules().money_axis
    return divisor, word


def axis_unit(unit: Unit) -> tuple[float, str]:
    """What a chart's axis counts a unit in: (divisor, word)."""
    if unit == u.YUAN:
        return money_unit()
    return 1 / unit.scale, "%" if unit.scale == 100 else t(f"unit.{unit.key}.label")


def money_power() -> int:
    """The power of ten that `money_unit` counts in."""
    return round(math.log10(money_unit()[0]))


def month(label: str) -> str:
    """"2027-06" as 6月 or Jun."""
    return rules().months[int(label[5:]) - 1]


def sure(chance: float, error: float) -> str:
    """A chance with the error of its computation: two standard errors."""
    if not math.isfinite(chance):
        return DASH
    return t("risk.sure", chance=fixed(100 * chance, 1, ""), error=doubt(error))


def doubt(error: float) -> str:
    """The error of a chance in percentage points: two standard errors, never less than what rounding hides."""
    return fixed(max(200 * error, 0.05), 1, "")
