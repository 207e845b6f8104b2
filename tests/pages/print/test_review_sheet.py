"""The review on one page: the page's own words and figures, everything cut to what fits, no text that acts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from screens import again, app
from sheets import HOSTILE, speaking

from model.plan.book import Note
from model.review.kept import actuals_of
from pages.ui.kit import texts
from pages.ui.print import parts, review_sheet
from pages.ui.review import answer
from pages.ui.session import results
from samples import june

DAY = date(2027, 7, 5)


def crowded():
    of = june()
    notes = [Note("2027-06", "conversion", f"{HOSTILE} {i}", "Wang", f"2027-07-{i + 1:02d}", i == 3) for i in range(14)]
    return of.with_book(replace(of.book, notes=tuple(notes)))


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_the_sheet_says_what_the_page_says_and_the_bars_are_the_difference(language):
    of, known = crowded(), actuals_of(june())
    with speaking(language):
        sheet = review_sheet.sheet(of, known, "year", DAY)
        assert sheet.verdict == texts.together(answer.verdict(results.result_of(of), known, "year"))
        html = parts.document("review.html", sheet)
        assert sheet.bridges[0].rows[-2][0].text == review_sheet.why.group_name("unexplained")
    assert HOSTILE not in html and HOSTILE in unescape(html) and not re.search(r"<script|https?://", html)
    assert len(sheet.bridges) == 2 and all(len(t.rows) <= review_sheet.BARS + 3 for t in sheet.bridges)
    assert [len(t.rows) for t in (sheet.targets, sheet.notes)] == [16, 9] and sheet.notes.more and sheet.targets.more
    assert "2027-07-04" not in str(sheet.notes.rows), "what is done is not open"


def test_the_print_page_offers_the_review_where_months_are_known():
    at = app("en", "print", june())
    assert "print_which" not in [w.key for w in app("en", "print").get("button_group")]
    at.session_state["print_which"] = "review"
    again(at)
    (found,) = [e.proto.json for e in at.get("bidi_component") if e.proto.id.endswith("-sheet")]
    assert "Review up to" in found and "47.5" in found
