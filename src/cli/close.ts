import type { OrderRecord } from '../model/event.ts'
import { type ExitCode, exitCodes, Failure } from '../model/failure.ts'
import type { Run } from '../model/run.ts'
import type { Runbook } from '../model/step.ts'
import type { Text } from '../model/text.ts'
import { type CloseOrder, type CloseRecord, finalSteps, judgeClosing } from '../run/closing.ts'
import { lastMoved, mayStart } from '../run/may-start.ts'
import { sendRecord } from '../run/orders.ts'
import { startRun } from '../run/session.ts'
import { isHalfSigned } from '../run/signatures.ts'
import { compile } from '../runbook/compile.ts'
import { type Line, span } from '../views/lines.ts'
import { takeAuthority } from './authority.ts'
import type { CommandContext } from './command-context.ts'
import { refusal, tellHalfSigned } from './give-order.ts'
import { openStored, type StoredMigration } from './migration.ts'
import { noWait } from './run.ts'
import { orderToSend, signatureProblem } from './sign-order.ts'
import { superviseRun } from './supervise-run.ts'
import { textOption, type Verb } from './verb.ts'

/**
 * After the monitoring period: restores TTLs and removes what was kept ready for a rollback. It ends what the night began, so
 * it goes by the night's plan. Two people order it when a step of it cannot be undone.
 */
export const close: Verb = {
  name: 'close',
  group: 'night',
  summary: 'cli.close.summary',
  examples: 'cli.close.examples',
  options: [{ flags: '--and-by', value: 'name', text: 'cli.close.option.andBy' }, noWait],
  async run(context, call) {
    const migration = await openStored(context, lastMoved)
    const night = nightToClose(migration)
    const order = closeOrder(context, closingRunbook(migration), textOption(call, 'andBy'))
    const record = await orderToSend(context, migration, night, order)
    if (order.final) {
      const two: Text = { key: 'cli.rollback.twoPeople', values: { and: order.final.and } }
      context.printProgress(finalLines(context, migration, two))
    }
    return beginClosing(context, migration, night, { ...record, order }, call.options.wait !== false)
  },
}

/** Throws Failure when nothing has moved, or another run has not ended. */
function nightToClose({ records: { history } }: StoredMigration): Run {
  mayStart(history, 'close', undefined)
  const night = lastMoved(history)
  if (night === undefined) throw new Error('there is nothing to close')
  return night
}

const closingRunbook = ({ plan, kinds, records }: StoredMigration): Runbook =>
  compile({ plan, kinds, mode: 'close', facts: records.history.facts })

function closeOrder(
  { commandPrefix }: CommandContext,
  runbook: Runbook,
  and: string | undefined,
): CloseOrder {
  const steps = finalSteps(runbook).map(({ id }) => id)
  if (and !== undefined) return { do: 'close', final: { steps, and } }
  if (steps.length === 0) return { do: 'close' }
  throw new Failure(
    { key: 'cli.close.needsTwo', values: { steps: steps.join(', ') } },
    {
      remedy: { key: 'cli.close.needsTwo.remedy', values: { command: `${commandPrefix} close` } },
      exitCode: exitCodes.usage,
    },
  )
}

/** What people are to know before they sign; `signers`: who has signed, or is to. */
export function finalLines(context: CommandContext, migration: StoredMigration, signers: Text): Line[] {
  const steps = finalSteps(closingRunbook(migration))
  if (steps.length === 0) return [[span(context.say(signers), 'warn')]]
  return [
    [span(context.say({ key: 'cli.close.final' }), 'warn')],
    ...steps.map(({ title }): Line => [span(`  ${migration.formatter.say(title)}`, 'strong')]),
    [span(context.say(signers), 'warn')],
  ]
}

/** Begins the closing by its order; one that needs another signature waits for it, and nothing else is done. */
export async function beginClosing(
  context: CommandContext,
  migration: StoredMigration,
  night: Run,
  record: CloseRecord,
  waitForPeople: boolean,
): Promise<ExitCode> {
  const { plan, kinds, stateDirectory, onCall } = migration
  const isHalf = isHalfSigned(record)
  const why =
    signatureProblem(migration, night, record, isHalf ? 'first' : 'all') ??
    judgeClosing(plan, closingRunbook(migration), record.order, record.by)
  if (why) throw refusal(context, record.order, why, night, false)
  if (isHalf) {
    sendRecord(stateDirectory, night.id, record)
    return tellHalfSigned(context, migration, night, record)
  }
  return superviseRun(context, migration, 'close', watching =>
    startRun({
      ...{ kinds, stateDirectory, ...watching, ...(onCall && { onCall }) },
      ...{ mode: 'close', order: record },
      takeAuthority: takeAuthority(kinds, true),
      by: record.by,
      waitForPeople,
    }),
  )
}

export const isClosing = (record: OrderRecord): record is CloseRecord => record.order.do === 'close'
