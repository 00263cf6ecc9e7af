import { describe, expect, test } from 'vitest'
import { compressionOf, connectionTo, dumpedIn, fileOf } from '../../src/kinds/postgres/dump/commands.ts'
import { differentLines } from '../../src/kinds/postgres/dump/compare.ts'
import { dumpRules } from '../../src/kinds/postgres/dump/findings.ts'
import { programErrors } from '../../src/kinds/postgres/dump/program-errors.ts'
import { kind } from '../../src/kinds/postgres/index.ts'
import { sidesOf } from '../../src/kinds/postgres/sides.ts'
import { dumpSpec, modelled, writtenSpec } from '../../src/kinds/postgres/spec-dump.ts'
import type { Facts } from '../../src/model/fact.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { Plan } from '../../src/model/plan.ts'
import type { RunMode } from '../../src/model/step.ts'
import { compile } from '../../src/runbook/compile.ts'
import { paperDatabase, planWithDatabase } from '../helpers/paper-database.ts'

const { replication: _replication, ...common } = paperDatabase().spec
const specWith = (more: JsonObject = {}): JsonObject => ({
  ...common,
  method: 'dump',
  target: { ...(common.target as JsonObject), cluster: '17/main' },
  ...more,
})
const componentWith = (more: JsonObject = {}) => ({ ...paperDatabase(), spec: specWith(more) })
const component = componentWith()
const plan = planWithDatabase(component)

const sound: Record<string, Json> = {
  ...{
    sourceState: 'primary',
    targetState: 'primary',
    sourceVersionNumber: 150020,
    targetVersionNumber: 170004,
  },
  ...{ sourceVersion: '15.20', targetVersion: '17.4', dumpVersion: '17.4', hashesAlike: true },
  ...{ sourceAdminIsSuperuser: true, targetAdminIsSuperuser: true, sourceTls: true, targetTls: true },
  ...{ sourceGlibc: 'glibc 2.36', targetGlibc: 'glibc 2.41', unloggedTables: ['techcorp.public.visits'] },
  collations: { techcorp: { collate: 'fr_FR.UTF-8', provider: 'c' } },
  ...{ targetLocales: ['C', 'fr_FR.utf8'], missingExtensions: [], missingLibraries: [], shutOut: [] },
  ...{ tablespaces: [], preparedTransactions: [], superuserSessions: [], subscriptions: [], heldBack: [] },
  databases: { postgres: 8e6, techcorp: 10e9 },
  ...{ sizeBytes: 10e9, dumpBytes: 6e9, targetDiskFree: 100e9, tables: { 'techcorp.public.big': 2e9 } },
  ...{
    sourceRoles: ['bascule', 'estate'],
    targetRoles: ['bascule'],
    targetDatabases: ['postgres', 'template1'],
  },
}
const factsOf = (values: Record<string, Json>): Facts =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { value, unit: '', at: '2026-12-01T00:00:00Z' }]),
  )
const context = (mode: RunMode) => ({ plan, mode, facts: {} })
const findings = (changed: Record<string, Json>, of = component) =>
  kind
    .findings(of, factsOf({ ...sound, ...changed }), context('preparation'))
    .map(({ id, level }) => `${id.replace('database.', '')} ${level}`)
    .filter(one => one !== 'not-compared ok' && one !== 'dump-no-return-path warn')

describe('the fields of a plan', () => {
  const judged = (fields: JsonObject) => {
    const { error } = writtenSpec.safeParse(fields)
    return error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []
  }
  test('of one method are none of the other', () => {
    expect(judged(specWith())).toEqual([])
    expect(judged(specWith({ replication: { password: 'env:REPLICATION' } }))).toEqual([
      'replication: postgres.spec.onlyStreaming',
    ])
    expect(judged(specWith({ wayBack: { commits: 'synchronous' } }))).toEqual([
      'wayBack: postgres.spec.onlyStreaming',
    ])
    expect(judged(specWith({ admin: { ...(common.admin as JsonObject), database: 'techcorp' } }))).toEqual([
      'admin.database: postgres.spec.adminDatabase',
    ])
    expect(judged({ ...paperDatabase().spec, dump: {} })).toEqual(['dump: postgres.spec.onlyDump'])
    expect(judged({ ...common, method: 'streaming' })).toEqual(['replication: postgres.spec.replication'])
    expect(judged({ ...paperDatabase().spec, target: { host: 'database', cluster: '17/main' } })).toEqual([
      'target.cluster: postgres.spec.onlyDump',
    ])
  })
  test('come to the spec of that method', () => {
    expect(modelled(writtenSpec.parse(specWith()))).toMatchObject({
      ...{ method: 'dump', dump: { jobs: 4, compression: 'auto' } },
    })
    expect(modelled(writtenSpec.parse(paperDatabase().spec))).toMatchObject({
      method: 'streaming',
      verify: 'delta',
    })
  })
})

describe('findings', () => {
  const cases: [string, Record<string, Json>, string, JsonObject?][] = [
    ['the source is down', { sourceState: 'standby' }, 'source-down block'],
    ['the target is no primary', { targetState: 'standby' }, 'dump-target-down block'],
    ['the target is older', { targetVersionNumber: 140001 }, 'dump-version block'],
    ['the plan names another version', { targetVersionNumber: 160001 }, 'dump-version block'],
    ['no pg_dump', { dumpVersion: '' }, 'dump-program block'],
    [
      'zstd before 16',
      { targetVersionNumber: 150020 },
      'dump-compression block',
      { target: common.target ?? {}, dump: { compression: 'zstd' } },
    ],
    ['no superuser', { targetAdminIsSuperuser: false }, 'superuser block'],
    ['no TLS', { sourceTls: false }, 'tls block'],
    ['an extension is missing', { missingExtensions: ['postgis'] }, 'extensions block'],
    ['a library is missing', { missingLibraries: ['plperl'] }, 'libraries block'],
    ['a locale is missing', { targetLocales: ['C'] }, 'locale block'],
    ['somebody is shut out', { shutOut: ['app@techcorp'] }, 'shut-out block'],
    ['tablespaces', { tablespaces: ['fast'] }, 'tablespaces block'],
    ['a prepared transaction', { preparedTransactions: ['two'] }, 'prepared warn'],
    ['a superuser works', { superuserSessions: ['ops'] }, 'superuser-sessions warn'],
    ['a database is missing', { databases: { postgres: 1, other: 2 } }, 'databases block'],
    ['others are moved', { databases: { techcorp: 1, other: 2 } }, 'dump-other-databases warn'],
    ['tables in postgres', { heldBack: ['postgres'] }, 'dump-held-back block'],
    ['a template of somebody', { unmoved: ['shop_template'] }, 'dump-unmoved block'],
    ['a database is there', { targetDatabases: ['postgres', 'techcorp'] }, 'dump-databases-there block'],
    ['a role is there', { targetRoles: ['bascule', 'estate'] }, 'dump-roles-there block'],
    ['a subscription', { subscriptions: ['sub'] }, 'dump-subscriptions warn'],
    ['too little room', { targetDiskFree: 15e9 }, 'dump-room block'],
    ['sums that differ', { hashesAlike: false }, 'dump-hash block'],
  ]
  test.each(cases)('%s', (_, changed, expected, more = {}) => {
    expect(findings(changed, componentWith(more))).toContain(expected)
  })
  test('none but the missing return path, also with another C library and unlogged tables', () => {
    expect(findings({})).toEqual([])
    const all = kind.findings(component, factsOf(sound), context('live'))
    expect(all.map(({ id }) => id)).toEqual(['database.dump-no-return-path', 'database.not-compared'])
  })
  test('every rule of its own has its case', () => {
    const tried = cases.map(([, , expected]) => expected.split(' ')[0])
    const own = dumpRules.map(({ name }) => name).filter(name => name.startsWith('dump-'))
    expect(own.filter(name => !tried.includes(name))).toEqual(['dump-no-return-path'])
  })
})

describe('steps', () => {
  const stepsOf = (mode: RunMode) => kind.plan(component, factsOf(sound), context(mode))
  test('of each mode, in order', () => {
    const names = (mode: RunMode) => stepsOf(mode).map(({ stage, name }) => `${stage}: ${name}`)
    expect(names('preparation')).toEqual(['provision: allow-dump'])
    expect(names('rehearsal')).toEqual([
      ...['drain: dump', 'drain: restore', 'drain: analyze', 'handover: accept'],
    ])
    expect(names('live')).toEqual([
      ...['fence: fence', 'drain: dump', 'drain: restore', 'drain: analyze'],
      ...['drain: compare-restored', 'handover: accept'],
    ])
    expect(names('close')).toEqual(['close: retire-dump'])
  })
  test('the last says that nothing leads back from it, and none makes a return path', () => {
    const live = stepsOf('live')
    expect(live.filter(({ noReturnPath }) => noReturnPath).map(({ name }) => name)).toEqual(['accept'])
    expect(live.filter(({ makesReturnPath }) => makesReturnPath)).toEqual([])
  })
  test('take as long as the largest table, the jobs and the line say', () => {
    const seconds = (name: string, changed: Record<string, Json> = {}, mbps = 1000) =>
      kind
        .plan(component, factsOf({ ...sound, ...changed }), {
          ...context('live'),
          roles: role =>
            role === 'linkRate' ? ([{ component: 'link', value: { mbps, from: 'measured' } }] as never) : [],
        })
        .find(step => step.name === name)?.expectedSeconds
    expect(seconds('dump')).toBe(5 + 2e9 / 20e6)
    expect(seconds('dump', {}, 100)).toBe(5 + 6e9 / 12.5e6)
    expect(seconds('restore')).toBe(5 + 10e9 / 40e6)
    expect(seconds('restore', { tables: { one: 8e9 } })).toBe(5 + 8e9 / 10e6)
  })
  test('no gate asks it for a standby', () => {
    const checksAt = (of: typeof component) => {
      const whole: Plan = {
        ...planWithDatabase(of),
        checks: {},
        gates: { go: { signoffs: [] }, integrity: { signoffs: [] }, reopen: { signoffs: [] } },
      }
      const { gates } = compile({ plan: whole, facts: {}, kinds: { postgres: kind }, mode: 'live' })
      return gates.flatMap(({ checks }) => checks.map(({ measure }) => measure))
    }
    expect(checksAt(component)).toEqual([])
    expect(checksAt(paperDatabase())).toEqual(['standbysNotStreaming'])
  })
})

describe('commands', () => {
  const spec = dumpSpec.parse(specWith())
  const { source, target } = sidesOf({ component, spec, facts: {}, plan })
  test('log in over TLS bound to the pinned certificate, without a password', () => {
    const connection = connectionTo(source, target, 'odd name')
    expect(connection).toBe(
      "host=10.0.1.1 port=5432 user=bascule sslmode=verify-ca sslrootcert=/etc/postgresql/17/main/bascule-primary.crt channel_binding=require application_name='bascule dump' dbname='odd name'",
    )
  })
  test('compress as that version of pg_dump can', () => {
    const by = (compression: string, version: string) =>
      compressionOf(dumpSpec.parse(specWith({ dump: { compression } })), version)
    expect([by('auto', '15'), by('auto', '16'), by('none', '16'), by('gzip', '15'), by('lz4', '17')]).toEqual(
      [...['6', 'zstd', '0', '6', 'lz4']],
    )
  })
  test('a dump is whole by its last words', () => {
    expect(dumpedIn('doing a\n')).toBeUndefined()
    expect(dumpedIn('doing a\nof 778\ndumped 12 a\ndumped 30 b%20c\n')).toEqual({
      ...{ tag: '778', bytes: 42, files: ['a', 'b%20c'] },
    })
    expect(decodeURIComponent(fileOf('odd "name" = x/y'))).toBe('odd "name" = x/y')
  })
  test('what differs is named once', () => {
    expect(differentLines(['table a|1|2', 'table b|1|1', 'x'], ['table a|1|3', 'table b|1|1'])).toEqual([
      'table a',
      'x',
    ])
  })
  test('a statement that failed is not told: it may hold a password', () => {
    const printed = [
      'pg_restore: error: could not execute query: ERROR:  role "x" does not exist',
      "Command was: CREATE USER MAPPING FOR x SERVER s OPTIONS (password 'secret');",
      "    password 'secret'",
    ].join('\n')
    expect(programErrors(printed)).toBe(
      'pg_restore: error: could not execute query: ERROR:  role "x" does not exist',
    )
  })
})
