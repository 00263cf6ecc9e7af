import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openJournal } from '../../src/journal/journal.ts'
import { readJournal, verifyJournal } from '../../src/journal/read.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const directory = temporaryFolder('journal')

/** Lets a writer append to the journal, and kills it after so many acknowledgements and a moment more. */
async function writeUntilKilled(file: string, acknowledgements: number): Promise<string[]> {
  const writer = spawn(
    process.execPath,
    [new URL('../helpers/journal-writer.ts', import.meta.url).pathname, file],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const ended = once(writer, 'exit')
  let text = ''
  writer.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part
    if (text.split('\n').length > acknowledgements)
      setTimeout(() => writer.kill('SIGKILL'), Math.random() * 5)
  })
  const closed = once(writer.stdout, 'close')
  expect((await ended)[1]).toBe('SIGKILL')
  await closed
  return text.split('\n').slice(0, -1)
}

test('kill -9 at any moment keeps every acknowledged entry, and the journal goes on', async () => {
  const file = join(directory, 'journal.sqlite')
  let acknowledged = 0
  for (const acknowledgements of [1, 2, 7, 23, 60]) {
    const lines = await writeUntilKilled(file, acknowledgements)
    expect(lines.length).toBeGreaterThanOrEqual(acknowledgements)
    expect(verifyJournal(file).ok).toBe(true)
    const reader = readJournal(file)
    const entries = reader.entries()
    reader.close()
    for (const line of lines) {
      const [sequence, hash] = line.split(' ')
      expect(entries[Number(sequence) - 1]?.hash).toBe(hash)
    }
    acknowledged += lines.length
    // The one entry that may be there without having been acknowledged.
    expect(entries.length - acknowledged).toBeLessThanOrEqual(1)
    const journal = openJournal(file, { redact: value => value })
    expect(journal.append('run', { type: 'gate.reached', gate: 'go' }).sequence).toBe(entries.length + 1)
    acknowledged = entries.length + 1
    journal.close()
  }
})
