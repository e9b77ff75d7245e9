/* Enhancement only: a single key moves the focus, Enter decides. Whoever types types, and single
   keys can be turned off; the choice stays in this browser. */
(() => {
  const line = document.getElementById('keys')
  if (!line) return
  const button = line.querySelector('button')
  const on = () => localStorage.getItem('keys') !== 'off'
  const tell = () => { button.textContent = on() ? button.dataset.off : button.dataset.on }
  line.hidden = false
  tell()
  button.addEventListener('click', () => { localStorage.setItem('keys', on() ? 'off' : 'on'); tell() })
  const step = by => {
    const rows = [...document.querySelectorAll('[data-row]')]
    const here = rows.indexOf(document.activeElement)
    const at = here < 0 ? rows.findIndex(row => row.ariaCurrent === 'true') : here
    const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1)]
    if (next) next.focus()
  }
  addEventListener('keydown', event => {
    if (!on() || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.target.closest('input,textarea,select,[contenteditable]')) {
      if (event.key === 'Escape') event.target.blur()
      return
    }
    const key = event.key.toLowerCase()
    if (key === 'j' || key === 'k') step(key === 'j' ? 1 : -1)
    else {
      const meant = [...document.querySelectorAll('[data-key]')].find(one => one.dataset.key === key && !one.hidden)
      if (!meant) return
      meant.focus()
    }
    event.preventDefault()
  })
})()
