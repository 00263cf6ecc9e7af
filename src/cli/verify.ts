import { exitCodes } from '../model/failure.ts'
import { verifyNow } from '../run/look.ts'
import { checkJson } from '../views/json.ts'
import { span } from '../views/lines.ts'
import { onInterrupt } from './interrupt.ts'
import { measuredLines, measuredRows } from './measured.ts'
import { openMigration } from './migration.ts'
import type { Verb } from './verb.ts'

/** Is the target still equal, do people get in? Measures now, reads only, decides nothing. */
export const verify: Verb = {
  name: 'verify',
  group: 'night',
  async run(desk) {
    const migration = await openMigration(desk)
    const interrupt = onInterrupt(() => desk.tell([[span(desk.say({ key: 'cli.look.stopping' }), 'warn')]]))
    const measured = await verifyNow({ ...migration, by: desk.options.by, stop: interrupt.signal })
    interrupt.forget()
    const rows = measuredRows(desk, migration, measured)
    const failing = rows.filter(row => row.state !== 'passed')
    const key = failing.length === 0 ? 'cli.verify.good' : 'cli.verify.bad'
    const verdict = desk.say({ key, values: { count: failing.length } })
    desk.print([...measuredLines(rows, migration), [span(verdict, failing.length === 0 ? 'good' : 'bad')]])
    desk.json({
      plan: migration.plan.name,
      verified: failing.length === 0,
      checks: rows.map(row => checkJson(row, migration.voice)),
    })
    return failing.length === 0 ? undefined : exitCodes.checksFailed
  },
}
