import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { readBackup, writeBackup } from '../journal/backup.ts'
import { damageText } from '../journal/chain.ts'
import { verifyJournal } from '../journal/read.ts'
import { Failure } from '../model/failure.ts'
import { readCounting } from '../run/lock.ts'
import { journalFile } from '../run/stored-runs.ts'
import { foundState, refuseUsed } from '../run/takeover.ts'
import { span } from '../views/lines.ts'
import type { CommandContext } from './command-context.ts'
import { openMigration, openStored } from './migration.ts'
import type { Call } from './verb.ts'

/** Also while a run writes: what was written before the command is in it. */
export async function backup(context: CommandContext, call: Call) {
  const file = resolve(call.arguments[0] ?? '')
  const { stateDirectory } = await openStored(context)
  const counting = readCounting(stateDirectory) ?? { lineage: randomUUID(), number: 0 }
  writeBackup(journalFile(stateDirectory), file, counting)
  return tell(context, 'cli.journal.backup.written', { file, directory: file, journal: file })
}

/** Makes a state directory of a backup that is whole. The hosts tell whether it is still the newest. */
export async function restore(context: CommandContext, call: Call) {
  const file = resolve(call.arguments[0] ?? '')
  const { stateDirectory } = await openMigration(context)
  refuseUsed(stateDirectory)
  const verdict = verifyJournal(file)
  if (!verdict.ok) throw new Failure(damageText(file, verdict.firstBad))
  const { rows, counting = { lineage: randomUUID(), number: 0 } } = readBackup(file)
  foundState(stateDirectory, rows, counting.lineage, counting.number)
  const journal = journalFile(stateDirectory)
  return tell(context, 'cli.journal.restore.written', { file, directory: stateDirectory, journal })
}

function tell(
  context: CommandContext,
  key: 'cli.journal.backup.written' | 'cli.journal.restore.written',
  { file, directory, journal }: { file: string; directory: string; journal: string },
): undefined {
  const whole = verifyJournal(journal)
  const values = { file, directory, entries: whole.entries }
  context.print([[span('✔ ', 'good'), span(context.say({ key, values }))]])
  context.json({ file, entries: whole.entries, verified: whole.ok })
  return undefined
}
