/* Enhancement only: a single key moves the focus, Enter decides, and ? tells all keys. Whoever types
   types, and single keys can be turned off; the choice stays in this browser. A form is sent once.
   Who signs out leaves no half-written words behind. */
(() => {
  addEventListener('submit', event => {
    const form = event.target
    if (form.dataset.sent) { event.preventDefault(); return }
    form.dataset.sent = 'yes'
    if (form.matches('[action="/desk/sign-out"]') && !event.defaultPrevented)
      for (const key of Object.keys(localStorage).filter(one => one.startsWith('draft:'))) localStorage.removeItem(key)
    setTimeout(() => { delete form.dataset.sent }, 8000)
  })
  const line = document.getElementById('keys'), all = document.getElementById('all-keys')
  if (!line) return
  const button = line.querySelector('[data-off]')
  const on = () => localStorage.getItem('keys') !== 'off'
  const tell = () => { button.textContent = on() ? button.dataset.off : button.dataset.on }
  const place = key => [...document.querySelectorAll('[data-key]')].find(one => one.dataset.key === key && !one.hidden)
  for (const one of line.querySelectorAll('[data-for]')) one.hidden = !place(one.dataset.for)
  line.hidden = false
  tell()
  line.querySelector('[aria-controls]').addEventListener('click', () => all.showModal())
  all.addEventListener('click', event => { if (event.target === all || event.target.closest('button')) all.close() })
  button.addEventListener('click', () => { localStorage.setItem('keys', on() ? 'off' : 'on'); tell() })
  const step = by => {
    const rows = [...document.querySelectorAll('[data-row]')].filter(row => row.offsetParent), onward = document.getElementById('next')
    const here = rows.indexOf(document.activeElement)
    const to = here < 0 && by > 0 && onward && rows.find(row => row.dataset.case === onward.dataset.to)
    if (to) { to.focus(); return }
    const at = here < 0 ? rows.findIndex(row => row.ariaCurrent === 'true') : here
    const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1)]
    const shown = next || document.querySelector('.jump a')
    if (shown) shown.focus()
  }
  addEventListener('keydown', event => {
    if (!on() || event.defaultPrevented || document.querySelector('dialog[open]') || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.target.closest('input,textarea,select,[contenteditable]')) {
      if (event.key === 'Escape') event.target.blur()
      return
    }
    const key = event.key.toLowerCase()
    if (key === 'j' || key === 'k') step(key === 'j' ? 1 : -1)
    else if (key === '?') all.showModal()
    else {
      const meant = place(key)
      if (!meant) return
      meant.focus()
    }
    event.preventDefault()
  })
})()
