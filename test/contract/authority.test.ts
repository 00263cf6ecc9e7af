import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { journalCopies } from '../../src/kinds/authority/copy.ts'
import { checkAuthority, claimAuthority, kind } from '../../src/kinds/authority/index.ts'
import { writeAuthority } from '../../src/kinds/authority/record.ts'
import { exitCodes, type Failure } from '../../src/model/failure.ts'
import type { ChangeIo } from '../../src/model/io.ts'
import type { StepContext } from '../../src/model/kind.ts'
import type { Component, Host, Plan } from '../../src/model/plan.ts'
import { createRedactor } from '../../src/transport/redact.ts'
import { openTransport, type Transport } from '../../src/transport/transport.ts'
import { startSshd, type TestSshd } from '../helpers/transport-sshd.ts'

/** Both "sites" are this machine, reached by two names: what one writes the other reads. */
const planName = `authority-contract-${process.pid}`
const directory = `/var/lib/bascule/${planName}`
const file = `${directory}/authority.json`
const host = (ssh: string): Host => ({ ssh, address: '127.0.0.1', become: 'runuser' })
const hosts = { source: ['alpha'], target: ['beta'] }
let sshd: TestSshd
let transport: Transport
let io: ChangeIo

beforeAll(async () => {
  sshd = await startSshd()
  transport = await openTransport({
    hosts: { alpha: host('alpha'), beta: host('beta'), silent: host('silent') },
    ssh: { configFile: sshd.configFile, connectTimeoutSeconds: 30 },
    redactor: createRedactor(),
  })
  io = transport.ioFor({ key: planName, signal: new AbortController().signal })
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))
afterAll(async () => {
  await transport?.close()
  await sshd?.stop()
})

const program = (fencingNumber: number, holder = 'ops-1', lineage = 'state-1') => ({
  planName,
  fencingNumber,
  holder,
  lineage,
})
const stands = () => JSON.parse(readFileSync(file, 'utf8'))
const failureOf = (call: Promise<unknown>): Promise<Failure> =>
  call.then(
    () => expect.unreachable('it should have been refused'),
    (failure: Failure) => failure,
  )

describe('claiming', () => {
  test('writes the number, keeps the site that stands, and grows', async () => {
    expect(await claimAuthority(hosts, program(3), 'montpellier', io)).toEqual({
      claimed: ['alpha', 'beta'],
      unreachable: [],
    })
    expect(stands()).toMatchObject({
      migration: planName,
      fencingNumber: 3,
      site: 'montpellier',
      holder: 'ops-1',
    })
    await claimAuthority(hosts, program(3), 'elsewhere', io)
    await claimAuthority(hosts, program(4), 'elsewhere', io)
    expect(stands()).toMatchObject({ fencingNumber: 4, site: 'montpellier' })
    await checkAuthority(hosts, program(4), io)
  })

  test('is refused to an older program and to a rival with the same number: exit code 75, nothing written', async () => {
    await claimAuthority(hosts, program(7), 'montpellier', io)
    const before = readFileSync(file, 'utf8')
    for (const rival of [program(6), program(7, 'ops-2')]) {
      const failure = await failureOf(claimAuthority(hosts, rival, 'montpellier', io))
      expect([failure.text.key, failure.exitCode]).toEqual(['authority.held', exitCodes.locked])
      expect(failure.text.values).toMatchObject({ number: 7, holder: 'ops-1' })
      expect((await failureOf(checkAuthority(hosts, rival, io))).exitCode).toBe(exitCodes.locked)
    }
    expect(readFileSync(file, 'utf8')).toBe(before)
  })

  test('is refused to a program of another state directory, whatever its number', async () => {
    await claimAuthority(hosts, program(2), 'montpellier', io)
    const before = readFileSync(file, 'utf8')
    const other = program(99, 'ops-2', 'state-2')
    for (const act of [claimAuthority(hosts, other, 'montpellier', io), checkAuthority(hosts, other, io)])
      expect(await failureOf(act)).toMatchObject({ text: { key: 'authority.held' }, exitCode: 75 })
    expect(readFileSync(file, 'utf8')).toBe(before)
    const writing = { ...other, site: 'toulouse', at: '2026-12-12T21:00:00Z', keepSite: false }
    expect(await failureOf(writeAuthority('alpha', writing, io))).toMatchObject({
      text: { key: 'authority.held' },
    })
    expect(readFileSync(file, 'utf8')).toBe(before)
  })

  test('of many at once the greatest number stands, and the others know it', async () => {
    const numbers = [5, 2, 9, 4, 8, 1]
    const ends = await Promise.allSettled(
      numbers.map(number => claimAuthority(hosts, program(number, `ops-${number}`), 'montpellier', io)),
    )
    expect(ends[numbers.indexOf(9)]?.status).toBe('fulfilled')
    expect(stands()).toMatchObject({ fencingNumber: 9, holder: 'ops-9' })
    for (const number of [5, 2, 4, 8, 1])
      expect((await failureOf(checkAuthority(hosts, program(number, `ops-${number}`), io))).text.key).toBe(
        'authority.held',
      )
  })

  test('a host that cannot be reached is given back, and a check goes on without it', async () => {
    const half = { source: ['alpha'], target: ['silent'] }
    const result = await claimAuthority(half, program(1), 'montpellier', io)
    expect(result.claimed).toEqual(['alpha'])
    expect(result.unreachable.map(one => [one.host, one.failure.text.key])).toEqual([
      ['silent', 'transport.unreachable'],
    ])
    await checkAuthority(half, program(1), io)
    const none = { source: ['silent'], target: ['silent'] }
    expect((await failureOf(claimAuthority(none, program(1), 'montpellier', io))).text.key).toBe(
      'transport.unreachable',
    )
  })

  test('a file that is not ours is told and left as it is', async () => {
    mkdirSync(directory, { recursive: true })
    writeFileSync(file, 'a note by a person\n')
    expect((await failureOf(claimAuthority(hosts, program(1), 'montpellier', io))).text.key).toBe(
      'authority.unreadable',
    )
    expect(readFileSync(file, 'utf8')).toBe('a note by a person\n')
  })
})

describe('the copy of the journal', () => {
  const role = journalCopies(hosts)
  const line = (sequence: number, before: string, own: string) =>
    `{"sequence":${sequence},"previousHash":"${before}","hash":"${own}","at":"2026-12-12T21:00:00Z","run":"run","event":{"type":"note"}}`
  const zeros = '0'.repeat(64)
  const [one, two, three] = [line(1, zeros, 'aa'), line(2, 'aa', 'bb'), line(3, 'bb', 'cc')]
  const append = (lines: string[], claimant = program(3)) => role.append('alpha', claimant, lines, io)

  test('takes what follows, on the disk and for nobody else’s eyes, and gives it back as it came', async () => {
    await claimAuthority(hosts, program(3), 'montpellier', io)
    expect(await role.head('alpha', planName, io)).toEqual({ entries: 0, hash: '' })
    expect(await append([])).toEqual({ taken: true, head: { entries: 0, hash: '' } })
    expect(await append([one, two])).toEqual({ taken: true, head: { entries: 2, hash: 'bb' } })
    expect(await append([three])).toEqual({ taken: true, head: { entries: 3, hash: 'cc' } })
    expect(await role.head('beta', planName, io)).toEqual({ entries: 3, hash: 'cc' })
    expect(await role.read('beta', planName, 1, io)).toBe(`${two}\n${three}\n`)
    const { mode, uid } = statSync(`${directory}/journal.jsonl`)
    expect([mode & 0o777, uid]).toEqual([0o600, 0])
    expect(readdirSync(directory).toSorted()).toEqual(['authority.json', 'authority.lock', 'journal.jsonl'])
  })

  test('takes nothing that does not follow, and says where it ends', async () => {
    await claimAuthority(hosts, program(3), 'montpellier', io)
    await append([one, two])
    const before = readFileSync(`${directory}/journal.jsonl`, 'utf8')
    for (const lines of [
      [two],
      [line(3, 'xx', 'cc')],
      [line(4, 'bb', 'dd')],
      [three, line(5, 'cc', 'ee')],
      [three, 'more'],
    ])
      expect(await append(lines)).toEqual({ taken: false, head: { entries: 2, hash: 'bb' } })
    expect(readFileSync(`${directory}/journal.jsonl`, 'utf8')).toBe(before)
  })

  test('is refused to an older program, to a rival and to another state directory', async () => {
    await claimAuthority(hosts, program(3), 'montpellier', io)
    for (const other of [program(2), program(3, 'ops-2'), program(9, 'ops-1', 'state-2')])
      expect(await failureOf(append([one], other))).toMatchObject({
        text: { key: 'authority.held' },
        exitCode: 75,
      })
    expect(await role.head('alpha', planName, io)).toEqual({ entries: 0, hash: '' })
  })
})

describe('the handover', () => {
  const component: Component = {
    id: 'authority',
    kind: 'authority',
    title: '',
    criticality: 'critical',
    owner: 'lead',
    needs: [],
    spec: {},
  }
  const plan = {
    name: planName,
    sites: {
      source: { id: 'montpellier', title: 'Montpellier', hosts: { database: host('alpha') } },
      target: { id: 'toulouse', title: 'Toulouse', hosts: { database: host('beta') } },
    },
  } as unknown as Plan
  const context = (fencingNumber: number) =>
    ({ plan, component, facts: {}, results: {}, fencingNumber }) as unknown as StepContext
  const { handover } = kind.actions
  if (!handover?.undo) throw new Error('the handover has an undo')

  test('is probed, done, done again after a crash, and undone; the number and its holder stay', async () => {
    await claimAuthority(hosts, program(3), 'montpellier', io)
    expect(await handover.isDone(context(3), io)).toBe(false)
    expect(await handover.apply(context(3), io)).toEqual({ site: 'toulouse', fencingNumber: 3 })
    expect(stands()).toMatchObject({
      fencingNumber: 3,
      site: 'toulouse',
      holder: 'ops-1',
      lineage: 'state-1',
    })
    expect(await handover.isDone(context(3), io)).toEqual({ site: 'toulouse', fencingNumber: 3 })
    await claimAuthority(hosts, program(4), 'montpellier', io)
    expect(await handover.isDone(context(4), io)).toEqual({ site: 'toulouse', fencingNumber: 4 })
    await handover.apply(context(4), io)
    await handover.undo?.(context(4), io)
    expect(await handover.isDone(context(4), io)).toBe(false)
    await handover.undo?.(context(4), io)
    expect(stands()).toMatchObject({ fencingNumber: 4, site: 'montpellier', holder: 'ops-1' })
    await checkAuthority(hosts, program(4), io)
  })

  test('is refused to an older program, and to its undo', async () => {
    await claimAuthority(hosts, program(8), 'montpellier', io)
    const acts = [handover.apply(context(7), io), handover.undo?.(context(7), io) ?? Promise.resolve()]
    const failures = await Promise.all(acts.map(failureOf))
    expect(failures.map(failure => failure.exitCode)).toEqual([exitCodes.locked, exitCodes.locked])
    expect(stands()).toMatchObject({ fencingNumber: 8, site: 'montpellier' })
  })

  test('the audit reads and changes nothing', async () => {
    await claimAuthority(hosts, program(2), 'montpellier', io)
    const before = transport.changes()
    const facts = await kind.audit(component, { plan, mode: 'preparation', facts: {} }, io)
    expect(facts.missingTools?.value).toEqual({})
    expect(facts.standing?.value).toEqual({
      alpha: { site: 'montpellier', fencingNumber: 2 },
      beta: { site: 'montpellier', fencingNumber: 2 },
    })
    expect(kind.findings(component, facts, { plan, mode: 'preparation', facts: {} })).toEqual([])
    expect(transport.changes()).toBe(before)
  })
})
