// In a field Ctrl+Z takes back what was typed there, and not a step of the plan: shortcuts of Streamlit act everywhere, its own
// filter lets all of them with Ctrl through. A list of choices that is closed is no field, though Streamlit makes it one.
if (!window.sdFields) {
  window.sdFields = true
  const pressed = /^(range|checkbox|radio|button|file|submit|reset|color)$/
  const field = e => e.isContentEditable || e.tagName === 'TEXTAREA' || e.tagName === 'INPUT' && !pressed.test(e.type)
    && !(e.getAttribute('role') === 'combobox' && e.getAttribute('aria-expanded') !== 'true')
  addEventListener('keydown', e => {
    const undo = (e.ctrlKey || e.metaKey) && (/^[zy]$/i.test(e.key) || /^Key[ZY]$/.test(e.code))
    if (undo && field(e.composedPath()[0])) e.stopImmediatePropagation()
  }, true)
}
