import type { Role } from '../model/plan.ts'
import type { Formatter } from './formatter.ts'
import { type Line, span } from './lines.ts'
import type { RunView } from './run-view.ts'
import { named } from './waiting.ts'

/** `id`: of the step or the gate. `role`: whose step it is, or who is to sign off; `people`: the names of those who have it. */
export type DelayRow = {
  what: 'step' | 'checks' | 'sign-off'
  id: string
  role?: Role
  people: string[]
  /** Of the simulated nights, those whose end comes later if this does; from 0 to 1. */
  share: number
  since?: string
  waiting: string[]
}

export function delayRows({ plan, runbook, finish }: RunView): DelayRow[] {
  const peopleOf = (role: Role | undefined): string[] =>
    plan.people.filter(person => person.role === role).map(({ name }) => name)
  return (finish?.delays ?? []).flatMap(({ of, ...rest }): DelayRow[] => {
    if ('role' in of)
      return [{ what: 'sign-off', id: of.gate, role: of.role, people: peopleOf(of.role), ...rest }]
    // its opening itself takes no time
    if ('gate' in of)
      return of.part === 'checks' ? [{ what: 'checks', id: of.gate, people: [], ...rest }] : []
    const role = runbook.steps.find(({ id }) => id === of.step)?.owner
    return [{ what: 'step', id: of.step, ...(role && { role }), people: peopleOf(role), ...rest }]
  })
}

const shownAtMost = 3

/** What delays the end most; nothing while nothing does. */
export function delayLines(rows: readonly DelayRow[], runView: RunView, formatter: Formatter): Line[] {
  if (rows.length === 0) return []
  const list = rows.slice(0, shownAtMost).map(row => {
    const percent = formatter.number(Math.round(row.share * 100))
    const share = formatter.say({ key: 'views.night.percent', values: { percent } })
    return formatter.say({
      key: 'views.delays.one',
      values: { what: titleOf(row, runView, formatter), share },
    })
  })
  return [[span(formatter.say({ key: 'views.delays', values: { list: list.join(' · ') } }))]]
}

function titleOf({ what, id, role = '' }: DelayRow, runView: RunView, formatter: Formatter): string {
  const { runbook } = runView
  if (what === 'sign-off')
    return formatter.say({ key: 'views.night.signoff', values: { gate: id, who: named(role, runView) } })
  if (what === 'checks') {
    const count = runbook.gates.find(gate => gate.id === id)?.checks.length ?? 0
    return formatter.say({ key: 'views.night.checks', values: { gate: id, count } })
  }
  const title = runbook.steps.find(step => step.id === id)?.title
  return title ? formatter.say(title) : id
}
