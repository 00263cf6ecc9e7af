import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { takeAuthority } from '../../src/cli/authority.ts'
import { judgeStamps } from '../../src/cli/journal-stamps.ts'
import { openJournal } from '../../src/journal/journal.ts'
import { readJournal } from '../../src/journal/read.ts'
import { isGranted, timestampRequest } from '../../src/journal/timestamp.ts'
import { kind } from '../../src/kinds/authority/index.ts'
import { loadKinds } from '../../src/kinds/registry.ts'
import type { Event } from '../../src/model/event.ts'
import type { TimestampAuthority } from '../../src/model/plan.ts'
import { openPlan } from '../../src/plan/load.ts'
import { systemClock } from '../../src/run/clock.ts'
import { takeLock } from '../../src/run/lock.ts'
import { recordKey } from '../../src/run/recorded.ts'
import { sealKey } from '../../src/run/seal-key.ts'
import type { OpenState } from '../../src/run/state.ts'
import { http } from '../../src/transport/http.ts'
import { planWithCopies } from '../helpers/copy-bench.ts'
import { blocksOf, pageNamed } from '../helpers/docs-pages.ts'
import { localSites } from '../helpers/local-sites.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'
import { type StampServer, stampServer } from '../helpers/timestamp-authority.ts'

const home = temporaryFolder('stamps')
let authority: StampServer
let other: StampServer
let count = 0
let directory = ''

beforeAll(async () => {
  authority = await stampServer(join(home, 'authority'))
  other = await stampServer(join(home, 'other'))
})
afterAll(async () => {
  await authority[Symbol.asyncDispose]()
  await other[Symbol.asyncDispose]()
})
beforeEach(() => {
  authority.refuses = undefined
  directory = join(home, String(++count))
})

const journalAt = () => openJournal(join(directory, 'journal.db'), { redact: value => value })

/** A journal that is sealed twice, as at two gates, by a program whose plan names the authority. */
async function sealedTwice(timestamps: TimestampAuthority | undefined): Promise<Event[]> {
  const journal = journalAt()
  const lock = takeLock(directory, 'marie', 'run', systemClock.now().toString())
  const sites = localSites(join(home, `sites-${count}`), planWithCopies.name)
  const io = {
    ...sites.io,
    http: (request: Parameters<typeof http>[0]) => http(request, new AbortController().signal),
  }
  const state = { lock, journal, transport: { ioFor: () => io }, sealKey: () => sealKey(directory) }
  const plan = { ...planWithCopies, ...(timestamps && { timestamps }) }
  const taken = await takeAuthority({ authority: kind }, false)(state as unknown as OpenState, plan)
  recordKey(journal, 'run', taken.seals?.key ?? '')
  for (const gate of ['go', 'reopen']) {
    journal.append('run', { type: 'note', text: { key: 'test.step', values: { words: gate } } } as never)
    await taken.seals?.seal()
    for (const event of taken.seals?.changes() ?? []) journal.append('run', event)
  }
  const events = journal.entries().map(({ event }) => event)
  await taken.copies?.close()
  lock.release()
  journal.close()
  return events
}

const judged = async (timestamps: TimestampAuthority | undefined) => {
  const journal = readJournal(join(directory, 'journal.db'))
  try {
    return await judgeStamps(journal, timestamps)
  } finally {
    journal.close()
  }
}
const place = (trusted = authority.trusted): TimestampAuthority => ({ url: authority.url, trusted })
const stampsIn = (events: readonly Event[]) => events.filter(event => event.type === 'journal.stamped')

describe('time stamps of the journal, by a real authority', () => {
  it('are asked for each seal, and hold', async () => {
    const events = await sealedTwice(place())
    const sealed = events.flatMap(event => (event.type === 'journal.sealed' ? [event.entries] : []))
    expect(stampsIn(events).map(event => event.type === 'journal.stamped' && event.entries)).toEqual(sealed)
    expect(await judged(place())).toMatchObject({ state: 'sound', stamps: 2, entries: sealed.at(-1) })
  })

  it('say when, by the authority’s own clock', async () => {
    await sealedTwice(place())
    const verdict = await judged(place())
    const at = verdict?.state === 'sound' ? Date.parse(verdict.at) : Number.NaN
    expect(Math.abs(at - Date.now())).toBeLessThan(3_600_000)
  })

  it('of another authority than the trusted one do not hold', async () => {
    await sealedTwice(place())
    expect(await judged(place(other.trusted))).toMatchObject({ state: 'false', stamps: 2 })
  })

  it('for other entries do not hold', async () => {
    const [first] = stampsIn(await sealedTwice(place()))
    const journal = journalAt()
    if (first?.type !== 'journal.stamped') throw new Error('no stamp')
    journal.append('run', { ...first, entries: first.entries + 1 })
    journal.close()
    expect(await judged(place())).toMatchObject({
      state: 'false',
      why: { key: 'cli.journal.stamps.otherEntries' },
    })
  })

  it('moved to another seal’s text do not hold', async () => {
    const [first, second] = stampsIn(await sealedTwice(place()))
    const journal = journalAt()
    if (first?.type !== 'journal.stamped' || second?.type !== 'journal.stamped') throw new Error('no stamps')
    journal.append('run', { ...second, response: first.response })
    journal.close()
    expect(await judged(place())).toMatchObject({ state: 'false', entries: second.entries })
  })

  it('are not verified, and not called false, where nothing says whom to trust', async () => {
    await sealedTwice(place())
    expect(await judged({ url: authority.url })).toMatchObject({ state: 'unverified', stamps: 2 })
    const missing = join(home, 'nobody.pem')
    expect(await judged(place(missing))).toMatchObject({
      state: 'unverified',
      why: { key: 'transport.stamp.unjudged' },
    })
  })

  it('are missing, with the reason, when the authority does not answer, refuses, or answers something else', async () => {
    const whyOf = async (url: string) => {
      directory = join(home, String(++count))
      const events = await sealedTwice({ url })
      expect(stampsIn(events)).toEqual([])
      expect(events.filter(event => event.type === 'journal.sealed')).toHaveLength(2)
      expect(await judged({ url })).toEqual({ state: 'none' })
      return events.flatMap(event => (event.type === 'journal.not-stamped' ? [event.why.key] : []))
    }
    expect(await whyOf('http://127.0.0.1:9/stamp')).toEqual(Array(2).fill('transport.http.failed'))
    authority.refuses = { status: 503, body: Buffer.from('busy') }
    expect(await whyOf(authority.url)).toEqual(Array(2).fill('cli.journal.stamp.status'))
    authority.refuses = { status: 200, body: Buffer.from('<html>') }
    expect(await whyOf(authority.url)).toEqual(Array(2).fill('run.stampRefused'))
  })

  it('are not asked for where the plan names no authority', async () => {
    const before = authority.asked
    expect(stampsIn(await sealedTwice(undefined))).toEqual([])
    expect(authority.asked).toBe(before)
    expect(await judged(undefined)).toBeUndefined()
  })
})

it('are asked for as docs/how-it-works.md says', async () => {
  const [example] = blocksOf(pageNamed('docs/how-it-works.md')).filter(({ language }) => language === 'yaml')
  const overlay = join(home, 'overlay.yaml')
  writeFileSync(overlay, example?.text ?? '')
  const techcorp = join(import.meta.dirname, '../../examples/techcorp/plan.yaml')
  expect((await openPlan([techcorp, overlay], await loadKinds())).timestamps).toEqual({
    url: 'http://timestamp.example.org/tsr',
    trusted: '/etc/bascule/timestamp-root.pem',
  })
})

describe('an answer', () => {
  const hash = Buffer.alloc(32, 7)
  const answer = (status: number, rest = hash) =>
    Buffer.concat([Buffer.of(0x30, 5 + rest.length, 0x30, 3, 2, 1, status), rest])

  it('is a stamp only when it is granted and names the hash', () => {
    expect([0, 1, 2].map(status => isGranted(answer(status), hash))).toEqual([true, true, false])
    expect(isGranted(answer(0, Buffer.alloc(32)), hash)).toBe(false)
    for (const short of [0, 1, 2, 4, 6]) expect(isGranted(answer(0).subarray(0, short), hash)).toBe(false)
  })

  it('is asked for as openssl asks', () => {
    const asked = join(home, 'asked')
    const argv = ['ts', '-query', '-digest', hash.toString('hex'), '-sha256', '-cert', '-no_nonce', '-out']
    execFileSync('openssl', [...argv, asked], { stdio: 'ignore' })
    expect(timestampRequest(hash).equals(readFileSync(asked))).toBe(true)
  })
})
