import { hostname } from 'node:os'
import { exitCodes, Failure } from '../model/failure.ts'
import { readMore } from '../run/stored-runs.ts'
import { type Address, isLoopback, readAddress, written } from '../server/address.ts'
import { serveControlRoom } from '../server/serve.ts'
import type { Language, Seen, Source } from '../server/source.ts'
import { type Line, span } from '../views/lines.ts'
import type { CommandContext } from './command-context.ts'
import { onInterrupt } from './interrupt.ts'
import { openStored, type StoredMigration, storedLater } from './migration.ts'
import { statusNow } from './status-document.ts'
import { textOption, type Verb } from './verb.ts'

const usual: Address = { host: '127.0.0.1', port: 8484 }

/** The control room for browsers, until Ctrl-C. It reads the journal, changes nothing and asks no host. */
export const serve: Verb = {
  name: 'serve',
  group: 'look',
  summary: 'cli.serve.summary',
  examples: 'cli.serve.examples',
  options: [{ flags: '--listen', value: 'address', text: 'cli.serve.option.listen' }],
  async run(context, call) {
    const given = textOption(call, 'listen')
    const wanted = given === undefined ? usual : readAddress(given, usual)
    if (wanted === undefined)
      throw new Failure(
        { key: 'cli.serve.address', values: { given: given ?? '' } },
        { exitCode: exitCodes.usage },
      )
    const migration = await openStored(context)
    const spoken = { en: context.inLanguage('en'), fr: context.inLanguage('fr') }
    const room = await serveControlRoom(sourceOf(spoken, migration), wanted, {
      say: (text, language) => spoken[language].say(text),
      onTrouble: error => context.printProgress([[span(troubleOf(context, error), 'bad')]]),
    })
    const interrupt = onInterrupt(() => {})
    try {
      context.print(howToReach(context, room.address))
      context.json({ plan: migration.plan.name, url: urlOf(room.address), ...room.address })
      await aborted(interrupt.signal)
      return undefined
    } finally {
      interrupt.forget()
      await room.close()
    }
  },
}

/** The journal, followed: what was added is read once for both languages. */
export function sourceOf(spoken: Record<Language, CommandContext>, migration: StoredMigration): Source {
  let { records } = migration
  const byLanguage = (): Record<Language, StoredMigration> => ({
    en: storedLater(spoken.en, migration, records),
    fr: storedLater(spoken.fr, migration, records),
  })
  let stored = byLanguage()
  return {
    refresh() {
      const later = readMore(migration.stateDirectory, records)
      const grew = later.entries.at(-1)?.hash !== records.entries.at(-1)?.hash
      if (!grew) return false
      records = later
      stored = byLanguage()
      return true
    },
    now(language): Seen {
      const { plan, formatter } = stored[language]
      const { document, next, seen } = statusNow(spoken[language], stored[language])
      return {
        ...{ title: plan.title, status: document, formatter, typed: spoken[language].typed, next },
        entries: records.entries,
        ...(seen && { night: seen }),
      }
    },
  }
}

const urlOf = (address: Address): string => `http://${written(address)}/`

function howToReach(context: CommandContext, address: Address): Line[] {
  const line = (key: Parameters<CommandContext['say']>[0]['key'], values: Record<string, string | number>) =>
    context.say({ key, values })
  const { port } = address
  const own = isLoopback(address.host)
  return [
    [span(line('cli.serve.open', { url: urlOf(address) }), 'strong')],
    own
      ? [
          span(
            line('cli.serve.tunnel', { command: `ssh -L ${port}:${written(address)} ${hostname()}`, port }),
          ),
        ]
      : [span(line('cli.serve.exposed', { address: written(address) }), 'warn')],
    [span(context.say({ key: 'cli.serve.until' }), 'dim')],
  ]
}

function troubleOf(context: CommandContext, error: unknown): string {
  const why = error instanceof Failure ? context.say(error.text) : String(error)
  return context.say({ key: 'server.trouble', values: { why } })
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
}
