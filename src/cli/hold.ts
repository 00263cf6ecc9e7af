import { giveOrder, runForOrders } from './give-order.ts'
import { openMigration } from './migration.ts'
import { textOption, type Verb } from './verb.ts'

/** Nothing new is started; what runs goes on to its end, replication too. */
export const hold: Verb = {
  name: 'hold',
  group: 'people',
  options: [{ flags: '--reason <text>' }],
  async run(desk, call) {
    const migration = await openMigration(desk)
    const reason = textOption(call, 'reason')
    const run = runForOrders(desk, migration)
    return giveOrder(desk, migration, run, { do: 'hold', ...(reason === undefined ? {} : { reason }) })
  },
}
