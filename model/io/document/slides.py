"""A deck as PowerPoint slides: a title that says the conclusion, charts that hold their numbers, and nothing that overflows."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from model.io.document import charts
from model.io.document.outline import LEAD, NOTE, POINT, Block, Chart, Deck, Slide, Table, Text, plain
from model.io.document.room import LEADING, cut, fitting, height, lines, trimmed
from model.io.document.word_look import recorded
from model.late import Late

_pptx, _util, _color, _text = Late("pptx"), Late("pptx.util"), Late("pptx.dml.color"), Late("pptx.enum.text")
_oxml = Late("pptx.oxml")

#: all in inches: a slide, its margin, where title, body and footer begin and end, the gap between blocks
_WIDTH, _HEIGHT, _MARGIN = 13.333, 7.5, 0.6
_TITLE, _BODY, _FOOT, _GAP = 0.4, 1.65, 6.95, 0.14
_TITLE_SIZES = (28, 26, 24, 22, 20, 18)
#: of sentences by kind, and of tables: sizes tried from the largest
_SIZES = {LEAD: (18, 16, 14), NOTE: (11,)}
_USUAL, _LEAST = (16, 14, 13), 11
_TABLE_SIZES, _CHART_POINTS = (14, 13, 12, 11), 12
#: what a chart needs; what of a column sentences may take beside charts and tables; what a table's lines take beyond its rows
_USUAL_CHART, _TEXTS, _SLACK = 2.4, 0.45, 0.04
#: a cell's own margins, and the lines that a cell may take
_INSET, _ABOVE, _CELL_LINES, _HEAD_LINES = 0.08, 0.045, 2, 3
#: a line that counts what has no room
_MORE_ROOM = 0.3
_INK, _ACCENT, _NOTE_INK, _HEAD, _RULE = "1B2430", "1F4E79", "5F6670", "E3EAF2", "B8C1CC"
#: the layout with a title alone in python-pptx's own template
_TITLE_ONLY = 5
#: words, size in points, whether bold, colour
Sentence = tuple[str, int, bool, str]


def slides(deck: Deck) -> bytes:
    """A .pptx of 16:9."""
    book = _pptx.Presentation()
    book.slide_width, book.slide_height = _util.Inches(_WIDTH), _util.Inches(_HEIGHT)
    for number, slide in enumerate(deck.slides, 1):
        _slide(book, slide, deck, f"{number} / {len(deck.slides)}")
    recorded(book, deck)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _slide(book: Any, slide: Slide, deck: Deck, number: str) -> None:
    made = book.slides.add_slide(book.slide_layouts[_TITLE_ONLY])
    whole = _WIDTH - 2 * _MARGIN
    title = made.shapes.title
    title.left, title.top, title.width, title.height = (_util.Inches(x) for x in (_MARGIN, _TITLE, whole, _BODY - _TITLE - 0.1))
    size, words = fitting(plain(slide.title), _TITLE_SIZES, (whole - 2 * _INSET, _BODY - _TITLE - 0.15))
    _written(title.text_frame, [(words, size, True, _ACCENT)], "middle")
    half = (whole - 0.3) / 2
    columns = [(slide.left, _MARGIN, half), (slide.right, _MARGIN + half + 0.3, half)] if slide.right else [
        (slide.left, _MARGIN, whole)]
    for blocks, left, width in columns:
        _column(made.shapes, blocks, left, width, deck)
    foot = made.shapes.add_textbox(*(_util.Inches(x) for x in (_MARGIN, _FOOT, whole, 0.35)))
    _written(foot.text_frame, [(f"{cut(plain(deck.footer), 90)}  ·  {number}", 10, False, _NOTE_INK)])


# --- what stands in a column -------------------------------------------------------------------------------------------

def _column(shapes: Any, blocks: Sequence[Block], left: float, width: float, deck: Deck) -> None:
    """Blocks from top to bottom: sentences take what they need, charts and tables share what is left."""
    texts = [block for block in blocks if isinstance(block, Text)]
    others = [block for block in blocks if not isinstance(block, Text)]
    room = _FOOT - _BODY - _GAP * len(blocks)
    said = _said(texts, width, room * (_TEXTS if others else 1.0), deck)
    needs = [_needed(block, width) for block in others]
    shares = _shared(needs, room - sum(_tall(s, width) for s in said), [not isinstance(b, Table) for b in others])
    top, told, given = _BODY, iter(said), iter(shares)
    for block in blocks:
        sentence = next(told, None) if isinstance(block, Text) else None
        if isinstance(block, Text) and sentence is None:
            continue
        tall = _tall(sentence, width) if sentence else next(given)
        place = (left, top, width, tall)
        if sentence:
            _written(shapes.add_textbox(*map(_util.Inches, place)).text_frame, [sentence])
        elif isinstance(block, Table):
            _table(shapes, block, place, deck)
        elif isinstance(block, Chart):
            _chart(shapes, block, place)
        top += tall + _GAP


def _shared(needs: Sequence[float], room: float, grows: Sequence[bool]) -> list[float]:
    """What each block gets of a room: those that need least what they need, the others alike; what is left goes to charts."""
    out, left = [0.0] * len(needs), room
    order = sorted(range(len(needs)), key=lambda i: needs[i])
    for place, i in enumerate(order):
        out[i] = min(needs[i], left / (len(order) - place))
        left -= out[i]
    more = left / max(1, sum(grows))
    return [o + more if g else o for o, g in zip(out, grows, strict=True)]


def _needed(block: Table | Chart, width: float) -> float:
    if isinstance(block, Chart):
        return _title_room(block.title) + _USUAL_CHART
    size = _table_size(block, width)
    heads = _row(size, _lines(block.head, size, _widths(block, width), _HEAD_LINES))
    return _title_room(block.title) + heads + sum(_row(size, n) for n in _heights(block, size, width)) + _SLACK


def _title_room(title: str) -> float:
    return 0.36 if title else 0.0


# --- sentences ---------------------------------------------------------------------------------------------------------

def _said(texts: Sequence[Text], width: float, room: float, deck: Deck) -> list[Sentence]:
    """Sentences in a room: smaller and shorter where there are many; those that have no room then are counted."""
    for smaller, most in ((0, 6), (2, 5), (3, 3), (4, 2), (5, 1)):
        said = [_sized(text, width, smaller, most) for text in texts]
        if sum(_tall(s, width) + _GAP for s in said) <= room + _GAP:
            return said
    each = max(_tall(s, width) for s in said) + _GAP
    fit = max(0, int(room / each) - 1)
    return [*said[:fit], (plain(deck.more(len(said) - fit)), 11, False, _NOTE_INK)]


def _sized(text: Text, width: float, smaller: int, most: int) -> Sentence:
    """Words, size, whether bold and colour of a sentence, in so many lines."""
    words = f"• {plain(text.text)}" if text.kind == POINT else plain(text.text)
    sizes = [max(_LEAST, s - smaller) for s in _SIZES.get(text.kind, _USUAL)]
    size, words = fitting(words, sizes, (width - 2 * _INSET, most * sizes[-1] * LEADING / 72))
    return words, size, text.kind == LEAD, _NOTE_INK if text.kind == NOTE else _INK


def _tall(said: Sentence, width: float) -> float:
    words, size, *_ = said
    return height(words, size, width - 2 * _INSET) + 2 * _ABOVE


def _written(frame: Any, runs: Sequence[Sentence], anchor: str = "top") -> None:
    """Words into a frame, a paragraph each, in the fonts of both scripts."""
    frame.word_wrap, frame.vertical_anchor = True, getattr(_text.MSO_ANCHOR, anchor.upper())
    frame.margin_left = frame.margin_right = _util.Inches(_INSET)
    frame.margin_top = frame.margin_bottom = _util.Inches(_ABOVE)
    for i, (words, size, bold, colour) in enumerate(runs):
        line = frame.paragraphs[0] if i == 0 else frame.add_paragraph()
        line.alignment = _text.PP_ALIGN.LEFT
        _run(line.add_run(), words, size, bold, colour)


def _run(run: Any, words: str, size: int, bold: bool, colour: str) -> None:
    run.text, run.font.size, run.font.bold = words, _util.Pt(size), bold
    run.font.color.rgb, run.font.name = _color.RGBColor.from_string(colour), charts.FONTS[0]
    run._r.get_or_add_rPr().append(_oxml.parse_xml(
        f'<a:ea xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" typeface="{charts.FONTS[1]}"/>'))


# --- tables and charts -------------------------------------------------------------------------------------------------

def _titled(shapes: Any, title: str, place: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """The title over a block; what room is left for the block itself."""
    if not title:
        return place
    left, top, width, tall = place
    box = shapes.add_textbox(*map(_util.Inches, (left, top, width, 0.34)))
    size, words = fitting(plain(title), (13, 12, 11), (width - 2 * _INSET, 0.24))
    _written(box.text_frame, [(words, size, True, _INK)])
    return left, top + 0.36, width, tall - 0.36


def _chart(shapes: Any, chart: Chart, place: tuple[float, float, float, float]) -> None:
    frame = charts.drawn(shapes, chart, _titled(shapes, chart.title, place), _CHART_POINTS)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", plain(chart.title))


def _widths(table: Table, width: float) -> list[float]:
    return [width * w / sum(table.widths) for w in table.widths]


def _table_size(table: Table, width: float) -> int:
    """The largest size at which a number takes one line and words no more than they may."""
    widths = _widths(table, width)
    most = [1 if i in table.right else _CELL_LINES for i in range(len(widths))]
    cells = [(plain(cell), w - 2 * _INSET, m) for row in table.rows for cell, w, m in zip(row, widths, most, strict=True)]
    return next((s for s in _TABLE_SIZES if all(lines(text, s, w) <= m for text, w, m in cells)), _TABLE_SIZES[-1])


def _heights(table: Table, size: int, width: float) -> list[int]:
    """Lines that each row takes."""
    return [_lines(row, size, _widths(table, width)) for row in table.rows]


def _lines(row: Sequence[str], size: int, widths: Sequence[float], most: int = _CELL_LINES) -> int:
    """Lines that a row takes, none of its cells more than it may."""
    return max(min(most, lines(plain(cell), size, w - 2 * _INSET)) for cell, w in zip(row, widths, strict=True))


def _row(size: int, count: int) -> float:
    return count * size * LEADING / 72 + 2 * _ABOVE


def _table(shapes: Any, table: Table, place: tuple[float, float, float, float], deck: Deck) -> None:
    """As many rows as have room, at the largest size that holds most of them; how many have none is said below."""
    left, top, width, tall = _titled(shapes, table.title, place)
    size, shown = max(((s, _fit(table, s, width, tall)) for s in _TABLE_SIZES if s <= _table_size(table, width)),
                      key=lambda found: (found[1], found[0]))
    used = _row(size, _lines(table.head, size, _widths(table, width), _HEAD_LINES)) + sum(
        _row(size, n) for n in _heights(table, size, width)[:shown])
    _cells(shapes, table, shown, size, (left, top, width, used))
    if shown < len(table.rows):
        box = shapes.add_textbox(*map(_util.Inches, (left, top + used, width, _MORE_ROOM)))
        _written(box.text_frame, [(plain(deck.more(len(table.rows) - shown)), 11, False, _NOTE_INK)])


def _fit(table: Table, size: int, width: float, tall: float) -> int:
    """How many rows have room at a size; where not all have, with room for a line that counts the others."""
    rows = [_lines(table.head, size, _widths(table, width), _HEAD_LINES), *_heights(table, size, width)]
    ends = list(accumulate(_row(size, n) for n in rows))
    if ends[-1] <= tall:
        return len(table.rows)
    return max(0, sum(end <= tall - _MORE_ROOM for end in ends) - 1)


def _cells(shapes: Any, table: Table, shown: int, size: int, place: tuple[float, float, float, float]) -> None:
    rows, widths = (table.head, *table.rows[:shown]), _widths(table, place[2])
    most = [_HEAD_LINES, *[_CELL_LINES] * shown]
    frame = shapes.add_table(len(rows), len(table.head), *map(_util.Inches, place))
    made = frame.table
    made.horz_banding = made.first_row = False
    for column, w in zip(made.columns, widths, strict=True):
        column.width = _util.Inches(w)
    for i, (row, cells) in enumerate(zip(made.rows, rows, strict=True)):
        row.height = _util.Inches(_row(size, _lines(cells, size, widths, most[i])))
        total = table.total and i == len(table.rows)
        for j, (cell, text) in enumerate(zip(row.cells, cells, strict=True)):
            words = trimmed(plain(text), size, widths[j] - 2 * _INSET, most[i])
            _cell(cell, words, size, i == 0 or total, _HEAD if i == 0 else "FFFFFF", j in table.right)


def _cell(cell: Any, words: str, size: int, bold: bool, ground: str, right: bool) -> None:
    cell.fill.solid()
    cell.fill.fore_color.rgb = _color.RGBColor.from_string(ground)
    _written(cell.text_frame, [(words, size, bold, _INK)])
    cell.vertical_anchor = _text.MSO_ANCHOR.MIDDLE
    cell.margin_left = cell.margin_right = _util.Inches(_INSET)
    cell.margin_top = cell.margin_bottom = _util.Inches(_ABOVE)
    if right:
        cell.text_frame.paragraphs[0].alignment = _text.PP_ALIGN.RIGHT
    properties = cell._tc.get_or_add_tcPr()
    properties.insert(0, _oxml.parse_xml(
        '<a:lnB xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" w="9525"><a:solidFill>'
        f'<a:srgbClr val="{_RULE}"/></a:solidFill></a:lnB>'))
