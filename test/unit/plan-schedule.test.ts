import { expect, test } from 'vitest'
import { parsePlan } from '../../src/plan/parse.ts'
import { complaints, goodPlan, testKinds } from '../helpers/plan-kinds.ts'

const planOf = (addition: string, text = goodPlan) => {
  const result = parsePlan([{ name: 'plan.yaml', text: `${text}${addition}` }], testKinds)
  if ('errors' in result) throw new Error(JSON.stringify(result.errors, null, 1))
  return result.plan
}
const times = (addition: string, text = goodPlan) =>
  Object.fromEntries(
    (planOf(addition, text).schedule ?? []).map(({ id, time }) => [
      id,
      time.is === 'timed' ? [time.startMinute, time.endMinute] : time.is,
    ]),
  )

test('a slot ends where the next one starts, the last with the window; midnight is in the night', () => {
  const schedule = `schedule:
  page: {work: maintenance, at: "22:00"}
  dump: {work: dump, components: [data], at: 22:15}
  sync: {work: delta, components: [data], at: 22h15, until: 22:20}
  switch: {work: switch, at: 23:45}
  back: {work: reopen, at: 00:00}
  hash: {work: hash, components: [data]}
  before: {work: sync, components: [data], at: J-1 14:00, until: 02:00}
`
  expect(times(schedule)).toEqual({
    page: [0, 15],
    dump: [15, 105],
    sync: [15, 20],
    switch: [105, 120],
    back: [120, 120],
    hash: 'untimed',
    before: [-1920, -1200],
  })
})

test('minutes are real ones where the clock is put back in the night', () => {
  const autumn = goodPlan.replace('2026-12-12T22:00', '2026-10-24T23:00')
  expect(times('schedule:\n  late: {work: test, at: 04:00}\n', autumn)).toEqual({ late: [360, 360] })
})

test('the owner is written, or that of the first component; sizes, rates and the target’s parts are read', () => {
  const plan = planOf(`schedule:
  dump: {work: dump, components: [data], at: 22:15, size: 40-50 GB}
  switch: {title: Names, work: switch, owner: lead, at: 23:45}
  page: {work: maintenance}
rates: {restore: 20 MB/s, hash: 800 Mbit/s}
architecture: {components: [data, site], copies: {data: 2}, room: 1 TB, backup: nightly}
`)
  expect(plan.schedule).toMatchObject([
    { id: 'dump', title: 'dump', owner: 'dba', sizeBytes: { from: 40e9, to: 50e9 } },
    { id: 'switch', title: 'Names', owner: 'lead', components: [] },
    { id: 'page' },
  ])
  expect(plan.schedule?.[2]).not.toHaveProperty('owner')
  expect(plan.rates).toEqual({ restore: 20e6, hash: 100e6 })
  expect(plan.architecture).toEqual({
    components: ['data', 'site'],
    copies: { data: 2 },
    roomBytes: 1e12,
    backup: 'nightly',
  })
})

test('a plan that has none of it is what it was', () => {
  const plan = planOf('')
  for (const key of ['schedule', 'rates', 'architecture']) expect(plan).not.toHaveProperty(key)
  expect(plan.phases).toEqual([{ id: 'week-1', title: 'Audit', fromDay: -14, untilDay: -8, owner: 'lead' }])
})

test('names that stand for nothing, and what cannot be read', () => {
  expect(
    complaints(`${goodPlan}schedule:
  dump: {work: dumping, components: [dat], owner: db, at: "25:00"}
  hash: {work: hash, until: 22:10}
rates: {dump: 60 MB}
architecture: {components: [dta], copies: {nothing: 1}}
`).map(line => line.replace(/^\S+ /, '')),
  ).toEqual([
    'schedule.dump.work notOneOf',
    'schedule.dump.components[0] unknownComponent → data',
    'schedule.dump.owner unknownRole',
    'schedule.dump.at notUnderstood',
    'schedule.hash.until untilWithoutAt',
    'rates.dump notUnderstood',
    'architecture.components[0] unknownComponent → data',
    'architecture.copies.nothing unknownComponent',
  ])
})
