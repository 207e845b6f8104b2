// Vega puts its own role on a picture when it has drawn it, before or after ours. Watches the body: a page that changes may
// put another main part in place of the one that was there.
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
