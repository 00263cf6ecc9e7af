import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { baseBackup, connectionTo, maxRateKilobytes, rewind } from '../../src/kinds/postgres/commands.ts'
import { rules } from '../../src/kinds/postgres/findings.ts'
import { kind } from '../../src/kinds/postgres/index.ts'
import { sidesOf } from '../../src/kinds/postgres/sides.ts'
import { spec } from '../../src/kinds/postgres/spec.ts'
import type { Facts } from '../../src/model/fact.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { Component, Plan } from '../../src/model/plan.ts'
import type { Roles } from '../../src/model/roles.ts'
import type { RunMode } from '../../src/model/step.ts'
import { safetyCopy } from '../helpers/safety-copy.ts'

const component: Component = {
  id: 'database',
  kind: 'postgres',
  title: 'Database',
  criticality: 'critical',
  owner: 'dba',
  needs: [],
  declaredSizeBytes: { from: 50e9, to: 100e9 },
  spec: {
    method: 'streaming',
    cluster: '15/main',
    source: { host: 'database' },
    target: { host: 'database', port: 5433 },
    admin: { user: 'bascule', password: 'env:ADMIN' },
    databases: ['techcorp'],
    replication: { password: 'env:REPLICATION', maxRateMbps: 100 },
  },
}
const host = (ssh: string, address: string) => ({ ssh, address, become: 'runuser' as const })
const plan = {
  name: 'techcorp',
  sites: {
    source: { id: 'm', title: 'M', hosts: { database: host('m-db', '10.0.1.1') } },
    target: { id: 't', title: 'T', hosts: { database: host('t-db', '10.0.2.1') } },
  },
  rollback: { databaseStartSeconds: 60 },
  window: { start: '2026-12-12T22:00', lengthMinutes: 120, rollbackReserveMinutes: 30 },
} as unknown as Plan

const configuration = '/etc/postgresql/15/main'
const auto = '/data/postgresql.auto.conf'
const set = (name: string, value: string, file = `${configuration}/postgresql.conf`, line = 10) => ({
  ...{ name, value, file, line },
})

const healthy: Record<string, Json> = {
  sourceState: 'primary',
  sourceVersion: '15.20',
  targetVersion: '15.20',
  sourceVersionNumber: 150020,
  targetVersionNumber: 150020,
  sourceAdminIsSuperuser: true,
  targetAdminIsSuperuser: true,
  sourceTls: true,
  targetTls: true,
  walLevel: 'replica',
  replicationSlots: 10,
  walSendersFree: 10,
  slots: [],
  sourceGlibc: 'glibc 2.36',
  targetGlibc: 'glibc 2.36',
  sourceIcu: '153.120',
  targetIcu: '153.120',
  collations: { techcorp: { collate: 'fr_FR.UTF-8', provider: 'c' } },
  targetLocales: ['C', 'C.utf8', 'fr_FR.utf8'],
  collationMismatches: [],
  tablespaces: [],
  unloggedTables: [],
  unloggedSequences: [],
  unloggedSequencesInUse: [],
  missingExtensions: [],
  missingLibraries: [],
  shutOut: [],
  hbaMissing: [],
  sourceLimits: { max_connections: 200, max_wal_senders: 10 },
  targetLimits: { max_connections: 100, max_wal_senders: 10 },
  sourceFileSettings: [set('timezone', 'Europe/Paris'), set('work_mem', '4096')],
  targetFileSettings: [set('timezone', 'Europe/Paris'), set('work_mem', '4096')],
  sourceIncludeLine: 800,
  targetIncludeLine: 800,
  sourceWalDirectory: '/data/pg_wal',
  sourceWalFree: 200e9,
  targetWalDirectory: '/data/pg_wal',
  targetWalFree: 200e9,
  targetDataDirectory: '/data',
  targetState: 'primary',
  preparedTransactions: [],
  superuserSessions: [],
  sizeBytes: 50e9,
  targetDiskFree: 200e9,
  sourceDiskFree: 200e9,
  targetUserDatabases: [],
  databases: { postgres: 8e6, techcorp: 50e9 },
  walInspectAvailable: true,
  proofCopy: '',
  targetCopy: '',
}
const factsOf = (values: Record<string, Json>): Facts =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { value, unit: '', at: '2026-12-01T00:00:00Z' }]),
  )
const aboutOf = (of: Component) => ({ component: of, spec: spec.parse(of.spec), facts: {}, plan })
const context = (mode: RunMode) => ({ plan, mode, facts: {} })
const findings = (changed: Record<string, Json>, of = component) =>
  kind
    .findings(of, factsOf({ ...healthy, ...changed }), context('preparation'))
    .map(({ id, level }) => `${id.replace('database.', '')} ${level}`)
    .filter(finding => finding !== 'not-compared ok')

const [ours, theirs] = ['0A', 'B1'].map(pair => Array.from({ length: 32 }, () => pair).join(':')) as [
  string,
  string,
]
const pinned: Component = {
  ...component,
  spec: {
    ...component.spec,
    source: { host: 'database', fingerprint: ours },
    target: { host: 'database', port: 5433, fingerprint: theirs },
  },
}
const withSsl = (sslmode: string): Component => ({
  ...component,
  spec: { ...component.spec, admin: { user: 'bascule', password: 'env:ADMIN', sslmode } },
})

describe('findings', () => {
  test('nothing wrong: one that says so', () => {
    expect(findings({})).toEqual(['ready ok'])
  })
  const slot = (slot_name: string, retainedGB: number) => ({
    ...{ slot_name, slot_type: 'physical', active: true, wal_status: 'reserved' },
    retainedBytes: retainedGB * 2 ** 30,
  })
  const both = (one: Json) => [...(healthy.sourceFileSettings as Json[]), one]
  const idle = { slot_name: 'left', active: false, wal_status: 'reserved' }
  const certificate = (fingerprint: string, more = {}) => ({
    sourceDataDirectory: '/data',
    sourceCertificate: { fingerprint, isSelfSigned: true, file: '/etc/server.crt', ...more },
    targetCertificate: { fingerprint: theirs, isSelfSigned: true, file: '/etc/server.crt' },
  })
  /** Just enough for a copy by one job, in a folder of its own. */
  const roomy = {
    ...{ safetyAge: 'v1.1.1', safetyAccepts: true, safetyDump: '15.20' },
    ...{ safetyKeptFree: 25e9, safetyWorkFree: 101e9 },
  }
  const copied = (change: JsonObject = {}): Component => ({
    ...component,
    spec: { ...component.spec, safetyCopy: { ...safetyCopy, ...change } },
  })
  const cases: [string, Record<string, Json>, string, Component?][] = [
    ['any certificate accepted', certificate(ours), 'certificate-unchecked warn', withSsl('require')],
    ['no encryption asked for', {}, 'certificate-unchecked warn', withSsl('disable')],
    ['another certificate than pinned', certificate(theirs), 'certificate-differs block', pinned],
    ['pinned, but signed', certificate(ours, { isSelfSigned: false }), 'certificate-signed block', pinned],
    [
      'pinned, and replaced by the copy',
      certificate(ours, { file: '/data/server.crt' }),
      'certificate-moves block',
      pinned,
    ],
    ['source down', { sourceState: 'stopped' }, 'source-down block'],
    ['other major version', { targetVersionNumber: 160001 }, 'version block'],
    ['older minor version', { targetVersionNumber: 150004 }, 'minor-version warn'],
    ['no superuser', { targetAdminIsSuperuser: false }, 'superuser block'],
    ['no TLS', { sourceTls: false }, 'tls block'],
    ['wal_level minimal', { walLevel: 'minimal' }, 'wal-level block'],
    ['no slot free', { replicationSlots: 1 }, 'slots block'],
    ['a slot left behind', { slots: [idle] }, 'idle-slots warn'],
    ['our slot lost', { slots: [{ ...idle, slot_name: 'bascule', wal_status: 'lost' }] }, 'lost-slot block'],
    ['no sender free', { walSendersFree: 1 }, 'senders block'],
    ['other glibc, sorted by it', { targetGlibc: 'glibc 2.41' }, 'glibc block'],
    ['other ICU, not used', { targetIcu: '154.1' }, 'icu warn'],
    [
      'index of another collation version',
      { collationMismatches: ['techcorp.x'] },
      'collation-mismatch warn',
    ],
    ['locale missing', { targetLocales: ['C'] }, 'locale block'],
    ['tablespaces', { tablespaces: ['fast'] }, 'tablespaces block'],
    ['unlogged tables', { unloggedTables: ['techcorp.public.x'] }, 'unlogged warn'],
    ['prepared transactions', { preparedTransactions: ['x'] }, 'prepared warn'],
    ['superusers at work', { superuserSessions: ['postgres'] }, 'superuser-sessions warn'],
    ['disk too small', { targetDiskFree: 50e9 }, 'disk block'],
    ['little room where the WAL of the source lies', { sourceWalFree: 1e9 }, 'source-disk block'],
    ['room for the copy at the target, and none for WAL', { targetDiskFree: 60e9 }, 'target-wal-disk block'],
    ['pg_wal of the target is a link', { targetWalDirectory: '/wal' }, 'target-wal-link warn'],
    ['a slot of others beyond the limit', { slots: [slot('cdc', 9)] }, 'slot-limit block'],
    ['a logical slot', { slots: [{ ...slot('cdc', 1), slot_type: 'logical' }] }, 'logical-slots warn'],
    ['conf.d is not included', { targetIncludeLine: 0 }, 'conf-directory block'],
    [
      'a lower limit at the end of the target’s postgresql.conf',
      { targetFileSettings: both(set('max_connections', '100', undefined, 801)) },
      'standby-settings block',
    ],
    [
      'a misleading line in the source’s postgresql.auto.conf',
      { sourceFileSettings: both(set('primary_conninfo', 'set', auto)) },
      'overridden block',
    ],
    [
      'a standby of the source that commits at the target would wait for',
      { sourceFileSettings: both(set('synchronous_standby_names', 'other', auto)) },
      'overridden block',
    ],
    ['no fsync at the source', { sourceFileSettings: both(set('fsync', 'off', auto)) }, 'durability block'],
    [
      'no synchronous_commit at the target',
      { targetFileSettings: both(set('synchronous_commit', 'off')) },
      'synchronous-commit warn',
    ],
    [
      'a library that only the source preloads',
      { sourceFileSettings: both(set('shared_preload_libraries', 'pg_stat_statements')) },
      'preload block',
    ],
    [
      'another time zone',
      { targetFileSettings: [set('timezone', 'Etc/UTC'), set('work_mem', '4096')] },
      'meaning block',
    ],
    ['another setting', { targetFileSettings: [set('timezone', 'Europe/Paris')] }, 'settings warn'],
    [
      'the target is stopped',
      { targetState: 'stopped', targetFileSettings: 'unknown', targetLimits: 'unknown' },
      'target-down warn',
    ],
    ['an extension missing', { missingExtensions: ['postgis'] }, 'extensions block'],
    ['a library missing', { missingLibraries: ['mine'] }, 'libraries block'],
    ['an application shut out', { shutOut: ['estate@techcorp'] }, 'shut-out block'],
    ['more logins than are judged', { loginsJudged: 5000 }, 'logins-unjudged warn'],
    ['a line of pg_hba.conf missing', { hbaMissing: ['host all all all md5'] }, 'hba warn'],
    [
      'a sequence of an unlogged table',
      { unloggedSequences: ['techcorp.public.x_seq'] },
      'unlogged-sequences warn',
    ],
    [
      'an unlogged sequence in use',
      { unloggedSequencesInUse: ['techcorp.public.x'] },
      'unlogged-in-use block',
    ],
    ['target in use', { targetUserDatabases: ['theirs'] }, 'foreign-data block'],
    ['database missing', { databases: { postgres: 8e6 } }, 'databases block'],
    ['databases nobody named', { databases: { techcorp: 1, other: 1 } }, 'other-databases warn'],
    ['no pg_walinspect', { walInspectAvailable: false }, 'wal-inspect warn'],
    ['no age for the safety copy', { ...roomy, safetyAge: '' }, 'safety-age block', copied()],
    ['a recipient that age refuses', { ...roomy, safetyAccepts: false }, 'safety-recipient block', copied()],
    ['an older pg_dump', { ...roomy, safetyDump: '14.2' }, 'safety-dump block', copied()],
    ['no room where it is kept', { ...roomy, safetyKeptFree: 24e9 }, 'safety-room block', copied()],
    ['no room to restore it', { ...roomy, safetyWorkFree: 100e9 }, 'safety-room block', copied()],
    [
      'no room for the dump of several jobs',
      { ...roomy, safetyWorkFree: 60e9 },
      'safety-room block',
      copied({ jobs: 4, workFolder: '/work' }),
    ],
    [
      'room for each folder, but not for both on their device',
      { ...roomy, safetyKeptFree: 101e9, safetyDevices: { kept: 'vda', work: 'vda', data: 'vda' } },
      'safety-room block',
      copied(),
    ],
    ['erased in the night', roomy, 'safety-day block', copied({ keepUntil: '2026-12-12' })],
    ['a copy newer than its proof', { targetCopy: 'b', proofCopy: 'a' }, 'proof-outdated warn'],
  ]
  test.each(cases)('%s', (_, changed, expected, of) => {
    expect(findings(changed, of)).toEqual([expected])
  })
  test('a safety copy that has what it needs is no finding; a work folder of its own needs less room', () => {
    expect(findings(roomy, copied())).toEqual(['ready ok'])
    expect(findings({ ...roomy, safetyWorkFree: 51e9 }, copied({ workFolder: '/work' }))).toEqual([
      'ready ok',
    ])
  })
  test('pinned certificates that are there are all well, in any mode and in either case of letters', () => {
    const spec = { ...pinned.spec, admin: { user: 'bascule', password: 'env:ADMIN', sslmode: 'require' } }
    expect(findings(certificate(ours.toLowerCase()), { ...pinned, spec })).toEqual(['ready ok'])
  })
  test('what is not checked is told with the line that pins what was read over ssh', () => {
    const facts = factsOf({ ...healthy, ...certificate(ours) })
    const [found] = kind.findings(withSsl('require'), facts, context('preparation'))
    expect(found?.text.values).toMatchObject({ hosts: 'm-db, t-db', sslmode: 'require' })
    const lines = `\`source: {fingerprint: "${ours}"}\`, \`target: {fingerprint: "${theirs}"}\``
    expect(found?.remedy?.values).toMatchObject({ lines })
  })
  test('every rule has its case', () => {
    const tried = new Set(cases.map(([, , expected]) => expected.split(' ')[0]))
    expect(rules.map(rule => rule.name).filter(name => !tried.has(name))).toEqual([])
  })
  test('sorted by bytes, another glibc is only worth a word', () => {
    const collations = { techcorp: { collate: 'C.UTF-8', provider: 'c' } }
    expect(findings({ collations, targetGlibc: 'glibc 2.41' })).toEqual(['glibc warn'])
  })
  test('a target that is our own copy is neither foreign nor too small', () => {
    const copy = { sourceSystemIdentifier: '7', targetSystemIdentifier: '7' }
    expect(findings({ ...copy, targetUserDatabases: ['techcorp'], targetDiskFree: 1 })).toEqual(['ready ok'])
  })
})

describe('what is not compared', () => {
  test.each([{}, { sourceTls: false }])('is told whatever else is found: %j', changed => {
    const all = kind.findings(component, factsOf({ ...healthy, ...changed }), context('preparation'))
    expect(all.at(-1)).toMatchObject({
      ...{ id: 'database.not-compared', level: 'ok' },
      text: { key: 'postgres.finding.not-compared' },
    })
  })
})

describe('settings of a standby to come', () => {
  const sourceLimits = { max_connections: 200 }
  const target = (value: string, file?: string, line?: number) => ({
    targetFileSettings: [
      ...(healthy.targetFileSettings as Json[]),
      set('max_connections', value, file, line),
    ],
  })
  const source = (value: string, file?: string, line?: number) => ({
    sourceFileSettings: [
      ...(healthy.sourceFileSettings as Json[]),
      set('max_connections', value, file, line),
    ],
  })
  test('what Bascule’s own file overrides does no harm', () => {
    expect(findings({ sourceLimits, ...target('100', undefined, 10) })).toEqual(['ready ok'])
    expect(findings({ sourceLimits, ...target('100', `${configuration}/conf.d/own.conf`) })).toEqual([
      'ready ok',
    ])
  })
  test('a later file of conf.d wins, and so does the source’s postgresql.auto.conf, which the copy brings', () => {
    expect(findings({ sourceLimits, ...target('100', `${configuration}/conf.d/zzz.conf`) })).toEqual([
      'standby-settings block',
    ])
    expect(findings({ sourceLimits, ...source('100', auto) })).toEqual(['standby-settings block'])
    expect(findings({ sourceLimits, ...source('200', auto) })).toEqual(['ready ok'])
  })
  test('the target’s own postgresql.auto.conf goes away with its data, and is not its copy’s', () => {
    expect(findings({ sourceLimits, ...target('100', auto) })).toEqual(['ready ok'])
  })
  test('the source becomes a standby of a target that has more', () => {
    const targetLimits = { max_connections: 300 }
    const lines = source('200', undefined, 900)
    expect(findings({ sourceLimits, targetLimits, ...lines })).toEqual(['standby-settings block'])
    expect(findings({ sourceLimits, targetLimits, ...source('200') })).toEqual(['ready ok'])
  })
})

describe('steps', () => {
  const names = (mode: RunMode) =>
    kind.plan(component, factsOf(healthy), context(mode)).map(step => `${step.stage}: ${step.name}`)
  test('of each mode, in order', () => {
    expect(names('preparation')).toEqual([
      'provision: allow-replication',
      'provision: create-slot',
      'seed: seed',
      'prove: prove',
    ])
    expect(names('live')).toEqual([
      'fence: fence',
      'drain: drain',
      'handover: stop-source',
      'handover: promote',
      'handover: reverse',
      'handover: accept',
    ])
    expect(names('rehearsal')).toEqual(['handover: pause', 'handover: trial-promote', 'handover: accept'])
  })
  test('each waits for the one before, has its action and its way back', () => {
    for (const mode of ['preparation', 'live', 'rehearsal'] as const) {
      const steps = kind.plan(component, factsOf(healthy), context(mode))
      for (const [index, step] of steps.entries()) {
        expect(step.after).toEqual(index === 0 ? [] : [steps[index - 1]?.name])
        expect(kind.actions[step.action]?.undo).toBeTypeOf('function')
        expect(step.undo.possible).toBe(true)
        expect(step.deadlineSeconds).toBeGreaterThan(step.expectedSeconds)
      }
    }
  })
  const seed = (...rates: Roles['linkRate'][]) =>
    kind
      .plan(component, factsOf({ sizeBytes: 50e9 }), {
        ...context('preparation'),
        roles: role =>
          role === 'linkRate' ? (rates.map(value => ({ component: 'link', value })) as never) : [],
      })
      .find(step => step.name === 'seed')
  test('the first copy takes what the slower of link and cap allows', () => {
    expect(seed({ mbps: 200, from: 'measured' })?.expectedSeconds).toBe(10 + 4000)
    expect(seed({ mbps: 50, from: 'measured' })?.expectedSeconds).toBe(10 + 8000)
    const declared = { mbps: 20, from: 'declared' } as const
    expect(
      seed(declared, { mbps: 80, from: 'measured' }, { mbps: 50, from: 'measured' })?.expectedSeconds,
    ).toBe(10 + 8000)
    expect(seed(declared)).toMatchObject({
      expectedSeconds: 10 + 20_000,
      title: { key: 'postgres.seed.title' },
    })
  })
  test('an unknown rate of the link is assumed, and the step says so', () => {
    expect(seed()).toMatchObject({
      expectedSeconds: 10 + 4000,
      title: { key: 'postgres.seed.titleAtAssumedRate', values: { component: 'database', mbps: 150 } },
    })
  })
  test('promotion is given up as the plan says (R1)', () => {
    const promote = kind.plan(component, {}, context('live')).find(step => step.name === 'promote')
    expect(promote).toMatchObject({ trigger: 'R1', deadlineSeconds: 65, attempts: 1 })
  })
})

describe('commands', () => {
  const { source, target } = sidesOf(aboutOf(component))
  test('the copy is taken through the slot, over TLS, with the password in a file', () => {
    const argv = baseBackup({ primary: source, standby: target, dataDirectory: '/data', checkpoint: 'fast' })
    expect(argv[0]).toBe('/usr/lib/postgresql/15/bin/pg_basebackup')
    expect(argv[1]).toBe(
      '--dbname=host=10.0.1.1 port=5432 user=bascule_replication passfile=/etc/postgresql/15/main/bascule.pgpass sslmode=verify-full sslrootcert=/etc/ssl/certs/ca-certificates.crt channel_binding=require application_name=bascule',
    )
    expect(argv).toContain('--slot=bascule')
    expect(argv).toContain('--max-rate=12207')
  })
  test('a pinned certificate is the only root that the standby trusts', () => {
    const sides = sidesOf(aboutOf(pinned))
    expect(connectionTo(sides.source, sides.target)).toContain(
      ' sslmode=verify-ca sslrootcert=/etc/postgresql/15/main/bascule-primary.crt channel_binding=require ',
    )
    expect(sides.source.sql).toMatchObject({ fingerprint: ours })
    expect(sides.target.sql).toMatchObject({ fingerprint: theirs })
  })
  test('whatever certificate is accepted, the login is bound to it', () => {
    const { source, target } = sidesOf(aboutOf(withSsl('require')))
    expect(connectionTo(source, target)).toContain(' sslmode=require channel_binding=require ')
  })
  test('a rewind reads the files where Debian keeps them', () => {
    expect(rewind(target, source, '/data', '/etc/x.conf').slice(1)).toEqual([
      '--target-pgdata=/data',
      expect.stringContaining('host=10.0.2.1 port=5433'),
      '--config-file=/etc/x.conf',
    ])
  })
  test("the cap stays within pg_basebackup's limits", () => {
    expect(maxRateKilobytes(0.001)).toBe(32)
    expect(maxRateKilobytes(1e6)).toBe(1_048_576)
  })
})

describe('the plan', () => {
  test('a password as such is refused', () => {
    const wrong = { ...component.spec, admin: { user: 'bascule', password: 'secret' } }
    expect(spec.safeParse(wrong).success).toBe(false)
  })
  test('an unknown field is refused', () => {
    expect(spec.safeParse({ ...component.spec, slot: 'x' }).success).toBe(false)
  })
  test('a host the site does not have is named', () => {
    const wrong = { ...component, spec: { ...component.spec, source: { host: 'nowhere' } } }
    expect(() => sidesOf(aboutOf(wrong))).toThrow('postgres.unknownHost')
  })
})

describe('messages', () => {
  const { en, fr } = kind.messages
  test('both languages say the same, with the same values', () => {
    expect(Object.keys(fr).sort()).toEqual(Object.keys(en).sort())
    const values = (text = '') => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(match => match[1]).sort()
    for (const key of Object.keys(en)) expect([key, values(fr[key])]).toEqual([key, values(en[key])])
  })
  test('every key that is used is there', () => {
    const folder = join(import.meta.dirname, '../../src/kinds/postgres')
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name =>
      name.endsWith('.ts'),
    )
    const used = files
      .filter(name => !name.startsWith('messages'))
      .flatMap(name => [...readFileSync(join(folder, name), 'utf8').matchAll(/'(postgres\.[\w.-]+)'/g)])
      .map(match => match[1] ?? '')
    const steps = Object.keys(kind.actions).flatMap(name => [
      `postgres.${name}.title`,
      `postgres.${name}.byHand`,
    ])
    const measures = Object.keys(kind.measures).map(name => `postgres.measure.${name}`)
    expect(files.length).toBeGreaterThan(20)
    expect([...used, ...steps, ...measures].filter(key => en[key] === undefined)).toEqual([])
  })
})
