import type { Author } from '../model/plan.ts'
import type { Run } from '../model/run.ts'
import type { Text } from '../model/text.ts'
import type { Formatter } from './formatter.ts'
import { type Line, span } from './lines.ts'
import type { Status } from './status.ts'

/** Who wrote the plan, and where somebody else must approve. */
export function authorText({ name, mayNotApprove }: Author): Text {
  if (mayNotApprove.length === 0) return { key: 'views.author', values: { name } }
  return { key: 'views.author.mayNot', values: { name, approvals: mayNotApprove.join(', ') } }
}

/** What the night stands on: names as they are typed, who wrote the plan, who answers for a rehearsal that is missing. */
export function peopleLines(
  run: Run | undefined,
  { signatures, author }: Pick<Status, 'signatures' | 'author'>,
  formatter: Formatter,
): Line[] {
  const { rehearsalExcused: excused } = run ?? {}
  const values = excused && { by: excused.by, role: excused.role, reason: excused.reason }
  return [
    ...(values ? [[span(formatter.say({ key: 'views.rehearsalExcused', values }), 'warn' as const)]] : []),
    ...(signatures === 'declared' ? [[span(formatter.say({ key: 'views.declared' }), 'dim' as const)]] : []),
    ...(author ? [[span(formatter.say(authorText(author)), 'dim' as const)]] : []),
  ]
}
