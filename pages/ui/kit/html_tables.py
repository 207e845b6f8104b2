"""The cards and the tables of numbers, each one element: a move then costs the browser little.

Cards and the levers' table hold only our own words and numbers and are HTML (no text of a planner ever goes in; what
goes in is escaped all the same). Tables with a planner's names are a component that sets text by `textContent`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape
from pathlib import Path

import streamlit as st

from pages.ui.kit.texts import language

_CARDS_CSS = """
.sd-cards{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:.6rem}
@media(max-width:760px){.sd-cards{grid-template-columns:repeat(2,minmax(0,1fr));gap:.4rem}}
.sd-card{border:1px solid color-mix(in srgb,currentColor 20%,transparent);border-radius:.5rem;padding:.5rem .7rem;min-width:0}
.sd-label{display:inline-block;font-size:.85rem;cursor:help;text-decoration:underline dotted;text-underline-offset:3px}
.sd-card{position:relative}
.sd-tip{position:absolute;clip-path:inset(50%);left:.7rem;top:2rem;z-index:9;width:min(17rem,72vw);height:0;overflow:hidden;
  border-radius:.4rem;background:light-dark(#1B2430,#E6EAF0);color:light-dark(#FFF,#12161C);font-size:.8rem;line-height:1.4}
.sd-label:focus+.sd-tip,.sd-label:hover+.sd-tip{clip-path:none;height:auto;padding:.45rem .6rem}
.sd-card:nth-child(even) .sd-tip{left:auto;right:.2rem}
.sd-value{font-size:1.5rem;font-weight:600;line-height:1.35;font-variant-numeric:tabular-nums;
  overflow-wrap:anywhere}
.sd-card p{margin:0;font-size:.8rem;line-height:1.45;min-height:1.45em;font-variant-numeric:tabular-nums}
.sd-good{color:light-dark(#0B6B3A,#5FD39A)}.sd-bad{color:light-dark(#B3261E,#FF8A80)}
@media(max-width:760px){.sd-value{font-size:1.2rem}.sd-card p{font-size:.75rem}
  .sd-card{padding:.4rem .5rem}}
"""
#: what Streamlit's theme has no setting for: its faded captions and shortcuts, and white on the dark theme's light blue
_READABLE_CSS = """
[data-testid="stCaptionContainer"],[data-testid="stCaptionContainer"] p,button:enabled kbd{
  color:light-dark(#56616E,#A9B3BF)!important;opacity:1!important}
[data-testid^="stBaseButton-primary"],[data-testid^="stBaseButton-primary"] p,[data-testid^="stBaseButton-primary"] span,
[data-testid="stMultiSelectTagsContainer"] [role="button"],[data-testid="stMultiSelectTagsContainer"] span{
  color:light-dark(#FFF,#12161C)!important}
@media(max-width:%spx){button kbd{display:none!important}}
"""
#: In a field Ctrl+Z takes back what was typed there, and not a step of the plan: Streamlit's shortcuts act everywhere, its
#: own filter lets all of them with Ctrl through. A list of choices that is closed is no field, though Streamlit makes it one.
_FIELDS_JS = """
if (!window.sdFields) {
  window.sdFields = true
  const pressed = /^(range|checkbox|radio|button|file|submit|reset|color)$/
  const field = e => e.isContentEditable || e.tagName === 'TEXTAREA' || e.tagName === 'INPUT' && !pressed.test(e.type)
    && !(e.getAttribute('role') === 'combobox' && e.getAttribute('aria-expanded') !== 'true')
  addEventListener('keydown', e => {
    const undo = (e.ctrlKey || e.metaKey) && (/^[zy]$/i.test(e.key) || /^Key[ZY]$/.test(e.code))
    if (undo && field(e.composedPath()[0])) e.stopImmediatePropagation()
  }, true)
}
"""
#: Streamlit makes an entry of the browser's history each time a query parameter is set: after one click of the menu for the
#: language and for the draft, and Back then stayed where it was. Only another page, or another figure on one, is an entry.
_HISTORY_JS = """
if (!window.sdHistory) {
  window.sdHistory = true
  const push = history.pushState.bind(history), kept = /^(lang|s|w)$/
  const own = place => [...new URLSearchParams(place.search)].filter(([key]) => !kept.test(key)).join('&')
  history.pushState = (state, title, url) => {
    const to = new URL(url ?? location.href, location.href), same = to.pathname === location.pathname
    if (same && (!own(to) || own(to) === own(location))) history.replaceState(state, title, url)
    else push(state, title, url)
  }
}
"""
#: A grid fetches the editor of its cells with the first key that is typed into one, and loses the keys that come meanwhile:
#: it is fetched when the pointer or the focus reaches a grid.
_GRIDS_JS = """
if (!window.sdGrids) {
  window.sdGrids = true
  const early = e => {
    if (!e.target.closest || !e.target.closest('[data-testid=stDataFrame]')) return
    removeEventListener('pointerover', early, true)
    removeEventListener('focusin', early, true)
    const main = document.querySelector('script[type=module][src]')
    if (main) for (const name of %s) import(new URL(name, main.src))
  }
  addEventListener('pointerover', early, true)
  addEventListener('focusin', early, true)
}
"""
#: width up to which shortcuts are left off the buttons of the top bar, which else would take a second row, by language
_SHORTCUTS_FROM = {"en": 1599}
#: rows are whole pixels high: else a sticky first cell, drawn by itself, covers its neighbours' lines on a phone
_TABLE_CSS = """
.sd-scroll{overflow-x:auto}
.sd-table{border-collapse:separate;border-spacing:0;width:100%;font-size:.85rem;font-variant-numeric:tabular-nums}
.sd-table th,.sd-table td{padding:5px .55rem;line-height:21px;text-align:right;white-space:nowrap;
  border-bottom:1px solid color-mix(in srgb,currentColor 20%,transparent)}
.sd-table th{font-weight:600;white-space:normal;vertical-align:bottom}
.sd-table th:first-child,.sd-table td:first-child{text-align:left;position:sticky;left:0;
  background:light-dark(#FFF,#12161C)}
.sd-table td:first-child{white-space:normal;overflow-wrap:break-word;min-width:9.5rem;max-width:26rem}
.sd-table .word{text-align:left}
.sd-table.sum tr:last-child td{font-weight:600}
@media(max-width:760px){.sd-table td:first-child{min-width:6.5rem;max-width:9rem}.sd-table th{min-width:4rem}
  .sd-table{font-size:.78rem}.sd-table th,.sd-table td{padding:5px .35rem;line-height:19px}}
"""
_TABLE_JS = """
export default ({data: d, parentElement}) => {
  const table = parentElement.querySelector('table'), all = [d.head, ...d.rows], shape = all.length + 'x' + d.head.length
  if (table.dataset.shape !== shape) {
    table.dataset.shape = shape
    table.replaceChildren(...all.map((r, i) => {
      const tr = document.createElement('tr')
      tr.append(...r.map(() => {
        const c = document.createElement(i ? 'td' : 'th'); if (!i) c.scope = 'col'; return c }))
      return tr }))
  }
  table.classList.toggle('sum', !!d.sum)
  all.forEach((r, i) => r.forEach((x, j) => {
    const c = table.rows[i].cells[j]; if (c.textContent !== x) c.textContent = x
    c.classList.toggle('word', !!d.words?.includes(j))
    if (!i && c.title !== d.help[j]) c.title = d.help[j] }))
}
"""
_TABLE_HTML = "<div class='sd-scroll' tabindex='0'><table class='sd-table'></table></div>"


def _tight(script: str) -> str:
    """A script without its indentation: a component's script travels with every update."""
    return "\n".join(line.strip() for line in script.strip().splitlines())


def _dense(script: str) -> str:
    """The same without the spaces beside signs: for a script whose texts have none there."""
    return re.sub(r" ?([^\w\s'$]) ?", r"\1", _tight(script))


def readable() -> None:
    """Inks of enough contrast for every page, one row for the top bar, fields with an undo of their own, a history that Back
    goes through page by page, grids that lose no key typed; once a run."""
    css = _tight(_READABLE_CSS % _SHORTCUTS_FROM.get(language(), 760))
    scripts = "\n".join(map(_tight, (_FIELDS_JS, _HISTORY_JS, _GRIDS_JS % json.dumps(cell_editors()))))
    st.html(f"<style>{css}</style><script>{scripts}</script>", unsafe_allow_javascript=True)


@lru_cache(maxsize=1)
def cell_editors() -> list[str]:
    """Names of Streamlit's own scripts with the editors of a grid's cells, beside its main one."""
    folder = Path(st.__file__).parent / "static" / "static" / "js"
    return sorted(path.name for kind in ("data-grid", "number") for path in folder.glob(f"{kind}-overlay-editor.*.js"))


def styles() -> None:
    """The components' style sheet, once a page; inside the components it would travel with every update."""
    st.html(f"<style>{_tight(_CARDS_CSS + _TABLE_CSS)}</style>")


table = st.components.v2.component("sandtable_table", html=_TABLE_HTML, js=_dense(_TABLE_JS), isolate_styles=False)


def cards(rows: Sequence[dict[str, str]]) -> None:
    """KPI cards: label with its definition, value, change, last year, target."""
    st.html(f"<div class='sd-cards' role='list'>{''.join(map(_card, rows))}</div>")


def _card(row: dict[str, str]) -> str:
    d = {key: escape(text, quote=True) for key, text in row.items()}
    return (f"<div class='sd-card' role='listitem'>"
            f"<div class='sd-label' tabindex='0' aria-describedby='tip-{d['key']}'>{d['label']}</div>"
            f"<div class='sd-tip' id='tip-{d['key']}'>{d['help']}</div>"
            f"<div class='sd-value' title='{d['exact']}'>{d['value']}</div><p{_class(d['mood'])}>{d['change']}</p>"
            f"<p>{d['last']}</p><p><span{_class(d['verdict'])}>{d['target']}</span><span class='sd-chance-{d['key']}'></span></p>"
            f"<p class='sd-band-{d['key']}'></p></div>")


def _class(name: str) -> str:
    return f" class='{name}'" if name else ""


def added(texts: Mapping[str, str]) -> None:
    """Text at the end of elements, by their class: some bytes of style sheet, so that they are not sent a second time."""
    rules = "".join(f'.{name}::after{{content:"{_quoted(text)}"}}' for name, text in texts.items())
    st.html(f"<style>{rules}</style><span></span>")


def _quoted(text: str) -> str:
    """Text within a string of a style sheet: whatever could end it is written as its code."""
    return "".join(c if c.isalnum() or c in " ,.:;%¥±·–−+（）()" else f"\\{ord(c):x} " for c in text)


def own_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table of our own words and numbers."""
    line = "".join(f"<th scope='col'>{escape(cell)}</th>" for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    st.html(f"<div class='sd-scroll' tabindex='0'><table class='sd-table'><tr>{line}</tr>{body}</table></div>")
