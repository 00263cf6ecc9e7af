// Puts what the server tells into the page, and counts on between two frames. It asks for nothing and sends nothing else.
import { Idiomorph } from '/idiomorph.js'

const { body } = document
const { language, night } = {
  language: document.documentElement.lang,
  night: document.documentElement.dataset,
}
const words = body.dataset
const byId = id => document.getElementById(id)
const log = byId('log')

/** Silent for longer than three beats of the server: said. For longer still: the connection is made anew. Seconds. */
const silence = { said: 12, anew: 25 }
/** Between two tries, once the browser itself has given up. */
const retryMilliseconds = 3000
const mostEntries = 300

// The reader's own clock may be wrong: only what has passed since the server told its own is taken from it.
let clock = { server: Date.parse(words.now) || Date.now(), own: performance.now() }
const now = () => clock.server + performance.now() - clock.own

let heard = { at: now(), own: performance.now() }
let isBroken = false
let last = words.last
let role = sessionStorage.getItem('bascule-role') ?? ''
let stream

function connect() {
  stream?.close()
  stream = new EventSource(`/events?lang=${language}&after=${encodeURIComponent(last)}`)
  const on = (name, work) =>
    stream.addEventListener(name, event => {
      hear(event)
      work(event.data)
    })
  on('beat', at => {
    clock = { server: Date.parse(at), own: performance.now() }
    heard.at = clock.server
  })
  on('part', data => {
    const { name, html } = JSON.parse(data)
    Idiomorph.morph(byId(name), html, { morphStyle: 'innerHTML', callbacks: { beforeAttributeUpdated } })
    dress()
  })
  on('entry', addEntry)
  on('status', headline)
  on('seen', () => {})
  on('trouble', text => {
    heard.trouble = text
  })
  on('anew', () => location.reload())
  stream.onerror = () => {
    isBroken = true
    tick()
    // a refusal: the browser does not try again by itself
    if (stream.readyState === EventSource.CLOSED) setTimeout(connect, retryMilliseconds)
  }
}

function hear({ lastEventId }) {
  isBroken = false
  heard = { at: now(), own: performance.now() }
  if (lastEventId) last = lastEventId
  tick()
}

/** Whether a list of checks is open is the reader's business. */
const beforeAttributeUpdated = (name, element) => !(name === 'open' && element.localName === 'details')

function addEntry(html) {
  const id = /^<li id="([^"]+)"/.exec(html)?.[1]
  if (id && byId(id)) return
  log.insertAdjacentHTML('afterbegin', html)
  while (log.children.length > mostEntries) log.lastElementChild.remove()
}

/** What is seen of the page when another tab is in front of it. */
function headline(json) {
  const { waiting = [] } = JSON.parse(json)
  document.title = document.title.replace(/^(\(\d+\) )?/, waiting.length > 0 ? `(${waiting.length}) ` : '')
}

const two = value => String(value).padStart(2, '0')

/** As `clockSpan` of the server writes it. */
function span(seconds) {
  const whole = Math.round(Math.abs(seconds))
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60]
  const text = hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
  return seconds < 0 && whole > 0 ? `−${text}` : text
}

const locale = language === 'fr' ? 'fr-FR' : 'en-GB'
const format = options => new Intl.DateTimeFormat(locale, { timeZone: words.zone, ...options })
const day = format({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })
const time = format({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })

function setText(element, text) {
  if (element && element.textContent !== text) element.textContent = text
}

function tick() {
  const at = now()
  setText(byId('moment'), `${day.format(at).replace(',', '')} ${time.format(at)} ${words.zone}`)
  for (const element of document.querySelectorAll('[data-until]'))
    setText(element, span((Date.parse(element.dataset.until) - at) / 1000))
  const silent = (performance.now() - heard.own) / 1000
  const isLost = isBroken || silent > silence.said
  const stale = byId('stale')
  const text = isLost
    ? words.lost.replace('{{clock}}', time.format(heard.at)).replace('{{age}}', span(silent))
    : heard.trouble
  stale.hidden = text === undefined
  if (text !== undefined) setText(stale, text)
  body.classList.toggle('is-stale', text !== undefined)
  setText(byId('line'), isLost ? time.format(heard.at) : words.live)
  byId('line').className = isLost ? 'line lost' : 'line live'
  if (!isBroken && silent > silence.anew) {
    heard.own = performance.now() - silence.said * 1000 - 1
    connect()
  }
}

/** What the server cannot know: whether there is a clipboard, and whose work the reader wants to see. */
function dress() {
  for (const button of document.querySelectorAll('button.copy')) button.hidden = !navigator.clipboard
  for (const element of document.querySelectorAll('[data-roles]')) {
    const roles = element.dataset.roles.split(' ').filter(Boolean)
    element.classList.toggle('not-mine', role !== '' && roles.length > 0 && !roles.includes(role))
  }
  for (const button of document.querySelectorAll('#roles button'))
    button.setAttribute('aria-pressed', String(button.dataset.role === role))
}

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy)
  const { textContent } = button
  button.textContent = words.copied
  setTimeout(() => {
    button.textContent = textContent
  }, 1500)
}

document.addEventListener('click', ({ target }) => {
  const button = target.closest?.('button')
  if (button?.matches('.copy')) void copy(button)
  if (button?.matches('#roles button')) {
    role = button.dataset.role
    sessionStorage.setItem('bascule-role', role)
    dress()
  }
  if (button?.id === 'theme') {
    const isDark = getComputedStyle(document.documentElement).getPropertyValue('--is-dark').trim() === '1'
    night.theme = isDark ? 'light' : 'dark'
    localStorage.setItem('bascule-theme', night.theme)
  }
})

const theme = localStorage.getItem('bascule-theme')
if (theme) night.theme = theme
byId('theme').hidden = false
if (byId('roles')) byId('roles').hidden = false
const known = [...document.querySelectorAll('#roles button')].some(button => button.dataset.role === role)
if (!known) role = ''
dress()
connect()
tick()
setInterval(tick, 1000)
