import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeEach, describe, expect, test } from 'vitest'
import { JournalWriteError } from '../../src/journal/failures.ts'
import { type Journal, openJournal } from '../../src/journal/journal.ts'
import { readJournal, verifyJournal } from '../../src/journal/read.ts'
import { journalFormat } from '../../src/journal/store.ts'
import type { Entry, Event } from '../../src/model/event.ts'
import { Failure } from '../../src/model/failure.ts'
import type { MessageKey } from '../../src/model/text.ts'
import { programVersion } from '../../src/model/version.ts'
import { createRedactor } from '../../src/transport/redact.ts'
import { aPlan } from '../helpers/small-runbook.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const directory = temporaryFolder('journal')
let file = ''
let count = 0
const open = (onAppended?: (entry: Entry) => void): Journal =>
  openJournal(file, {
    redact: value => value,
    now: () => '2026-12-12T22:00:00Z',
    ...(onAppended ? { onAppended } : {}),
  })
const started = (attempt: number): Event => ({ type: 'step.started', step: 'database.promote', attempt })
function thrownBy(work: () => unknown): Failure {
  try {
    work()
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(Failure)
    return thrown as Failure
  }
  throw new Error('nothing was thrown')
}

beforeEach(() => {
  file = join(directory, `${++count}`, 'journal.sqlite')
})

test('entries are numbered, chained, told after they are written, and read back the same', () => {
  const told: Entry[] = []
  const journal = open(entry => told.push(entry))
  const first = journal.append('night', started(1))
  const second = journal.append('night', { type: 'gate.reached', gate: 'go' })
  expect(first).toMatchObject({ sequence: 1, at: '2026-12-12T22:00:00Z', run: 'night', event: started(1) })
  expect(second.previousHash).toBe(first.hash)
  expect(journal.entries()).toEqual([first, second])
  expect(told).toEqual([first, second])
  expect(journal.entriesSince(1)).toEqual([second])
  expect(journal.head()).toEqual({ entries: 2, hash: second.hash })
  journal.close()
  const again = open()
  expect(again.append('night', started(2)).previousHash).toBe(second.hash)
  again.close()
  expect(verifyJournal(file)).toMatchObject({ ok: true, entries: 3 })
})

test('the file is the owner’s alone', () => {
  open().close()
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

test('a reader sees what is written meanwhile', () => {
  const journal = open()
  journal.append('night', started(1))
  const reader = readJournal(file)
  expect(reader.entries().length).toBe(1)
  journal.append('night', started(2))
  expect(reader.entriesSince(1).map(entry => entry.sequence)).toEqual([2])
  expect(verifyJournal(file).ok).toBe(true)
  reader.close()
  journal.close()
})

test('progress is kept beside the chain: the last one of each step', () => {
  const journal = open()
  journal.progress.set('night', 'files.delta', { bytesDone: 1, at: '2026-12-12T22:00:00Z' })
  journal.progress.set('night', 'files.delta', { bytesDone: 2, at: '2026-12-12T22:00:01Z' })
  expect(journal.progress.get('night')).toEqual({
    'files.delta': { bytesDone: 2, at: '2026-12-12T22:00:01Z' },
  })
  const reader = readJournal(file)
  expect(reader.progress('night')).toEqual(journal.progress.get('night'))
  expect(reader.progress('other')).toEqual({})
  reader.close()
  journal.close()
  expect(verifyJournal(file)).toMatchObject({ ok: true, entries: 0 })
})

test('no secret reaches the file', () => {
  const redactor = createRedactor()
  redactor.add('hunter2-canary')
  const journal = openJournal(file, { redact: redactor.redact })
  const note: Event = {
    type: 'note',
    text: { key: 'note' as MessageKey, values: { line: 'password=hunter2-canary' } },
    data: { 'hunter2-canary': [Buffer.from('u:hunter2-canary').toString('base64')] },
  }
  expect(JSON.stringify(journal.append('night', note))).not.toContain('hunter2')
  journal.progress.set('night', 'step', { note: 'hunter2-canary', at: '' })
  journal.close()
  const bytes = readFileSync(file, 'latin1')
  expect(bytes).toContain('password=')
  expect(bytes).not.toContain('hunter2-canary')
  expect(bytes).not.toContain(Buffer.from('hunter2-canary').toString('base64').slice(4, 12))
})

describe('a journal that cannot be written', () => {
  test('ends the program: rows cannot be changed, and another writer is noticed', () => {
    const [mine, other] = [open(), open()]
    other.append('night', started(1))
    const failure = thrownBy(() => mine.append('night', started(1)))
    expect(failure).toBeInstanceOf(JournalWriteError)
    expect(failure.text.key).toBe('journal.otherWriter')
    expect(other.append('night', started(2)).sequence).toBe(2)
    mine.close()
    other.close()
    const database = new DatabaseSync(file)
    for (const statement of [
      `UPDATE entries SET run = 'x'`,
      'DELETE FROM entries',
      'DELETE FROM head',
      `UPDATE head SET hash = 'x'`,
      `INSERT INTO entries VALUES (9, '', '', '', '', '')`,
    ])
      expect(() => database.exec(statement)).toThrow('append-only')
    database.close()
  })

  test('a disk that takes no more is a JournalWriteError, and what was written stays', () => {
    const journal = open()
    journal.append('night', started(1))
    const blocker = new DatabaseSync(file)
    blocker.exec(
      `CREATE TRIGGER full BEFORE INSERT ON entries BEGIN SELECT raise(ABORT, 'database or disk is full'); END`,
    )
    const failure = thrownBy(() => journal.append('night', started(2)))
    expect(failure).toBeInstanceOf(JournalWriteError)
    expect(failure.text.values?.detail).toContain('disk is full')
    blocker.exec('DROP TRIGGER full')
    blocker.close()
    expect(journal.append('night', started(2)).sequence).toBe(2)
    journal.close()
    expect(verifyJournal(file)).toMatchObject({ ok: true, entries: 2 })
  })

  test('a value that JSON cannot hold is refused before anything is written', () => {
    const journal = open()
    const event = { type: 'note', text: { key: 'x' as MessageKey }, data: Number.NaN } as Event
    expect(thrownBy(() => journal.append('night', event))).toBeInstanceOf(JournalWriteError)
    expect(journal.entries()).toEqual([])
    journal.close()
  })
})

describe('the format', () => {
  const own = programVersion()
  /** The journal of another program: its pragma, and what it says of itself. */
  function rewritten(sql: string): void {
    open().close()
    const database = new DatabaseSync(file)
    database.exec(sql)
    database.close()
  }
  const refusals = () => [open, () => readJournal(file), () => verifyJournal(file)].map(thrownBy)

  test('is written into the file, with the version that wrote it and the first that can go on', () => {
    open().close()
    const database = new DatabaseSync(file)
    expect({ ...database.prepare('SELECT format, programVersion, minimumVersion FROM meta').get() }).toEqual({
      format: journalFormat,
      programVersion: own,
      minimumVersion: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    })
    expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: journalFormat })
    database.close()
  })

  test('that is newer is refused, with the version that can go on', () => {
    rewritten(
      `PRAGMA user_version = 9; UPDATE meta SET format = 9, programVersion = '0.7.2', minimumVersion = '0.7.0'`,
    )
    for (const { text, remedy } of refusals()) {
      const values = { file, found: 9, known: journalFormat, version: own }
      expect(text).toEqual({ key: 'journal.format.newer', values })
      expect(remedy).toEqual({ key: 'journal.remedy.newer', values: { version: '0.7.0' } })
    }
  })

  test('of 0.1.0 is refused, with the version that can go on', () => {
    rewritten('PRAGMA user_version = 1; DROP TABLE meta')
    for (const { text, remedy } of refusals()) {
      expect(text).toMatchObject({ key: 'journal.format.older', values: { found: 1, version: own } })
      expect(remedy).toEqual({ key: 'journal.remedy.older', values: { version: '0.1.0' } })
    }
  })

  test.each([
    ['a type that nobody knows', { type: 'step.dreamt', step: 'x' }, 'type: "step.dreamt"'],
    ['a field that is missing', { type: 'step.started', step: 'x' }, 'step.started.attempt: '],
    ['a field of another sort', { type: 'run.finished', outcome: 'lost' }, 'run.finished.outcome: '],
    ['a plan that is none', { type: 'plan.recorded', hash: '', plan: {} }, 'plan.recorded.plan.name: '],
  ])('an entry with %s is told when it is read, and never written', (_what, event, problem) => {
    const journal = open()
    expect(() => journal.append('night', event as never)).toThrow(JournalWriteError)
    expect(journal.entries()).toEqual([])
    journal.close()
    const database = new DatabaseSync(file)
    database.prepare(`INSERT INTO entries VALUES (1, '', 'night', ?, '', '')`).run(JSON.stringify(event))
    database.close()
    const reader = readJournal(file)
    const { text } = thrownBy(() => reader.entries())
    expect(text).toMatchObject({ key: 'journal.malformed', values: { file, sequence: 1 } })
    expect(text.values?.problem).toContain(problem)
    reader.close()
  })

  test('lets a field through that it does not know', () => {
    const journal = open()
    const event: Event = Object.assign(started(1), { more: true })
    expect(journal.append('night', event).event).toEqual(event)
    expect(journal.entries()[0]?.event).toEqual(event)
    journal.close()
  })
})

test('a plan is kept to the letter, though a word of it is a password', () => {
  const redactor = createRedactor()
  redactor.add('techcorp')
  const plan = { ...aPlan([]), name: 'techcorp' }
  const journal = openJournal(file, { redact: redactor.redact })
  expect(journal.append('run', { type: 'plan.recorded', hash: '1', plan }).event).toMatchObject({ plan })
  expect(journal.entries()[0]?.event).toEqual({ type: 'plan.recorded', hash: '1', plan })
  journal.close()
})

describe('a file that is no journal', () => {
  test('is told: missing, something else, another format, cut short', () => {
    expect(thrownBy(() => readJournal(file)).text.key).toBe('journal.missing')
    open().close()
    const bytes = readFileSync(file)
    writeFileSync(file, 'this is a text and no database at all, however long it is'.repeat(20))
    for (const use of [readJournal, verifyJournal, open])
      expect(thrownBy(() => use(file as never)).text.key).toBe('journal.notAJournal')
    writeFileSync(file, bytes)
    const database = new DatabaseSync(file)
    database.exec('PRAGMA user_version = 99')
    database.close()
    expect(thrownBy(open).text.key).toBe('journal.format.newer')
    writeFileSync(file, bytes.subarray(0, 4096))
    expect(thrownBy(() => verifyJournal(file)).text.key).toBe('journal.unreadable')
  })

  test('an empty file is told to be empty, with what to do', () => {
    open().close()
    writeFileSync(file, '')
    for (const use of [readJournal, verifyJournal]) {
      const failure = thrownBy(() => use(file))
      expect(failure).toMatchObject({
        text: { key: 'journal.empty' },
        remedy: { key: 'journal.remedy.empty' },
      })
    }
  })

  test('a foreign SQLite file is not taken for one', () => {
    open().close()
    rmSync(file)
    const database = new DatabaseSync(file)
    database.exec('CREATE TABLE x (y)')
    database.close()
    expect(thrownBy(open).text.key).toBe('journal.notAJournal')
  })
})
