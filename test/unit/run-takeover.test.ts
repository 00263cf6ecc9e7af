import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { copyLine } from '../../src/journal/copy-lines.ts'
import { openJournal } from '../../src/journal/journal.ts'
import { verifyJournal } from '../../src/journal/read.ts'
import { journalCopies } from '../../src/kinds/authority/copy.ts'
import { claimAuthority } from '../../src/kinds/authority/index.ts'
import type { Event } from '../../src/model/event.ts'
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

describe('two programs wrote after one common beginning, each at a host that the other could not ask', () => {
  const looked = [
    { type: 'run.resumed', fencingNumber: 2, by: 'claire', programVersion: '0' },
    { type: 'gate.reached', gate: 'go' },
  ] as const
  const acted = [{ type: 'step.started', step: 'database.fence', attempt: 1 }] as const

  function partedAt(entries: number, one: readonly Event[], other: readonly Event[]): void {
    const file = join(home, `journal-${++count}.db`)
    const copies: string[][] = []
    for (const events of [one, other]) {
      const journal = openJournal(file, { redact: value => value })
      if (copies.length === 0)
        for (let entry = 0; entry < entries; entry++) journal.append('run', note(String(entry)))
      journal.close()
      const branch = join(home, `journal-${++count}.db`)
      cpSync(file, branch)
      const own = openJournal(branch, { redact: value => value })
      for (const event of events) own.append('run', event)
      copies.push(own.linesSince(0))
      own.close()
    }
    put('s-db', copies[0] ?? [])
    put('t-db', copies[1] ?? [])
  }

  it.each([
    ['the longer copy acted', looked, [...looked, ...acted], 't-db', 's-db'],
    ['the shorter one acted', [...looked, ...looked], acted, 't-db', 's-db'],
    ['neither acted', looked, looked.slice(0, 1), 's-db', 't-db'],
  ])('%s: it goes on from there', async (_what, one, other, from, parted) => {
    partedAt(3, one, other)
    expect(await find()).toMatchObject({ host: from, parted: [parted] })
  })

  it('both acted: people are told what each has begun', async () => {
    partedAt(3, [...looked, ...acted], [{ type: 'gate.opened', gate: 'go' }])
    await expect(find()).rejects.toMatchObject({
      text: {
        key: 'run.takeover.parted',
        values: { host: 's-db', other: 't-db', entries: 3, own: 'database.fence', others: 'gate.opened' },
      },
      remedy: { values: { plan: planName } },
    })
  })

  it('what is set aside is kept beside the new copy, and only by the program that may act', async () => {
    partedAt(3, looked, [...looked, ...acted])
    const before = readFileSync(sites.fileOf('s-db', 'journal.jsonl'), 'utf8')
    const claimant = { planName, fencingNumber: 4, holder: 'ops:2', lineage: 'one' }
    const older = { ...claimant, fencingNumber: 3, holder: 'ops:1' }
    const hosts = { source: ['s-db', 's-files'], target: ['t-db'] }
    await claimAuthority(hosts, claimant, 'montpellier', sites.io)
    await expect(role.setAside('s-db', older, sites.io)).rejects.toMatchObject({ exitCode: exitCodes.locked })
    expect(readFileSync(sites.fileOf('s-db', 'journal.jsonl'), 'utf8')).toBe(before)
    await role.setAside('s-db', claimant, sites.io)
    await role.setAside('s-db', claimant, sites.io)
    expect(readFileSync(sites.fileOf('s-db', 'journal.parted-1.jsonl'), 'utf8')).toBe(before)
    expect(existsSync(sites.fileOf('s-db', 'journal.jsonl'))).toBe(false)
    const { rows } = await find('t-db')
    expect(await role.append('s-db', claimant, rows.map(copyLine), sites.io)).toMatchObject({ taken: true })
    await role.setAside('s-db', claimant, sites.io)
    expect(existsSync(sites.fileOf('s-db', 'journal.parted-2.jsonl'))).toBe(true)
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
