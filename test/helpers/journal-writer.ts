import { openJournal } from '../../src/journal/journal.ts'

/** Appends without end and acknowledges each entry on stdout, until it is killed. Argument: the journal's file. */
const [file = ''] = process.argv.slice(2)
const journal = openJournal(file, { redact: value => value })
for (let attempt = 1; ; attempt++) {
  const { sequence, hash } = journal.append('run', { type: 'step.started', step: 'files.seed', attempt })
  journal.progress.set('run', 'files.seed', { bytesDone: attempt, at: '2026-12-12T22:00:00Z' })
  process.stdout.write(`${sequence} ${hash}\n`)
  // Lets the pipe take the line: an acknowledgement that stays in the program's memory proves nothing.
  await new Promise(resolve => setImmediate(resolve))
}
