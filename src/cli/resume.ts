import { Failure } from '../model/failure.ts'
import { isExecuting } from '../run/executing.ts'
import { giveOrder, runForOrders } from './give-order.ts'
import { openStored } from './migration.ts'
import { carryOn } from './supervise-run.ts'
import type { Verb } from './verb.ts'

/** Goes on: tells the program that holds the run to go on, or, when none carries it out any more, carries it out here. */
export const resume: Verb = {
  name: 'resume',
  group: 'night',
  summary: 'cli.resume.summary',
  examples: 'cli.resume.examples',
  options: [{ flags: '--no-wait', text: 'cli.option.no-wait' }],
  async run(context, call) {
    const migration = await openStored(context)
    const run = runForOrders(context, migration)
    if (isExecuting(migration.stateDirectory)) {
      if (!run.held)
        throw new Failure(
          { key: 'cli.resume.runs' },
          { remedy: { key: 'cli.type', values: { command: `${context.commandPrefix} status` } } },
        )
      return giveOrder(context, migration, run, { do: 'resume' })
    }
    const waitForPeople = call.options.wait !== false
    return carryOn(context, migration, run, { waitForPeople })
  },
}
