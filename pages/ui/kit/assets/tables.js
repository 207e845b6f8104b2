// Every table of numbers. A row is a list of texts, or {key, cells, of, mark, help, exact, moods}; `of` names the row that it
// is a part of. What stays is left alone: a move changes the texts of some cells. All text goes in by `textContent`.
window.sdTable = ({data, parentElement}) => {
  const table = parentElement.querySelector('table')
  const open = table.sdOpen = table.sdOpen || new Set()
  const rows = data.rows.map(row => Array.isArray(row) ? {cells: row} : row)
  const whole = new Set(rows.map(row => row.of).filter(Boolean))
  const kinds = data.kinds || [], help = data.help || []

  const make = (tag, inside = []) => { const e = document.createElement(tag); e.append(...inside); return e }
  const heading = (scope, inside) => { const e = make('th', inside); e.scope = scope; return e }
  const name = row => {
    if (!whole.has(row.key) && (!data.tree || row.of)) return []
    const e = make(whole.has(row.key) ? 'button' : 'span')
    e.tagName === 'BUTTON' ? e.type = 'button' : e.className = 'leaf'
    return [e] }
  const line = row => make('tr', row.cells.map((_, j) => j ? make('td') : heading('row', name(row))))
  const set = (e, property, value) => { if (e[property] !== value) e[property] = value }
  const corner = () => { const e = heading('col', [make('span'), make('button')]); e.lastChild.type = 'button'; return e }
  const fill = (cell, text, look, title) => {
    set(cell.firstElementChild || cell, 'textContent', text)
    set(cell, 'className', look.filter(Boolean).join(' '))
    set(cell, 'title', title || '') }
  const turn = (button, row) => {
    button.setAttribute('aria-expanded', open.has(row.key))
    button.onclick = () => {
      open.has(row.key) ? open.delete(row.key) : open.add(row.key)
      draw()
      table.rows[1 + shown().indexOf(row)].cells[0].firstElementChild.focus() } }
  const shown = () => rows.filter(row => !row.of || open.has(row.of))

  const draw = () => {
    const seen = shown()
    const shape = JSON.stringify([data.head.length, seen.map(row => [row.key, whole.has(row.key), data.tree && !row.of])])
    if (table.sdShape !== shape) {
      table.sdShape = shape
      table.replaceChildren(make('thead', [make('tr', data.head.map((_, j) => j ? heading('col') : corner()))]), make('tbody', seen.map(line)))
    }
    if (data.label) table.setAttribute('aria-label', data.label)
    data.head.forEach((text, j) => fill(table.rows[0].cells[j], text, [j && kinds[j]], help[j]))
    copies(table.rows[0].cells[0].lastChild)
    seen.forEach((row, i) => {
      const tr = table.rows[1 + i], last = data.sum && i === seen.length - 1
      set(tr, 'className', row.mark || (last ? 'sum' : ''))
      row.cells.forEach((text, j) => fill(tr.cells[j], text, [j && kinds[j], row.moods && row.moods[j]],
        [row.help, row.exact][j]))
      if (whole.has(row.key)) turn(tr.cells[0].firstElementChild, row) }) }

  // what is shown, a line a row and a tab a cell; numbers with the minus that spreadsheets know, and nothing they would execute
  const cell = e => { const text = (e.querySelector('span,button') || e).textContent.replace(/[\u2060\u200b]/g, '').replace(/\u00a0/g, ' ')
    return /^−[\d.]/.test(text) ? `-${text.slice(1)}` : /^['＇]*([=@＝＠]|[+\-＋－](?!\d))/.test(text) && text.length > 1 ? `'${text}` : text }
  const copies = button => {
    set(button, 'className', 'sd-copy')
    set(button, 'title', data.copy)
    button.setAttribute('aria-label', data.copy)
    button.onclick = () => window.sdCopy([...table.rows].map(tr => [...tr.cells].map(cell).join('\t')).join('\n'), button, data.copied) }
  draw()
  window.sdEdges(parentElement.querySelector('.sd-scroll'))
}
// To the clipboard, also where a page that is no https has none; says so beside the button and to screen readers.
window.sdCopy = async (text, button, said) => {
  try { await navigator.clipboard.writeText(text) } catch {
    const held = Object.assign(document.createElement('textarea'), {value: text})
    document.body.append(held); held.select(); document.execCommand('copy'); held.remove(); button.focus()
  }
  const note = document.querySelector('.sd-said') || document.body.appendChild(Object.assign(document.createElement('div'), {className: 'sd-said'}))
  const at = button.getBoundingClientRect()
  note.setAttribute('role', 'status')
  Object.assign(note.style, {left: `${at.right + 6}px`, top: `${at.top - 2}px`})
  note.textContent = ''
  requestAnimationFrame(() => { note.textContent = said })
  clearTimeout(window.sdSaid)
  window.sdSaid = setTimeout(() => { note.textContent = '' }, 2500)
}
// Which edges of a table have more beyond them.
window.sdEdges = scroll => {
  const look = () => { const left = scroll.scrollLeft, rest = scroll.scrollWidth - scroll.clientWidth - left
    scroll.parentElement.classList.toggle('sd-more-left', left > 1)
    scroll.parentElement.classList.toggle('sd-more', rest > 1) }
  if (!scroll.sdEdges) {
    scroll.sdEdges = new ResizeObserver(look)
    scroll.sdEdges.observe(scroll)
    scroll.sdEdges.observe(scroll.firstElementChild)
    scroll.addEventListener('scroll', look, {passive: true})
  }
}
