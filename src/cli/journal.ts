import { type Line, span } from '../views/lines.ts'
import { entryKeys } from '../views/words.ts'
import type { CommandContext } from './command-context.ts'
import { backup, restore } from './journal-backup.ts'
import { verify } from './journal-verify.ts'
import { openStored } from './migration.ts'
import type { Verb } from './verb.ts'

/** The journal itself: whether its chain is whole, and its entries. */
export const journal: Verb = {
  name: 'journal',
  group: 'look',
  summary: 'cli.journal.summary',
  examples: 'cli.journal.examples',
  verbs: [
    {
      name: 'verify',
      summary: 'cli.journal.verify.summary',
      examples: 'cli.journal.verify.examples',
      arguments: [{ name: 'file', text: 'cli.argument.file', optional: true }],
      options: [{ flags: '--offline', text: 'cli.journal.option.offline' }],
      run: verify,
    },
    { name: 'show', summary: 'cli.journal.show.summary', examples: 'cli.journal.show.examples', run: show },
    {
      name: 'backup',
      summary: 'cli.journal.backup.summary',
      examples: 'cli.journal.backup.examples',
      arguments: [{ name: 'file', text: 'cli.argument.backup' }],
      run: backup,
    },
    {
      name: 'restore',
      summary: 'cli.journal.restore.summary',
      examples: 'cli.journal.restore.examples',
      arguments: [{ name: 'file', text: 'cli.argument.backup' }],
      run: restore,
    },
  ],
}

async function show(context: CommandContext) {
  const { records, formatter } = await openStored(context)
  const { entries } = records
  context.print(
    entries.map(({ sequence, at, run, event }): Line => {
      const { type, ...fields } = event
      return [
        span(`${String(sequence).padStart(5)} ${formatter.clock(at)} `, 'dim'),
        span(formatter.say({ key: entryKeys[type] }), 'strong'),
        span(` ${run} ${JSON.stringify(fields)}`),
      ]
    }),
  )
  context.json({ entries })
  return undefined
}
