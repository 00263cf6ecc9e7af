import { raw } from 'hono/html'
import type { MessageKey } from '../model/text.ts'
import type { Frame, LogEntry, PartName } from './frame.ts'
import { type Html, html } from './html.ts'
import { type Language, languages, type Seen } from './source.ts'

/** Words that the script says by itself, because nobody else can when nothing is heard any more. */
const scriptWords = {
  live: 'server.line.live',
  lost: 'server.line.lost',
  copied: 'server.copied',
  theme: 'server.theme',
} as const satisfies Record<string, MessageKey>

/** Until seven in the morning and from seven in the evening on a bright page is too bright. */
const [dayBegins, dayEnds] = ['07:00', '19:00']

/** The whole page, as it is first loaded. Without its script it is a page that does not move. */
export function pageOf({ seen, parts, last }: Frame, log: readonly LogEntry[], language: Language): Html {
  const { formatter, status, title } = seen
  const say = (key: MessageKey) => formatter.say({ key })
  const now = String(status.now ?? '')
  const clock = now === '' ? '' : formatter.minute(now)
  const isNight = clock < dayBegins || clock >= dayEnds
  const words = Object.entries(scriptWords).map(([name, key]) => html` data-${name}="${say(key)}"`)
  return html`<!doctype html>
<html lang="${language}" data-night="${isNight ? 'yes' : 'no'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<title>${title} · Bascule</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/control-room.css">
<script type="module" src="/control-room.js"></script>
</head>
<body data-now="${now}" data-zone="${formatter.zone}" data-last="${last}"${words}>
<a class="skip" href="#waiting">${say('server.skip')}</a>
<header class="bar">
<p class="brand">Bascule</p>
<p class="moment"><span id="moment">${now === '' ? '' : formatter.moment(now)}</span></p>
<p id="line" class="line" role="status">${say('server.line.still')}</p>
<nav aria-label="${say('server.nav')}">
<ul class="languages">${languages.map(one => html`<li><a href="/?lang=${one}" hreflang="${one}" lang="${one}"${one === language ? raw(' aria-current="true"') : ''}>${names[one]}</a></li>`)}</ul>
<button type="button" id="theme" hidden>${say('server.theme')}</button>
</nav>
</header>
<p id="stale" class="stale" role="alert" hidden></p>
<main>
${part('head', parts, say('server.standing'))}
${part('clocks', parts, say('server.clocks'))}
${part('waiting', parts, say('views.waiting.title'), 'polite')}
${rolesOf(seen, say)}
<div class="columns">
<div class="wide">
${part('steps', parts, say('server.steps'))}
${part('gantt', parts, say('server.gantt'))}
</div>
<div class="narrow">
${part('gates', parts, say('server.gates'))}
<section id="log-section" aria-label="${say('server.log')}"><h2>${say('server.log')}</h2>
<ol id="log" class="log" aria-live="polite" aria-relevant="additions" tabindex="0" aria-label="${say('server.log')}">${log.toReversed().map(({ html: entry }) => raw(entry))}</ol>
</section>
</div>
</div>
</main>
<footer><div id="seal">${raw(parts.seal)}</div><p>${say('server.readOnly')} <a href="/status.json?lang=${language}">status.json</a></p></footer>
</body>
</html>
`
}

const names: Record<Language, string> = { en: 'English', fr: 'Français' }

function part(name: PartName, parts: Frame['parts'], label: string, live?: 'polite'): Html {
  const announced = live === undefined ? '' : raw(` aria-live="${live}"`)
  return html`<section id="${name}" aria-label="${label}"${announced}>${raw(parts[name])}</section>`
}

/** One button for each role; without the script there is nothing that they could do. */
function rolesOf({ night }: Seen, say: (key: MessageKey) => string): Html {
  if (night === undefined) return html``
  const { people } = night.runView.plan
  const roles = [
    ...new Set([...people.map(({ role }) => role), ...night.status.steps.map(({ owner }) => owner)]),
  ]
  return html`<div id="roles" class="roles" role="group" aria-label="${say('server.roles')}" hidden>
<span class="aside">${say('server.roles')}</span>
<button type="button" data-role="" aria-pressed="true">${say('server.roles.all')}</button>${roles.map(role => html`<button type="button" data-role="${role}" aria-pressed="false">${role}</button>`)}
</div>`
}
