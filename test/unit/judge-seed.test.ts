import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { loadKinds } from '../../src/kinds/registry.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { type CheckResult, checkPlan } from '../../src/plan/check.ts'
import { openPlan } from '../../src/plan/load.ts'
import { complainedOf } from '../helpers/paper-plan.ts'

const kinds = await loadKinds()
const example = (name: string) => join(import.meta.dirname, '../../examples', name, 'plan.yaml')
let seed: CheckResult

beforeAll(async () => {
  seed = await checkPlan([example('seed')], kinds, 'en')
})

/** Each with the finding of the plan on paper that it is. The rest is true, and was not looked for. */
const expected = [
  ['window.length', 'capacity.window', 'block'],
  ['window.rollbackReserve', 'order.no-reserve', 'block'], // F6
  ...[0, 1, 2, 3].map(index => [`people[${index}].contact`, 'people.contact', 'warn']),
  ['components.names.lowTtlSeconds', 'values.unknown', 'block'], // F10
  ['checks.T2', 'order.lag-not-position', 'warn'], // F9
  ['phases.images', 'capacity.link-shared', 'warn'], // F14
  // F11: network set-up, Proxmox and replication in week 1, VPN before J-3, and the end of the old site
  ['phases.target-network.days', 'people.absent', 'block'],
  ['phases.target-machines.days', 'people.absent', 'warn'],
  ['phases.replication.days', 'people.absent', 'warn'],
  ['phases.vpn.days', 'people.absent', 'warn'],
  ['phases.connectivity.days', 'people.absent', 'warn'],
  ['phases.names-ready.days', 'people.absent', 'warn'],
  ['phases.close.days', 'people.absent', 'block'],
  ['phases.close.days', 'people.alone', 'warn'],
  ['phases.t9', 'order.compare-after-reopen', 'block'], // F8
  ['phases.business', 'order.sign-off-after-reopen', 'warn'],
  ['gates.integrity', 'order.integrity-ungated', 'warn'],
  ['gates.reopen', 'order.reopen-ungated', 'warn'],
  ['schedule.J3', 'order.images-without-delta', 'block'], // F4
  ['schedule.J4', 'capacity.work-rate', 'block'], // F2
  ['schedule.J6', 'capacity.link-slot', 'block'], // F1
  ['schedule.J7', 'capacity.work-rate', 'block'], // F2
  ['schedule.J7', 'order.replica-unused', 'block'], // F3
  ['schedule.J10', 'order.old-ttl', 'block'], // F10
  ['schedule.J11', 'order.nothing-flows-back', 'block'], // F7
  ['schedule.T7', 'capacity.untimed', 'block'], // F5
  ['architecture.monitoring', 'target.no-monitoring', 'warn'], // F13
  ['architecture.backup', 'target.no-backup', 'warn'], // F13
  ['architecture.power', 'target.no-power', 'warn'],
  ['architecture.components', 'target.component-missing', 'warn'], // F13
  ['architecture.copies.database', 'target.one-copy', 'warn'], // F13
  ['rollback.databaseStart', 'values.unknown', 'block'], // F12
  ['rollback.serviceStartAttempts', 'values.unknown', 'block'], // F12
]

test('the plan on paper: every contradiction (F1-F14), at its place, and nothing else', () => {
  const told = seed.findings.map(({ path, rule, level }) => [path, rule, level])
  expect(told.toSorted()).toEqual(expected.toSorted())
  expect(seed.errors).toEqual([])
  const lines = seed.findings.map(({ line }) => line)
  expect(lines).toEqual(lines.toSorted((one, other) => one - other))
})

test('its window does not hold: exit 12, and the last line says so', () => {
  expect(seed.exitCode).toBe(12)
  expect(seed.lines.at(-1)).toMatch(/the plan "seed" does not fit its window: 16 blocking findings\.$/)
})

const said = (rule: string, path: string) =>
  seed.findings.find(finding => finding.rule === rule && finding.path === path)?.message

test.each([
  // F1: 15 min carry 22.5 GB; 50-100 GB need 33-67 min at 200 Mbit/s, 44-89 at 150
  [
    'capacity.link-slot',
    'schedule.J6',
    ['15 min', '22.5 GB', '50-100 GB', '33-67 min', '200 Mbit/s', '44-89 min', '150 Mbit/s'],
  ],
  // F2: a 5-minute dump needs 167-333 MB/s, a 30-minute restore 28-56
  ['capacity.work-rate', 'schedule.J4', ['5 min', '167-333 MB/s', 'Assumed']],
  ['capacity.work-rate', 'schedule.J7', ['30 min', '28-56 MB/s', 'Assumed']],
  // F3
  ['order.replica-unused', 'schedule.J7', ['standby', '50 min', 'seconds']],
  // F5: 500 GB at 200 MB/s are 42 min
  ['capacity.untimed', 'schedule.T7', ['200-500 GB', '200 MB/s', '17-42 min', '0 min of 120 min']],
  // F6
  ['order.no-reserve', 'window.rollbackReserve', ['120 min of 120 min', '30 min']],
  ['order.nothing-flows-back', 'schedule.J11', ['00:00', 'Base PostgreSQL']],
  ['order.compare-after-reopen', 'phases.t9', ['J+1', '00:00', 'Base PostgreSQL']],
  ['order.lag-not-position', 'checks.T2', ['60 s']],
  ['order.old-ttl', 'schedule.J10', ['23:45', 'old TTL']],
  // F14: 655 GB at 200 Mbit/s are 7.3 h
  ['capacity.link-shared', 'phases.images', ['655 GB', '7.3 h', '200 Mbit/s']],
  // F11
  ['people.absent', 'phases.target-network.days', ['J-14 to J-7', 'network', 'J-3 to J+1']],
  ['people.absent', 'phases.target-machines.days', ['J-14 to J-8', '7 of 8 days', 'J-7 to J+3']],
  ['people.absent', 'phases.replication.days', ['J-14 to J-8', '7 of 8 days', 'DBA (J-7 to J+3)']],
  ['people.absent', 'phases.vpn.days', ['J-7 to J-4', '4 of 7 days', 'J-3 to J+1']],
  ['people.alone', 'phases.close.days', ['J+7', 'Chef de projet', 'J-7 to J+3']],
  ['target.one-copy', 'architecture.copies.database', ['1 copy']],
  ['capacity.window', 'window.length', ['150-264 min', '120 min']],
])('%s at %s has its figures', (rule, path, figures) => {
  const message = said(rule, path) ?? ''
  expect(figures.filter(figure => !message.includes(figure))).toEqual([])
})

test('F4: a full export of the images would take 33 min, which the remedy says', () => {
  const found = seed.findings.find(({ rule }) => rule === 'order.images-without-delta')
  expect(found?.remedy).toMatch(/50 GB would be 33 min at 200 Mbit\/s/)
  expect(found?.figures).toMatchObject({ fullExportSeconds: 2000 } satisfies JsonObject)
})

test('the corrected plan yields none; that each role has one person is a note', async () => {
  const { findings, notes, exitCode } = await checkPlan([example('techcorp')], kinds, 'en')
  expect({ findings, exitCode }).toEqual({ findings: [], exitCode: 0 })
  expect(notes.map(({ rule }) => rule)).toEqual(Array(5).fill('people.no-deputy'))
})

test('a plan with unknown values can be judged, and is not carried out', async () => {
  const refused = await openPlan([example('seed')], kinds).catch((error: unknown) => error)
  expect(complainedOf(refused)).toEqual([
    'components.names.lowTtlSeconds plan.valueUnknown',
    'rollback.databaseStart plan.valueUnknown',
    'rollback.serviceStartAttempts plan.valueUnknown',
  ])
})

test('in French the same findings, in French', async () => {
  const french = await checkPlan([example('seed')], kinds, 'fr')
  expect(french.findings.map(({ path, rule }) => [path, rule])).toEqual(
    seed.findings.map(({ path, rule }) => [path, rule]),
  )
  expect(french.lines.at(-1)).toContain('ne tient pas dans sa fenêtre')
  expect(french.lines.join('\n')).toContain('22,5')
})
