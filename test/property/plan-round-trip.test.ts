import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { dayName } from '../../src/model/calendar.ts'
import type { Plan } from '../../src/model/plan.ts'
import { parsePlan } from '../../src/plan/parse.ts'
import { goodPlan, testKinds } from '../helpers/plan-kinds.ts'
import fc from '../helpers/property.ts'

const id = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/)
const line = fc.stringMatching(/^[A-Za-zéà0-9 :'"#&*?|@-]{0,20}[a-z]$/)
const days = fc
  .tuple(fc.integer({ min: -366, max: 366 }), fc.integer({ min: -366, max: 366 }))
  .map(([a, b]) => ({ fromDay: Math.min(a, b), untilDay: Math.max(a, b) }))
const start = fc
  .date({ min: new Date('2026-01-01T00:00Z'), max: new Date('2035-01-01T00:00Z'), noInvalidDate: true })
  .map(date => date.toISOString().slice(0, 16))

/** Plans with any names, days, sizes and needs, in the model's own terms. */
const plans = fc
  .record({
    title: line,
    start,
    lengthMinutes: fc.integer({ min: 2, max: 3000 }),
    people: fc.uniqueArray(fc.record({ role: id, name: line, available: days }), {
      minLength: 1,
      maxLength: 4,
      selector: person => person.role,
    }),
    components: fc.uniqueArray(
      fc.record({ id, from: fc.nat(1e9), more: fc.nat(1e9), needs: fc.array(fc.nat(4), { maxLength: 3 }) }),
      { minLength: 1, maxLength: 5, selector: component => component.id },
    ),
    phases: fc.dictionary(id, fc.record({ title: line, days }), { maxKeys: 3 }),
  })
  .map(parts => {
    const role = parts.people[0]?.role ?? ''
    const components = parts.components.map((component, index) => {
      // Only earlier components are needed, so that there is no circle.
      const earlier = parts.components.slice(0, index).map(other => other.id)
      const needs = [...new Set(component.needs.flatMap(need => earlier[need] ?? []))]
      return { ...component, needs }
    })
    return { ...parts, components, role }
  })
type Parts = typeof plans extends fc.Arbitrary<infer Value> ? Value : never

function written(parts: Parts): string {
  const base = parse(goodPlan)
  const daysText = ({ fromDay, untilDay }: { fromDay: number; untilDay: number }) =>
    `${dayName(fromDay)} to ${dayName(untilDay)}`
  return stringify({
    ...base,
    title: parts.title,
    zone: 'UTC',
    window: { start: parts.start, length: `${parts.lengthMinutes} min`, rollbackReserve: '60 s' },
    people: parts.people.map(({ available, ...person }) => ({
      ...person,
      contact: 'x',
      available: daysText(available),
    })),
    components: Object.fromEntries(
      parts.components.map(component => [
        component.id,
        {
          ...base.components.data,
          owner: parts.role,
          needs: component.needs,
          declaredSize: `${component.from} B-${component.from + component.more} B`,
        },
      ]),
    ),
    checks: {},
    gates: { go: { signoffs: [parts.role] } },
    phases: Object.fromEntries(
      Object.entries(parts.phases).map(([key, phase]) => [
        key,
        { title: phase.title, days: daysText(phase.days), owner: parts.role },
      ]),
    ),
  })
}

function planOf(text: string): Plan {
  const result = parsePlan([{ name: 'plan.yaml', text }], testKinds)
  if ('errors' in result) throw new Error(JSON.stringify(result.errors, null, 1))
  return result.plan
}

test('what is written down comes back', () => {
  fc.assert(
    fc.property(plans, parts => {
      const plan = planOf(written(parts))
      expect(plan.title).toBe(parts.title)
      expect(plan.window).toEqual({
        start: parts.start,
        lengthMinutes: parts.lengthMinutes,
        rollbackReserveMinutes: 1,
      })
      expect(plan.people.map(({ role, name, available }) => ({ role, name, available }))).toEqual(
        parts.people,
      )
      expect(Object.keys(plan.components).sort()).toEqual(
        parts.components.map(component => component.id).sort(),
      )
      for (const component of parts.components) {
        expect(plan.components[component.id]).toMatchObject({
          needs: component.needs,
          declaredSizeBytes: { from: component.from, to: component.from + component.more },
        })
      }
      const phases = plan.phases.map(({ id: key, title, fromDay, untilDay }) => [
        key,
        { title, days: { fromDay, untilDay } },
      ])
      expect(Object.fromEntries(phases)).toEqual(parts.phases)
    }),
    { numRuns: 100 },
  )
})

test('in any zone a window’s start is an instant that reads as it was written, or an error', {
  timeout: 200_000,
}, () => {
  const zones = fc.constantFrom(
    'Europe/Paris',
    'America/New_York',
    'Australia/Lord_Howe',
    'Africa/Casablanca',
    'UTC',
  )
  fc.assert(
    fc.property(start, zones, (local, zone) => {
      const text = goodPlan.replace('2026-12-12T22:00', local).replace('Europe/Paris', zone)
      const result = parsePlan([{ name: 'plan.yaml', text }], testKinds)
      const exists = readsBack(local, zone)
      if ('errors' in result) {
        expect(exists).toBe(false)
        expect(result.errors.map(error => error.problem.key)).toEqual([
          expect.stringMatching(/^plan\.clock(Gap|Fold)$/),
        ])
      } else {
        expect(exists).toBe(true)
        expect(result.plan.window.start).toBe(local)
      }
    }),
    { numRuns: 200 },
  )
})

/** Temporal's own judgement: exactly one instant has this local time. */
function readsBack(local: string, zone: string): boolean {
  try {
    Temporal.PlainDateTime.from(local).toZonedDateTime(zone, { disambiguation: 'reject' })
    return true
  } catch {
    return false
  }
}
