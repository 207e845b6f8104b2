// Whoever signs in comes back to the bare address: the page that was asked for before is where he lands. It waits in this tab only.
{
  const key = 'sandtable-asked', minutes = 10
  const kept = sessionStorage.getItem(key)
  if (kept && !location.search && location.pathname === new URL('.', location).pathname) {
    sessionStorage.removeItem(key)
    const [at, place] = JSON.parse(kept)
    if (Date.now() - at < minutes * 60000) history.replaceState(null, '', place)
  }
  addEventListener('click', e => {
    if (!e.target.closest || !e.target.closest('.st-key-door_sign_in')) return
    sessionStorage.setItem(key, JSON.stringify([Date.now(), location.pathname + location.search]))
  }, true)
}
