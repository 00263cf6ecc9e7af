import { damageText } from '../journal/chain.ts'
import { journalExists, verifyJournal } from '../journal/read.ts'
import { exitCodes, Failure } from '../model/failure.ts'
import { type Line, span } from '../views/lines.ts'
import type { CommandContext } from './command-context.ts'
import { openStored, storedJournal } from './migration.ts'
import type { Call, Verb } from './verb.ts'

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
      run: verify,
    },
    { name: 'show', summary: 'cli.journal.show.summary', examples: 'cli.journal.show.examples', run: show },
  ],
}

/** Of the file named (a copy kept elsewhere), else of the migration that the plan names. */
async function verify(context: CommandContext, call: Call) {
  const file = call.arguments[0] ?? (await storedJournal(context))
  if (!journalExists(file)) {
    throw new Failure(
      { key: 'journal.missing', values: { file } },
      { remedy: { key: 'journal.remedy.state' } },
    )
  }
  const verdict = verifyJournal(file)
  if (verdict.ok) {
    const { entries, headHash: head } = verdict
    context.print([
      [span('✔ ', 'good'), span(context.say({ key: 'cli.journal.whole', values: { entries, head } }))],
    ])
    context.json({ verified: true, file, entries, head })
    return undefined
  }
  const { sequence, what } = verdict.firstBad
  const problem = context.say(damageText(file, verdict.firstBad))
  context.print([[span('✖ ', 'bad'), span(problem)]])
  context.json({ verified: false, file, entries: verdict.entries, firstBad: { sequence, what }, problem })
  return exitCodes.failure
}

async function show(context: CommandContext) {
  const { records, formatter } = await openStored(context)
  const { entries } = records
  context.print(
    entries.map(({ sequence, at, run, event }): Line => {
      const { type, ...fields } = event
      return [
        span(`${String(sequence).padStart(5)} ${formatter.clock(at)} `, 'dim'),
        span(type, 'strong'),
        span(` ${run} ${JSON.stringify(fields)}`),
      ]
    }),
  )
  context.json({ entries })
  return undefined
}
