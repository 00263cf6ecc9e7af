import { giveOrder, runForOrders } from './give-order.ts'
import { openStored } from './migration.ts'
import { textOption, type Verb } from './verb.ts'

/** Nothing new is started; what runs goes on to its end, replication too. */
export const hold: Verb = {
  name: 'hold',
  group: 'people',
  summary: 'cli.hold.summary',
  examples: 'cli.hold.examples',
  options: [{ flags: '--reason', value: 'text', text: 'cli.option.reason' }],
  async run(context, call) {
    const migration = await openStored(context)
    const reason = textOption(call, 'reason')
    const run = runForOrders(context, migration)
    return giveOrder(context, migration, run, { do: 'hold', ...(reason === undefined ? {} : { reason }) })
  },
}
