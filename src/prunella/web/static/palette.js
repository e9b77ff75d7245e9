/* Enhancement only: Ctrl+K finds cases, customers and places, and what can be done on this page.
   Without it the button leads to the search page. Choosing a deed moves the focus; Enter does it. */
(() => {
  const box = document.getElementById('palette'), open = document.getElementById('find')
  if (!box || !box.showModal) return
  const field = box.querySelector('input'), list = box.querySelector('[role=listbox]'), said = document.getElementById('palette-said')
  let hits = [], at = 0, asked = 0, soon, waits = false, wanted = false

  const deeds = q => [...document.querySelectorAll('[data-do]')]
    .filter(one => one.dataset.do.toLowerCase().includes(q.toLowerCase()))
    .map(one => ({ title: one.dataset.do, text: one.dataset.key ? one.dataset.key.toUpperCase() : '', node: one }))

  const mark = to => {
    at = hits.length ? (to + hits.length) % hits.length : 0
    ;[...list.children].forEach((row, n) => {
      row.setAttribute('aria-selected', n === at)
      if (n === at) { row.scrollIntoView({ block: 'nearest' }); field.setAttribute('aria-activedescendant', row.id) }
    })
  }

  const show = found => {
    hits = found
    list.replaceChildren(...found.map((hit, n) => {
      const row = document.createElement('li'), name = document.createElement('b'), more = document.createElement('small')
      row.id = `hit-${n}`
      row.setAttribute('role', 'option')
      name.textContent = hit.title
      more.textContent = hit.text
      row.append(name, more)
      row.addEventListener('click', () => choose(hit))
      return row
    }))
    field.removeAttribute('aria-activedescendant')
    mark(0)
  }

  const choose = hit => {
    if (!hit) { field.form.submit(); return }
    box.close()
    if (!hit.node) { location.assign(hit.href); return }
    const fold = hit.node.closest('details:not([open])')
    if (fold && hit.node.tagName !== 'SUMMARY') fold.open = true
    hit.node.focus()
  }

  const look = async () => {
    const mine = ++asked, q = field.value.trim()
    waits = true
    said.textContent = q ? box.dataset.wait : ''
    try {
      const answer = await fetch(`/desk/find?${new URLSearchParams({ q })}`, { headers: { accept: 'application/json' } })
      if (!answer.ok) throw new Error(answer.status)
      const told = await answer.json()
      if (mine !== asked) return
      show([...deeds(q), ...told.hits])
      said.textContent = hits.length ? '' : box.dataset.none
    } catch {
      if (mine !== asked) return
      show(deeds(q))
      said.textContent = box.dataset.away
    }
    waits = false
    if (wanted) { wanted = false; choose(hits[at]) }
  }

  const begin = event => {
    event.preventDefault()
    if (box.open) return
    field.value = ''
    box.showModal()
    look()
  }

  open?.addEventListener('click', event => { if (!event.ctrlKey && !event.metaKey && !event.shiftKey) begin(event) })
  addEventListener('keydown', event => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') begin(event)
  })
  /* What was found for other words is not offered: Enter waits for what these words find. */
  field.addEventListener('input', () => {
    clearTimeout(soon)
    asked++
    waits = true
    wanted = false
    show(deeds(field.value.trim()))
    soon = setTimeout(look, 120)
  })
  field.addEventListener('keydown', event => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') { event.preventDefault(); mark(at + (event.key === 'ArrowDown' ? 1 : -1)) }
    if (event.key === 'Enter') { event.preventDefault(); if (waits) wanted = true; else choose(hits[at]) }
  })
  box.addEventListener('click', event => { if (event.target === box) box.close() })
  box.addEventListener('close', () => { wanted = false })
})()

/* The menu of places closes as people expect: with Escape, and with a click elsewhere. */
;(() => {
  const menu = document.querySelector('details.menu')
  if (!menu) return
  addEventListener('keydown', event => {
    if (event.key !== 'Escape' || !menu.open) return
    menu.open = false
    menu.querySelector('summary').focus()
  })
  addEventListener('click', event => { if (!menu.contains(event.target)) menu.open = false })
})()
