/* Enhancement only: news are offered and never pushed under the cursor, colleagues on the same case
   see each other, half-written words are kept in this browser, Ctrl+Enter sends. */
(() => {
  const body = document.body, told = body.dataset.desk
  if (!told) return
  const open = document.getElementById('case')
  /* A page that answers a form stands at the form's address, where nothing can be fetched again. */
  if (open && !location.pathname.endsWith(open.dataset.case)) history.replaceState(null, '', `/desk/cases/${open.dataset.case}?view=${document.querySelector('[name=view]').value}`)
  const rows = () => [...document.querySelectorAll('[data-case][data-stamp]')]

  /* News: times move in their place; new rows and changes wait behind a link. */
  let busy = false, soon, last = 0
  const later = () => { clearTimeout(soon); soon = setTimeout(look, 1000) }
  const look = async () => {
    if (busy || Date.now() - last < 1000) { later(); return }
    busy = true; last = Date.now()
    try {
      const answer = await fetch(body.dataset.news, { headers: { accept: 'application/json' } })
      if (answer.status === 401) { location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`); return }
      if (answer.ok) tell(await answer.json())
      offline(!answer.ok && answer.status >= 500)
    } catch { offline(true) } finally { busy = false }
  }
  const tell = news => {
    const shown = new Map(rows().map(row => [row.dataset.case, row]))
    let added = 0, changed = shown.size > news.rows.length
    for (const row of news.rows) {
      const here = shown.get(row.id)
      if (!here) { added++; continue }
      if (here.dataset.stamp !== row.stamp) { changed = true; continue }
      const due = here.querySelector('.status')
      if (due.textContent !== row.due) due.textContent = row.due
      due.className = `status ${row.state}`
    }
    const fresh = document.getElementById('news-cases')
    fresh.hidden = !added && !changed
    fresh.textContent = added ? fresh.dataset.some.replace('{n}', added) : changed ? fresh.dataset.changed : ''
    const bell = document.getElementById('told'), number = bell.querySelector('b')
    number.textContent = news.unread
    number.hidden = !news.unread
    bell.lastElementChild.textContent = news.told
    if (open) document.getElementById('news-case').hidden = !news.last || news.last === open.dataset.seen
  }
  const swap = async () => {
    try {
      const answer = await fetch(location.href, { headers: { accept: 'text/html' } })
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
      const was = at(), list = page.getElementById('inbox')
      if (!answer.ok || !list) throw new Error(answer.status)
      document.getElementById('inbox').replaceChildren(...list.childNodes)
      read(page)
      if (was === 'cases') rows()[0]?.focus()
    } catch { location.reload() }
  }
  const at = () => document.activeElement?.id === 'news-cases' ? 'cases' : ''
  const read = page => {
    const thread = page.querySelector('.thread'), now = page.getElementById('case')
    if (!open || !thread || !now) return
    document.querySelector('.thread').replaceChildren(...thread.childNodes)
    open.dataset.seen = now.dataset.seen
    for (const field of document.querySelectorAll('[name=seen]')) field.value = now.dataset.seen
    document.getElementById('news-case').hidden = true
    document.getElementById('last')?.scrollIntoView({ block: 'nearest' })
  }
  const offline = yes => { document.getElementById('offline').hidden = !yes }
  addEventListener('offline', () => offline(true))
  addEventListener('online', look)
  document.addEventListener('click', event => {
    if (event.target.closest('#news-cases, #news-case a')) { event.preventDefault(); swap() }
  })
  const heard = new EventSource(told)
  heard.addEventListener('changed', look)
  addEventListener('pagehide', () => heard.close())
  addEventListener('pageshow', event => { if (event.persisted) location.reload() })
  setInterval(look, 60_000)

  /* What was asked for here settles before one's eyes, in its place; a few looks, each later. */
  const settle = async (left, wait) => {
    const line = document.getElementById('asked')
    if (!line || !('going' in line.dataset) || !left) return
    await new Promise(done => setTimeout(done, wait))
    try {
      const answer = await fetch(location.href, { headers: { accept: 'text/html' } })
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
      const now = page.getElementById('asked')
      if (answer.ok && now && !('going' in now.dataset)) {
        line.replaceChildren(...now.childNodes)
        delete line.dataset.going
        document.getElementById('done')?.replaceWith(page.getElementById('done'))
      }
    } catch { /* it is told on the page of the action as well */ }
    settle(left - 1, wait * 1.3)
  }
  settle(20, 1500)

  /* Who else is here: a lease that this page renews. */
  const token = document.querySelector('[name=csrf]')?.value
  const written = () => [...document.querySelectorAll('[data-doing]')]
    .find(field => field === document.activeElement || field.value !== field.defaultValue && field.value)
  const say = doing => new URLSearchParams({ csrf: token, doing })
  const renew = async () => {
    if (!open || document.hidden) return
    try {
      const answer = await fetch(`/desk/cases/${open.dataset.case}/here`, { method: 'POST', body: say(written()?.dataset.doing || 'looking') })
      if (!answer.ok) return
      const line = document.getElementById('here'), words = (await answer.json()).here
      if (line.textContent !== words) line.textContent = words
      line.hidden = !words
    } catch { /* the notice is a courtesy: what was sent is checked again */ }
  }
  if (open && token) {
    setInterval(renew, 4000)
    document.addEventListener('focusin', event => { if (event.target.dataset.doing) renew() })
    addEventListener('pagehide', () => navigator.sendBeacon(`/desk/cases/${open.dataset.case}/here`, say('left')))
  }

  /* Half-written words stay in this browser, for who wrote them, until the page that follows tells
     that they were sent, for 30 days at most; signing out takes them away (keys.js). */
  const sent = sessionStorage.getItem('sent'), own = `draft:${body.dataset.person}:`
  if (sent && ['#next', '#last'].includes(location.hash)) localStorage.removeItem(sent)
  sessionStorage.removeItem('sent')
  const old = Date.now() - 30 * 86_400_000
  for (const key of Object.keys(localStorage).filter(one => one.startsWith('draft:')))
    if (!key.startsWith(own) || JSON.parse(localStorage.getItem(key)).at < old) localStorage.removeItem(key)
  for (const field of document.querySelectorAll('[data-draft]')) {
    const key = `${own}${open.dataset.case}:${field.id}`
    const kept = localStorage.getItem(key)
    if (kept && !field.value) {
      field.value = JSON.parse(kept).text
      const fold = field.closest('details')
      if (fold) fold.open = true
    }
    field.addEventListener('input', () => {
      if (field.value) localStorage.setItem(key, JSON.stringify({ text: field.value, at: Date.now() }))
      else localStorage.removeItem(key)
    })
    field.form.addEventListener('submit', () => sessionStorage.setItem('sent', key))
  }

  /* Ctrl+Enter sends what is being written, with Shift it solves as well; and what is chosen behind a
     verb, where Enter alone would open a list of choices. */
  document.getElementById('case')?.addEventListener('keydown', event => {
    const form = event.target.closest('.compose, .verb') && event.target.form
    if (!form || event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    form.requestSubmit(event.shiftKey && form.querySelector('[data-chord=shift]') || form.querySelector('button'))
  })

  /* In a menu letters and arrows move: a letter goes to what begins with what was typed. */
  let typed = '', since = 0
  for (const menu of document.querySelectorAll('.macros, .verb:has(> ul)')) menu.addEventListener('keydown', event => {
    const macros = [...menu.querySelectorAll('li > a')]
    const here = macros.indexOf(event.target), by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key]
    if (here < 0 || event.ctrlKey || event.metaKey || event.altKey) return
    if (by) macros[(here + by + macros.length) % macros.length].focus()
    else if (event.key.length === 1) {
      typed = (event.timeStamp - since < 1000 ? typed : '') + event.key.toLowerCase()
      since = event.timeStamp
      const words = macros.map(one => one.textContent.toLowerCase())
      const found = words.findIndex(one => one.startsWith(typed))
      macros[found < 0 ? words.findIndex(one => one.includes(typed)) : found]?.focus()
    } else return
    event.preventDefault()
  })

  /* The amount follows the payment that is chosen, until another one is typed. */
  const pay = document.getElementById('charge'), back = document.getElementById('back')
  if (pay) {
    let rest = back.value
    const follow = () => { if (back.value === rest) back.value = rest = pay.selectedOptions[0].dataset.left }
    pay.addEventListener('change', follow)
    if (!rest && !pay.closest('[open]')) follow()
  }

  /* A form that opens takes the focus; one is open at a time, and Escape closes it. */
  document.addEventListener('click', event => {
    const fold = event.target.closest('.compose summary, .verb > summary')?.parentElement
    if (!fold || fold.open) return
    event.preventDefault()
    fold.open = true
    fold.querySelector('select, textarea, input:not([type=hidden]), a, button')?.focus()
  })
  document.addEventListener('keydown', event => {
    const fold = event.key === 'Escape' && event.target.closest('details.verb[open], .extras > [open]')
    if (fold) { fold.open = false; fold.querySelector('summary').focus() }
  })
  document.addEventListener('click', event => {
    for (const fold of document.querySelectorAll('details.verb[open]')) if (!fold.contains(event.target)) fold.open = false
  })
  document.querySelector('.verb[open] :is(select, textarea, input:not([type=hidden]))')?.focus()
  const thread = document.querySelector('.thread'), newest = document.getElementById('last')
  if (newest) thread.scrollTop = newest.offsetTop - thread.offsetTop
})()
