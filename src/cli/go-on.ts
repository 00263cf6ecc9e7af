import { giveOrder, runForOrders } from './give-order.ts'
import { openStored } from './migration.ts'
import { textOption, type Verb } from './verb.ts'

/** The way forward for good, when the source has died after its stop: two people answer for it, and nothing leads back. */
export const goOn: Verb = {
  name: 'go-on',
  group: 'people',
  summary: 'cli.go-on.summary',
  examples: 'cli.go-on.examples',
  options: [
    { flags: '--without <site>', text: 'cli.go-on.option.without', choices: ['source'], required: true },
    { flags: '--isolated <text>', text: 'cli.go-on.option.isolated', required: true },
    { flags: '--and-by <name>', text: 'cli.go-on.option.and', required: true },
    { flags: '--reason <text>', text: 'cli.option.reason', required: true },
  ],
  async run(context, call) {
    const migration = await openStored(context)
    const run = runForOrders(context, migration)
    const text = (name: string) => textOption(call, name) ?? ''
    // the executor fills in which hosts were silent when it asked them last
    const signed = { silent: [], loses: [], isolated: text('isolated'), and: text('andBy') }
    const without = { side: 'source' as const, ...signed }
    return giveOrder(context, migration, run, { do: 'go-on', reason: text('reason'), without })
  },
}
