import { exitCodes } from '../model/failure.ts'
import { now } from '../model/instant.ts'
import { measureLaterGates } from '../run/read-only.ts'
import { checkLine } from '../views/gate-lines.ts'
import { checkJson } from '../views/json.ts'
import { span } from '../views/lines.ts'
import { measuredRows } from '../views/measured.ts'
import { onInterrupt } from './interrupt.ts'
import { openStored } from './migration.ts'
import type { Verb } from './verb.ts'

/** Is the target still equal, do people get in? Measures now, reads only, decides nothing. */
export const verify: Verb = {
  name: 'verify',
  group: 'night',
  summary: 'cli.verify.summary',
  examples: 'cli.verify.examples',
  async run(context) {
    const migration = await openStored(context)
    const interrupt = onInterrupt(() =>
      context.printProgress([[span(context.say({ key: 'cli.look.stopping' }), 'warn')]]),
    )
    const measured = await measureLaterGates({ ...migration, by: context.options.by, stop: interrupt.signal })
    interrupt.forget()
    const rows = measuredRows({ ...measured, now: now() })
    const failing = rows.filter(row => row.state !== 'passed')
    const key = failing.length === 0 ? 'cli.verify.good' : 'cli.verify.bad'
    const verdict = context.say({ key, values: { count: failing.length } })
    context.print([
      ...rows.map(row => checkLine(row, migration.formatter)),
      [span(verdict, failing.length === 0 ? 'good' : 'bad')],
    ])
    context.json({
      plan: migration.plan.name,
      verified: failing.length === 0,
      checks: rows.map(row => checkJson(row, migration.formatter)),
    })
    return failing.length === 0 ? undefined : exitCodes.checksFailed
  },
}
