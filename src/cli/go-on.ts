import { exitCodes } from '../model/failure.ts'
import type { Text } from '../model/text.ts'
import { span } from '../views/lines.ts'
import { giveOrder, runForOrders } from './give-order.ts'
import { openStored } from './migration.ts'
import { confirmed } from './prompt.ts'
import { signingLines } from './rollback-without.ts'
import { textOption, type Verb } from './verb.ts'

/** The way forward for good, when the source has died after its stop: two people answer for it, and nothing leads back. */
export const goOn: Verb = {
  name: 'go-on',
  group: 'people',
  summary: 'cli.go-on.summary',
  examples: 'cli.go-on.examples',
  options: [
    {
      flags: '--without',
      value: 'site',
      text: 'cli.go-on.option.without',
      choices: ['source'],
      required: true,
    },
    { flags: '--isolated', value: 'text', text: 'cli.go-on.option.isolated', required: true },
    { flags: '--and-by', value: 'name', text: 'cli.go-on.option.and', required: true },
    { flags: '--reason', value: 'text', text: 'cli.option.reason', required: true },
    { flags: '--yes', text: 'cli.rollback.option.yes' },
  ],
  async run(context, call) {
    const migration = await openStored(context)
    const run = runForOrders(context, migration)
    const text = (name: string) => textOption(call, name) ?? ''
    // the executor fills in which hosts were silent when it asked them last
    const signed = { silent: [], loses: [], isolated: text('isolated'), and: text('andBy') }
    const without = { side: 'source' as const, ...signed }
    const two: Text = { key: 'cli.rollback.twoPeople', values: { and: signed.and } }
    context.printProgress(signingLines(context, migration, run, without, two))
    if (call.options.yes !== true && !(await confirmed(context, { key: 'cli.go-on.sure' }))) {
      context.printProgress([[span(context.say({ key: 'cli.rollback.kept' }))]])
      return exitCodes.failure
    }
    return giveOrder(context, migration, run, { do: 'go-on', reason: text('reason'), without })
  },
}
