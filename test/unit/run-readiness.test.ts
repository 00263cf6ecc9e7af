import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Entry } from '../../src/model/event.ts'
import type { Kind } from '../../src/model/kind.ts'
import type { Plan } from '../../src/model/plan.ts'
import { preflight } from '../../src/run/read-only.ts'
import { planHashOf, preflightVoid } from '../../src/run/readiness.ts'
import { startRun } from '../../src/run/session.ts'
import { readRecords } from '../../src/run/stored-runs.ts'
import { readyEstate } from '../helpers/ready-estate.ts'
import { aPlan, aStep } from '../helpers/small-runbook.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const home = temporaryFolder('readiness')
const at = '2026-12-12T20:00:00Z'
const readiness = { preflightSeconds: 1800 }

function change(facts: ReturnType<typeof readyEstate>['facts'], to: Partial<typeof facts>): undefined {
  Object.assign(facts, to)
}

let count = 0
let stateDirectory = ''
beforeEach(() => {
  stateDirectory = join(home, String(++count))
})

const takeAuthority = async () => ({ check: async () => {}, fencingNumber: 1 })
// a window that holds whenever the test runs
const strict = aPlan([aStep('a.move')], { readiness })
const session = (kinds: Record<string, Kind>, plan: Plan) => ({
  kinds,
  plan,
  stateDirectory,
  by: 'marie',
  takeAuthority,
})

async function night(kinds: Record<string, Kind>, plan: Plan) {
  const startAt = Temporal.Now.instant()
  return startRun({ ...session(kinds, plan), mode: 'live', startAt, withoutRehearsal: 'a test' })
}

const refusedFor = (key: string) =>
  expect.objectContaining({ text: expect.objectContaining({ key }), exitCode: 10 })

describe('where the plan wants readiness', () => {
  it('a night begins after a preflight of the same plan and estate, whatever was measured anew', async () => {
    const { facts, kinds } = readyEstate()
    await startRun({ ...session(kinds, strict), mode: 'preparation' })
    expect(await preflight(session(kinds, strict))).toMatchObject({ ready: true })
    facts.bytes = 5
    expect((await night(kinds, strict)).ended).toBe('moved')
  })

  it.each<[string, string, (facts: ReturnType<typeof readyEstate>['facts']) => Plan | undefined]>([
    [
      'the plan was edited',
      'run.readiness.edited',
      () => aPlan([aStep('a.move')], { readiness, title: 'Other' }),
    ],
    ['the estate is another one', 'run.readiness.drifted', facts => change(facts, { release: '15.5' })],
    ['the steps are others', 'run.readiness.otherSteps', facts => change(facts, { attempts: 3 })],
  ])('none begins when %s since; another preflight lets it', async (_, key, happens) => {
    const { facts, kinds } = readyEstate()
    await startRun({ ...session(kinds, strict), mode: 'preparation' })
    await preflight(session(kinds, strict))
    const plan = happens(facts) ?? strict
    await expect(night(kinds, plan)).rejects.toThrow(refusedFor(key))
    expect(readRecords(stateDirectory).history.runs.map(({ mode }) => mode)).toEqual(['preparation'])
    await preflight(session(kinds, plan))
    expect((await night(kinds, plan)).ended).toBe('moved')
  })

  it('none begins without a preflight', async () => {
    const { kinds } = readyEstate()
    await startRun({ ...session(kinds, strict), mode: 'preparation' })
    await expect(night(kinds, strict)).rejects.toThrow(refusedFor('run.readiness.noPreflight'))
  })
})

it('elsewhere the journal is told, and the night begins', async () => {
  const { kinds } = readyEstate()
  const plan = aPlan([aStep('a.move')])
  await startRun({ ...session(kinds, plan), mode: 'preparation' })
  await preflight(session(kinds, plan))
  expect((await night(kinds, { ...plan, title: 'Other' })).ended).toBe('moved')
  const notes = readRecords(stateDirectory).entries.flatMap(({ event }) =>
    event.type === 'note' ? event.text.key : [],
  )
  expect(notes).toContain('run.readiness.edited')
})

describe('a preflight', () => {
  const ended = (ready: boolean, planHash: string): Entry => ({
    ...{ sequence: 1, at, run: 'audit-1', previousHash: '', hash: '' },
    event: { type: 'preflight.ended', planHash, actsHash: '', ready },
  })
  const later = (seconds: number) => Temporal.Instant.from(at).add({ seconds }).toString()
  const ofPlan = (plan: Plan, ready = true) => [ended(ready, planHashOf(plan))]

  it('of the limit to the second still counts, and a second later no more', () => {
    expect(preflightVoid(ofPlan(strict), strict, later(1800))).toBeUndefined()
    expect(preflightVoid(ofPlan(strict), strict, later(1801))).toEqual({
      key: 'run.readiness.old',
      values: { minutes: 30, limit: 30 },
    })
  })

  it('that found something in the way does not count', () => {
    expect(preflightVoid(ofPlan(strict, false), strict, later(0))).toEqual({ key: 'run.readiness.notReady' })
  })

  it('that was never made is missed only where the plan wants it', () => {
    expect(preflightVoid([], strict, later(0))?.key).toBe('run.readiness.noPreflight')
    expect(preflightVoid([], aPlan([]), later(0))).toBeUndefined()
  })
})
