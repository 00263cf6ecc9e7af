import type { OrderRecord } from '../model/event.ts'
import { rolesOf } from '../model/roles.ts'
import type { RunMode } from '../model/step.ts'
import type { Text } from '../model/text.ts'
import { isHalfSigned } from '../run/signatures.ts'
import { type Line, span } from '../views/lines.ts'
import { nextVerb } from '../views/next-verb.ts'
import { orderText } from '../views/orders.ts'
import { lastRunOf } from '../views/run-view.ts'
import { statusLines } from '../views/status-lines.ts'
import type { CommandContext } from './command-context.ts'
import { waitsForSignature } from './give-order.ts'
import { type Migration, openStored } from './migration.ts'
import { lastMode, statusNow } from './status-document.ts'
import { textOption, type Verb } from './verb.ts'
import { exitCodeFor } from './watch.ts'

export const modes = ['preparation', 'rehearsal', 'live', 'close'] as const

/** Where the migration stands, from the journal alone: reads, changes nothing, asks no host. */
export const status: Verb = {
  name: 'status',
  group: 'look',
  summary: 'cli.status.summary',
  examples: 'cli.status.examples',
  options: [
    { flags: '--all', text: 'cli.status.option.all' },
    { flags: '--mode', value: 'mode', text: 'cli.option.mode', choices: modes },
  ],
  async run(context, call) {
    const asked = textOption(call, 'mode') as RunMode | undefined
    const migration = await openStored(context, history => lastRunOf(history, asked ?? lastMode({ history })))
    const { executing, next, document, seen } = statusNow(context, migration, asked)
    context.json(document)
    if (seen === undefined) return nothingKnown(context, migration, next)
    const { runView, status: view, ordersStored } = seen
    const isSaid = view.waiting.some(({ orders }) => orders.map(context.typed).includes(next))
    context.print([
      ...statusLines(runView, migration.formatter, { all: call.options.all === true, typed: context.typed }),
      ...storedLines(context, ordersStored, executing, migration),
      // what people can type stands above; to look again is no news to who has just looked
      ...(isSaid || (nextVerb(migration.records.history, executing) === 'status' && view.waiting.length > 0)
        ? []
        : nextLine(context, next)),
    ])
    return exitCodeFor(view.returnPaths)
  },
}

function storedLines(
  context: CommandContext,
  stored: readonly OrderRecord[],
  executing: boolean,
  { formatter }: Migration,
): Line[] {
  return stored.map(record => {
    const { order, by, at } = record
    const values = { order: orderText(order), by, at: formatter.clock(at) }
    const text: Text = isHalfSigned(record)
      ? waitsForSignature(context, record, formatter)
      : { key: executing ? 'cli.order.unjudged' : 'cli.order.waits', values }
    return [span('  '), span(formatter.say(text), 'warn')]
  })
}

function nothingKnown(
  context: CommandContext,
  { plan, kinds, formatter }: Migration,
  next: string,
): undefined {
  const text: Text = { key: 'cli.status.nothing', values: { title: plan.title } }
  const keeper = rolesOf(plan, kinds, {})('journalCopies').flatMap(({ value }) => value.places)[0]
  const key = keeper ? 'cli.status.elsewhere' : 'cli.status.elsewhereNoCopy'
  const verb = keeper ? `takeover --from ${keeper.host}` : 'journal restore FILE'
  const elsewhere = context.say({ key, values: { command: `${context.commandPrefix} ${verb}` } })
  context.print([[span(formatter.say(text))], ...nextLine(context, next), [span(elsewhere)]])
  return undefined
}

function nextLine(context: CommandContext, next: string): Line[] {
  return [[], [span(context.say({ key: 'cli.status.next' })), span(` ${next}`, 'active')]]
}
