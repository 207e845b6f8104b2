"""Files to take away: every one that any page offers, in both languages."""

from __future__ import annotations

import csv
import io
import re
from functools import cache

import pytest
from taken import every_file

from model.io.tables import COLUMNS
from pages.ui import texts
from samples import ROOT, changed

#: read back by the app: of the model, not of a language
READ_BACK = ("bar_plan", "bar_save", "own_template", "own_now")
KEPT_AS_IT_IS = (*READ_BACK, "bar_months", "csv_promotions", "csv_initiatives", "csv_team", "csv_cash", "csv_split", "risk_csv_months",
                 "risk_draws_file", "compare_csv")
each_language = pytest.mark.parametrize("language", texts.LANGUAGES)
CJK = re.compile(r"[\u3400-\u9fff]")


@cache
def files(language: str) -> dict[str, tuple[str, bytes]]:
    """A plan whose numbers fall below zero somewhere, with a channel whose name means something to a spreadsheet."""
    return every_file(language, changed(channel__content__name_en="=1+1", channel__content__name_zh="＝1+1", headline__cvr=0.97))


def tables(language: str) -> dict[str, list[list[str]]]:
    return {key: list(csv.reader(io.StringIO(raw.decode("utf-8-sig")))) for key, (name, raw) in files(language).items()
            if name.endswith(".csv")}


@each_language
def test_every_page_offers_its_files(language):
    found = files(language)
    assert len(found) >= 32 and {*READ_BACK, "bar_months", "csv_two_way", "csv_goal", "csv_optimize_why", "compare_csv",
                                 "print_file"} <= set(found), sorted(found)
    assert len({name for name, _ in found.values()}) == len(found) - 1, "own_now and bar_plan are one file"


def test_a_file_speaks_the_language_of_the_page():
    """It is made on a thread without a session: nothing but what was bound when its button was drawn says which."""
    for key, (name, raw) in files("en").items():
        text = raw.decode("utf-8-sig", errors="ignore")
        assert key in KEPT_AS_IT_IS or not CJK.search(text), f"{key}: {CJK.findall(text)[:9]}"
        assert not CJK.search(name), name
    for key, (name, raw) in files("zh").items():
        assert key in KEPT_AS_IT_IS or CJK.search(raw.decode("utf-8-sig", errors="ignore")), key
        assert CJK.search(name), name


def test_buttons_of_files_are_made_in_one_place():
    """So that no file can forget the language."""
    users = [p.name for p in (ROOT / "pages").rglob("*.py") if "st.download_button" in p.read_text(encoding="utf-8")]
    assert users == ["downloads.py"]
    assert COLUMNS[:4] == ("table", "row", "field", "value")
