// For those who hear the page or walk it by keys: its language, a way over menu and bar to the first slider, and what a move
// did, said once it is over. What Streamlit says in English is said in the reader's language.
{
  const make = (id, tag, more) => document.getElementById(id) || Object.assign(document.createElement(tag), {id, ...more})
  const first = '.st-key-cockpit_levers input[type=range]'
  const jump = make('sd-jump', 'a', {href: '#levers'})
  document.body.prepend(jump)
  const live = make('sd-live', 'div')
  live.setAttribute('role', 'status')
  document.body.append(live)

  const escaped = text => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  addEventListener('click', e => {
    if (!e.target.closest || !e.target.closest('#sd-jump, .sd-jump')) return
    e.preventDefault()
    const slider = document.querySelector(first)
    if (slider) { slider.focus({preventScroll: true}); slider.closest('[data-testid=stSlider]').scrollIntoView({block: 'start'}) }
  })

  // A tab that is connected again may have come to a server that knows nothing of it, and Streamlit asks for its page only where
  // something of it was just being drawn. Told that its address may have changed, it asks.
  let met = false, lost = false
  new MutationObserver(() => {
    const app = document.querySelector('[data-testid=stApp]')
    if (!app || app.dataset.testConnectionState !== 'CONNECTED') { lost = met; return }
    if (lost) setTimeout(() => { if (app.dataset.testScriptState === 'notRunning') dispatchEvent(new PopStateEvent('popstate')) }, 400)
    met = true
    lost = false
  }).observe(document.body, {subtree: true, attributes: true, attributeFilter: ['data-test-connection-state']})

  let words = []
  const added = e => getComputedStyle(e, '::after').content.replace(/^(none|normal)$/, '').replace(/^"|"$/g, '')
  let said = '', acted = false, later
  const act = e => {
    const goes = e.type === 'keydown' ? /^(Arrow|Page|Home|End)/.test(e.key) : !(e.target.closest && e.target.closest('#sd-jump, .sd-jump'))
    acted = acted || goes
  }
  for (const kind of ['keydown', 'click', 'pointerup']) addEventListener(kind, act, true)
  const say = () => {
    const parts = [...document.querySelectorAll('.sd-verdict span')].slice(0, 4)
    const text = parts.map(e => e.textContent + added(e)).join('')
    if (document.querySelector('.st-key-door')) live.textContent = said = ''  // whoever is out hears no figures
    if (!text || text === said) return
    said = text
    if (acted) document.getElementById('sd-live').textContent = text
  }

  // where the words are Streamlit's: in attributes, and as text. Names of a planner's stand elsewhere, and among options
  const named = '[data-testid^=stBaseButton],[data-testid=stTooltipHoverTarget],[data-testid=stMultiSelect],[data-testid=stSelectbox],'
    + '[data-testid=stMultiSelectDropdown],[data-testid^=stMainMenu],[data-testid=stThemeSwitcher],[data-testid=stTopNav],'
    + '[data-testid=stHeaderActionElements],[data-testid=stFileUploader],[data-testid=stProgress],[data-testid=stStatusWidget]'
  const written = '[data-testid=stSkipToContent],[data-testid=stMainMenuPopover],[data-testid=stFileUploaderDropzone],'
    + '[data-testid=InputInstructions],[data-testid=stMultiSelectDropdown],[data-testid=stTooltipContent],'
    + '[data-testid=stBaseButton-header],[data-testid=stDataFrameColumnMenu],[data-testid=stDataFrameColumnVisibilityMenu]'
  const attributes = ['aria-label', 'title', 'placeholder']
  const turned = (text, option) => {
    for (const [theirs, ours, inOptions] of words) {
      const found = (inOptions || !option) && theirs.exec(text)
      if (found) return ours.replace(/\{\w+\}/, () => found[1]) + (found[found.length - 1] || '')
    }
  }
  // what Streamlit said where we put another word: another language begins from there
  const theirs = new WeakMap()
  const put = (node, name, text, write) => {
    const kept = theirs.get(node) || {}
    const source = kept[name] && kept[name][1] === text ? kept[name][0] : text
    const word = source && turned(source.trim(), (node.parentElement || node).closest('[role=option]'))
    if (!word || word === text) return
    theirs.set(node, {...kept, [name]: [source, word]})
    write(word)
  }
  const rename = e => attributes.forEach(name => put(e, name, e.getAttribute(name), word => e.setAttribute(name, word)))
  const rewrite = e => {
    const walk = document.createTreeWalker(e, NodeFilter.SHOW_TEXT)
    while (walk.nextNode()) { const at = walk.currentNode; put(at, 'text', at.nodeValue, word => { at.nodeValue = word }) }
  }
  const look = node => {
    const e = node.nodeType === 3 ? node.parentElement : node
    if (!e || e.nodeType !== 1) return
    const around = e.closest(named)
    for (const part of around ? [e] : e.querySelectorAll(named)) [part, ...part.querySelectorAll('[aria-label],[placeholder],[title]')].forEach(rename)
    if (e.closest(written)) rewrite(e)
    else e.querySelectorAll(written).forEach(rewrite)
  }
  // what is told in the reader's language comes with the page's elements: `page_look.every_page`
  let heard = ''
  const hear = () => {
    const e = document.getElementById('sd-told'), text = e && e.dataset.said
    if (!text || text === heard) return
    const told = JSON.parse(heard = text)
    document.documentElement.lang = told.language
    jump.textContent = told.jump
    // {name} in a word of Streamlit's is a place for another one; behind a word may stand what it is about, ": …"
    words = Object.entries(told.words).map(([theirs, ours]) =>
      [new RegExp('^' + theirs.split(/\{\w+\}/).map(escaped).join('(.+)') + '(: .+)?$'), ours, theirs.startsWith('Select ')])
    look(document.body)
  }
  new MutationObserver(changes => {
    hear()
    for (const change of changes) {
      if (change.type === 'childList') change.addedNodes.forEach(look)
      else look(change.target)
    }
    clearTimeout(later)
    later = setTimeout(say, 900)
  }).observe(document.body, {childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ['aria-label', 'placeholder', 'data-said']})
  hear()
}
