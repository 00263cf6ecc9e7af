import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openJournal } from '../../src/journal/journal.ts'
import { verifyJournal } from '../../src/journal/read.ts'
import { takeLock } from '../../src/run/lock.ts'
import { readRecords } from '../../src/run/stored-runs.ts'
import { CommandLine, documentOf } from '../helpers/command-line.ts'
import { examplePlan, moved, stateWith } from '../helpers/state-directory.ts'

const line = new CommandLine()
const home = mkdtempSync(join(tmpdir(), 'bascule-backup-'))
afterAll(() => rmSync(home, { recursive: true }))
const at = (path: string): string => join(home, path)
const type = (state: string, ...argv: string[]) =>
  line.type(...argv, '--plan', examplePlan, '--state', at(state), '--json')

beforeAll(async () => {
  await stateWith(at('state'), moved)
})

it('has every entry of a journal that is being written to, and becomes a state directory again', async () => {
  const lock = takeLock(at('state'), 'marie', 'run', '2026-12-12T21:00:00Z')
  lock.count(7)
  const journal = openJournal(at('state/journal.db'), { redact: value => value })
  for (let entry = 0; entry < 20; entry++)
    journal.append('run-1', { type: 'note', text: { key: 'test.step' } })
  const { entries } = journal.head()
  const written = await type('state', 'journal', 'backup', at('backup.db'))
  // what cp would have copied: the newest entries stand in the log beside it
  copyFileSync(at('state/journal.db'), at('plain.db'))
  journal.close()
  lock.release()
  expect(documentOf(written)).toEqual({ file: at('backup.db'), entries, verified: true })
  expect(statSync(at('backup.db')).mode & 0o777).toBe(0o600)
  expect(verifyJournal(at('plain.db')).entries).toBeLessThan(entries)

  expect(documentOf(await type('restored', 'journal', 'restore', at('backup.db')))).toMatchObject({ entries })
  expect(readRecords(at('restored')).entries).toEqual(readRecords(at('state')).entries)
  const [own, made] = ['state', 'restored'].map(state =>
    takeLock(at(state), 'marie', 'run', '2026-12-12T22:00:00Z'),
  )
  expect([made?.lineage, made?.number]).toEqual([own?.lineage, 7])
  own?.release()
  made?.release()
})

it('overwrites nothing, and makes nothing of what is damaged', async () => {
  writeFileSync(at('mine.db'), 'mine')
  expect((await type('state', 'journal', 'backup', at('mine.db'))).exitCode).toBe(1)
  expect(readFileSync(at('mine.db'), 'utf8')).toBe('mine')
  expect((await type('state', 'journal', 'restore', at('backup.db'))).exitCode).toBe(2)
  expect((await type('fresh', 'journal', 'restore', at('mine.db'))).exitCode).toBe(1)
  expect(existsSync(at('fresh'))).toBe(false)
})
