import type { Temporal } from 'temporal-polyfill'
import { applyCommand } from './apply-command.ts'
import { decide } from './decide.ts'
import type { Ended, ExecuteInput } from './execute-input.ts'
import { ExecutorContext } from './executor-context.ts'
import { takeOrders } from './take-orders.ts'
import { waitsForPeople } from './waits-for-people.ts'

/**
 * Carries a run to its end: decides, acts, writes down, and waits for whichever comes first: something that ran has ended, an
 * order, an instant. The only writer of the journal; an error of the journal or of the authority ends it, with all that runs.
 */
export async function execute(input: ExecuteInput): Promise<Ended> {
  const executor = new ExecutorContext(input)
  try {
    const ended = await carryToItsEnd(executor)
    await executor.close()
    return ended
  } catch (error) {
    // nothing is written any more: the journal or the authority is what failed
    await executor.abandon()
    throw error
  }
}

async function carryToItsEnd(executor: ExecutorContext): Promise<Ended> {
  const { input } = executor
  for (;;) {
    if (input.stop?.aborted === true) return 'stopped'
    takeOrders(executor)
    executor.recordLineEvents()
    executor.recordReturnPaths()
    executor.recordClockJump()
    const now = input.ports.clock.now()
    const { commands, wakeAt } = decide(input.runbook, executor.run, input.plan, now, executor.onClock)
    let changed = false
    for (const command of commands) changed = applyCommand(command, executor) || changed
    if (executor.run.outcome !== undefined) return executor.run.outcome
    if (changed) continue
    const mayLeave = input.waitForPeople === false && executor.signed.length === 0
    if (mayLeave && waitsForPeople(input.runbook, executor.run, input.plan)) return 'waiting'
    await pause(executor, wakeAt)
    executor.recordCompleted()
  }
}

async function pause(executor: ExecutorContext, wakeAt: Temporal.Instant | undefined): Promise<void> {
  const { clock, orders } = executor.input.ports
  const poll = clock.now().add({ milliseconds: orders.pollMilliseconds })
  const isSooner = wakeAt !== undefined && wakeAt.epochMilliseconds < poll.epochMilliseconds
  await clock.sleepUntil(isSooner ? wakeAt : poll, executor.nextWake())
}
