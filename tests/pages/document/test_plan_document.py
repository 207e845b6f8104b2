"""The plan document and the slides: every part of an annual plan is answered or marked, in the figures and words of the pages."""

from __future__ import annotations

import io
import re
from functools import cache

import docx
import pptx
import pytest
from every import each, every, some, turns
from odd_plans import HOSTILE, ODD, variant
from screens import app, click, opened, upload
from taken import read, watched

from model import Scenario
from model.analysis.risk.register import register
from model.engine.kpis import YEAR
from model.io.document.outline import Chart, Outline, Table, Text
from pages.ui.document import board, making
from pages.ui.document.work import PARTS, Work, unknown
from pages.ui.kit import texts
from pages.ui.session import results
from pages.ui.simulate import summary
from pages.ui.words.figures import CARDS
from pages.ui.words.scenario_names import scenario_name
from samples import ROOT, june, sample

CJK = re.compile("[\u3000-\u9fff\uff00-\uffef]")
DRAWS = 128
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@cache
def work(language: str, scenario: Scenario) -> Work:
    """What the documents are made of, of few draws."""
    with texts.speaking(language):
        return Work(scenario, results.common_risk_of(scenario, scenario.base, DRAWS), register(scenario, DRAWS), scenario_name(scenario))


@cache
def outline(language: str, scenario: Scenario) -> Outline:
    with texts.speaking(language):
        return making.outline(work(language, scenario))


def words_of(found: Outline) -> list[str]:
    """Everything that it says."""
    out = [found.title, found.subtitle, *(c.title for c in found.chapters)]
    for block in found.blocks():
        if isinstance(block, Text):
            out.append(block.text)
        elif isinstance(block, Table):
            out += [block.title, *block.head, *(cell for row in block.rows for cell in row)]
        else:
            out += [block.title, block.unit, *block.categories]
    return out


# --- the parts of an annual plan -------------------------------------------------------------------------------------------

def test_the_parts_are_those_of_the_readme():
    """Its table, "Where each part of the operating plan lives", row by row."""
    part = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Where each part of the operating plan lives")[2]
    rows = [line for line in part.partition("\n## ")[0].splitlines() if line.startswith("| ")]
    assert len(rows) - 1 == len(PARTS) == 22


@each("language, name", [(code, name) for name, code in turns(["sample", "no targets, no last year", "no team, no tiers", "organic only", "nothing at all"], ["zh", "en"])])
def test_every_part_is_answered_or_marked_as_not_known(language, name):
    nothing = ("target", "last_year", "team", "tier", "promotion", "initiative", "effect", "activity", "offer", "task", "event",
               "event_effect", "mitigation", "distribution", "correlation", "stress", "stress_effect")
    plan = {"sample": sample, "nothing at all": lambda: variant(nothing), **ODD}[name]()
    found = outline(language, plan)
    answers = {part: block.text for block in found.blocks() if isinstance(block, Text) for part in block.parts}
    assert set(answers) == set(PARTS) and all(len(text) > 5 for text in answers.values())
    index = [block for block in found.chapters[-1].blocks if isinstance(block, Table)][0]
    assert len(index.rows) == 22 and all(all(row) for row in index.rows)
    with texts.speaking(language):
        marked = {part for part, text in answers.items() if unknown() in text}
    if name == "nothing at all":
        assert {"gmv", "margins", "content", "private", "members", "improvements", "promotions", "phases", "team", "risks", "review"} <= marked
    if name == "sample":
        assert marked == {"conversion"}, "the sample has no target of order value"


@pytest.mark.deep
@every(name=["sample", *some([n for n in ODD if n != "huge"], 5)])
def test_no_cell_is_empty_and_a_chapter_tells_its_charts_numbers(name):
    found = outline("zh", sample() if name == "sample" else ODD[name]())
    for chapter in found.chapters:
        tables = [b for b in chapter.blocks if isinstance(b, Table)]
        assert [row for t in tables for row in t.rows if "" in row or len(row) != len(t.head) or len(t.head) != len(t.widths)] == []
        for chart in (b for b in chapter.blocks if isinstance(b, Chart)):
            cells = {row[0] for t in tables for row in t.rows}
            assert set(chart.categories) <= cells, (chapter.title, chart.title)
    assert not any(re.search(r"\bnan\b|\binf\b|None", text) for text in words_of(found))


def test_english_says_nothing_in_chinese_and_neither_says_a_key():
    english = [w for w in words_of(outline("en", sample())) if CJK.search(w)]
    assert english == []
    assert not any(re.search(r"document\.|\bkpi\.|[\\*]{2}|\\\W", w) for code in texts.LANGUAGES for w in words_of(outline(code, sample())))


# --- the same figures ----------------------------------------------------------------------------------------------------

@every(language=texts.LANGUAGES)
def test_its_figures_are_those_of_the_cards(language):
    of, found = work(language, sample()), outline(language, sample())
    rows = next(b for b in found.chapters[0].blocks if isinstance(b, Table)).rows
    with texts.speaking(language):
        for key, row in zip(CARDS, rows, strict=True):
            card = summary.card(of.result, of.result, key, YEAR)
            assert card["value"].split(" · ")[0].split(" → ")[-1] == row[1], key
            assert summary.chance_of(of.found, key, YEAR) is None or row[4].split()[0] in summary.target_chance(of.found, key, YEAR)


def test_what_became_of_months_is_told():
    assert any("6 个月的实际数" in w for w in words_of(outline("zh", june())))


def test_names_are_said_as_they_were_written():
    said = words_of(outline("zh", ODD["hostile names"]()))
    assert any(w == HOSTILE for w in said) and [w for w in said if "\\" in w or "\u200b" in w] == []


# --- slides --------------------------------------------------------------------------------------------------------------

@each("name, language", turns(["sample", *some([n for n in ODD if n != "huge"], 6, 1)], ["zh", "en"]))
def test_eight_slides_each_with_a_sentence_for_its_title(name, language):
    of = work(language, sample() if name == "sample" else ODD[name]())
    with texts.speaking(language):
        made = pptx.Presentation(io.BytesIO(making.pptx(of)))
        titles = [slide.shapes.title.text_frame.text for slide in made.slides]
        assert len(titles) == 8 == len(board.SLIDES) and all(len(title) > 6 for title in titles)
        assert any(s.has_chart for s in made.slides[6].shapes)


# --- doors ---------------------------------------------------------------------------------------------------------------

def test_the_file_menu_gives_all_three_and_takes_a_template():
    with watched() as found, texts.speaking("zh"):
        at = opened(app("zh"), "bar_file")
    files = {ending: (found[f"bar_{ending}"][0], read(found[f"bar_{ending}"][1])) for ending in making.MAKERS}
    assert all(name.endswith(f".{ending}") for ending, (name, _) in files.items())
    assert files["md"][1].decode().startswith("# 青禾服饰") and len(pptx.Presentation(io.BytesIO(files["pptx"][1])).slides) == 8
    headings = [p.text for p in docx.Document(io.BytesIO(files["docx"][1])).paragraphs if p.style.name == "Heading 1"]
    assert len(headings) == 19 and headings[0] == "1  结论"
    upload(at, "bar_template", "old.docx", b"PK\x03\x04 no document", DOCX)
    assert texts.catalogue("zh")["problem.template"] in at.error[0].value
    own = docx.Document()
    own.sections[0].header.paragraphs[0].text = "ACME"
    own.save(data := io.BytesIO())
    with watched() as found, texts.speaking("zh"):
        upload(at, "bar_template", "acme.docx", data.getvalue(), DOCX)
    assert "acme.docx" in " ".join(c.value for c in at.caption)
    made = docx.Document(io.BytesIO(read(found["bar_docx"][1])))
    assert made.sections[0].header.paragraphs[0].text == "ACME"
    click(at, "bar_template_off")
    assert "acme.docx" not in " ".join(c.value for c in at.caption)
