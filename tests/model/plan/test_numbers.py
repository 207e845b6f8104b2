"""Numbers as people write them, and the one conversion between stored and shown."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from model import units as u
from model.plan.numbers import EITHER, NotANumber, decimal_comma_of, mark_of, read_number, read_shown, written
from model.plan.schema import DRIVERS
from model.units import shown_of, stored_of

NUMERIC = tuple({d.unit.key: d.unit for d in DRIVERS if d.unit.is_number}.values())

#: text -> yuan
YUAN = {
    "13200000": 13_200_000, "13,200,000": 13_200_000, "13，200，000.50": 13_200_000.5, "13.200.000": 13_200_000,
    "13.200.000,50": 13_200_000.5, "12.345.678": 12_345_678, "13 200 000": 13_200_000, "13\u202f200\xa0000": 13_200_000,
    "13’200’000": 13_200_000, "1'320": 1320, "１，２００，０００": 1_200_000, "１２": 12, "1.32E+07": 13_200_000, "1,32E+07": 13_200_000,
    "1.2万": 12_000, "120万": 1_200_000, "1,320 万": 13_200_000, "1,320万元": 13_200_000, "1.1亿": 110_000_000, "1.1 亿元": 110_000_000,
    "1.115億": 111_500_000, "3千": 3000, "5百万": 5_000_000, "2千万": 20_000_000, "1万亿": 1e12, "10w": 100_000, "12k": 12_000,
    "12K": 12_000, "231.4M": 231_400_000, "1.2B": 1_200_000_000, "¥1,200": 1200, "￥１，２００": 1200, "¥111.5M": 111_500_000,
    "CNY 1,200.50": 1200.5, "1200 RMB": 1200, "1200元": 1200, "人民币 1200 元": 1200, "元 1200": None,
    "−75,500": -75_500, "–5": -5, "—5": -5, "－５": -5, "- 5": -5, "(75,500)": -75_500, "（75,500）": -75_500, "(¥75,500)": -75_500,
    "¥-5": -5, "-¥5": -5, "(-5)": None, "--5": None, "(5": None, "5)": None,
    "-": 0, "—": 0, " - ": 0, "¥ -": 0, "-0": 0, "+12": 12, "'12": 12, "’12": 12,
    "\ufeff12": 12, "1\u200b2": 12, "\u200e12\u200f": 12, "\xa012\xa0": 12, "12。5": 12.5,
    "1,5": 1.5, "0,5": 0.5, "1,234": 1234, "1.234": 1.234, ",5": 0.5, ".5": 0.5, "5.": 5,
    "12%": None, "12‰": None, "1.2万%": None, "abc": None, "": None, "1 2": None, "12 34": None, "1,23,456": None, "1,2,3": None,
    "1.2.3": None, "=1+1": None, "0x10": None, "1e": None, "1_000": None, "12元元": None, "万": None, "①": None, "10²": None,
    "½": None, "∞": None, "9" * 50: None, "1" + "," * 70: None, "12 abc": None, "3 x": None,
}
#: text -> (as stored in a file, as shown in a column of per cent)
RATE = {
    "3.30%": (0.033, 0.033), "38.0%": (0.38, 0.38), "38％": (0.38, 0.38), "38 %": (0.38, 0.38), "3,3%": (0.033, 0.033),
    "38": (38, 0.38), "0.38": (0.38, 0.0038), "０．１３": (0.13, 0.0013), "-5%": (-0.05, -0.05), "(5%)": (-0.05, -0.05),
    "5‰": (0.005, 0.005), "57": (57, 0.57), "1e1%": (0.1, 0.1), "1.2万": None, "12元": None, "¥12": None, "-": None, "%": None,
    "5%%": None, "3 pp": None,
}


def read_or_none(read, text: str, unit) -> float | None:
    try:
        return read(text, unit)
    except NotANumber:
        return None


def test_money_as_people_write_it():
    wrong = {text: found for text, value in YUAN.items() if (found := read_or_none(read_number, text, u.YUAN)) != value}
    assert wrong == {}
    assert math.copysign(1, read_number("-0", u.YUAN)) == 1


def test_money_is_shown_in_the_unit_it_is_stored_in():
    assert [read_or_none(read_shown, text, u.YUAN) for text in YUAN] == list(YUAN.values())


def test_rates_as_people_write_them_in_files_and_in_columns_of_per_cent():
    found = {text: (read_or_none(read_number, text, u.RATE), read_or_none(read_shown, text, u.RATE)) for text in RATE}
    assert found == {text: values or (None, None) for text, values in RATE.items()}


def test_per_cent_where_a_number_may_be_a_share_and_nowhere_else():
    for unit, value in ((u.FACTOR, 1.08), (u.NUMBER, 1.08), (u.RATIO, 1.08), (u.DAYS, None), (u.PEOPLE, None), (u.YUAN_EACH, None)):
        assert read_or_none(read_number, "108%", unit) == value, unit.key


def test_whole_numbers_are_whole():
    assert read_number("12.0", u.MONTHS) == 12 and isinstance(read_number("12.0", u.MONTHS), int)
    assert isinstance(read_number("12.5", u.MONTHS), float) and isinstance(read_number("12", u.DAYS), float)


def test_which_decimal_mark():
    marks = {"0,13": ",", "0.13": ".", "1,234": EITHER, "1.234": EITHER, "1.234,5": ",", "1,234.5": ".", "12": "", "abc": "",
             "1,234,567": ".", "1.234.567": ",", "1,5万": ",", "3,30%": ",", "1,32E+07": ",", "": ""}
    assert {text: mark_of(text) for text in marks} == marks


def test_a_file_has_one_decimal_mark_or_its_writer_is_asked():
    assert decimal_comma_of(["0,13", "1,234", "5"]) is True
    assert decimal_comma_of(["0.13", "1,234", "5"]) is False and decimal_comma_of(["1,234", "12"]) is False
    assert decimal_comma_of(["0.13", "64,5"]) is None
    assert (read_number("1,125", u.YUAN_EACH, True), read_number("1.125", u.YUAN, True)) == (1.125, 1125)


@given(st.text(max_size=30), st.sampled_from(NUMERIC))
def test_any_text_is_a_number_or_not_a_number(text, unit):
    for read in (read_number, read_shown):
        found = read_or_none(read, text, unit)
        assert found is None or isinstance(found, (int, float))
    mark_of(text)


# --- stored and shown -------------------------------------------------------------------------------------------------

def test_57_per_cent_is_57():
    assert [shown_of(x / 1000, u.RATE) for x in range(1001)] == [x / 10 for x in range(1001)]
    assert [stored_of(x / 10, u.RATE) for x in range(1001)] == [x / 1000 for x in range(1001)]
    assert (shown_of(0.028, u.FINE_RATE), shown_of(0.57, u.RATE), shown_of(5, u.YUAN)) == (2.8, 57.0, 5.0)
    assert math.isnan(shown_of(math.nan, u.RATE)) and shown_of(math.inf, u.RATE) == math.inf


@given(st.sampled_from([d for d in DRIVERS if d.unit.is_number]), st.data())
def test_what_is_shown_comes_back_for_every_driver(driver, data):
    unit = driver.unit
    low, high = (int(max(-1e9, min(1e9, end)) * unit.scale * 10 ** unit.decimals) for end in (driver.low, driver.high))
    shown = data.draw(st.integers(low, high)) / 10 ** unit.decimals
    stored = stored_of(shown, unit)
    assert shown_of(stored, unit) == shown
    assert read_shown(written(stored, unit), unit) == stored
    assert written(read_shown(written(stored, unit), unit), unit) == written(stored, unit)


@given(st.floats(0, 1), st.sampled_from([u.RATE, u.FINE_RATE]))
def test_any_share_is_shown_and_stored_within_a_bit(value, unit):
    assert math.isclose(stored_of(shown_of(value, unit), unit), value, rel_tol=4e-16)


def test_what_a_cell_shows():
    shown = [("57.0", 0.57, u.RATE), ("33.333", 1 / 3, u.RATE), ("2.80", 0.028, u.FINE_RATE), ("0.035", 0.00035, u.FINE_RATE),
             ("13,200,000", 13_200_000, u.YUAN), ("6.50", 6.5, u.YUAN_EACH), ("0", -0.0, u.YUAN), ("-5.0", -0.05, u.RATE),
             ("1,234.57", 1234.567, u.YUAN), ("1.08", 1.08, u.FACTOR), ("12", 12, u.MONTHS), ("0.0", -0.0000001, u.RATE)]
    assert [(written(value, unit), value, unit) for _, value, unit in shown] == shown
