import { secondsBetween } from '../../model/instant.ts'
import type { Formatter } from '../../views/formatter.ts'
import {
  type CheckRow,
  checkFigure,
  checkSymbols,
  type GateRow,
  gateSymbols,
  signoffSymbols,
} from '../../views/gates.ts'
import type { RunView } from '../../views/run-view.ts'
import { stateStyle } from '../../views/state-style.ts'
import { named } from '../../views/waiting.ts'
import { checkKeys, gateKeys, signoffKeys } from '../../views/words.ts'
import { type Html, html } from '../html.ts'
import type { Seen } from '../source.ts'

/** Each gate with the names under it, and what was measured at it. */
export function gatesPart({ night, formatter }: Seen): Html {
  if (night === undefined || night.status.gates.length === 0) return html``
  const { runView, status } = night
  return html`<h2>${formatter.say({ key: 'server.gates' })}</h2>
${status.gates.map(gate => gateHtml(gate, runView, formatter))}`
}

function gateHtml(gate: GateRow, runView: RunView, formatter: Formatter): Html {
  const opened = gate.openedAt === undefined ? '' : ` · ${formatter.clock(gate.openedAt)}`
  const passed = gate.checks.filter(({ state }) => state === 'passed').length
  const values = { passed, total: gate.checks.length }
  const isOpen = ['checking', 'blocked', 'waiting', 'refused'].includes(gate.state)
  const roles = [
    ...gate.signoffs.map(({ role }) => role),
    ...gate.checks.map(check => ownerOf(check, runView)),
  ]
  return html`<article id="gate-${gate.id}" class="gate ${gate.state}" data-roles="${[...new Set(roles)].join(' ')}">
<h3><span aria-hidden="true">${gateSymbols[gate.state]}</span> ${formatter.say({ key: 'views.gate.name', values: { gate: gate.id } })}
<span class="state ${stateStyle(gate.state)}">${formatter.say({ key: gateKeys[gate.state] })}${opened}</span></h3>
<p class="aside">${formatter.say(gate.title)}</p>
<ul class="signoffs">${gate.signoffs.map(signoff => {
    const { role, state, by, at, note } = signoff
    const whom = by === undefined ? named(role, runView) : `${role} (${by})`
    const when = at === undefined ? '' : ` · ${formatter.clock(at)}`
    return html`<li class="${state}"><span class="state ${stateStyle(state)}">${signoffSymbols[state]} ${formatter.say({ key: signoffKeys[state] })}</span> ${whom}${when}${note ? html` <q>${note}</q>` : ''}</li>`
  })}</ul>
<details id="checks-${gate.id}" ${isOpen ? 'open' : ''}><summary>${formatter.say({ key: 'server.checks', values })}</summary>
<ul class="checks">${gate.checks.map(check => checkHtml(check, runView, formatter))}</ul></details>
</article>`
}

function checkHtml(check: CheckRow, runView: RunView, formatter: Formatter): Html {
  const why = check.failure
    ? formatter.say(check.failure)
    : (check.detail ?? []).map(formatter.say).join(' · ')
  const isMeasured = check.value !== undefined || check.failure !== undefined
  return html`<li data-roles="${ownerOf(check, runView)}"><span class="state ${stateStyle(check.state)}">${checkSymbols[check.state]} ${formatter.say({ key: checkKeys[check.state] })}</span>
<span class="id">${check.id}</span> ${formatter.say(check.title)}
<span class="measured">${checkFigure(check, formatter)}${isMeasured && check.at !== undefined ? ` · ${ageText(check.at, runView.now, formatter)}` : ''}</span>
${why === '' ? '' : html`<span class="why">${why}</span>`}</li>`
}

/** To the minute, so that a frame a second later is the same. */
function ageText(at: string, now: string, formatter: Formatter): string {
  const seconds = Math.max(0, secondsBetween(at, now))
  const age = formatter.duration(seconds < 60 ? Math.floor(seconds) : Math.floor(seconds / 60) * 60)
  return formatter.say({ key: 'server.age', values: { age } })
}

const ownerOf = (check: CheckRow, { plan }: RunView): string => plan.components[check.component]?.owner ?? ''
