import { giveOrder, runForOrders } from './give-order.ts'
import { openStored } from './migration.ts'
import { textOption, type Verb, type VerbWords } from './verb.ts'

/** A person did the step (or its undo, during a rollback) by hand. */
export const done: Verb = stepOrder('done', { summary: 'cli.done.summary', examples: 'cli.done.examples' })
/** A failed step, undo or check is tried again. */
export const retry: Verb = stepOrder('retry', {
  summary: 'cli.retry.summary',
  examples: 'cli.retry.examples',
})
/** The step is skipped. */
export const skip: Verb = stepOrder('skip', { summary: 'cli.skip.summary', examples: 'cli.skip.examples' })

/** Its component is done without a part that does not answer. */
export const leaveOut: Verb = {
  name: 'leave-out',
  group: 'people',
  summary: 'cli.leave-out.summary',
  examples: 'cli.leave-out.examples',
  arguments: [
    { name: 'component', text: 'cli.argument.component' },
    { name: 'part', text: 'cli.argument.part' },
  ],
  options: [{ flags: '--reason', value: 'text', text: 'cli.option.reason', required: true }],
  async run(context, call) {
    const migration = await openStored(context)
    const run = runForOrders(context, migration)
    const [component = '', part = ''] = call.arguments
    const reason = textOption(call, 'reason') ?? ''
    return giveOrder(context, migration, run, { do: 'leave-out', component, part, reason })
  },
}

/** All three are recorded with a reason: the report tells who took the run off its plan, and why. */
function stepOrder(what: 'done' | 'retry' | 'skip', words: VerbWords): Verb {
  return {
    name: what,
    group: 'people',
    ...words,
    arguments: [{ name: 'step', text: 'cli.argument.step' }],
    options: [{ flags: '--reason', value: 'text', text: 'cli.option.reason', required: true }],
    async run(context, call) {
      const migration = await openStored(context)
      const run = runForOrders(context, migration)
      const [step = ''] = call.arguments
      return giveOrder(context, migration, run, { do: what, step, reason: textOption(call, 'reason') ?? '' })
    },
  }
}
