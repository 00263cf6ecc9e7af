import type { Temporal } from 'temporal-polyfill'
import { carryOut } from './carry-out.ts'
import { decide } from './decide.ts'
import type { Ended, ExecuteInput } from './execute-input.ts'
import { Office } from './office.ts'
import { waitsForPeople } from './waits-for-people.ts'

/**
 * Carries a run to its end: decides, acts, writes down, and waits for whichever comes first: something that ran has ended, an
 * order, an instant. The only writer of the journal; an error of the journal or of the authority ends it, with all that runs.
 */
export async function execute(input: ExecuteInput): Promise<Ended> {
  const office = new Office(input)
  try {
    const ended = await carryToItsEnd(office)
    await office.close()
    return ended
  } catch (error) {
    // nothing is written any more: the journal or the authority is what failed
    await office.abandon()
    throw error
  }
}

async function carryToItsEnd(office: Office): Promise<Ended> {
  const { input } = office
  for (;;) {
    if (input.stop?.aborted === true) return 'stopped'
    office.takeOrders()
    office.recordWhatWasSeen()
    const { actions, wakeAt } = decide(input.runbook, office.run, input.plan, input.ports.clock.now())
    let changed = false
    for (const action of actions) changed = carryOut(action, office) || changed
    if (office.run.outcome !== undefined) return office.run.outcome
    if (changed) continue
    if (input.waitForPeople === false && waitsForPeople(input.runbook, office.run)) return 'waiting'
    await pause(office, wakeAt)
    office.recordCompleted()
  }
}

async function pause(office: Office, wakeAt: Temporal.Instant | undefined): Promise<void> {
  const { clock, orders } = office.input.ports
  const poll = clock.now().add({ milliseconds: orders.pollMilliseconds })
  const isSooner = wakeAt !== undefined && wakeAt.epochMilliseconds < poll.epochMilliseconds
  await clock.sleepUntil(isSooner ? wakeAt : poll, office.nextWake())
}
