// A grid fetches the editor of its cells with the first key that is typed into one, and loses the keys that come meanwhile: it
// is fetched when the pointer or the focus reaches a grid.
if (!window.sdGrids) {
  window.sdGrids = true
  const early = e => {
    if (!e.target.closest || !e.target.closest('[data-testid=stDataFrame]')) return
    removeEventListener('pointerover', early, true)
    removeEventListener('focusin', early, true)
    const main = document.querySelector('script[type=module][src]')
    if (main) for (const name of window.sdCellEditors) import(new URL(name, main.src))
  }
  addEventListener('pointerover', early, true)
  addEventListener('focusin', early, true)
}
