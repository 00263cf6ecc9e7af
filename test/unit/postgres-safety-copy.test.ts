import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { hashDatabase } from '../../src/kinds/postgres/compare/hash-sql.ts'
import { kind } from '../../src/kinds/postgres/index.ts'
import { isRecipient } from '../../src/kinds/postgres/recipient.ts'
import {
  copiedIn,
  endSnapshots,
  fileOf,
  keepSnapshots,
  snapshotsIn,
  takeCopy,
} from '../../src/kinds/postgres/safety-copy/commands.ts'
import { keptFolder } from '../../src/kinds/postgres/safety-copy/place.ts'
import { freeIn, needed } from '../../src/kinds/postgres/safety-copy/room.ts'
import { sidesOf } from '../../src/kinds/postgres/sides.ts'
import { spec } from '../../src/kinds/postgres/spec.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { Component, Plan } from '../../src/model/plan.ts'
import type { RunMode } from '../../src/model/step.ts'
import { compile } from '../../src/runbook/compile.ts'
import { recipient, safetyCopy } from '../helpers/safety-copy.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const component = (copy?: JsonObject): Component => ({
  id: 'database',
  kind: 'postgres',
  title: 'Database',
  criticality: 'critical',
  owner: 'dba',
  needs: [],
  spec: {
    method: 'streaming',
    cluster: '15/main',
    source: { host: 'database' },
    target: { host: 'database' },
    admin: { user: 'bascule', password: 'env:ADMIN' },
    databases: ['techcorp'],
    replication: { password: 'env:REPLICATION' },
    ...(copy && { safetyCopy: copy }),
  },
})
const host = (ssh: string) => ({ ssh, address: '10.0.0.1', become: 'runuser' as const })
const planWith = (one: Component) =>
  ({
    name: 'techcorp',
    zone: 'Europe/Paris',
    sites: {
      source: { id: 'm', title: 'M', hosts: { database: host('m-db') } },
      target: { id: 't', title: 'T', hosts: { database: host('t-db') } },
    },
    components: { database: one },
    checks: {},
    gates: { go: { signoffs: [] }, integrity: { signoffs: [] }, reopen: { signoffs: [] } },
    window: { start: '2026-12-12T22:00', lengthMinutes: 120, rollbackReserveMinutes: 30 },
    rollback: { databaseStartSeconds: 60 },
  }) as unknown as Plan
const runbook = (mode: RunMode, copy?: JsonObject) =>
  compile({ plan: planWith(component(copy)), kinds: { postgres: kind }, facts: {}, mode })
const namesOf = (mode: RunMode, copy?: JsonObject) =>
  runbook(mode, copy)
    .steps.map(({ id }) => id)
    .filter(id => /snapshot|safety/.test(id))

describe('the runbook', () => {
  const all: RunMode[] = ['preparation', 'rehearsal', 'live', 'close']
  test('has no step of a safety copy that the plan does not ask for', () => {
    expect(all.map(mode => namesOf(mode))).toEqual([[], [], [], []])
  })

  test('keeps a snapshot before users write, and takes the copy beside the run, not in a rehearsal', () => {
    expect(all.map(mode => namesOf(mode, safetyCopy))).toEqual([
      [],
      [],
      ['database.keep-snapshot', 'database.safety-copy'],
      ['database.erase-safety-copy'],
    ])
    const { steps, gates } = runbook('live', safetyCopy)
    const step = (name: string) => steps.find(({ id }) => id === `database.${name}`)
    expect(step('accept')?.after).toContain('database.keep-snapshot')
    expect(step('keep-snapshot')?.after).toEqual(['database.promote'])
    expect(step('safety-copy')).toMatchObject({ beside: true, stage: 'settle' })
    expect([...steps, ...gates].filter(({ after }) => after.includes('database.safety-copy'))).toEqual([])
  })

  test('is the same for the rest of the night', () => {
    const without = runbook('live').steps.map(({ id }) => id)
    const rest = runbook('live', safetyCopy).steps.map(({ id }) => id)
    expect(rest.filter(id => !/snapshot|safety/.test(id))).toEqual(without)
  })
})

describe('the recipient', () => {
  const pem = execFileSync('sh', [
    '-c',
    'd=$(mktemp -d); ssh-keygen -qN "" -t ed25519 -f $d/k; cat $d/k.pub; rm -r $d',
  ])
  test('is a key of age, or one of OpenSSH', () => {
    expect(isRecipient(recipient)).toBe(true)
    expect(isRecipient(pem.toString().trim())).toBe(true)
    expect(isRecipient(pem.toString().split(' ').slice(0, 2).join(' '))).toBe(true)
  })

  test.each([
    ['with two letters changed over', recipient.replace(/(..)(.)(.)$/, '$1$3$2')],
    ['cut off', recipient.slice(0, -1)],
    ['in capitals', recipient.toUpperCase()],
    ['an address', 'dba@techcorp.example'],
    ['a key of OpenSSH that is cut off', pem.toString().slice(0, 60)],
    ['a key that says to be another', pem.toString().trim().replace('ssh-ed25519', 'ssh-rsa')],
  ])('%s is none', (_, text) => {
    expect(isRecipient(text)).toBe(false)
    expect(spec.safeParse(component({ ...safetyCopy, recipient: text }).spec).success).toBe(false)
  })

  test('a private key is refused by `check`, with a word of its own and without the key', () => {
    const key = `AGE-SECRET-KEY-1${'Q'.repeat(58)}`
    const read = spec.safeParse(component({ ...safetyCopy, recipient: key }).spec)
    expect(read.error?.issues.map(({ message }) => message)).toContain('postgres.spec.recipientIsSecret')
  })
})

describe('the fields', () => {
  test.each([
    ['a relative folder', { folder: 'srv/safety' }],
    ['a folder that a shell would read', { folder: '/srv/$(reboot)' }],
    ['no such day', { keepUntil: '2027-02-30' }],
    ['no day', { keepUntil: 'tomorrow' }],
    ['no jobs', { jobs: 0 }],
  ])('%s is refused', (_, change) => {
    expect(spec.safeParse(component({ ...safetyCopy, ...change }).spec).success).toBe(false)
  })
})

describe('what is sent to the host', () => {
  const one = component({ ...safetyCopy, jobs: 4, compression: 9 })
  const { target } = sidesOf({ component: one, spec: spec.parse(one.spec), facts: {}, plan: planWith(one) })
  const place = { work: '/work', socket: '/run/postgresql' }

  test('values are arguments, and none of them is a secret', () => {
    expect(keptFolder(target)).toBe('/srv/safety/bascule-techcorp-database')
    const keep = keepSnapshots(target, place, 60, ['techcorp', 'a b'])
    expect(keep.slice(3, 11)).toEqual([
      ...['keep-snapshot.sh', '/work', '/srv/safety/bascule-techcorp-database', '60'],
      ...['/usr/lib/postgresql/15/bin', '/run/postgresql', '5432', recipient],
    ])
    expect(keep.slice(13)).toEqual(['techcorp', 'a b'])
    const take = takeCopy(target, place, 'tag', [{ snapshot: '0000-1', database: 'a/b' }])
    expect(take.slice(4, 13)).toEqual([
      ...['/work', '/srv/safety/bascule-techcorp-database', '/usr/lib/postgresql/15/bin', '/run/postgresql'],
      ...['5432', recipient, '4', '9', 'tag'],
    ])
    expect(take.slice(-3)).toEqual(['0000-1', 'a%2Fb.tar.age', 'a/b'])
    expect(`${keep} ${take}`).not.toMatch(/env:/)
    expect(fileOf('techcorp', 1)).toBe('techcorp.dump.age')
  })

  test('the statement names no value from outside', () => {
    expect(hashDatabase).toMatch(/\\gexec\n/)
    expect(hashDatabase).toContain("btrim(data, '\\x00'::bytea)")
  })

  test('what it prints is read back; of a copy that is not whole there is nothing', () => {
    expect(snapshotsIn('00000003-0000001B-1 techcorp\n00000003-0000001C-1 a b\n')).toEqual([
      { snapshot: '00000003-0000001B-1', database: 'techcorp' },
      { snapshot: '00000003-0000001C-1', database: 'a b' },
    ])
    expect(copiedIn('doing dump techcorp\n')).toBeUndefined()
    expect(copiedIn('of T\ncompared 3 100 a b\nfile 12 ab a.age\ncompared 2 5 c\n')).toEqual({
      ...{ tag: 'T', tables: 5, rows: 105 },
      files: [{ name: 'a.age', bytes: 12, sha256: 'ab' }],
    })
  })

  test('what ends the snapshots empties the work folder, which may be in a folder of root’s, and bears that there is none', () => {
    const work = join(temporaryFolder('safety'), 'work')
    const run = () => {
      const [program = '', ...rest] = endSnapshots(work)
      execFileSync(program, rest, { stdio: 'pipe' })
    }
    run()
    mkdirSync(join(work, 'plain.1', 'data'), { recursive: true })
    writeFileSync(join(work, 'plain.1', 'data', 'PG_VERSION'), '15')
    run()
    expect(readdirSync(work)).toEqual([])
  })

  /** Catalogues, and 256 MB of log. */
  const server = 368435456
  test('folders on one device need the room of both, and that of the database keeps a reserve', () => {
    const one = { jobs: 1, compression: 6 }
    const devices = freeIn('age v1\nfree 7 nas:/srv\nfree 8 /dev/vda1\nfree 8 /dev/vda1\n')
    expect(devices.map(({ device }) => device)).toEqual(['nas:/srv', '/dev/vda1', '/dev/vda1'])
    const [kept, work, data] = ['nas:/srv', '/dev/vda1', '/dev/vda1'] as const
    expect(needed(one, 1e9, { kept, work, data })).toEqual({ kept: 0.5e9, work: 3e9 + server })
    expect(needed(one, 1e9, { kept, work, data }, 1e9).work).toBe(4e9 + server)
    expect(needed(one, 1e9, { kept: work, work, data })).toEqual({
      kept: 3.5e9 + server,
      work: 3.5e9 + server,
    })
    expect(needed(one, 1e9, { kept, work: kept, data }, 1e9).work).toBe(1.5e9 + server)
  })

  test('several jobs need room for the dump itself', () => {
    expect(needed({ jobs: 1, compression: 6 }, 1e9)).toEqual({ kept: 0.5e9, work: 1e9 + server })
    expect(needed({ jobs: 4, compression: 0 }, 1e9)).toEqual({ kept: 1e9, work: 2e9 + server })
  })
})
