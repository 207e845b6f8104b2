"""Documents: whatever a planner's names hold, the files open, say it as it was written, and nothing runs over."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from xml.etree import ElementTree

import docx
import pptx
import pytest
from every import part
from pptx.util import Emu

from model.io.document import Chapter, Chart, Deck, Outline, Series, Slide, Table, Text, markdown, slides, word
from model.io.document.outline import BARS, COLUMNS, LEAD, NOTE, POINT, STEPS, pieces
from model.io.document.room import cut, ems, fitting, lines
from samples import codes, refused

HOSTILE = "<w:p/> & \"q\" 'a' ]]> **b** [l](http://e.example) `c` | # h =1+1 {x} $y$ \x00\x07\x1b\ud800\ufffe\u202e 名"
LONG = "一个很长很长的渠道名称" * 20
DAY = datetime(2026, 11, 30)


def blocks(name: str, rows: int = 3) -> list[Text | Table | Chart]:
    """One of each kind."""
    return [Text(name, LEAD), Text(name), Text(name, POINT), Text(name, NOTE),
            Table(name, [name, "a"], [[name, "1"]] * rows, (3, 1), frozenset({1}), total=True),
            *(Chart(name, kind, [name, "b", "c"], [Series(name, [3.0, -5.0, -2.0])], name) for kind in (COLUMNS, BARS, STEPS)),
            Chart("two", COLUMNS, ["a", "b"], [Series("x", [1.0, 2.0]), Series("y", [2.0, 1.0])], "u")]


def outline(name: str, rows: int = 3) -> Outline:
    return Outline(name, name, ((name, name),), [Chapter(name, blocks(name, rows))] * 2, name, "zh-CN", name, DAY)


def deck(name: str, rows: int = 3) -> Deck:
    text, table, chart = blocks(name, rows)[2], blocks(name, rows)[4], blocks(name, rows)[5]
    return Deck(name, name, [Slide(name, [table, text], [chart]), Slide(name, [chart, text, table]), Slide(name, [text] * 7)],
                lambda count: f"{count} more", "zh-CN", name, DAY)


def sound(data: bytes) -> dict[str, bytes]:
    """The parts of an office file; each that is XML is well-formed, and every relation leads to a part."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    for name, content in parts.items():
        if name.endswith((".xml", ".rels")):
            root = ElementTree.fromstring(content)
        if name.endswith(".rels"):
            folder = name.replace("_rels/", "").rpartition("/")[0]
            for relation in root:
                target = relation.get("Target", "")
                assert relation.get("TargetMode") != "External", target
                path = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/")
                while "/../" in path:
                    path = re.sub(r"[^/]+/\.\./", "", path, count=1)
                assert path in parts, (name, target)
    return parts


# --- names ---------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", part([HOSTILE, LONG, "=SUM(A1:A9)", "-1", ""], 2))
def test_any_name_is_written_and_read_again(name):
    parts = sound(word(outline(name)))
    assert [sum(bool(re.fullmatch(form, n)) for n in parts) for form in (r"word/charts/\w+.xml", r"word/embeddings/\w+.xlsx")] == [8, 8]
    book = docx.Document(io.BytesIO(word(outline(name))))
    said = {p.text for p in book.paragraphs} | {c.text for t in book.tables for row in t.rows for c in row.cells}
    wanted = re.sub("[\x00-\x1f\ud800\ufffe\u202e]", "", name).strip()
    assert any(wanted in re.sub("[\u202e\ufffe]", "", text) for text in said)
    assert not any("thumbnail" in part for part in [*parts, *sound(slides(deck(name)))]), "a picture of the library's own empty file"
    assert markdown(outline(name)).isprintable() or "\n" in markdown(outline(name))


def test_two_hundred_long_names_are_all_in_the_document_and_counted_on_the_slide():
    book = docx.Document(io.BytesIO(word(outline(LONG, 200))))
    assert [len(t.rows) for t in book.tables] == [201, 201]
    texts = [s.text_frame.text for s in pptx.Presentation(io.BytesIO(slides(deck(LONG, 200)))).slides[0].shapes if s.has_text_frame]
    assert any(re.fullmatch(r"\d+ more", text) for text in texts)


def test_markdown_says_a_name_and_does_not_obey_it():
    text = markdown(outline("a|b *c* [d](http://e) <i>"))
    assert r"a\|b \*c\* \[d\](http:" in text and "](http://" not in text and "<i>" not in text
    assert markdown(outline("1. x")).splitlines()[0] == r"# 1\. x" and markdown(outline("- x")).splitlines()[0] == r"# \- x"
    assert "two" not in text, "what a chart shows stands in tables"


# --- charts --------------------------------------------------------------------------------------------------------------

def test_steps_stand_on_what_those_before_come_to():
    """+3, then 5 less ends at −2: half of the second column is above zero, half below."""
    chart = Chart("", STEPS, "abc", [Series("", [3.0, -5.0, -2.0])], "")
    assert pieces(chart) == [(0.0, 3.0, 0.0), (0.0, 3.0, -2.0), (0.0, 0.0, -2.0)]
    assert pieces(Chart("", STEPS, "abcd", [Series("", [10.0, -4.0, 1.0, 7.0])], "")) == [
        (0.0, 10.0, 0.0), (6.0, 4.0, 0.0), (6.0, 1.0, 0.0), (0.0, 7.0, 0.0)]


def test_charts_hold_their_numbers():
    made = pptx.Presentation(io.BytesIO(slides(deck("x"))))
    charts = [s.chart for slide in made.slides for s in slide.shapes if s.has_chart]
    assert [list(s.values) for s in charts[0].plots[0].series] == [[3.0, -5.0, -2.0]]
    assert all(c.part.chart_workbook.xlsx_part is not None for c in charts)


# --- room ----------------------------------------------------------------------------------------------------------------

def test_what_has_no_room_is_cut_and_says_so():
    assert ems("汉字") == 2.0 and cut("汉字汉字", 3.0) == "汉字…" and cut("abc", 9.0) == "abc"
    size, text = fitting(LONG, (28, 20), (10.0, 0.75))
    assert size == 20 and text.endswith("…") and lines(text, size, 10.0) <= 2


@pytest.mark.parametrize("name", ["short", LONG, HOSTILE])
def test_nothing_on_a_slide_leaves_it_or_lies_on_another(name):
    made = pptx.Presentation(io.BytesIO(slides(deck(name, 40))))
    for slide in made.slides:
        boxes = sorted((s.left, s.top, s.left + s.width, s.top + s.height) for s in slide.shapes)
        assert all(a >= 0 and b >= 0 and c <= made.slide_width and d <= made.slide_height for a, b, c, d in boxes)
        for i, (a, b, c, d) in enumerate(boxes):
            for e, f, g, h in boxes[i + 1:]:
                over = min(c, g) - max(a, e), min(d, h) - max(b, f)
                assert min(over) <= Emu(30_000), (name, boxes[i], (e, f, g, h))


# --- a company's template --------------------------------------------------------------------------------------------------

def template(**parts: bytes) -> bytes:
    """A company's document with a header and its own heading, some parts of it replaced."""
    book = docx.Document()
    book.sections[0].header.paragraphs[0].text = "ACME internal"
    book.sections[0].footer.paragraphs[0].text = "ACME footer"
    book.styles["Heading 1"].font.name = "Georgia"
    book.add_paragraph("old text")
    out = io.BytesIO()
    book.save(out)
    if not parts:
        return out.getvalue()
    changed = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.pop(name, old.read(name)))
        for name, content in parts.items():
            new.writestr(name, content)
    return changed.getvalue()


def test_a_companys_styles_paper_header_and_footer_are_taken_and_its_text_is_not():
    made = docx.Document(io.BytesIO(word(outline("x"), template())))
    assert made.sections[-1].header.paragraphs[0].text == "ACME internal" and made.sections[-1].footer.paragraphs[0].text == "ACME footer"
    assert made.styles["Heading 1"].font.name == "Georgia" and "old text" not in [p.text for p in made.paragraphs]
    assert [p.text for p in made.paragraphs if p.style.name == "Heading 1"] == ["x", "x"]


def test_a_template_of_word_and_one_without_our_styles_will_do():
    with zipfile.ZipFile(io.BytesIO(template())) as file:
        types, styles = (file.read(name) for name in ("[Content_Types].xml", "word/styles.xml"))
    dotx = template(**{"[Content_Types].xml": types.replace(b"document.main+xml", b"template.main+xml")})
    assert sound(word(outline("x"), dotx))
    bare = re.sub(rb'<w:style [^>]*w:styleId="(?!Normal").*?</w:style>', b"", styles, flags=re.S)
    assert sound(word(outline("x"), template(**{"word/styles.xml": bare})))


@pytest.mark.parametrize(("data", "code"), [
    (b"", "template_damaged"), (b"no file at all", "template_damaged"), (b"\xd0\xcf\x11\xe0old", "template_old"),
    (template()[:2000], "template_damaged"), (template(**{"word/vbaProject.bin": b"x"}), "template_macros"),
    (template(**{"word/document.xml": b"<broken"}), "template_damaged"), (template(**{"word/styles.xml": b"<w/>"}), "template_damaged"),
    (template(**{"word/big.xml": b"0" * 2_000_000}), "template_bomb")])
def test_a_bad_template_is_refused_with_a_sentence(data, code):
    assert codes(refused(lambda: word(outline("x"), data), unreadable=True)) == [(code, "file")]


def test_no_text_is_cut_in_the_middle_of_a_number():
    text = "order value: ¥244.15 against ¥237.12"
    cuts = {cut(text, width / 2) for width in range(2, 50)}
    numbers = {"¥244.15", "¥237.12"}
    assert cuts and all(set(re.findall(r"[¥\d.]+\d", found)) <= numbers for found in cuts), cuts
