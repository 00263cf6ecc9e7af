import { type ExitCode, exitCodes } from '../model/failure.ts'
import { nightToWatch, watchedNight } from '../run/look-back.ts'
import { runbookOf } from '../run/recorded.ts'
import { returnPathInTheWay } from '../run/return-path.ts'
import { readRecords } from '../run/stored-runs.ts'
import { deliverOrCarryOut } from './give-order.ts'
import { openStored } from './migration.ts'
import { orderToSend } from './sign-order.ts'
import { carryOn } from './supervise-run.ts'
import { textOption, type Verb } from './verb.ts'

/** Makes a broken return path again, with users at the target: the run that moved goes on for this alone. */
export const repairReturnPath: Verb = {
  name: 'repair-return-path',
  group: 'night',
  summary: 'cli.repair-return-path.summary',
  examples: 'cli.repair-return-path.examples',
  options: [{ flags: '--reason', value: 'text', text: 'cli.option.reason', required: true }],
  async run(context, call) {
    const migration = await openStored(context, nightToWatch)
    const run = watchedNight(migration.records.history)
    const order = { do: 'repair-return-path' as const, reason: textOption(call, 'reason') ?? '' }
    const record = await orderToSend(context, migration, run, order)
    return deliverOrCarryOut(context, migration, run, record, async () => {
      const exitCode = await carryOn(context, migration, run, { night: run.id })
      return exitCode === exitCodes.ok ? repaired(migration.stateDirectory) : exitCode
    })
  },
}

function repaired(stateDirectory: string): ExitCode {
  const { history } = readRecords(stateDirectory)
  const run = nightToWatch(history)
  const isGood = run !== undefined && returnPathInTheWay(runbookOf(history, run), run) === undefined
  const hasFailed = Object.values(run?.repair?.components ?? {}).some(({ status }) => status !== 'done')
  return isGood && !hasFailed ? exitCodes.ok : exitCodes.returnPathBroken
}
