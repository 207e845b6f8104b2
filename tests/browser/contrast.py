"""Which visible texts cannot be read: contrast of at least 4.5 against what is behind them, 3 for large text.

Texts in pictures are asked too: their colours are those that the browser ended up with.
"""

from __future__ import annotations

from playwright.sync_api import Page

#: what is left out, and why
EXCEPT = {
    "[disabled], [disabled] *, [aria-disabled=true], [aria-disabled=true] *": "disabled controls: WCAG 1.4.3 leaves them out",
    "[data-testid=stDataFrame] *, [data-testid=stDataFrameResizable] *": "drawn on a canvas by the grid; its hidden table is not shown",
    ".mark-text text[fill='#12161C']": "numbers on grey bars: the same test asks their colour",
    "[class*=st-key-cells_] .mark-text *": "numbers on coloured cells: tests/pages/test_pictures_said.py asks their colours",
}
#: Gives every text below its contrast: its place, words, ratio, size. Backgrounds are the layers behind a text, one over the other;
#: what is drawn in SVG behind a picture's text is not asked.
MEASURE = r"""
(except) => {
  const parse = c => { const m = c.match(/[\d.]+/g); if (!m) return [0,0,0,0]
    const scale = c.startsWith('color(') ? 255 : 1
    const n = m.map(Number); return [n[0]*scale, n[1]*scale, n[2]*scale, n.length > 3 ? n[3] : 1] }
  const over = (a, b) => { const k = a[3]; return [0,1,2].map(i => a[i]*k + b[i]*(1-k)).concat(k + b[3]*(1-k)) }
  const light = c => { const f = c.slice(0,3).map(v => { v /= 255; return v <= .03928 ? v/12.92 : ((v+.055)/1.055)**2.4 })
    return .2126*f[0] + .7152*f[1] + .0722*f[2] }
  const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x+.05)/(y+.05) }
  const ground = getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor
  // a layer that a text was moved out of, as a slider's number above its thumb, is not behind it
  const behind = e => { const layers = [], t = e.getBoundingClientRect(), x = t.x + t.width / 2, y = t.y + t.height / 2
    for (let p = e; p; p = p.parentElement) { const s = getComputedStyle(p), b = p.getBoundingClientRect()
      if (x < b.left || x > b.right || y < b.top || y > b.bottom) continue
      layers.push(parse(s.backgroundColor)); if (layers.at(-1)[3] === 1) break }
    let c = parse(ground); for (const l of layers.reverse()) c = over(l, c)
    return c }
  const faded = e => { let k = 1; for (let p = e; p; p = p.parentElement) k *= Number(getComputedStyle(p).opacity); return k }
  const out = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walk.nextNode()) { const e = walk.currentNode.parentElement, words = walk.currentNode.textContent.trim()
    if (!words || !e || e.closest('script,style,noscript,template') || e.closest(except)) continue
    const s = getComputedStyle(e), box = e.getBoundingClientRect()
    if (s.visibility !== 'visible' || box.width < 2 || box.height < 2 || !e.checkVisibility({opacityProperty: true})) continue
    if (s.clip === 'rect(0px, 0px, 0px, 0px)' || s.clipPath === 'inset(50%)') continue
    // an icon is a word in a font of signs: a picture, for which 3 is asked
    const icon = s.fontFamily.includes('Material'), svg = e.namespaceURI.endsWith('svg')
    const size = parseFloat(s.fontSize), large = icon || size >= 24 || size >= 18.66 && Number(s.fontWeight) >= 700
    const ink = parse(svg ? s.fill : s.color); ink[3] *= faded(e) * (svg ? Number(s.fillOpacity) : 1)
    const back = behind(svg ? e.closest('svg').parentElement : e), found = ratio(over(ink, back), back)
    if (found < (large ? 3 : 4.5) - 0.005) out.push([found.toFixed(2), size, words.slice(0, 40),
      e.tagName + ' ' + (e.closest('[data-testid]')?.dataset.testid || ''), s[svg ? 'fill' : 'color'], 'on ' + back.map(Math.round)]) }
  return out
}
"""


def unreadable(page: Page) -> list[tuple]:
    """Contrast, size, words, place and colours of each text that has too little."""
    return sorted(map(tuple, page.evaluate(MEASURE, ", ".join(EXCEPT))))
