(() => {
  const me = document.currentScript, set = me.dataset, base = new URL(me.src).origin
  const names = ['paper', 'ink', 'green', 'amber', 'red']
  const dark = set.mode === 'dark' || set.mode !== 'light' && matchMedia('(prefers-color-scheme:dark)').matches
  let look = (dark ? '#15121b #edeaf3 #7ccf96 #edb35c #ff988c' : '#ffffff #1b1722 #1a6837 #875000 #b0221a').split(' ')
  const light = hex => [.2126, .7152, .0722].reduce((sum, share, n) => {
    const part = parseInt(hex.slice(1 + 2 * n, 3 + 2 * n), 16) / 255
    return sum + share * (part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4)
  }, .05)
  const apart = (a, b) => Math.max(light(a), light(b)) / Math.min(light(a), light(b))
  const asked = look.map((ours, n) => n < 2 && set[names[n]] || ours)
  if (asked.every(one => /^#[0-9a-f]{6}$/i.test(one)) && asked.slice(1).every(one => apart(one, asked[0]) >= 4.5)) look = asked
  else console.warn('Prunella: colours refused')

  const doc = document, make = name => doc.createElement(name)
  const link = make('a'), mark = make('span'), words = make('span')
  mark.setAttribute('aria-hidden', 'true')
  link.append(mark, words)
  link.id = 'prunella'
  link.style.cssText = `display:inline-flex;gap:.5em;align-items:center;min-height:2.75em;padding:0 .9em;border:1px solid;border-radius:${+set.radius <= 16 ? +set.radius : 6}px;background:${look[0]};color:${look[1]};text-decoration:none`
  const show = ({ status, title, count }) => {
    const n = names.indexOf(status)
    mark.textContent = '○●▲◆'[Math.max(0, n - 1)]
    mark.style.color = look[n] || look[1]
    words.textContent = count > 1 ? `${title} (${count})` : title
  }
  const ask = () => fetch(`${base}/embed/status`, { headers: { authorization: `Bearer ${set.token}` } })
    .then(answer => answer.ok && answer.json()).then(told => told && show(told)).catch(() => {})

  const query = new URLSearchParams({ token: set.token })
  const home = set.href && new URL(set.href, location)
  link.href = home && /^http/.test(home.protocol) ? home : `${base}/billing?${query}`
  if (!home) link.onclick = event => {
    if (event.ctrlKey) return
    event.preventDefault()
    query.set('return', location.href.split('#')[0])
    for (const name of 'accent paper ink font radius mode'.split(' ')) if (set[name]) query.set(name, set[name])
    const over = make('dialog'), close = make('button'), frame = make('iframe')
    close.textContent = set.close || 'Close'
    frame.title = over.ariaLabel = words.textContent
    frame.src = `${base}/embed/billing?${query}`
    frame.style.cssText = 'display:block;width:min(60rem,88vw);height:80vh;border:0'
    close.style.padding = '14px'
    close.onclick = () => over.close()
    over.onclose = () => { over.remove(); ask() }
    over.append(close, frame)
    doc.body.append(over)
    over.showModal()
  }
  show({ title: set.label || 'Billing' })
  me.after(link)
  ask()
  doc.addEventListener('visibilitychange', () => doc.hidden || ask())
})()
