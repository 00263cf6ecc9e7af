import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { takeAuthority } from '../../src/cli/authority.ts'
import { compareWithHosts, isBad } from '../../src/cli/journal-compare.ts'
import { readBackup } from '../../src/journal/backup.ts'
import type { Row } from '../../src/journal/chain.ts'
import { rootOf, signCheckpoint, verifierKey } from '../../src/journal/checkpoint.ts'
import { copyLine } from '../../src/journal/copy-lines.ts'
import { openJournal } from '../../src/journal/journal.ts'
import { readJournal, verifyJournal } from '../../src/journal/read.ts'
import { writeRows } from '../../src/journal/store.ts'
import { kind } from '../../src/kinds/authority/index.ts'
import type { Event } from '../../src/model/event.ts'
import { systemClock } from '../../src/run/clock.ts'
import { takeLock } from '../../src/run/lock.ts'
import { recordKey } from '../../src/run/recorded.ts'
import { sealKey, sealKeyFile } from '../../src/run/seal-key.ts'
import { JournalSeals } from '../../src/run/seals.ts'
import type { OpenState } from '../../src/run/state.ts'
import { Night, type Person, willing } from '../doubles/night.ts'
import { RecordingWorld } from '../doubles/recording-world.ts'
import { VirtualClock } from '../doubles/virtual-clock.ts'
import { planWithCopies as plan } from '../helpers/copy-bench.ts'
import { type LocalSites, localSites } from '../helpers/local-sites.ts'
import { aGate, aPlan, aRunbook, aStep } from '../helpers/small-runbook.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const home = temporaryFolder('seals')
const kinds = { authority: kind }
const hosts = ['s-db', 's-files', 't-db']
/** Of somebody else. */
const rival = generateKeyPairSync('ed25519').privateKey
const origin = `bascule/${plan.name}/another`
const rivalKey = verifierKey(origin, createPublicKey(rival))
let count = 0
let directory = ''
let sites: LocalSites

beforeEach(() => {
  directory = join(home, String(++count))
  sites = localSites(join(home, `sites-${count}`), plan.name)
})

/** A state directory opened by a program of its own, which may act at the sites and names its key in the journal. */
async function opened(at = directory) {
  const journal = openJournal(join(at, 'journal.db'), { redact: value => value })
  const lock = takeLock(at, 'marie', 'run', systemClock.now().toString())
  const transport = { ioFor: () => sites.io }
  const state = { lock, journal, transport, sealKey: () => sealKey(at) } as unknown as OpenState
  const taken = await takeAuthority(kinds, false)(state, plan)
  const { seals, copies } = taken
  if (seals === undefined) throw new Error('nobody keeps seals')
  recordKey(journal, 'run', seals.key)
  const append = (...events: Event[]) => events.map(event => journal.append('run', event))
  return {
    journal,
    key: seals.key,
    append,
    /** What a run does at a gate. */
    async seal(without?: 'target') {
      await seals.seal(without)
      append(...seals.changes())
      await copies?.bring(without)
    },
    async close() {
      await copies?.close()
      lock.release()
      journal.close()
    },
  }
}

const note = (words: string): Event =>
  ({ type: 'note', text: { key: 'test.step', values: { words } } }) as never

/** A journal of three gates and the copies and seals of it, and nobody at work any more. */
async function sealedNight() {
  const night = await opened()
  for (const gate of ['go', 'integrity', 'reopen']) {
    night.append(note(gate), note(gate))
    await night.seal()
  }
  await night.close()
  return readBackup(join(directory, 'journal.db')).rows
}

async function verified(file = join(directory, 'journal.db')) {
  expect(verifyJournal(file).ok).toBe(true)
  const journal = readJournal(file)
  try {
    const compared = await compareWithHosts(plan, kinds, journal, sites.io)
    return { ...compared, isBad: isBad(compared), states: compared.seals.map(({ state }) => state) }
  } finally {
    journal.close()
  }
}

/** Whoever can write everywhere Bascule can, but cannot sign: in the state directory and the copies of both sites. */
function replaceJournal(rows: readonly Row[]): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(directory, `journal.db${suffix}`), { force: true })
  writeRows(join(directory, 'journal.db'), rows)
  const lines = rows.map(row => `${copyLine(row)}\n`).join('')
  for (const name of ['s-db', 't-db']) writeFileSync(sites.fileOf(name, 'journal.jsonl'), lines)
}

/** The same events chained anew, as `change` wants them. */
function chainedAnew(rows: readonly Row[], change: (event: Event) => Event): Row[] {
  const file = join(temporaryFolder('anew'), 'journal.db')
  const journal = openJournal(file, { redact: value => value })
  for (const { run, event } of rows) journal.append(run, change(JSON.parse(event)))
  journal.close()
  return readBackup(file).rows
}

describe('seals of the journal', () => {
  it('are at every host of both sites, and agree with the journal', async () => {
    const rows = await sealedNight()
    expect(await verified()).toMatchObject({
      ...{ isBad: false, states: ['agrees', 'agrees', 'agrees'] },
      seals: hosts.map(name => ({ host: name, seals: 3, entries: rows.length - 1 })),
    })
    const { event } = JSON.parse(
      sites
        .copyAt('t-db')
        .map(line => JSON.stringify(line))
        .at(-1) ?? '{}',
    )
    expect(event).toMatchObject({ type: 'journal.sealed', entries: rows.length - 1, hosts })
    for (const name of hosts) {
      const files = readdirSync(sites.fileOf(name, 'seals')).toSorted()
      expect(files.map(file => file.replace(/^[0-9a-f]{8}\.key$/, 'key'))).toEqual([
        ...['0000000003', '0000000006', '0000000009'].map(entries => `${entries}.checkpoint`),
        'key',
      ])
    }
    expect(statSync(sealKeyFile(directory)).mode & 0o777).toBe(0o600)
  })

  it('tell a cut end, though the copies at both sites were cut as well', async () => {
    const rows = await sealedNight()
    replaceJournal(rows.slice(0, -2))
    const { copies, ...seen } = await verified()
    expect(copies.map(({ state }) => state)).toEqual(['agrees', 'agrees'])
    expect(seen).toMatchObject({ isBad: true, states: ['ahead', 'ahead', 'ahead'] })
    expect(seen.newest).toBeUndefined()
  })

  it('tell an older whole copy, of before the first seal too', async () => {
    const rows = await sealedNight()
    for (const entries of [rows.findIndex(({ event }) => event.includes('"journal.sealed"')) + 1, 1]) {
      replaceJournal(rows.slice(0, entries))
      expect(await verified()).toMatchObject({ isBad: true, states: ['ahead', 'ahead', 'ahead'] })
    }
  })

  it('tell a chain that was computed anew, longer or with a key of its own', async () => {
    const rows = await sealedNight()
    const other = (event: Event): Event => (event.type === 'note' ? note('another') : event)
    replaceJournal(chainedAnew([...rows, ...rows.slice(-1)], other))
    expect(await verified()).toMatchObject({ isBad: true, states: ['differs', 'differs', 'differs'] })
    const own = (event: Event): Event => (event.type === 'journal.key' ? { ...event, key: rivalKey } : event)
    replaceJournal(chainedAnew(rows, event => own(other(event))))
    expect(await verified()).toMatchObject({ isBad: true, states: ['differs', 'differs', 'differs'] })
  })

  it('and where one copy was left as it was, it is named', async () => {
    const rows = await sealedNight()
    const kept = readFileSync(sites.fileOf('t-db', 'journal.jsonl'), 'utf8')
    replaceJournal(rows.slice(0, -2))
    writeFileSync(sites.fileOf('t-db', 'journal.jsonl'), kept)
    expect(await verified()).toMatchObject({ isBad: true, newest: 't-db' })
  })

  it('that anybody changes at a host are told of that host, and no journal is accused', async () => {
    await sealedNight()
    const file = sites.fileOf('s-files', 'seals/0000000009.checkpoint')
    const before = readFileSync(file, 'utf8')
    writeFileSync(file, before.replace('\n9\n', '\n8\n'))
    expect((await verified()).states).toEqual(['agrees', 'forged', 'agrees'])
    rmSync(file)
    expect(await verified()).toMatchObject({ isBad: false, states: ['agrees', 'lost', 'agrees'] })
  })

  it('signed with a key that only the host names are forged', async () => {
    await sealedNight()
    const hashes = readBackup(join(directory, 'journal.db')).rows.map(({ hash }) => hash)
    const seal = signCheckpoint({ origin, entries: 2, root: rootOf(hashes.slice(0, 2)) }, rival)
    writeFileSync(sites.fileOf('t-db', 'seals/0000000002.checkpoint'), seal)
    writeFileSync(sites.fileOf('t-db', 'seals/00000000.key'), `${rivalKey}\n`)
    expect((await verified()).states).toEqual(['agrees', 'agrees', 'forged'])
  })

  it('go on with a new key where the old one cannot be read', async () => {
    await sealedNight()
    writeFileSync(sealKeyFile(directory), 'hello\n')
    const again = await opened()
    again.append(note('later'))
    await again.seal()
    const keys = again.journal.entries().filter(({ event }) => event.type === 'journal.key')
    expect(keys.length).toBe(2)
    await again.close()
    expect((await verified()).states).toEqual(['agrees', 'agrees', 'agrees'])
  })

  it('that a host does not take are told with why, and a site that is given up is not asked', async () => {
    const night = await opened()
    night.append(note('go'))
    sites.dead.add('s-files')
    await night.seal()
    const last = () => night.journal.entries().findLast(({ event }) => event.type === 'journal.sealed')?.event
    const why = { key: 'transport.unreachable', values: { host: 's-files', detail: '' } }
    expect(last()).toMatchObject({ hosts: ['s-db', 't-db'], missing: [{ host: 's-files', why }] })
    sites.dead.add('t-db')
    await night.seal('target')
    expect(last()).toMatchObject({ hosts: ['s-db'], missing: [{ host: 's-files' }] })
    sites.dead.clear()
    await night.seal()
    expect(last()).toEqual(expect.not.objectContaining({ missing: expect.anything() }))
    expect(last()).toMatchObject({ hosts: ['s-db', 's-files'] })
    await night.close()
    expect((await verified()).states).toEqual(['agrees', 'agrees', 'agrees'])
  })

  it('are taken from nobody whom a newer program has replaced, and never of fewer entries', async () => {
    const night = await opened()
    night.append(note('go'))
    await night.seal()
    const role = kind.provides?.journalSeals?.({
      component: plan.components.authority as never,
      plan,
      facts: {},
    })
    if (role === undefined) throw new Error('nobody keeps seals')
    const [note9] = [readFileSync(sites.fileOf('s-db', 'seals/0000000002.checkpoint'), 'utf8')]
    const standing = JSON.parse(readFileSync(sites.fileOf('s-db', 'authority.json'), 'utf8'))
    const claimant = { ...standing, planName: plan.name }
    const seal = (entries: number, note = note9) => ({ entries, note, key: night.key })
    const keep = (entries: number, by = claimant, text = note9) =>
      role.keep('s-db', by, seal(entries, text), sites.io)
    await keep(2)
    await expect(keep(1)).rejects.toMatchObject({
      text: { key: 'authority.otherSeal', values: { entries: 2 } },
    })
    await expect(keep(2, claimant, note9.replace(/\n2\n.*/, `\n2\n${rootOf([])}`))).rejects.toMatchObject({
      text: { key: 'authority.otherSeal' },
    })
    await expect(keep(9, { ...claimant, fencingNumber: 0 })).rejects.toMatchObject({ exitCode: 75 })
    await expect(keep(9, { ...claimant, lineage: 'other' })).rejects.toMatchObject({ exitCode: 75 })
    expect(
      readdirSync(sites.fileOf('s-db', 'seals')).filter(name => name.endsWith('.checkpoint')).length,
    ).toBe(1)
    await night.close()
  })
})

describe('a run', () => {
  const aNight = (people?: Person[]) => {
    const clock = new VirtualClock()
    const steps = [aStep('a.stop', ['go']), aStep('b.switch', ['reopen'])]
    const runbook = aRunbook(steps, [aGate('go', []), aGate('reopen', ['a.stop', 'go'])])
    const night = new Night(
      aPlan(steps),
      runbook,
      clock,
      new RecordingWorld(clock),
      people ?? willing(runbook),
    )
    const hashes = () => night.journal.kept.map(({ sequence }) => String(sequence).padStart(64, '0'))
    const keep = async () => {}
    const seals = new JournalSeals([{ host: 't-db', side: 'target', keep }], { hashes }, origin, rival)
    night.ports = { seals }
    return night
  }

  it('seals what it has at each gate that opens, and at its end', async () => {
    const night = aNight()
    expect(await night.carryOut()).toBe('moved')
    const { kept } = night.journal
    const sealed = kept.flatMap(({ event }) => (event.type === 'journal.sealed' ? [event.entries] : []))
    const opened = kept.flatMap(({ event, sequence }) => (event.type === 'gate.opened' ? [sequence] : []))
    const [finished] = kept.flatMap(({ event, sequence }) =>
      event.type === 'run.finished' ? [sequence] : [],
    )
    expect([opened.length, sealed.length]).toEqual([2, 3])
    expect(sealed.every((entries, index) => entries >= (opened[index] ?? finished ?? Number.NaN))).toBe(true)
  })

  it('that leaves because people are waited for is sealed, too', async () => {
    const night = aNight([])
    const asked: unknown[] = []
    const seal = async (without: unknown) => void asked.push(without)
    night.ports = { seals: { key: '', seal, changes: () => [], close: async () => {} } }
    expect(await night.carryOut(false)).toBe('waiting')
    expect(asked).toEqual([undefined])
  })
})
