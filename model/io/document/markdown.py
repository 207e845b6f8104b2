"""An outline as Markdown: without its charts, whose numbers stand in tables beside them."""

from __future__ import annotations

import re

from model.io.document.outline import LEAD, NOTE, POINT, Chapter, Chart, Outline, Table, Text, plain

#: what Markdown would act on; of a number or a sign at the beginning of a line what makes a list of it
_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~$])")
_STARTS = re.compile(r"^(\d+)([.)])(?=\s)|^([-+=])(?=\s|$|-|=)")
_ENDS = {True: "---:", False: ":---"}


def markdown(outline: Outline) -> str:
    """The whole document; ends with a line feed."""
    facts = "\n".join(f"- {said(label)}: {said(text)}" for label, text in outline.facts)
    head = filter(None, [f"# {said(outline.title)}", said(outline.subtitle), facts])
    return "\n\n".join([*head, *(block for c in outline.chapters for block in _chapter(c))]) + "\n"


def said(text: str) -> str:
    """A text that reads in Markdown as it is written here."""
    text = _MARKS.sub(r"\\\1", plain(text)).replace("&", "&amp;").replace("://", ":\u200b//").replace("www.", "www\u200b.")
    return _STARTS.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", text)


def _chapter(chapter: Chapter) -> list[str]:
    written = [block for block in chapter.blocks if not isinstance(block, Chart)]
    return [f"## {said(chapter.title)}", *(_text(block) if isinstance(block, Text) else _table(block) for block in written)]


def _text(text: Text) -> str:
    words = said(text.text)
    return {LEAD: f"**{words}**", POINT: f"- {words}", NOTE: f"*{words}*"}.get(text.kind, words)


def _table(table: Table) -> str:
    ends = [_ENDS[i in table.right] for i in range(len(table.head))]
    rows = [[said(cell) for cell in row] for row in (table.head, *table.rows)]
    lines = [f"| {' | '.join(row)} |" for row in (rows[0], ends, *rows[1:])]
    return "\n".join([*([f"**{said(table.title)}**", ""] if table.title else []), *lines])
