import { expect, test } from 'vitest'
import type { Plan } from '../../src/model/plan.ts'
import { parsePlan } from '../../src/plan/parse.ts'
import { changed, goodPlan, testKinds } from '../helpers/plan-kinds.ts'

function planOf(text: string): Plan {
  const result = parsePlan([{ name: 'plan.yaml', text }], testKinds)
  if ('errors' in result) throw new Error(JSON.stringify(result.errors))
  return result.plan
}

test('human notations become the model’s units, and defaults are filled in', () => {
  const plan = planOf(goodPlan)
  expect(plan.window).toEqual({ start: '2026-12-12T22:00', lengthMinutes: 120, rollbackReserveMinutes: 20 })
  expect(plan.ssh).toEqual({ connectTimeoutSeconds: 10 })
  expect(plan.sites.source.hosts.database).toEqual({ ssh: 'here-db', address: '192.0.2.10', become: 'sudo' })
  expect(plan.people[1]).toEqual({
    role: 'dba',
    name: 'Paul Roux',
    contact: 'paul@example.org',
    duties: '',
    available: { fromDay: -7, untilDay: 3 },
  })
  expect(plan.phases).toEqual([{ id: 'week-1', title: 'Audit', fromDay: -14, untilDay: -8, owner: 'lead' }])
  expect(plan.notices[0]).toMatchObject({ id: 'planned', day: -7, bodyFile: 'planned.md' })
  expect(plan.gates).toEqual({
    go: { signoffs: ['lead', 'dba'] },
    integrity: { signoffs: [] },
    reopen: { signoffs: [] },
  })
  expect(plan.rollback).toEqual({
    databaseStartSeconds: 300,
    serviceStartAttempts: 3,
    lineLostSeconds: 300,
    marginSeconds: 600,
    undoAttempts: 3,
    undoBackoffSeconds: 5,
  })
})

test('a component keeps the common fields apart from its kind’s own', () => {
  expect(planOf(goodPlan).components.data).toEqual({
    id: 'data',
    kind: 'store',
    title: 'data',
    criticality: 'critical',
    owner: 'dba',
    needs: [],
    declaredSizeBytes: { from: 50e9, to: 100e9 },
    spec: {
      source: { host: 'database', port: 5432 },
      target: { host: 'database', port: 5433 },
      admin: { user: 'bascule', password: 'env:DB_PASSWORD' },
      databases: ['main'],
    },
  })
})

test.each([
  ['below: 1 min', { below: 60 }],
  ['below: 0.5 min', { below: 30 }],
  ['below: 1500 ms', { below: 1.5 }],
  ['atLeast: 42', { atLeast: 42 }],
  ['equals: 0', { equals: 0 }],
])('a threshold %s is read in the unit of its measure', (written, threshold) => {
  expect(planOf(changed('below: 1 min', written)).checks.T2?.threshold).toEqual(threshold)
})

test('the same figure in a measure of milliseconds', () => {
  expect(planOf(goodPlan).checks.T13?.threshold).toEqual({ below: 2000 })
  expect(planOf(goodPlan).checks.T13).toMatchObject({ attempts: 2, backoffSeconds: 5, onFailure: 'alert' })
})

test.each([
  ['2026-12-12 22:00', '2026-12-12T22:00'],
  ['2026-12-12T22:00:30', '2026-12-12T22:00:30'],
  ['2026-12-12T22:00+01:00', '2026-12-12T22:00'],
  ['2026-10-25T02:30+02:00', '2026-10-25T02:30'],
  ['2026-10-25T02:30+01:00', '2026-10-25T02:30+01:00'],
])('a window may start at %s', (written, start) => {
  expect(planOf(changed('2026-12-12T22:00', written)).window.start).toBe(start)
})

test('a byte order mark and Windows line ends change nothing', () => {
  expect(planOf(`\ufeff${goodPlan.replaceAll('\n', '\r\n')}`)).toEqual(planOf(goodPlan))
})

test('a component may be called like a property that every object has', () => {
  const text = goodPlan.replaceAll(/\bdata\b/g, 'constructor')
  expect(Object.hasOwn(planOf(text).components, 'constructor')).toBe(true)
})
