import { describe, expect, it } from 'vitest'
import type { Order } from '../../src/model/event.ts'
import type { SignedGivenUp } from '../../src/model/given-up.ts'
import type { ChangeIo } from '../../src/model/io.ts'
import type { Plan } from '../../src/model/plan.ts'
import type { Step } from '../../src/model/step.ts'
import { withoutSite } from '../../src/run/given-up/without-site.ts'
import { judgeOrder } from '../../src/run/judge-order.ts'
import { Night, type Person, willing } from '../doubles/night.ts'
import { type Behaviour, RecordingWorld } from '../doubles/recording-world.ts'
import { VirtualClock } from '../doubles/virtual-clock.ts'
import { aGate, aPlan, aRunbook, aStep } from '../helpers/small-runbook.ts'

const steps = (): Step[] => [
  aStep('a.stop', ['go'], { touches: ['source'] }),
  aStep('a.fence', ['a.stop'], { touches: ['source', 'target'] }),
  aStep('b.prepare', ['a.fence'], { touches: ['target'] }),
  aStep('a.promote', ['b.prepare'], { touches: ['source', 'target'], handsOver: true }),
  aStep('b.start', ['a.promote'], { touches: ['target'] }),
]
const host = (ssh: string, address: string) => ({ ssh, address, become: 'runuser' as const })
const sites: Plan['sites'] = {
  source: { id: 's', title: 'Old', hosts: { db: host('old-db', '10.0.0.1') } },
  target: {
    id: 't',
    title: 'New',
    hosts: { db: host('new-db', '10.1.0.1'), web: host('new-web', '10.1.0.2') },
  },
}
const signed: SignedGivenUp = {
  ...{ side: 'target', silent: ['new-db', 'new-web'], isolated: 'both feeds are off', and: 'Bea' },
  loses: [{ component: 'a', text: [{ key: 'test.left' }], figures: { lsn: '0/5000' } }],
}
const without = (change: Partial<SignedGivenUp> = {}): Order => ({
  do: 'roll-back',
  reason: 'fire',
  without: { ...signed, ...change },
})

function aNight({
  behaviours = {},
  people = [],
  silent = ['new-db', 'new-web'],
  all = steps(),
}: {
  behaviours?: Record<string, Behaviour>
  people?: Person[]
  silent?: string[]
  all?: Step[]
}): Night {
  const clock = new VirtualClock()
  const runbook = aRunbook(all, [aGate('go', [])])
  const world = new RecordingWorld(clock, behaviours)
  world.silent = silent
  return new Night(aPlan(all, { sites }), runbook, clock, world, [...willing(runbook), ...people])
}

const fails: Record<string, Behaviour> = { 'b.prepare': { failures: 9 } }
const types = (night: Night) => night.journal.kept.map(({ event }) => event.type)
const refusals = (night: Night) =>
  night.journal.kept.flatMap(({ event }) => (event.type === 'order.refused' ? [event.why.key] : []))
const undone = (night: Night, step: string) => night.run.steps[step]?.undo

describe('a rollback while the target does not answer', () => {
  it('does without a target that was never handed over, by itself', async () => {
    const night = aNight({ behaviours: fails })
    expect(await night.carryOut()).toBe('rolled-back')
    expect(night.run.siteGivenUp).toMatchObject({ side: 'target', by: [], silent: ['new-db', 'new-web'] })
    expect(undone(night, 'b.prepare')?.how).toBe('site-given-up')
    expect(night.world.count('undo', 'b.prepare')).toBe(0)
    expect(undone(night, 'a.fence')?.how).toBe('applied')
    expect(undone(night, 'a.stop')?.how).toBe('applied')
    const order = types(night)
    expect(order.indexOf('site.given-up')).toBeLessThan(order.indexOf('undo.started'))
    expect(order.indexOf('site.asked')).toBeLessThan(order.indexOf('site.given-up'))
  })

  it('undoes all when one host of it answers', async () => {
    const night = aNight({ behaviours: fails, silent: ['new-db'] })
    expect(await night.carryOut()).toBe('rolled-back')
    expect(night.run.siteGivenUp).toBeUndefined()
    expect(undone(night, 'b.prepare')?.how).toBe('applied')
  })

  it('asks again after an undo has failed, and then does without what died meanwhile', async () => {
    const night = aNight({ behaviours: { 'b.prepare': { failures: 9, undoFailures: 9 } }, silent: [] })
    const dispatch = night.world.dispatch.bind(night.world)
    let asked = 0
    night.world.dispatch = () => ({
      ...dispatch(),
      silentHosts: async () => (++asked > 1 ? ['new-db', 'new-web'] : []),
    })
    expect(await night.carryOut()).toBe('rolled-back')
    expect(night.world.count('undo', 'b.prepare')).toBe(1)
    expect(undone(night, 'b.prepare')?.how).toBe('site-given-up')
  })

  it.each([
    ['once it was handed over', steps()],
    ['where the runbook does not say what hands over', steps().map(({ handsOver: _, ...step }) => step)],
  ])('never gives it up by itself %s', async (_when, all) => {
    const behaviours = { 'b.start': { failures: 9, undoFailures: 9 } }
    const night = aNight({ behaviours, all })
    expect(await night.carryOut()).toBe('rollback-failed')
    expect(types(night)).not.toContain('site.asked')
    expect(night.run.siteGivenUp).toBeUndefined()
    expect(undone(night, 'a.fence')).toBeUndefined()
  })

  // what else came in at the target may still be on its way home
  it('never gives it up by itself once a step that hands over was begun, though that step is undone', async () => {
    const night = aNight({ behaviours: { 'b.start': { failures: 9 }, 'b.prepare': { undoFailures: 9 } } })
    expect(await night.carryOut()).toBe('rollback-failed')
    expect(undone(night, 'a.promote')?.how).toBe('applied')
    expect(undone(night, 'b.prepare')?.status).toBe('failed')
    expect(night.run.siteGivenUp).toBeUndefined()
  })
})

it.each([
  ['is refused: it would open the source without what users wrote', {}, 'live', false],
  ['counts once the target was given up', { siteGivenUp: true }, 'live', true],
  ['counts in a rehearsal', {}, 'rehearsal', true],
] as const)(
  'a skip of the undo of what hands over %s',
  async (_, { siteGivenUp = false }: { siteGivenUp?: boolean }, mode, counts) => {
    const night = aNight({ behaviours: { 'b.start': { failures: 9 }, 'a.promote': { undoFailures: 9 } } })
    expect(await night.carryOut()).toBe('rollback-failed')
    const given = {
      side: 'target' as const,
      silent: [],
      loses: [],
      by: [],
      at: '',
      why: { key: 'test.cannot' as const },
    }
    const run = { ...night.run, mode, ...(siteGivenUp && { siteGivenUp: given }) }
    const order = { do: 'skip', step: 'a.promote', reason: 'late' } as const
    const judging = { plan: night.plan, runbook: night.runbook, run }
    const judged = judgeOrder(judging, order, 'ana')
    expect(judged).toMatchObject(counts ? { accepted: true } : { why: { key: 'run.order.skipLoses' } })
    expect(judgeOrder(judging, { ...order, do: 'done' }, 'ana').accepted).toBe(true)
  },
)

describe('a rollback that people order without the target', () => {
  it('is refused when the target answers by then', async () => {
    const night = aNight({ silent: [], people: [{ when: () => true, order: without() }] })
    await night.carryOut()
    expect(refusals(night)).toContain('run.order.siteAnswers')
    expect(night.run.siteGivenUp).toBeUndefined()
  })

  const behaviours = { 'b.start': { failures: 9, undoFailures: 9 } }
  const isUndoing: Person['when'] = run => (undone({ run } as Night, 'b.start')?.failures ?? 0) > 0

  it('leaves what is only there, undoes the rest, and keeps who signed and what is lost', async () => {
    const person = { when: isUndoing, order: without() }
    const night = aNight({ behaviours, people: [person] })
    expect(await night.carryOut()).toBe('rolled-back')
    expect(night.run.siteGivenUp).toMatchObject({
      ...{ by: ['person', 'Bea'], isolated: 'both feeds are off', loses: signed.loses },
      why: { key: 'run.why.ordered', values: { by: 'person', reason: 'fire' } },
    })
    expect(undone(night, 'b.start')).toMatchObject({ how: 'site-given-up', failures: 0 })
    expect(undone(night, 'a.promote')?.how).toBe('applied')
    expect(undone(night, 'a.stop')?.how).toBe('applied')
  })

  it('goes on after a rollback that had failed', async () => {
    const night = aNight({ behaviours })
    expect(await night.carryOut()).toBe('rollback-failed')
    night.people.push({ when: () => true, order: without() })
    expect(await night.resume()).toBe('rolled-back')
    expect(undone(night, 'b.start')?.how).toBe('site-given-up')
  })

  it('ends an undo that hangs at the dead site', async () => {
    const night = aNight({ behaviours: { 'b.start': { failures: 9, undoHangs: true } } })
    night.people.push({
      when: run => undone({ run } as Night, 'b.start')?.status === 'running',
      order: without(),
    })
    expect(await night.carryOut()).toBe('rolled-back')
    expect(undone(night, 'b.start')).toMatchObject({ how: 'site-given-up', failures: 0 })
  })

  it.each([
    ['the same person twice', { and: ' Person ' }, 'run.order.secondPerson'],
    ['nobody second', { and: '' }, 'run.order.secondPerson'],
    ['no word on how it is isolated', { isolated: ' ' }, 'run.order.isolationUnsaid'],
    ['the source', { side: 'source' as const }, 'run.order.notWithoutSource'],
  ])('is refused: %s', async (_what, change, key) => {
    const night = aNight({ behaviours, people: [{ when: isUndoing, order: without(change) }] })
    expect(await night.carryOut()).toBe('rollback-failed')
    const refused = night.journal.kept.find(({ event }) => event.type === 'order.refused')?.event
    expect(refused).toMatchObject({ why: { key } })
  })
})

describe('the io of a run that does without a site', () => {
  const answers = new Proxy({} as ChangeIo, { get: (_, name) => async () => String(name) })
  const plan = { ...aPlan([]), sites }
  const io = withoutSite(
    { ...answers, read: answers.read, http: answers.http, dns: answers.dns },
    plan,
    'target',
  )

  it('refuses its hosts at once, by name and by address', async () => {
    const refused = { text: { key: 'run.siteGivenUp' } }
    await expect(io.read('new-db', ['true'])).rejects.toMatchObject(refused)
    await expect(io.http({ method: 'GET', url: 'http://10.1.0.2/' })).rejects.toMatchObject(refused)
    await expect(io.dns({ address: '10.1.0.1', port: 53 }, 'a.', 'A')).rejects.toMatchObject(refused)
    const at = { driver: 'postgres', host: '10.1.0.1', port: 5432 }
    await expect(io.query(at, 'select 1')).rejects.toMatchObject(refused)
  })

  it('asks the others', async () => {
    expect(await io.read('old-db', ['true'])).toBe('read')
    const elsewhere = { address: '10.0.0.1', port: 443 }
    expect(await io.http({ method: 'GET', url: 'http://10.1.0.2/', connectTo: elsewhere })).toBe('http')
  })
})
