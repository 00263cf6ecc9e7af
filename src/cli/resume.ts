import { Failure } from '../model/failure.ts'
import { resumeRun } from '../run/session.ts'
import { takeAuthority } from './authority.ts'
import { carry } from './carry.ts'
import { isExecuting } from './executor.ts'
import { giveOrder, runForOrders } from './give-order.ts'
import { openMigration } from './migration.ts'
import type { Verb } from './verb.ts'

/** Goes on: tells the program that holds the run to go on, or, when none carries it out any more, carries it out here. */
export const resume: Verb = {
  name: 'resume',
  group: 'night',
  options: [{ flags: '--no-wait' }],
  async run(desk, call) {
    const migration = await openMigration(desk)
    const run = runForOrders(desk, migration)
    if (isExecuting(migration.stateDirectory)) {
      if (!run.held)
        throw new Failure(
          { key: 'cli.resume.runs' },
          { remedy: { key: 'cli.type', values: { command: `${desk.typed} status` } } },
        )
      return giveOrder(desk, migration, run, { do: 'resume' })
    }
    const waitForPeople = call.options.wait !== false
    return carry(desk, migration, run.mode, watching =>
      resumeRun({
        ...migration,
        ...watching,
        takeAuthority: takeAuthority(false),
        by: desk.options.by,
        waitForPeople,
      }),
    )
  },
}
