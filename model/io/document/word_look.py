"""How a Word document looks: our own styles where no company's are given, tables, page numbers, what it says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from model.io.document.charts import FONTS
from model.io.document.outline import plain
from model.late import Late

_oxml, _ns, _shared = Late("docx.oxml"), Late("docx.oxml.ns"), Late("docx.shared")

#: fonts by script; where a machine lacks them its office program takes others
_FONTS = {**dict.fromkeys(("ascii", "hAnsi", "cs"), FONTS[0]), "eastAsia": FONTS[1]}
_INK, _ACCENT, _NOTE = "1B2430", "1F4E79", "5F6670"
#: style, size in points, bold, colour, space before and after in points
_STYLES = (("Normal", 10.5, None, _INK, 0, 6), ("Title", 24, True, _ACCENT, 0, 4), ("Subtitle", 12, None, _NOTE, 0, 10),
           ("Heading 1", 15, True, _ACCENT, 18, 6), ("Caption", 9, False, _NOTE, 0, 8), ("List Bullet", 10.5, None, _INK, 0, 3))
#: A4 and its margins in centimetres
_PAPER, _MARGINS = (21.0, 29.7), (2.0, 2.0)


@dataclass(frozen=True, slots=True)
class Look:
    """XML of the properties of a row, its cells, their paragraphs and their words."""

    row: str
    cell: str
    paragraph: str
    run: str


_TIGHT = '<w:spacing w:before="30" w:after="30" w:line="240" w:lineRule="auto"/>'
_SIZE = '<w:sz w:val="18"/><w:szCs w:val="18"/>'
HEAD = Look("<w:tblHeader/>", '<w:shd w:val="clear" w:color="auto" w:fill="E3EAF2"/><w:vAlign w:val="center"/>',
            f"<w:keepNext/>{_TIGHT}", f"<w:b/>{_SIZE}")
BODY = Look("", '<w:vAlign w:val="center"/>', _TIGHT, _SIZE)
TOTAL = Look("", '<w:tcBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="3A4450"/></w:tcBorders>'
             '<w:vAlign w:val="center"/>', _TIGHT, f"<w:b/>{_SIZE}")


def table_properties(width: int) -> str:
    """Lines between rows, none between columns; of a fixed width."""
    lines = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="B8C1CC"/>' for side in ("top", "bottom", "insideH"))
    return (f'<w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:tblBorders>{lines}</w:tblBorders><w:tblLayout w:type="fixed"/>'
            '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr>')


def own(book: Any, language: str) -> None:
    """Our own paper and styles in python-docx's empty document."""
    section = book.sections[0]
    section.page_width, section.page_height = (_shared.Cm(x) for x in _PAPER)
    section.left_margin = section.right_margin = _shared.Cm(_MARGINS[0])
    section.top_margin = section.bottom_margin = _shared.Cm(_MARGINS[1])
    for name, size, bold, colour, before, after in _STYLES:
        style = book.styles[name]
        style.font.size, style.font.bold = _shared.Pt(size), bold
        style.font.color.rgb = _shared.RGBColor.from_string(colour)
        style.paragraph_format.space_before, style.paragraph_format.space_after = _shared.Pt(before), _shared.Pt(after)
        style.font.italic = False
        _in_fonts(style.element.get_or_add_rPr())
    title = book.styles["Title"].element.pPr
    for line in title.findall(_ns.qn("w:pBdr")):
        title.remove(line)
    spoken = book.styles["Normal"].element.get_or_add_rPr()
    spoken.append(_oxml.parse_xml(f'<w:lang xmlns:w="{_ns.nsmap["w"]}" w:val="en-US" w:eastAsia="{language}"/>'))


def _in_fonts(properties: Any) -> None:
    """A style's fonts for both scripts; those of its theme go."""
    fonts = properties.get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for script, font in _FONTS.items():
        fonts.set(_ns.qn(f"w:{script}"), font)


def footed(book: Any, title: str) -> None:
    """The plan's name and the page's number, where the paper has no footer of its own."""
    footer = book.sections[-1].footer
    if not footer.is_linked_to_previous and any(p.text.strip() or len(p._p) > 1 for p in footer.paragraphs):
        return
    line = footer.paragraphs[0] if footer.paragraphs else footer.add_paragraph()
    line.add_run(f"{title[:80]}  ·  ")
    line._p.append(_oxml.parse_xml(
        f'<w:fldSimple xmlns:w="{_ns.nsmap["w"]}" w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'))


def marked(paragraph: Any, name: str, number: int) -> None:
    """A bookmark around a heading, for the links of the first page."""
    w = _ns.nsmap["w"]
    begin = _oxml.parse_xml(f'<w:bookmarkStart xmlns:w="{w}" w:id="{number}" w:name="{name}"/>')
    end = _oxml.parse_xml(f'<w:bookmarkEnd xmlns:w="{w}" w:id="{number}"/>')
    paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, begin)
    paragraph._p.append(end)


def recorded(book: Any, of: Any) -> None:
    """Who made it of what, and when, in the file's own record; without the small picture of the library's own empty file.

    of: an outline or a deck.
    """
    properties, package = book.core_properties, book.part.package
    relations = package.rels if hasattr(package, "rels") else package._rels  # of a document, of a deck
    for key in [k for k, r in relations.items() if r.reltype.endswith("/thumbnail")]:
        relations.pop(key)
    properties.title, properties.author, properties.comments = plain(of.title)[:250], plain(of.author)[:250], ""
    properties.last_modified_by, properties.language = plain(of.author)[:250], of.language
    if of.day is not None:
        properties.created = properties.modified = of.day
