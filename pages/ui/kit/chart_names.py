"""Pictures for every reader: texts in the theme's ink, and a name for those who hear the page.

A picture's own alternative (`alt`) says what is drawn and stays: Streamlit embeds a picture whose alternative changes anew, and
it would flicker at every move. What the picture says now, with its numbers, is its title. So each picture becomes a figure
whose name is the title before it; the browser follows the title by itself, and a move sends no byte for it.
"""

from __future__ import annotations

import streamlit as st

from pages.ui.kit.html_tables import _tight

#: No one colour is readable on white and on near black, and a specification knows no theme: the style sheet does. Cells of
#: the triangle carry inks of their own.
_CSS = """
.st-key-figures{display:none}
[data-testid=stVegaLiteChart] svg text{fill:light-dark(#56616E,#A9B3BF)}
[data-testid=stVegaLiteChart]:not([class*='st-key-cells_'] *) .mark-text text{fill:light-dark(#1B2430,#E6EAF0)}
[data-testid=stVegaLiteChart] .mark-text text[fill="#FFFFFF"]{fill:#FFF}
[class*='st-key-cells_'] .mark-text text[fill="#000000"]{fill:#000}
[data-testid=stVegaLiteChart] svg text[fill="#C2410C"][fill="#C2410C"]{fill:light-dark(#B23A08,#FF9466)}
[data-testid=stVegaLiteChart] svg text[fill="#C2417F"][fill="#C2417F"]{fill:light-dark(#B0316F,#F08DBD)}
"""
#: Vega puts its own role on a picture when it has drawn it, before or after ours. Watches the body: a page that changes may put
#: another main part in place of the one that was there.
_JS = """
let asked = false
const titleOf = chart => {
  let at = chart.closest('[data-testid=stElementContainer]')
  for (let step = 0; at && step < 12; step++) {
    const before = at.previousElementSibling
    at = before || at.parentElement
    if (!before) continue
    const found = [...before.querySelectorAll('[data-testid=stMarkdownContainer],[data-testid=stHeading]')]
    const title = found.reverse().find(e => e.querySelector('strong,h1,h2,h3,h4,h5,h6'))
    if (title) return title
  }
}
const name = () => {
  asked = false
  document.querySelectorAll('[data-testid=stVegaLiteChart]').forEach(chart => {
    const title = titleOf(chart)
    if (!title) return
    title.id = title.id || 'sd-title-' + (window.sdTitles = (window.sdTitles || 0) + 1)
    if (chart.getAttribute('aria-labelledby') === title.id && chart.getAttribute('role') === 'figure') return
    chart.setAttribute('role', 'figure')
    chart.setAttribute('aria-labelledby', title.id)
  })
}
export default function () {
  const later = () => { if (!asked) { asked = true; setTimeout(name, 150) } }
  const seen = new MutationObserver(later)
  seen.observe(document.body, {childList: true, subtree: true})
  later()
  return () => seen.disconnect()
}
"""
_names = st.components.v2.component("sandtable_figures", html="<span></span>", css=_tight(_CSS),
                                    js=_tight(_JS), isolate_styles=False)


def names() -> None:
    """Once a page that has pictures: keeps every picture's name."""
    _names(key="figures")
