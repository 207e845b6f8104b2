// Streamlit makes an entry of the history each time a query parameter is set: after one click of the menu for the language and
// for the draft, and Back then stayed where it was. Only another page, or another figure on one, is an entry.
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
