"""An outline as a Word document: headings, tables, charts that hold their numbers; in a company's own styles if given."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from model.io.document import charts, word_look
from model.io.document.outline import BARS, LEAD, NOTE, POINT, Block, Chapter, Chart, Outline, Table, Text, plain
from model.io.document.template import opened
from model.late import Late

_docx, _parts, _uri, _oxml = Late("docx"), Late("docx.opc.part"), Late("docx.opc.packuri"), Late("docx.oxml")
_ns = Late("docx.oxml.ns")

_CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CHARTS = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_DRAWINGS = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PLACED = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
#: units of a document: English metric ones in a twentieth of a point, and in an inch
_EMU_IN_TWIP, _EMU_IN_INCH = 635, 914_400
#: of a chart: height over width, of lying bars for each bar (inches), and the size of its texts
_SHAPE, _BAR, _FOOT, _POINTS = 0.37, 0.32, 0.9, 9
#: rows up to which a table stays on one page
_TOGETHER = 16
#: identities of drawings begin here, clear of those of a template
_FIRST = 20_000


def word(outline: Outline, template: bytes | None = None) -> bytes:
    """A .docx. template: a company's document whose styles, paper, header and footer it takes.

    Raises UnreadableFile where that is no document that can be used.
    """
    book = _docx.Document() if template is None else opened(template)
    if template is None:
        word_look.own(book, outline.language)
    writer = _Writer(book)
    writer.front(outline)
    for number, chapter in enumerate(outline.chapters):
        writer.chapter(chapter, number)
    word_look.footed(book, plain(outline.title))
    word_look.recorded(book, outline)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class _Writer:
    """A document that is being written, top to bottom."""

    def __init__(self, book: Any):
        self.book, self.drawings, self.slide = book, 0, charts.unseen()
        section = book.sections[-1]
        self.width = section.page_width - section.left_margin - section.right_margin

    # --- parts of it ---------------------------------------------------------------------------------------------------

    def front(self, outline: Outline) -> None:
        """Title, what the file is, and the chapters with a link to each."""
        self.paragraph(outline.title, "Title")
        if outline.subtitle:
            self.paragraph(outline.subtitle, "Subtitle")
        for label, text in outline.facts:
            line = self.paragraph("", "", small=True)
            line.add_run(f"{plain(label)}  ").bold = True
            line.add_run(plain(text))
        self.paragraph(outline.contents, "", bold=True)
        for number, chapter in enumerate(outline.chapters):
            self._link(plain(chapter.title), number)

    def chapter(self, chapter: Chapter, number: int) -> None:
        heading = self.paragraph(chapter.title, "Heading 1")
        word_look.marked(heading, _mark(number), _FIRST + number)
        for block in chapter.blocks:
            self.block(block)

    def block(self, block: Block) -> None:
        if isinstance(block, Text):
            self._text(block)
        elif isinstance(block, Table):
            self._table(block)
        else:
            self._chart(block)

    # --- sentences -----------------------------------------------------------------------------------------------------

    def paragraph(self, text: str, style: str, bold: bool = False, small: bool = False) -> Any:
        """A paragraph in a style of the document where it has that, else as it looks there by itself."""
        known = style in {s.name for s in self.book.styles} if style else False
        made = self.book.add_paragraph(style=style if known else None)
        if text:
            run = made.add_run(plain(text))
            run.bold = True if bold or style and not known else None
        if small:
            made.paragraph_format.space_after = 0
        return made

    def _text(self, text: Text) -> None:
        styles = {POINT: "List Bullet", NOTE: "Caption"}
        words = text.text
        if text.kind == POINT and "List Bullet" not in {s.name for s in self.book.styles}:
            words = f"• {words}"
        self.paragraph(words, styles.get(text.kind, ""), bold=text.kind == LEAD)

    def _link(self, text: str, number: int) -> None:
        link = _oxml.parse_xml(
            f'<w:hyperlink xmlns:w="{_ns.nsmap["w"]}" w:anchor="{_mark(number)}"><w:r><w:t xml:space="preserve">{escape(text)}'
            "</w:t></w:r></w:hyperlink>")
        line = self.paragraph("", "", small=True)
        line._p.append(link)

    def _captioned(self, title: str) -> None:
        if title:
            line = self.paragraph(title, "", bold=True)
            line.paragraph_format.keep_with_next = True

    # --- tables --------------------------------------------------------------------------------------------------------

    def _table(self, table: Table) -> None:
        """Written as XML at once: cell by cell a long table takes seconds."""
        self._captioned(table.title)
        whole, twips = sum(table.widths), self.width // _EMU_IN_TWIP
        widths = [round(twips * w / whole) for w in table.widths]
        rows = [_row(table.head, widths, table.right, word_look.HEAD)]
        last = len(table.rows) - 1
        rows += [_row(row, widths, table.right, word_look.TOTAL if table.total and i == last else word_look.BODY,
                      last < _TOGETHER and i < last) for i, row in enumerate(table.rows)]
        grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
        made = _oxml.parse_xml(f'<w:tbl xmlns:w="{_ns.nsmap["w"]}">{word_look.table_properties(sum(widths))}<w:tblGrid>{grid}'
                               f'</w:tblGrid>{"".join(rows)}</w:tbl>')
        self.book.element.body.insert(len(self.book.element.body) - 1, made)
        self.paragraph("", "", small=True)

    # --- charts --------------------------------------------------------------------------------------------------------

    def _chart(self, chart: Chart) -> None:
        self._captioned(chart.title)
        self.drawings += 1
        drawing, sheet = charts.parts(self.slide, chart, _POINTS)
        package, name = self.book.part.package, f"plan{self.drawings}"
        numbers = _parts.Part(_uri.PackURI(f"/word/embeddings/{name}.xlsx"), _SHEET, sheet, package)
        part = _parts.Part(_uri.PackURI(f"/word/charts/{name}.xml"), _CHART, drawing, package)
        part.relate_to(numbers, f"{_RELATIONS}/package")
        known = self.book.part.relate_to(part, f"{_RELATIONS}/chart")
        tall = int(self.width * _SHAPE)
        if chart.kind == BARS:
            tall = int((_FOOT + _BAR * len(chart.categories) * len(chart.series) ** 0.5) * _EMU_IN_INCH)
        self.book.add_paragraph().add_run()._r.append(_oxml.parse_xml(_frame(
            known, plain(chart.title), _FIRST + self.drawings, int(self.width), tall)))


def _mark(chapter: int) -> str:
    return f"_chapter{chapter + 1}"


def _row(cells: Sequence[str], widths: Sequence[int], right: frozenset[int], look: word_look.Look, held: bool = False) -> str:
    """held: on the page of the next row."""
    next_row = "<w:keepNext/>" if held else ""
    made = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{look.cell}</w:tcPr><w:p><w:pPr>{next_row}{look.paragraph}'
        f'<w:jc w:val="{"right" if i in right else "left"}"/></w:pPr><w:r><w:rPr>{look.run}</w:rPr>'
        f'<w:t xml:space="preserve">{escape(plain(cell))}</w:t></w:r></w:p></w:tc>'
        for i, (cell, width) in enumerate(zip(cells, widths, strict=True)))
    return f"<w:tr><w:trPr><w:cantSplit/>{look.row}</w:trPr>{made}</w:tr>"


def _frame(relation: str, title: str, number: int, width: int, height: int) -> str:
    """Where a chart stands in the text. title: what is heard of it."""
    return (f'<w:drawing xmlns:w="{_ns.nsmap["w"]}"><wp:inline xmlns:wp="{_PLACED}" distT="0" distB="0" distL="0" distR="0">'
            f'<wp:extent cx="{width}" cy="{height}"/><wp:docPr id="{number}" name="chart {number}" descr={quoteattr(title)}/>'
            f'<wp:cNvGraphicFramePr/><a:graphic xmlns:a="{_DRAWINGS}"><a:graphicData uri="{_CHARTS}">'
            f'<c:chart xmlns:c="{_CHARTS}" xmlns:r="{_RELATIONS}" r:id="{relation}"/></a:graphicData></a:graphic>'
            "</wp:inline></w:drawing>")
