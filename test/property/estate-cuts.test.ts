import { describe, expect, it } from 'vitest'
import { availability } from '../../lab/users/availability.ts'
import { cuts } from '../../lab/users/cuts.ts'
import type { LedgerEntry, Outcome } from '../../lab/users/ledger.ts'
import fc from '../helpers/property.ts'

const sites = { source: 'montpellier', target: 'toulouse' }
const zero = Date.UTC(2026, 11, 12, 21)
const iso = (milliseconds: number) => new Date(zero + milliseconds).toISOString()

type Told = { from: number; to: number; outcome: Outcome; site?: string }
function request({ from, to, outcome, site }: Told): LedgerEntry {
  const what = { kind: 'request' as const, user: 1, service: 'courses' as const, action: 'open', outcome }
  return {
    ...what,
    startedAt: iso(from),
    at: iso(to),
    milliseconds: to - from,
    ...(site === undefined ? {} : { site }),
  }
}
const ok = (to: number, site = sites.source): Told => ({ from: to - 10, to, outcome: 'ok', site })
const failed = (from: number, to = from + 5, outcome: Outcome = 'maintenance'): Told => ({
  from,
  to,
  outcome,
})
const cutOf = async (told: Told[]) => (await cuts(told.map(request), sites)).courses

/** Strictly growing instants between two bounds. */
const instants = (from: number, to: number) =>
  fc
    .uniqueArray(fc.integer({ min: from, max: to }), { minLength: 1, maxLength: 20 })
    .map(all => all.sort((a, b) => a - b))

describe('cuts', () => {
  it('a move lasts from the last success at the source to the first at the target', async () => {
    const night = fc.tuple(instants(0, 10_000), instants(10_020, 19_000), instants(20_000, 30_000))
    await fc.assert(
      fc.asyncProperty(night, async ([before, during, after]) => {
        const told = [
          ...before.map(at => ok(at)),
          ...during.map(at => failed(at)),
          ...after.map(at => ok(at, sites.target)),
        ]
        const [last, first] = [before.at(-1) as number, after[0] as number]
        expect(await cutOf(told)).toEqual({
          outcome: 'moved',
          lastSuccessAtSource: iso(last),
          firstSuccessAtTarget: iso(first),
          seconds: (first - last) / 1000,
          stragglersAtSource: 0,
          servedAtEnd: true,
          outages: [
            {
              from: { at: iso(last), site: sites.source },
              to: { at: iso(first), site: sites.target },
              seconds: (first - last) / 1000,
            },
          ],
        })
      }),
    )
  })

  it('a rollback lasts from the last success before to the first after, at the source', async () => {
    const night = fc.tuple(instants(0, 10_000), instants(10_020, 19_000), instants(20_000, 30_000))
    await fc.assert(
      fc.asyncProperty(night, async ([before, during, after]) => {
        const told = [
          ...before.map(at => ok(at)),
          ...during.map(at => failed(at)),
          ...after.map(at => ok(at)),
        ]
        const [last, first] = [before.at(-1) as number, after[0] as number]
        expect(await cutOf(told)).toMatchObject({
          outcome: 'returned',
          seconds: (first - last) / 1000,
          lastSuccessAtSource: iso(last),
          firstSuccessBackAtSource: iso(first),
        })
      }),
    )
  })

  it('after a stay at the target, both outages count and the stay does not', async () => {
    const told = [
      ok(1000),
      failed(2000),
      ok(11_000, sites.target),
      ok(40_000, sites.target),
      failed(41_000),
      ok(45_000),
      ok(46_000),
    ]
    const cut = await cutOf(told)
    expect(cut).toMatchObject({ outcome: 'returned', seconds: 15, servedAtEnd: true })
    expect(cut).toMatchObject({ firstSuccessAtTarget: iso(11_000), firstSuccessBackAtSource: iso(45_000) })
    expect(cut?.outages).toHaveLength(2)
  })

  it('is no cut when every failure began before the next success had come', async () => {
    // A request stuck for five seconds while others are served tells of one bad connection.
    expect(await cutOf([ok(1000), failed(900, 5900, 'timeout'), ok(1100), ok(1200)])).toMatchObject({
      outcome: 'unbroken',
      seconds: 0,
      outages: [],
    })
  })

  it('counts the source answering after the target has begun', async () => {
    const told = [ok(1000), failed(1500), ok(3000, sites.target), ok(3500), ok(4000, sites.target)]
    expect(await cutOf(told)).toMatchObject({ outcome: 'moved', seconds: 2, stragglersAtSource: 1 })
  })

  it('says when nothing was served, at all or at the end', async () => {
    expect(await cutOf([failed(1)])).toMatchObject({ outcome: 'unserved', seconds: null, servedAtEnd: false })
    expect(await cutOf([ok(100), failed(200)])).toMatchObject({ outcome: 'unbroken', servedAtEnd: false })
    expect(await cutOf([ok(100, sites.target)])).toMatchObject({ outcome: 'moved', seconds: null })
    expect(await cutOf([])).toBeUndefined()
  })

  it('whatever the requests: the order of the ledger changes nothing, outages never overlap nor last less than 0', async () => {
    const told = fc.record({
      from: fc.integer({ min: 0, max: 5000 }),
      lasts: fc.integer({ min: 0, max: 500 }),
      outcome: fc.constantFrom<Outcome>('ok', 'maintenance', 'timeout'),
      site: fc.constantFrom(sites.source, sites.target),
    })
    const shuffled = fc
      .uniqueArray(told, { selector: one => one.from + one.lasts, maxLength: 60 })
      .chain(all => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })))
    const entries = (all: { from: number; lasts: number; outcome: Outcome; site: string }[]) =>
      all.map(one => ({ ...one, to: one.from + one.lasts }))
    await fc.assert(
      fc.asyncProperty(shuffled, async ([all, other]) => {
        const cut = await cutOf(entries(all))
        expect(await cutOf(entries(other))).toEqual(cut)
        expect(cut?.seconds ?? 0).toBeGreaterThanOrEqual(0)
        let end = ''
        for (const outage of cut?.outages ?? []) {
          expect(outage.from.at >= end && outage.to.at > outage.from.at).toBe(true)
          end = outage.to.at
        }
        expect(cut?.outages.length ?? 0).toBeLessThanOrEqual(all.filter(one => one.outcome !== 'ok').length)
      }),
    )
  })
})

describe('availability', () => {
  it('every request is a success or a failure of one kind', async () => {
    const outcomes = fc.array(fc.constantFrom<Outcome>('ok', 'maintenance', 'reset', 'wrong-content'), {
      minLength: 1,
    })
    await fc.assert(
      fc.asyncProperty(outcomes, async all => {
        const told = all.map((outcome, index) => request({ from: index, to: index + 7, outcome }))
        const { services } = await availability(told)
        const failures = Object.values(services.courses?.failures ?? {}).reduce(
          (sum, count) => sum + count,
          0,
        )
        expect(services.courses?.requests).toBe(all.length)
        expect((services.courses?.succeeded ?? 0) + failures).toBe(all.length)
        expect(services.courses?.wrongContent).toBe(all.filter(outcome => outcome === 'wrong-content').length)
        expect(services.courses?.p95Milliseconds).toBe(all.includes('ok') ? 7 : 0)
      }),
    )
  })
})
