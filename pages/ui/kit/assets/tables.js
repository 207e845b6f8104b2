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
      table.replaceChildren(make('thead', [make('tr', data.head.map(() => heading('col')))]), make('tbody', seen.map(line)))
    }
    if (data.label) table.setAttribute('aria-label', data.label)
    data.head.forEach((text, j) => fill(table.rows[0].cells[j], text, [j && kinds[j]], help[j]))
    seen.forEach((row, i) => {
      const tr = table.rows[1 + i], last = data.sum && i === seen.length - 1
      set(tr, 'className', row.mark || (last ? 'sum' : ''))
      row.cells.forEach((text, j) => fill(tr.cells[j], text, [j && kinds[j], row.moods && row.moods[j]],
        [row.help, row.exact][j]))
      if (whole.has(row.key)) turn(tr.cells[0].firstElementChild, row) }) }
  draw()
}
