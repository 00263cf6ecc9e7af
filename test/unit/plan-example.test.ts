import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { loadKinds } from '../../src/kinds/registry.ts'
import { daysWithout } from '../../src/model/calendar.ts'
import type { Plan } from '../../src/model/plan.ts'
import { checkPlan } from '../../src/plan/check.ts'
import { type JsonSchema, planJsonSchema } from '../../src/plan/json-schema.ts'
import { parsePlan } from '../../src/plan/parse.ts'

const file = join(import.meta.dirname, '../../examples/techcorp/plan.yaml')
const text = await readFile(file, 'utf8')
const kinds = await loadKinds()
let plan: Plan

beforeAll(async () => {
  const result = await checkPlan([file], kinds, 'en')
  // Nothing is wrong with it; of its two machines it is said that the kind never ran on a real cluster, of its people that
  // each is the only one of their role.
  expect(result.lines).toEqual([
    expect.stringMatching(/components\.auth-machine: .*never run on a real Proxmox VE cluster/),
    expect.stringMatching(/components\.courses-machine: .*never run on a real Proxmox VE cluster/),
    ...['lead', 'sysadmin', 'dba', 'network', 'tester'].map(role =>
      expect.stringMatching(new RegExp(`only person .* role ${role} .*\\(note, people.no-deputy\\)`)),
    ),
    expect.stringContaining('is valid'),
  ])
  if (result.plan === undefined) throw new Error('a correct plan is given back')
  plan = result.plan
})

const series = (letter: string, last: number) =>
  Array.from({ length: last }, (_, index) => `${letter}${index + 1}`)

test('every fact of the migration plan is named', () => {
  const ids = [
    ...series('C', 11),
    ...series('D', 3),
    ...['G4', 'G5', 'G6'],
    ...series('K', 5),
    ...series('P', 9),
    ...series('J', 11),
    ...series('X', 4),
    ...series('T', 14),
    ...series('R', 10),
    ...series('H', 5),
    ...series('W', 6),
  ]
  expect(ids.filter(id => !new RegExp(`\\b${id}\\b`).test(text))).toEqual([])
})

test('the constraints: two hours on a Saturday night in Paris, 200 Mbit/s (K1, K2, W3)', () => {
  expect(plan.window).toEqual({ start: '2026-12-12T22:00', lengthMinutes: 120, rollbackReserveMinutes: 20 })
  expect(new Date(`${plan.window.start}Z`).getUTCDay()).toBe(6)
  expect(plan.zone).toBe('Europe/Paris')
  expect(plan.components.link?.spec.declaredMbps).toBe(200)
})

test('sizes and criticality (C1-C5)', () => {
  const of = (id: string) => {
    const { criticality, declaredSizeBytes: size } = plan.components[id] ?? {}
    return [criticality, (size?.from ?? 0) / 1e9, (size?.to ?? 0) / 1e9]
  }
  expect(of('database')).toEqual(['critical', 50, 100])
  expect(of('files')).toEqual(['high', 200, 500])
  expect(of('auth-machine')).toEqual(['critical', 20, 20])
  expect(of('courses-machine')).toEqual(['critical', 30, 30])
  expect(of('dashboard')).toEqual(['medium', 5, 5])
})

test('dependencies (D1-D3)', () => {
  expect(plan.components['auth-machine']?.needs).toEqual(['database'])
  expect(plan.components['courses-machine']?.needs).toEqual(['database', 'files'])
  for (const service of ['auth', 'courses'])
    expect(plan.components[service]).toMatchObject({
      needs: [`${service}-machine`],
      spec: { manager: 'none' },
    })
  // through what runs on the machines, and the VPN (K4)
  expect(plan.components.dashboard?.needs).toEqual(['auth', 'courses', 'vpn'])
})

test('two machines move between two clusters of Proxmox VE (C3, C4, C6, P4, P7)', () => {
  const machines = Object.values(plan.components).filter(({ kind }) => kind === 'proxmox-vm')
  expect(machines.map(({ id, owner, spec }) => [id, owner, spec.vmid])).toEqual([
    ['auth-machine', 'sysadmin', 101],
    ['courses-machine', 'sysadmin', 102],
  ])
  for (const { spec } of machines)
    expect(spec).toMatchObject({
      source: { host: 'hypervisor', node: 'montpellier' },
      target: { host: 'hypervisor', node: 'toulouse', testBridge: 'vmbr9' },
      // J3: what a clean shutdown cannot end is for people
      shutdown: { forceStop: false },
    })
})

test.each([
  ['T1', { atLeast: 150 }, 'go', 'block'],
  ['T2', { below: 60 }, 'go', 'block'],
  ['T3', { below: 5e9 }, 'go', 'block'],
  ['T4', { equals: 0 }, 'go', 'block'],
  ['T4-dashboard', { equals: 0 }, 'reopen', 'roll-back'],
  ['T5-auth', { equals: 0 }, 'go', 'block'],
  ['T5-courses', { equals: 0 }, 'go', 'block'],
  ['T7', { equals: 0 }, 'integrity', 'roll-back'],
  ['T7-auth', { equals: 0 }, 'integrity', 'roll-back'],
  ['T7-courses', { equals: 0 }, 'integrity', 'roll-back'],
  ['T8', { equals: 0 }, 'reopen', 'roll-back'],
  ['T9', { equals: 0 }, 'integrity', 'roll-back'],
  ['T10', { equals: 0 }, 'reopen', 'roll-back'],
  ['T11', { equals: 0 }, 'reopen', 'roll-back'],
  ['T12', { equals: 0 }, 'reopen', 'roll-back'],
  ['T13', { below: 2000 }, 'reopen', 'alert'],
])('%s: threshold, gate, and what follows a failure', (id, threshold, gate, onFailure) => {
  expect(plan.checks[id]).toMatchObject({ threshold, gate, onFailure })
})

test('T13: a hundred simultaneous users', () => {
  expect(plan.components.courses?.spec.load).toMatchObject({ simultaneous: 100 })
})

test('people, there on every day on which their role has something to do (H1-H5, F11)', () => {
  const available = plan.people.map(({ role, available: { fromDay, untilDay } }) => [role, fromDay, untilDay])
  expect(available).toEqual([
    ['lead', -14, 7],
    ['sysadmin', -14, 7],
    ['dba', -14, 7],
    ['network', -14, 7],
    ['tester', -1, 3],
  ])
  for (const phase of plan.phases) expect(daysWithout(plan.people, phase.owner, phase)).toEqual([])
})

test('the rollback has real values (R1, R2)', () => {
  expect(plan.rollback).toMatchObject({ databaseStartSeconds: 300, serviceStartAttempts: 3 })
})

test('no secret, and only documentation addresses', () => {
  const addresses = text.match(/\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b/g) ?? []
  expect(addresses.length).toBeGreaterThan(20)
  expect(addresses.filter(address => !/^(192\.0\.2|198\.51\.100|203\.0\.113)\./.test(address))).toEqual([])
})

test('the laboratory lays its overlay over it: hosts, secrets and a faster clock, nothing else', async () => {
  const files = await Promise.all(
    ['plan.yaml', 'lab.yaml'].map(async name => ({
      name,
      text: await readFile(join(file, '..', name), 'utf8'),
    })),
  )
  const result = parsePlan(files, kinds)
  if ('errors' in result) throw new Error(JSON.stringify(result.errors, null, 1))
  expect(result.warnings).toEqual([])
  expect(Object.keys(result.plan.components)).toEqual(Object.keys(plan.components))
  // attempts may be more: the lab's machines are slow at first
  const thresholds = (checks: Plan['checks']) =>
    Object.values(checks).map(({ attempts: _, ...check }) => check)
  expect(thresholds(result.plan.checks)).toEqual(thresholds(plan.checks))
  expect(result.plan.gates).toEqual(plan.gates)
})

test('its first line names the schema, which accepts it', () => {
  expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=../../schema/plan.schema.json')
  const schema: JsonSchema = planJsonSchema(kinds)
  const read = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(parse(text))
  expect(read.error?.issues).toBeUndefined()
})
