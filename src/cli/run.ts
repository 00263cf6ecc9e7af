import { Temporal } from 'temporal-polyfill'
import { now } from '../model/instant.ts'
import type { RunMode } from '../model/step.ts'
import type { Excuse, ExcuseOrder } from '../run/fresh-rehearsal.ts'
import { newRunId, type SessionEnd, startRun } from '../run/session.ts'
import { startInstant } from '../run/start-time.ts'
import { readRecords } from '../run/stored-runs.ts'
import { span } from '../views/lines.ts'
import { takeAuthority } from './authority.ts'
import type { CommandContext } from './command-context.ts'
import { type Migration, openMigration } from './migration.ts'
import { roleOf } from './sign-off.ts'
import { orderAt } from './sign-order.ts'
import { superviseRun } from './supervise-run.ts'
import { type Call, textOption, type Verb } from './verb.ts'
import { waitUntil } from './wait-until.ts'

export const noWait = { flags: '--no-wait', text: 'cli.option.no-wait' } as const

/** Makes the target ready, copies everything once, and lets replication go on from there. */
export const replicate: Verb = {
  name: 'replicate',
  group: 'before',
  summary: 'cli.replicate.summary',
  examples: 'cli.replicate.examples',
  options: [noWait],
  run: (context, call) => begin(context, call, 'preparation'),
}

/** The night, really carried out, the source untouched; then undone. */
export const rehearse: Verb = {
  name: 'rehearse',
  group: 'before',
  summary: 'cli.rehearse.summary',
  examples: 'cli.rehearse.examples',
  options: [noWait],
  run: (context, call) => begin(context, call, 'rehearsal'),
}

/** The night itself. */
export const run: Verb = {
  name: 'run',
  group: 'night',
  summary: 'cli.run.summary',
  examples: 'cli.run.examples',
  options: [
    { flags: '--at', value: 'time', text: 'cli.run.option.at' },
    noWait,
    { flags: '--without-rehearsal', value: 'reason', text: 'cli.run.option.without-rehearsal' },
  ],
  run: (context, call) => begin(context, call, 'live'),
}

async function begin(context: CommandContext, call: Call, mode: Exclude<RunMode, 'close'>) {
  const migration = await openMigration(context)
  const at = textOption(call, 'at')
  const start = mode === 'live' ? startInstant(migration.plan, at, now(), context.commandPrefix) : undefined
  const startAt = start === undefined ? undefined : Temporal.Instant.from(start)
  const withoutRehearsal = textOption(call, 'withoutRehearsal')
  const excuse = await excuseFor(context, migration, withoutRehearsal)
  if (start !== undefined && startAt !== undefined) {
    const values = { at: migration.formatter.moment(start) }
    context.printProgress([[span(context.say({ key: 'cli.run.at', values }))]])
  }
  return superviseRun(context, migration, mode, async (watching): Promise<SessionEnd | undefined> => {
    if (startAt !== undefined && !(await waitUntil(startAt, watching.stop))) return undefined
    return startRun({
      ...migration,
      ...watching,
      takeAuthority: takeAuthority(migration.kinds, true),
      mode,
      by: context.options.by,
      waitForPeople: call.options.wait !== false,
      ...(startAt && { startAt }),
      ...(withoutRehearsal !== undefined && { withoutRehearsal }),
      ...(excuse && { excuse }),
    })
  })
}

/** Where the plan wants a fresh rehearsal, somebody answers for a night without one, by an order of their own to the run that begins. */
async function excuseFor(
  context: CommandContext,
  { plan, stateDirectory }: Migration,
  reason: string | undefined,
): Promise<Excuse | undefined> {
  if (reason === undefined || plan.readiness?.rehearsal === undefined) return undefined
  const order: ExcuseOrder = { do: 'excuse-rehearsal', role: roleOf(context, plan), reason }
  const run = newRunId('live')
  const last = readRecords(stateDirectory).entries.at(-1)
  return { run, record: { ...(await orderAt(context, plan, run, order, last)), order } }
}
