import { giveOrder, runForOrders } from './give-order.ts'
import { openStored } from './migration.ts'
import { textOption, type Verb } from './verb.ts'

/** A person did the step (or its undo, during a rollback) by hand. */
export const done: Verb = stepOrder('done')
/** A failed step, undo or check is tried again. */
export const retry: Verb = stepOrder('retry')
/** The step is left out. */
export const skip: Verb = stepOrder('skip')

/** All three are recorded with a reason: the report tells who took the run off its plan, and why. */
function stepOrder(what: 'done' | 'retry' | 'skip'): Verb {
  return {
    name: what,
    group: 'people',
    arguments: [{ name: 'step' }],
    options: [{ flags: '--reason <text>', required: true }],
    async run(context, call) {
      const migration = await openStored(context)
      const run = runForOrders(context, migration)
      const [step = ''] = call.arguments
      return giveOrder(context, migration, run, { do: what, step, reason: textOption(call, 'reason') ?? '' })
    },
  }
}
