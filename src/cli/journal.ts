import { journalExists, verifyJournal } from '../journal/read.ts'
import { exitCodes, Failure } from '../model/failure.ts'
import { type Line, span } from '../views/lines.ts'
import type { Desk } from './desk.ts'
import { openMigration } from './migration.ts'
import { journalFile, readRecords } from './records.ts'
import type { Call, Verb } from './verb.ts'

/** The journal itself: whether its chain is whole, and its entries. */
export const journal: Verb = {
  name: 'journal',
  group: 'look',
  verbs: [
    { name: 'verify', arguments: [{ name: 'file', optional: true }], run: verify },
    { name: 'show', run: show },
  ],
}

/** Of the file named (a copy kept elsewhere), else of the migration that the plan names. */
async function verify(desk: Desk, call: Call) {
  const file = call.arguments[0] ?? journalFile((await openMigration(desk)).stateDirectory)
  if (!journalExists(file)) {
    throw new Failure(
      { key: 'journal.missing', values: { file } },
      { remedy: { key: 'journal.remedy.state' } },
    )
  }
  const verdict = verifyJournal(file)
  if (verdict.ok) {
    const { entries, headHash: head } = verdict
    desk.print([
      [span('✔ ', 'good'), span(desk.say({ key: 'cli.journal.whole', values: { entries, head } }))],
    ])
    desk.json({ verified: true, file, entries, head })
    return undefined
  }
  const { sequence, what } = verdict.firstBad
  const problem = desk.say({ key: `journal.bad.${what}`, values: { file, sequence } })
  desk.print([[span('✖ ', 'bad'), span(problem)]])
  desk.json({ verified: false, file, entries: verdict.entries, firstBad: { sequence, what }, problem })
  return exitCodes.failure
}

async function show(desk: Desk) {
  const { stateDirectory, voice } = await openMigration(desk)
  const { entries } = readRecords(stateDirectory)
  desk.print(
    entries.map(({ sequence, at, run, event }): Line => {
      const { type, ...fields } = event
      return [
        span(`${String(sequence).padStart(5)} ${voice.clock(at)} `, 'dim'),
        span(type, 'strong'),
        span(` ${run} ${JSON.stringify(fields)}`),
      ]
    }),
  )
  desk.json({ entries })
  return undefined
}
