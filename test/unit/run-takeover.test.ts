import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { openJournal } from '../../src/journal/journal.ts'
import { verifyJournal } from '../../src/journal/read.ts'
import { journalCopies } from '../../src/kinds/authority/copy.ts'
import { exitCodes } from '../../src/model/failure.ts'
import { takeLock } from '../../src/run/lock.ts'
import { journalFile, readRecords } from '../../src/run/stored-runs.ts'
import { findCopy, foundState, refuseUnasked, refuseUsed } from '../../src/run/takeover.ts'
import { type LocalSites, localSites } from '../helpers/local-sites.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const home = temporaryFolder('takeover')

const planName = 'test'
const role = journalCopies({ source: ['s-db', 's-files'], target: ['t-db'] })
const note = (word: string) => ({ type: 'note', text: { key: 'test.step', values: { word } } }) as const
let count = 0
let directory = ''
let sites: LocalSites

beforeEach(() => {
  directory = join(home, String(++count), 'state')
  sites = localSites(join(home, `sites-${count}`), planName)
})

/** A journal of so many entries, and its lines; words with « » and line ends are of the sort that hosts print. */
function journalOf(entries: number, word = 'a “word”\nwith  more'): string[] {
  const journal = openJournal(join(home, `journal-${++count}.db`), { redact: value => value })
  for (let entry = 0; entry < entries; entry++) journal.append('run', note(`${word} ${entry}`))
  const lines = journal.linesSince(0)
  journal.close()
  return lines
}

function put(host: string, lines: readonly string[]): string {
  const file = sites.fileOf(host, 'journal.jsonl')
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, lines.map(line => `${line}\n`).join(''))
  return file
}

const find = (from = 's-db') => findCopy(role, from, planName, sites.io)

it('the newest copy becomes a state directory with the same journal, lineage and number', async () => {
  const lines = journalOf(5)
  put('s-db', lines.slice(0, 3))
  put('t-db', lines)
  const found = await find()
  expect([found.host, found.rows.length, found.unasked]).toEqual(['t-db', 5, []])
  foundState(directory, found.rows, 'one-lineage', 7)
  const journal = openJournal(journalFile(directory), { redact: value => value })
  expect(journal.linesSince(0)).toEqual(lines)
  journal.append('run', note('it goes on'))
  journal.close()
  expect(verifyJournal(journalFile(directory))).toMatchObject({ ok: true, entries: 6 })
  const lock = takeLock(directory, 'marie', 'resume', '2026-12-12T21:00:00Z')
  expect([lock.lineage, lock.number]).toEqual(['one-lineage', 7])
  lock.release()
  expect(readdirSync(dirname(directory))).toEqual(['state'])
  expect(readRecords(directory).entries.at(-1)?.event).toEqual(note('it goes on'))
})

it('a copy that cannot be asked is named, the one that was asked for must be there', async () => {
  put('s-db', journalOf(3))
  sites.dead.add('t-db')
  expect((await find()).unasked).toMatchObject([
    { host: 't-db', failure: { text: { key: 'transport.unreachable' } } },
  ])
  await expect(find('t-db')).rejects.toMatchObject({ text: { key: 'transport.unreachable' } })
})

it('a copy that could not be asked may be newer: only who names its host goes on without it', async () => {
  put('s-db', journalOf(3))
  refuseUnasked(await find(), 's-db', undefined)
  sites.dead.add('t-db')
  const found = await find()
  for (const without of [undefined, 's-db'])
    expect(() => refuseUnasked(found, 's-db', without)).toThrow(
      expect.objectContaining({
        text: { key: 'run.takeover.unasked', values: { host: 't-db' } },
        remedy: { key: 'run.takeover.unasked.remedy', values: { host: 't-db', from: 's-db' } },
      }),
    )
  refuseUnasked(found, 's-db', 't-db')
})

it('half a line at the end is what a power cut left of an entry that nobody counts on', async () => {
  const lines = journalOf(3)
  appendFileSync(put('s-db', lines.slice(0, 2)), lines[2]?.slice(0, 40) ?? '')
  expect((await find()).rows.length).toBe(2)
})

it.each([
  [
    'an entry that was altered',
    (lines: string[]) => lines.map(line => line.replace(' 1"', ' 9"')),
    'journal.bad.altered',
  ],
  ['an entry that was taken out', (lines: string[]) => lines.toSpliced(1, 1), 'journal.bad.removed'],
  [
    'two entries that changed places',
    ([one = '', ...more]: string[]) => [...more, one],
    'journal.bad.removed',
  ],
  ['a line that is none', (lines: string[]) => [...lines, 'hello'], 'run.takeover.damaged'],
])('%s is found, and nothing is made of it', async (_what, change, key) => {
  put('s-db', change(journalOf(3)))
  await expect(find()).rejects.toMatchObject({
    text: { key },
    remedy: { key: 'run.takeover.damaged.remedy' },
  })
  expect(existsSync(directory)).toBe(false)
})

it('copies of two journals are not chosen from', async () => {
  put('s-db', journalOf(3))
  put('t-db', journalOf(4, 'another'))
  await expect(find()).rejects.toMatchObject({
    text: { key: 'run.takeover.forked', values: { host: 's-db', other: 't-db' } },
  })
})

it('a host without a copy says so', async () => {
  await expect(find()).rejects.toMatchObject({ text: { key: 'run.takeover.none' } })
})

it('a state directory in which something has begun is left as it is', () => {
  mkdirSync(directory, { recursive: true })
  refuseUsed(directory)
  writeFileSync(journalFile(directory), 'a journal')
  expect(() => refuseUsed(directory)).toThrow(
    expect.objectContaining({
      text: expect.objectContaining({ key: 'run.takeover.stateUsed' }),
      exitCode: exitCodes.usage,
    }),
  )
  expect(() => foundState(directory, [], 'one', 1)).toThrow(
    expect.objectContaining({ text: expect.objectContaining({ key: 'run.stateUnusable' }) }),
  )
  expect(readFileSync(journalFile(directory), 'utf8')).toBe('a journal')
  expect(readdirSync(dirname(directory))).toEqual(['state'])
})
