import { shortHash } from '../model/canonical.ts'
import type { Person } from '../model/plan.ts'
import type { Run } from '../model/run.ts'
import { isAuthors } from '../run/author.ts'
import type { Formatter } from './formatter.ts'
import {
  type CheckRow,
  checkFigure,
  checkSymbols,
  type GateRow,
  gateSymbols,
  signoffSymbols,
} from './gates.ts'
import { type Line, pad, padStart, span } from './lines.ts'
import type { RunView } from './run-view.ts'
import { stateStyle } from './state-style.ts'
import { named } from './waiting.ts'
import { checkKeys, gateKeys, signoffKeys } from './words.ts'

/** A gate, and what keeps it shut; with `all` every check and sign-off. */
export function gateLines(
  gate: GateRow,
  runView: RunView,
  formatter: Formatter,
  options: { all?: boolean },
): Line[] {
  const passed = gate.checks.filter(check => check.state === 'passed').length
  const head: Line = [
    span(`${gateSymbols[gate.state]} `, stateStyle(gate.state)),
    span(
      pad(formatter.say({ key: 'views.gate.name', values: { gate: gate.id } }), 28),
      gate.state === 'ahead' ? 'dim' : 'strong',
    ),
    span(padStart(gate.checks.length > 0 ? `${passed}/${gate.checks.length}` : '', 6)),
    span(`  ${formatter.say({ key: gateKeys[gate.state] })}`, stateStyle(gate.state)),
    span(`  ${formatter.say(gate.title)}`, 'dim'),
  ]
  const open = ['ahead', 'open', 'not-passed'].includes(gate.state)
  const checks = gate.checks.filter(
    check => options.all || (!open && check.state !== 'passed') || check.state === 'failed',
  )
  const mayGive = ({ name }: Person): boolean => !isAuthors(runView.plan.author, gate.id, name)
  const signoffs = options.all || !open ? gate.signoffs : []
  return [
    head,
    ...(gate.state === 'waiting' && runView.run ? [hashLine(runView.run, formatter)] : []),
    ...checks.map(check => checkLine(check, formatter)),
    ...signoffs.map((signoff): Line => {
      const by = signoff.by && signoff.at ? `${signoff.by}, ${formatter.clock(signoff.at)}` : ''
      const word = formatter.say({ key: signoffKeys[signoff.state] })
      return [
        span('  '),
        span(`${signoffSymbols[signoff.state]} ${pad(word, 14)} `, stateStyle(signoff.state)),
        span(
          `${pad(named(signoff.role, runView, mayGive), 44)} ${by}${signoff.note ? ` « ${signoff.note} »` : ''}`,
        ),
      ]
    }),
  ]
}

/** What a GO is given for. */
function hashLine({ planHash, runbookHash }: Run, formatter: Formatter): Line {
  const values = { plan: shortHash(planHash), runbook: shortHash(runbookHash) }
  return [span(`  ${formatter.say({ key: 'views.hashes', values })}`, 'dim')]
}

export function checkLine(check: CheckRow, formatter: Formatter): Line {
  const word = formatter.say({ key: checkKeys[check.state] })
  const figure = check.failure ? formatter.say(check.failure) : checkFigure(check, formatter)
  return [
    span('  '),
    span(`${checkSymbols[check.state]} ${pad(word, 14)} `, stateStyle(check.state)),
    span(`${pad(check.id, 10)} ${pad(formatter.say(check.title), 50)} ${figure}`),
    span(check.state === 'failed' ? detailText(check, formatter) : '', 'dim'),
  ]
}

const detailText = ({ detail = [] }: CheckRow, formatter: Formatter): string =>
  detail.length === 0 ? '' : `  ${detail.map(text => formatter.say(text)).join(' · ')}`
