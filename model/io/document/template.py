"""A company's own document whose styles, paper, header and footer are taken; its text is not."""

from __future__ import annotations

import io
from typing import Any

from model.errors import shown
from model.io.package import TEMPLATE, packed, parts_of, refused
from model.late import Late

_docx = Late("docx")
_TYPES = "[Content_Types].xml"
_OF_TEMPLATE, _OF_DOCUMENT = (f"wordprocessingml.{kind}.main+xml".encode() for kind in ("template", "document"))
#: what a document may be fastened to outside of itself, by the end of the relation's name: a template on somebody's disk
_FASTENED = "attachedTemplate"


def opened(data: bytes) -> Any:
    """The document, emptied. Raises UnreadableFile where it is none, has macros or cannot be written into."""
    parts = parts_of(data, TEMPLATE)
    parts[_TYPES] = parts.get(_TYPES, b"").replace(_OF_TEMPLATE, _OF_DOCUMENT)
    try:
        book = _docx.Document(io.BytesIO(packed(parts)))
        _emptied(book)
        list(book.styles), book.sections[-1].footer.paragraphs, book.core_properties.title  # what is written through later
    except Exception as error:  # a damaged file fails wherever it is damaged
        raise refused(TEMPLATE, "damaged", shown(str(error) or type(error).__name__)) from None
    return book


def _emptied(book: Any) -> None:
    """Without its text, with the paper of its last section."""
    body = book.element.body
    for element in list(body)[:-1] if body.sectPr is not None else list(body):
        body.remove(element)
    if body.sectPr is None:
        book.add_section()
        for element in list(body)[:-1]:
            body.remove(element)
    for part in book.part.package.iter_parts():
        for key in [k for k, r in part.rels.items() if r.is_external and r.reltype.endswith(_FASTENED)]:
            del part.rels[key]
