"""A table whose rows open to their parts: one component for every table of a page, all text set by `textContent`.

Opening a row is the browser's own business: no rerun, and it stays open while numbers change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from pages.ui.kit.html_tables import _tight
from pages.ui.kit.texts import t

_CSS = """
.sd-tree{border-collapse:separate;border-spacing:0;width:100%;font-size:.85rem;font-variant-numeric:tabular-nums}
.sd-tree th,.sd-tree td{padding:5px .5rem;line-height:21px;text-align:right;white-space:nowrap;vertical-align:top;
  border-bottom:1px solid light-dark(#D3D7DC,#383E47)}
.sd-tree thead th{font-weight:600;vertical-align:bottom}
.sd-tree .text{text-align:left}.sd-tree .wide{text-align:left;white-space:normal;min-width:18rem}
.sd-tree th:first-child{text-align:left;font-weight:400;position:sticky;left:0;z-index:1;
  max-width:15rem;min-width:5.5rem;white-space:normal;
  word-break:keep-all;overflow-wrap:break-word;
  background:light-dark(#FFF,#12161C)}
.sd-tree thead th:first-child{font-weight:600}
.sd-tree tr.sum th,.sd-tree tr.sum td{font-weight:600}
.sd-tree tr.sum th,.sd-tree tr.sum td{background:light-dark(#F3F5F8,#1C222B)}
.sd-tree tr.part th{padding-left:1.7rem}.sd-tree tr.part{font-size:.94em}
.sd-tree tr.off{color:light-dark(#5B6673,#98A3B0)}
.sd-tree .good{color:light-dark(#0B6B3A,#5FD39A)}.sd-tree .bad{color:light-dark(#B3261E,#FF8A80)}
.sd-tree button{all:unset;cursor:pointer;font:inherit}
.sd-tree button,.sd-tree .leaf{display:block;padding-left:1.1em;text-indent:-1.1em}
.sd-tree button::before{content:"▸";content:"▸" / "";display:inline-block;width:1.1em;text-indent:0}
.sd-tree button[aria-expanded=true]::before{content:"▾";content:"▾" / ""}
.sd-tree button:focus-visible{outline:2px solid currentColor;outline-offset:2px;border-radius:2px}
.sd-tree .leaf::before{content:"";display:inline-block;width:1.1em}
@media(max-width:760px){.sd-tree{font-size:.78rem}.sd-tree th,.sd-tree td{padding:5px .35rem;line-height:19px}
  .sd-tree th:first-child{max-width:9rem}.sd-tree tr.part th{padding-left:1.1rem}}
"""
_JS = """
export default function ({data, parentElement}) {
  const table = parentElement.querySelector('table')
  const open = table.sdOpen = table.sdOpen || new Set()
  const make = (tag, text, cls) => { const e = document.createElement(tag); e.textContent = text || ''
    if (cls) e.className = cls; return e }
  const first = row => {
    const cell = make('th', '', ''); cell.scope = 'row'
    if (!data.rows.some(r => r.of === row.key)) {
      cell.append(make('span', row.cells[0], data.tree && !row.of ? 'leaf' : '')); return cell }
    const button = make('button', row.cells[0]); button.type = 'button'; button.dataset.key = row.key
    button.setAttribute('aria-expanded', open.has(row.key))
    button.onclick = () => { open.has(row.key) ? open.delete(row.key) : open.add(row.key); draw()
      table.querySelector('button[data-key="' + CSS.escape(row.key) + '"]').focus() }
    cell.append(button); return cell }
  const draw = () => {
    const head = make('tr')
    head.append(...data.head.map((text, i) => { const cell = make('th', text, i ? data.kinds[i] : '')
      cell.scope = 'col'; if (data.help[i]) cell.title = data.help[i]; return cell }))
    const rows = data.rows.filter(r => !r.of || open.has(r.of)).map(row => {
      const tr = make('tr', '', row.mark), one = first(row)
      if (row.help) one.title = row.help
      tr.append(one, ...row.cells.slice(1).map((text, j) => {
        const cell = make('td', text, [data.kinds[j + 1], (row.moods || {})[j + 1]].filter(Boolean).join(' '))
        if (!j && row.exact) cell.title = row.exact
        return cell }))
      return tr })
    const top = make('thead'), body = make('tbody'); top.append(head); body.append(...rows)
    table.setAttribute('aria-label', data.label); table.replaceChildren(top, body) }
  draw()
}
"""
_HTML = "<div class='sd-scroll' tabindex='0'><table class='sd-tree'></table></div>"
_component = st.components.v2.component("sandtable_tree", html=_HTML, js=_tight(_JS), isolate_styles=False)


@dataclass(frozen=True, slots=True)
class Column:
    """kind: "" a number, "text" words, "wide" words that may break over lines."""

    title: str
    kind: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table. of: key of the row that it is a part of. mark: sum | part | off. moods: column -> good | bad."""

    key: str
    cells: Sequence[str]
    of: str = ""
    mark: str = ""
    help: str = ""
    exact: str = ""
    moods: tuple[tuple[int, str], ...] = ()


def styles() -> None:
    """The tables' style sheet, once a page."""
    st.html(f"<style>{_tight(_CSS)}</style>")


def table(key: str, label: str, columns: Sequence[Column], lines: Sequence[Line]) -> None:
    """Draw the table; label is what a screen reader calls it."""
    if not lines:
        st.caption(t("plan.nothing"))
        return
    _component(key=key, data={
        "label": label, "tree": any(line.of for line in lines), "head": [c.title for c in columns],
        "help": [c.help for c in columns], "kinds": [c.kind for c in columns], "rows": [_row(line) for line in lines]})


def _row(line: Line) -> dict:
    row = {"key": line.key, "cells": list(line.cells), "of": line.of, "mark": line.mark, "help": line.help,
           "exact": line.exact, "moods": {str(i): mood for i, mood in line.moods}}
    return {k: v for k, v in row.items() if v or k == "cells"}
