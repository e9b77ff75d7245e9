/* Enhancement only: a page that was told of a change fetches itself and swaps its main part.
   Nothing moves under the reader: focus, open folds and half-written words stay; at the desk a
   line offers the news instead. */
(() => {
  const refused = document.body.dataset.refused
  if (refused) console.warn(`Prunella kept its own: ${refused}. A colour that few can read, or an unknown value.`)
  const source = document.body.dataset.live
  const main = document.getElementById('main')
  if (!main) return

  const offline = yes => {
    const notice = document.getElementById('offline')
    if (notice) notice.hidden = !yes
  }

  // What cannot arrive is not sent: so nothing typed is lost, and no large file goes up in vain.
  addEventListener('change', ({ target: field }) => {
    if (!field.dataset.most) return
    const sizes = [...field.files].map(file => file.size)
    const all = sizes.reduce((sum, size) => sum + size, 0)
    const fits = Math.max(0, ...sizes) <= field.dataset.most && all <= field.dataset.mostTogether
    field.setCustomValidity(fits ? '' : field.dataset.tooMuch)
    field.reportValidity()
  })
  const answers = () => fetch('/healthz', { method: 'HEAD', cache: 'no-store' }).then(({ ok }) => ok, () => false)
  let asking = false, reached = false
  // Without a network a server of this machine answers all the same: it is asked before it is missed.
  addEventListener('submit', async event => {
    if (navigator.onLine || reached) return
    event.preventDefault()
    event.stopImmediatePropagation()
    if (asking) return
    const { target: form, submitter } = event
    asking = true
    reached = await answers()
    asking = false
    offline(!reached)
    if (reached) form.requestSubmit(submitter)
    else document.getElementById('offline')?.scrollIntoView({ block: 'center' })
    reached = false
  }, true)
  addEventListener('offline', () => offline(true))
  addEventListener('online', () => offline(false))
  if (!source) return

  const writing = () => [...main.querySelectorAll('textarea,input[type=text],input[type=password],input[type=file]')]
    .some(field => field.value !== field.defaultValue)
  const plain = node => node.textContent.replace(/\s+/g, ' ').trim()
  const twinOf = node => [...main.querySelectorAll(node.tagName)].find(one =>
    one.id === node.id && one.name === node.name && plain(one) === plain(node))
  let busy = false, again = false, last = 0, pressed = false

  // What is being pressed stays where it is until it was pressed: else the click is nobody's.
  addEventListener('pointerdown', event => { pressed = event.button === 0 }, true)
  for (const over of ['pointerup', 'pointercancel', 'dragend'])
    addEventListener(over, () => setTimeout(() => { pressed = false }), true)

  let soon
  const later = () => { clearTimeout(soon); soon = setTimeout(look, 1000) }
  const look = async () => {
    if (busy || Date.now() - last < 1000) { later(); return }
    if (writing()) { again = true; return }
    busy = true; again = false; last = Date.now()
    try {
      const answer = await fetch(location.href, { headers: { accept: 'text/html' } })
      offline(false)
      if (answer.redirected) { location.assign(answer.url); return }
      if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), 'text/html'))
    } catch { offline(true) } finally { busy = false }
  }

  const show = fresh => {
    const bell = document.getElementById('told'), now = fresh.getElementById('told')
    if (bell && now) bell.replaceChildren(...now.childNodes)
    swap(fresh)
  }

  const swap = fresh => {
    const next = fresh.getElementById('main')
    if (!next) return
    const when = main.querySelector('#checked'), now = next.querySelector('#checked')
    if (when && now) when.replaceChildren(...now.cloneNode(true).childNodes)
    if (plain(next) === plain(main)) return
    if (writing()) { again = true; return }
    if (pressed) { later(); return }
    const ask = document.getElementById('fresh')
    if (ask) { ask.hidden = false; return }
    const held = main.contains(document.activeElement) ? document.activeElement : null
    for (const fold of main.querySelectorAll('details[id]')) {
      const same = next.querySelector(`#${CSS.escape(fold.id)}`)
      if (same) same.open = fold.open
    }
    main.replaceChildren(...next.childNodes)
    document.title = fresh.title
    const back = held && twinOf(held)
    if (back) back.focus({ preventScroll: true })
    const news = document.getElementById('news')
    if (news) setTimeout(() => { news.textContent = news.dataset.news }, 100)
  }

  addEventListener('online', look)
  main.addEventListener('focusout', () => { if (again) setTimeout(look, 500) })
  let heard = new EventSource(source)
  heard.addEventListener('changed', look)
  addEventListener('pagehide', () => heard.close())
  addEventListener('pageshow', event => { if (event.persisted) location.reload() })
  // A hint may be lost. Who is only offered the news is not offered that a minute has passed.
  const every = Number(document.body.dataset.lookEvery) || (document.getElementById('fresh') ? 0 : 60)
  if (every) setInterval(() => document.hidden || look(), every * 1000)
})()
