// The line of contents: opens the section that is asked for and goes to its head. It grows for a moment, and the page may be too
// short to go there before it has: so the page follows until something else is done.
if (!window.sdSections) {
  window.sdSections = true
  const goTo = key => {
    const box = document.querySelector(`.st-key-${key}`), head = box && box.querySelector('summary')
    if (!head) return
    if (!head.parentElement.open) head.click()
    head.focus({preventScroll: true})
    const grown = new ResizeObserver(() => box.scrollIntoView({block: 'start'}))
    const stop = () => grown.disconnect()
    grown.observe(box)
    setTimeout(stop, 5000)
    for (const hand of ['wheel', 'touchmove', 'keydown', 'pointerdown']) addEventListener(hand, stop, {once: true, capture: true})
  }
  addEventListener('click', e => {
    const asked = e.target.closest && e.target.closest('.sd-contents [data-section]')
    if (asked) goTo(asked.dataset.section)
  })
}
