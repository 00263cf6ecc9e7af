import { Temporal } from 'temporal-polyfill'
import { exitCodes, Failure } from '../model/failure.ts'
import { now } from '../model/instant.ts'
import { isExecuting } from '../run/executing.ts'
import { lookBackNow, nightToWatch } from '../run/look-back.ts'
import { readRecords } from '../run/stored-runs.ts'
import { type Line, span } from '../views/lines.ts'
import { withoutTarget } from '../views/proposal.ts'
import { type ReturnPathRow, returnPathLines, returnPathRows } from '../views/return-paths.ts'
import { runViewOfRun } from '../views/run-view.ts'
import type { CommandContext } from './command-context.ts'
import { onInterrupt } from './interrupt.ts'
import { type Migration, openStored } from './migration.ts'
import { type Call, textOption, type Verb } from './verb.ts'
import { waitUntil } from './wait-until.ts'

/** Looks at the return path now, or again and again, and writes down what it saw. Reads only. */
export const watch: Verb = {
  name: 'watch',
  group: 'look',
  summary: 'cli.watch.summary',
  examples: 'cli.watch.examples',
  options: [{ flags: '--every', value: 'seconds', text: 'cli.watch.option.every' }],
  async run(context, call) {
    const everySeconds = everyOf(call)
    const migration = await openStored(context, nightToWatch)
    const interrupt = onInterrupt(() =>
      context.printProgress([[span(context.say({ key: 'cli.look.stopping' }), 'warn')]]),
    )
    try {
      for (;;) {
        const rows = await look(context, migration, interrupt.signal)
        const command = context.typed({ do: 'watch' })
        context.print([...returnPathLines(rows, migration.formatter, command), ...brokenLines(context, rows)])
        context.json({ plan: migration.plan.name, now: now(), returnPaths: rows })
        const next = Temporal.Now.instant().add({ seconds: everySeconds ?? 0 })
        if (everySeconds === undefined || !(await waitUntil(next, interrupt.signal))) return exitCodeFor(rows)
      }
    } finally {
      interrupt.forget()
    }
  },
}

/** What people do about a broken one; while it is being restored, nothing. */
function brokenLines(context: CommandContext, rows: readonly ReturnPathRow[]): Line[] {
  if (!rows.some(({ state, repair }) => state === 'broken' && repair !== 'running')) return []
  const values = {
    repair: context.typed({ do: 'repair-return-path', reason: '' }),
    without: context.typed(withoutTarget),
  }
  return [[span(context.say({ key: 'cli.watch.broken', values }), 'active')]]
}

/** What a monitoring program is told. */
export const exitCodeFor = (rows: readonly ReturnPathRow[]) =>
  rows.some(({ state }) => state === 'broken' || state === 'behind') ? exitCodes.returnPathBroken : undefined

function everyOf(call: Call): number | undefined {
  const given = textOption(call, 'every')
  const seconds = Number(given)
  if (given === undefined || seconds >= 1) return given === undefined ? undefined : Math.round(seconds)
  throw new Failure({ key: 'cli.watch.every', values: { given } }, { exitCode: exitCodes.usage })
}

/** The program that carries a run out looks by itself, and has the journal in its hands. */
async function look(
  context: CommandContext,
  migration: Migration,
  stop: AbortSignal,
): Promise<ReturnPathRow[]> {
  if (isExecuting(migration.stateDirectory))
    context.printProgress([[span(context.say({ key: 'cli.watch.executing' }), 'dim')]])
  else await lookBackNow({ ...migration, by: context.options.by, stop })
  const { history } = readRecords(migration.stateDirectory)
  const run = nightToWatch(history)
  const runbook = history.runbooks[run?.runbookHash ?? '']
  if (run === undefined || runbook === undefined) return []
  return returnPathRows(runViewOfRun({ plan: migration.plan, now: now() }, runbook, run), migration.formatter)
}
