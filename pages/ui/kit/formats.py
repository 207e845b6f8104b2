"""Numbers as people read them: 万/亿 with at most four significant digits in Chinese, K/M/B in English, pp for rates."""

from __future__ import annotations

import math

from model import units as u
from model.units import Unit
from pages.ui.kit.texts import language, t

DASH = "—"
MINUS = "−"
_STEPS = {"zh": ((1e8, "亿"), (1e4, "万")), "en": ((1e9, "B"), (1e6, "M"), (1e3, "K"))}
#: thousands are written out up to this, as 8,350 is in both languages
_WRITTEN_OUT = 1e4
_MONEY = ("yuan", "yuan_each", "yuan_per_1000")


def _digits(value: float, most: int = 4) -> str:
    """At most `most` significant digits, thousands grouped, no trailing zeros after the point."""
    if value == 0:
        return "0"
    places = max(0, most - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{min(places, 6)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def short(value: float) -> str:
    """A count or amount, shortened: 1.115 亿, 1,320 万, 8,350; 111.5M, 13.2M, 8,350."""
    if not math.isfinite(value):
        return DASH
    size = abs(value)
    for step, word in _STEPS[language()]:
        if size >= max(step, _WRITTEN_OUT) * 0.99995:
            gap = " " if language() == "zh" else ""
            return f"{_digits(value / step)}{gap}{word}"
    return _digits(value)


def signed(text: str) -> str:
    """A number's text with a true minus sign in front of everything, and none before a zero."""
    if "-" not in text and MINUS not in text:
        return text
    text = text.replace("-", "").replace(MINUS, "")
    return MINUS + text if any(c in "123456789" for c in text) else text


def money(value: float) -> str:
    """Money with its unit: 1.115 亿元 or ¥111.5M."""
    if not math.isfinite(value):
        return DASH
    text = short(round(value, 2))
    if language() == "zh":
        return signed(f"{text}元" if text[-1] in "亿万" else f"{text} 元")
    return signed(f"¥{text}")


def rate(value: float, decimals: int = 1) -> str:
    return signed(f"{value * 100:.{decimals}f}%") if math.isfinite(value) else DASH


def number(value: float | None, unit: Unit) -> str:
    """A value in its unit, with the unit."""
    if value is None or not math.isfinite(value):
        return DASH
    if unit.key == "yuan":
        return money(value)
    if unit.key in _MONEY:
        text = f"{value:,.{unit.decimals}f}"
        if language() == "zh":
            return signed(f"{text} {t(f'unit.{unit.key}.label')}")
        return signed(f"¥{text} per 1,000" if unit.key == "yuan_per_1000" else f"¥{text}")
    if unit.scale == 100:
        return rate(value, unit.decimals)
    return bare(value, unit)


def bare(value: float, unit: Unit) -> str:
    """A value without the word of its unit, where the unit stands beside it already."""
    if value is None or not math.isfinite(value):
        return DASH
    if unit.scale == 100:
        return rate(value, unit.decimals)
    if unit in (u.RATIO, u.FACTOR):
        return signed(f"{value:.2f}")
    if unit.decimals == 0:  # people, orders and days are whole where they are written out
        return signed(short(float(round(value)) if 1 <= abs(value) < _WRITTEN_OUT else value))
    return signed(f"{value:,.{unit.decimals}f}")


def difference(value: float, unit: Unit) -> str:
    """A signed difference: money as money, rates in percentage points."""
    if value is None or not math.isfinite(value):
        return DASH
    sign = "+" if value > 0 else MINUS if value < 0 else "±"
    if unit.scale == 100:
        points = f"{abs(value) * 100:.{max(1, unit.decimals)}f}"
        return f"{sign if float(points) else '±'}{points} {t('format.pp')}"
    return sign + number(abs(value), unit)


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
    step, word = next(((s, w) for s, w in _STEPS[language()]
                      if max(abs(value), error) >= max(s, _WRITTEN_OUT) * 0.99995), (1.0, ""))
    sign = plus if value > 0 else MINUS if value < 0 else ""
    size_, doubt = _digits(abs(value) / step), _digits(error / step, 2)
    return f"{sign}{size_} ± {doubt} {word}元" if language() == "zh" else f"{sign}¥{size_}{word} ± {doubt}{word}"


def percent_change(value: float) -> str:
    return f"{abs(value) * 100:.1f}%" if math.isfinite(value) else DASH


def money_unit() -> tuple[float, str]:
    """What a chart's axis counts money in: (divisor, word)."""
    return (1e4, t("format.wan_yuan")) if language() == "zh" else (1e6, t("format.million_yuan"))


def money_power() -> int:
    """The power of ten that `money_unit` counts in."""
    return round(math.log10(money_unit()[0]))


def month(label: str) -> str:
    """"2027-06" as 6月 or Jun, with the year where it is a January or the plan is longer."""
    number_ = int(label[5:])
    return f"{number_}月" if language() == "zh" else t(f"format.month_{number_:02d}")


def sure(chance: float, error: float) -> str:
    """A chance with the error of its computation: two standard errors."""
    if not math.isfinite(chance):
        return DASH
    return t("risk.sure", chance=f"{100 * chance:.1f}", error=f"{max(200 * error, 0.05):.1f}")
