"""Numbers as people read them: at most four significant digits, 万 and 亿, K M B, points, dashes, true minus signs."""

from __future__ import annotations

import math
import re
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import units as u
from model.units import Unit
from pages.ui.kit import formats, texts

NUMBERS = [unit for unit in vars(u).values() if isinstance(unit, Unit) and unit.is_number]
FACTORS = {"万": 1e4, "亿": 1e8, "K": 1e3, "M": 1e6, "B": 1e9}


class In:
    """The language of formats, switched in a test."""

    def __init__(self, patch):
        self.patch = patch

    def __call__(self, language: str) -> None:
        self.patch.setattr(texts, "language", lambda: language)


@pytest.fixture
def speak(monkeypatch):
    return In(monkeypatch)


def read(text: str) -> float:
    """The number that a shortened text says."""
    number, word = re.fullmatch(r"([−-]?[\d,.]+)\s?([万亿KMB]?)", text).groups()
    return float(number.replace(",", "").replace("−", "-")) * FACTORS.get(word, 1)


def digits(text: str) -> int:
    """Significant digits shown."""
    number = re.search(r"[\d,.]+", text).group().replace(",", "")
    return len(number.replace(".", "").lstrip("0")) if "." in number else len(number.strip("0") or "0")


@pytest.mark.parametrize(("value", "zh", "en"), [
    (0, "0", "0"), (1, "1", "1"), (12.5, "12.5", "12.5"), (999, "999", "999"), (999.94, "999.9", "999.9"),
    (999.96, "1,000", "1,000"), (1000, "1,000", "1,000"), (8350, "8,350", "8,350"), (9999, "9,999", "9,999"),
    (9999.4, "9,999", "9,999"), (9999.5, "1\u00a0万", None), (9999.6, "1\u00a0万", "10K"), (10_000, "1\u00a0万", "10K"),
    (12_346, "1.235\u00a0万", "12.35K"), (99_996, "10\u00a0万", "100K"),
    (123_456, "12.35\u00a0万", "123.5K"), (999_949, "99.99\u00a0万", "999.9K"), (999_950, "100\u00a0万", "1M"), (999_960, "100\u00a0万", "1M"),
    (13_200_000, "1,320\u00a0万", "13.2M"), (99_994_999, "9,999\u00a0万", "99.99M"), (99_995_000, "1\u00a0亿", "100M"),
    (99_999_999, "1\u00a0亿", "100M"), (100_000_000, "1\u00a0亿", "100M"), (111_512_345, "1.115\u00a0亿", "111.5M"),
    (999_949_999, "9.999\u00a0亿", "999.9M"), (999_960_000, "10\u00a0亿", "1B"), (1_000_000_000, "10\u00a0亿", "1B"),
    (98_765_432_100, "987.7\u00a0亿", "98.77B"), (0.5, "0.5", "0.5"), (0.12346, "0.1235", "0.1235"), (1.00004, "1", "1"),
    (-8350, "−8,350", "−8,350"), (-13_200_000, "−1,320\u00a0万", "−13.2M"), (-9999.6, "−1\u00a0万", "−10K"),
    (float("nan"), "—", "—"), (float("inf"), "—", "—"), (-float("inf"), "—", "—"),
])
def test_short(speak, value, zh, en):
    speak("zh")
    assert formats.short(value).replace("-", "−") == zh
    speak("en")
    assert en is None or formats.short(value).replace("-", "−") == en


@pytest.mark.parametrize("language", ["zh", "en"])
@given(value=st.floats(0.01, 9e11) | st.integers(1, 10**11) | st.sampled_from(
    [s * 10.0**e * f for e in range(-1, 12) for s in (1, 9.9994, 9.9995, 9.9996, 9.99949) for f in (1, -1)]))
def test_at_most_four_digits_and_true_to_half_a_unit_of_the_last(language, value):
    with pytest.MonkeyPatch.context() as patch:
        In(patch)(language)
        text = formats.short(value)
    assert digits(text) <= 4, text
    assert read(text) == pytest.approx(value, rel=5.1e-4), text
    assert "e" not in text.lower() and not re.search(r"\.\d*0(\s|$|[万亿KMB])", text)


@pytest.mark.parametrize("language", ["zh", "en"])
@given(st.floats(1, 9e11), st.floats(1, 9e11))
def test_a_larger_number_never_reads_smaller(language, a, b):
    with pytest.MonkeyPatch.context() as patch:
        In(patch)(language)
        low, high = (formats.short(v) for v in sorted((a, b)))
    assert read(low) <= read(high) * (1 + 1e-12)


@pytest.mark.parametrize(("value", "zh", "en"), [
    (111_512_345, "1.115\u00a0亿元", "¥111.5M"), (13_200_000, "1,320\u00a0万元", "¥13.2M"), (8350, "8,350\u00a0元", "¥8,350"),
    (0, "0\u00a0元", "¥0"), (-2_650_000, "−265\u00a0万元", "−¥2.65M"), (-800, "−800\u00a0元", "−¥800"), (float("nan"), "—", "—"),
    (float("inf"), "—", "—"), (0.4, "0.4\u00a0元", "¥0.4"), (-0.0, "0\u00a0元", "¥0"),
])
def test_money_never_stands_without_its_unit(speak, value, zh, en):
    speak("zh")
    assert formats.money(value) == zh
    speak("en")
    assert formats.money(value) == en


@pytest.mark.parametrize(("value", "decimals", "text"), [
    (0.123456, 1, "12.3%"), (0.123456, 2, "12.35%"), (0, 1, "0.0%"), (1, 1, "100.0%"), (-0.021, 1, "−2.1%"),
    (12.5, 1, "1250.0%"), (float("nan"), 1, "—"), (float("-inf"), 1, "—"), (-0.0001, 1, "0.0%"),
])
def test_rates_have_one_decimal_unless_small(speak, value, decimals, text):
    assert formats.rate(value, decimals) == text


@pytest.mark.parametrize(("value", "unit", "zh", "en"), [
    (237.05, u.YUAN_EACH, "237.05\u00a0元", "¥237.05"), (1234.5, u.YUAN_EACH, "1,234.50\u00a0元", "¥1,234.50"),
    (46.44, u.YUAN_PER_1000, None, "¥46.4\u00a0per 1,000"), (0.0319, u.FINE_RATE, "3.19%", "3.19%"), (0.413, u.RATE, "41.3%", "41.3%"),
    (3.456, u.RATIO, "3.46", "3.46"), (1.05, u.FACTOR, "1.05", "1.05"), (123_456, u.ORDERS, "12.35\u00a0万", "123.5K"),
    (150, u.DAYS, "150", "150"), (322.7, u.PEOPLE, "323", "323"), (3_269_500.3, u.CLICKS, "327\u00a0万", "3.27M"), (12.34, u.TIMES, "12.3", "12.3"), (1.5, u.NUMBER, "1.50", "1.50"),
    (13_200_000, u.YUAN, "1,320\u00a0万元", "¥13.2M"), (None, u.YUAN, "—", "—"), (float("nan"), u.RATE, "—", "—"),
])
def test_a_number_in_its_unit(speak, value, unit, zh, en):
    for language, expected in (("zh", zh), ("en", en)):
        speak(language)
        if expected is not None:
            assert formats.number(value, unit) == expected


@pytest.mark.parametrize(("value", "unit", "zh", "en"), [
    (0.004, u.RATE, "+0.4\u00a0个百分点", "+0.4\u00a0pp"), (-0.0123, u.RATE, "−1.2\u00a0个百分点", "−1.2\u00a0pp"),
    (0.0004, u.FINE_RATE, "+0.04\u00a0个百分点", "+0.04\u00a0pp"), (0, u.RATE, "±0.0\u00a0个百分点", "±0.0\u00a0pp"),
    (1_200_000, u.YUAN, "+120\u00a0万元", "+¥1.2M"), (-1_200_000, u.YUAN, "−120\u00a0万元", "−¥1.2M"), (0.25, u.RATIO, "+0.25", "+0.25"),
    (float("nan"), u.RATE, "—", "—"), (float("inf"), u.YUAN, "—", "—"), (None, u.RATE, "—", "—"),
])
def test_differences_of_rates_are_in_percentage_points(speak, value, unit, zh, en):
    speak("zh")
    assert formats.difference(value, unit) == zh
    speak("en")
    assert formats.difference(value, unit) == en


@pytest.mark.parametrize(("value", "error", "zh", "en"), [
    (211_700, 5_721, "21.17 ± 0.57\u00a0万元", "¥211.7K ± 5.7K"), (-39_860, 527, "−3.986 ± 0.053\u00a0万元", "−¥39.86K ± 0.53K"),
    (9_727, 13_730, "0.9727 ± 1.4\u00a0万元", "¥9.727K ± 14K"), (800, 40, "800 ± 40\u00a0元", "¥800 ± 40"), (0, 0, "0 ± 0\u00a0元", "¥0 ± 0"),
    (float("nan"), 1, "—", "—"),
])
def test_money_and_its_error_are_counted_in_one_unit(speak, value, error, zh, en):
    for language, text in (("zh", zh), ("en", en)):
        speak(language)
        assert formats.with_error(value, error) == text
    assert formats.with_error(211_700, 5_721, plus="+") == "+¥211.7K ± 5.7K"


@pytest.mark.parametrize(("low", "high", "unit", "zh", "en"), [
    (9.602e7, 1.1e8, u.YUAN, "0.9602\u00a0亿元 – 1.1\u00a0亿元", "¥96.02M – ¥110M"),
    (9.602e8, 1.1e9, u.YUAN, "9.602\u00a0亿元 – 11\u00a0亿元", "¥0.9602B – ¥1.1B"),
    (50_000, 1.1e8, u.YUAN, "5\u00a0万元 – 11,000\u00a0万元", "¥0.05M – ¥110M"),
    (500, 1.32e7, u.YUAN, "0.05\u00a0万元 – 1,320\u00a0万元", "¥0.5K – ¥13,200K"), (300, 8_350, u.YUAN, "300\u00a0元 – 8,350\u00a0元", "¥300 – ¥8,350"),
    (-3.2e6, 8_000, u.YUAN, "−320\u00a0万元 – 0.8\u00a0万元", "−¥3,200K – ¥8K"),
    (300, 1.2e8, u.YUAN, "0.03\u00a0万元 – 12,000\u00a0万元", "¥0.3K – ¥120,000K"), (0, 2e8, u.YUAN, "0\u00a0亿元 – 2\u00a0亿元", "¥0M – ¥200M"),
    (0.1, 0.25, u.RATE, "10.0% – 25.0%", "10.0% – 25.0%"), (9_000, 120_000, u.PEOPLE, "0.9\u00a0万 – 12\u00a0万", "9K – 120K"),
    (math.nan, 1e6, u.YUAN, "— – 100\u00a0万元", "— – ¥1M"),
])
def test_both_ends_of_a_range_are_counted_in_one_unit(speak, low, high, unit, zh, en):
    for language, text in (("zh", zh), ("en", en)):
        speak(language)
        assert formats.between(low, high, unit) == text
        assert formats.ends(low, high, unit) == tuple(text.split(" – "))


def test_gains_between_two_ends_have_signs_and_one_unit(speak):
    speak("zh")
    assert formats.ends(-9.602e7, 1.1e8, u.YUAN, formats.difference) == ("−0.9602\u00a0亿元", "+1.1\u00a0亿元")


def test_the_size_of_a_difference_has_no_sign(speak):
    speak("en")
    assert [formats.size(v, u.RATE) for v in (0.012, -0.012, 0, math.nan)] == ["1.2\u00a0pp", "1.2\u00a0pp", "0.0\u00a0pp", "—"]
    assert formats.size(-1e6, u.YUAN) == "¥1M"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("show", [formats.number, formats.bare, formats.difference], ids=lambda show: show.__name__)
def test_negative_numbers_start_with_a_true_minus_sign_in_every_unit(speak, language, show):
    speak(language)
    texts_ = {(unit.key, value): show(value, unit) for unit in NUMBERS for value in (-1234.5678, -1.2e7, -0.4321, -3.0)}
    assert {k: text for k, text in texts_.items() if not text.startswith("−") or "-" in text or text.count("−") > 1} == {}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("unit", NUMBERS, ids=lambda unit: unit.key)
def test_undefined_is_a_dash(speak, language, unit):
    speak(language)
    for value in (math.nan, math.inf, -math.inf):
        assert {show(value, unit) for show in (formats.number, formats.bare, formats.difference, formats.size)} == {"—"}
    assert formats.percent_change(math.nan) == formats.short(math.nan) == "—"


@pytest.mark.parametrize("unit", NUMBERS, ids=lambda unit: unit.key)
def test_bare_is_the_number_without_the_word(speak, unit):
    speak("en")
    assert formats.bare(0.25, unit) == formats.number(0.25, unit).replace("¥", "").replace("\u00a0per 1,000", "")
    speak("zh")
    assert "元" not in formats.bare(0.25, unit)


def test_axes_and_months(speak):
    speak("zh")
    assert formats.money_unit() == (1e4, "万元")
    assert [formats.month(m) for m in ("2027-01", "2027-12")] == ["1月", "12月"]
    speak("en")
    assert formats.money_unit()[0] == 1e6
    assert [formats.month(m) for m in ("2027-01", "2027-12")] == ["Jan", "Dec"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_line_ends_between_a_number_and_its_unit(speak, language):
    """A browser breaks at a space: none stands between a digit and what it is counted in."""
    speak(language)
    units = [unit for unit in vars(u).values() if isinstance(unit, u.Unit)]
    shown = [write(value, unit) for unit in units for value in (0.25, 12.3, 8350, 1.115e8) for write in (formats.number, formats.difference)]
    shown += [formats.with_error(211_700, 5_721), texts.t("risk.sure", chance=38, error=1), formats.counted(134_000, "customers.people")]
    assert [text for text in shown if re.search(r"\d [^\W\d]", text)] == []


def test_a_difference_that_is_one_is_never_written_as_none(speak):
    """Neighbours have one decimal; more only where that would say zero."""
    speak("en")
    found = [formats.difference(x, u.RATE) for x in (0.0393, 0.0096, 0.0004, -0.00002, 0.0000003)]
    assert found == [f"{x}\u00a0pp" for x in ("+3.9", "+1.0", "+0.04", "−0.002", "±0.0")]
    assert [formats.none(text) for text in found] == [False] * 4 + [True] and not formats.none("—")


@given(st.floats(-1e9, 1e9) | st.floats(-1e-3, 1e-3) | st.sampled_from((-0.0, -0.4, -0.5, -0.004, -0.005, -4.9e-7)))
def test_a_zero_has_no_sign_whatever_it_was_before_it_was_rounded(value):
    """"−0" and "+0.0%" say a direction that nobody can see: in no unit, by no writer, in no language. A lever at rest is at +0%."""
    writers = {"fixed": lambda x: formats.fixed(x, 1), "gain": lambda x: formats.fixed(x, 2, "+"), "growth": formats.growth, "rate": formats.rate,
               "full": formats.money_in_full, "short": formats.short, "error": lambda x: formats.with_error(x, 3.0, "+").split(" ±")[0],
               **{f"{write.__name__} {unit.key}": partial(write, unit=unit) for unit in NUMBERS
                  for write in (formats.number, formats.bare, formats.difference)}}
    for language in ("zh", "en"):
        with texts.speaking(language):
            said = {name: write(value) for name, write in writers.items()}
        assert [x for x in said.items() if formats.none(x[1]) and x[1][0] in ("-−" if x[0] == "gain" else "+-−")] == [], (language, value)
