import { beforeEach, describe, expect, it } from 'vitest'
import { kind } from '../../src/kinds/service/index.ts'
import { serviceSpec } from '../../src/kinds/service/spec.ts'
import type { Facts } from '../../src/model/fact.ts'
import { Failure } from '../../src/model/failure.ts'
import type { Json } from '../../src/model/json.ts'
import { ServiceHosts } from '../doubles/service-hosts.ts'
import { component, contextOf, plan, specWith } from '../helpers/service-world.ts'

/** On its machine: no host is named, no manager. */
const onItsMachine = {
  manager: 'none',
  source: { url: 'http://10.80.1.30:8080' },
  target: { url: 'http://10.80.2.30:8080' },
}
const own = () => component(onItsMachine)
const start = () => contextOf('live', 'await-healthy', onItsMachine)

let world: ServiceHosts
beforeEach(() => {
  world = new ServiceHosts()
})

describe('a service that lives and dies with its machine', () => {
  it('needs no host; one with a manager does', () => {
    expect(own().spec).toMatchObject({ manager: 'none', source: { url: 'http://10.80.1.30:8080' } })
    const { error } = serviceSpec.safeParse(specWith({ ...onItsMachine, manager: { runit: 'auth' } }))
    expect(error?.issues.map(({ path, message }) => [path.join('.'), message])).toEqual([
      ['source.host', 'service.spec.host'],
      ['target.host', 'service.spec.host'],
    ])
  })

  it('is not stopped by itself, and its start only waits; R2 after the plan’s attempts', () => {
    const steps = (mode: 'rehearsal' | 'live') =>
      kind
        .plan(own(), {}, { plan, mode, facts: {} })
        .map(({ name, action, stage, trigger, attempts }) => [name, action, stage, trigger, attempts])
    expect(steps('rehearsal')).toEqual([
      ['maintenance-on-target', 'maintenance-on-target', 'announce', 'failure', 3],
      ['await-healthy', 'await-healthy', 'start', 'R2', 3],
    ])
    expect(steps('live')).toEqual([
      ['maintenance-on', 'maintenance-on', 'announce', 'failure', 3],
      ['await-healthy', 'await-healthy', 'start', 'R2', 3],
      ['maintenance-off', 'maintenance-off', 'restore-service', 'failure', 3],
    ])
  })

  it('has a sentence in both languages for every step and for its undo', () => {
    for (const { title, undo } of kind.plan(own(), {}, { plan, mode: 'live', facts: {} })) {
      if (!undo.possible) throw new Error('every step of a service can be undone')
      for (const language of ['en', 'fr'] as const) {
        expect(kind.messages[language]).toHaveProperty([title.key])
        expect(kind.messages[language]).toHaveProperty([undo.byHand.key])
      }
    }
  })

  it('is done as soon as it answers healthy, and changes nothing for that', async () => {
    const { step } = start()
    const action = kind.actions[step.action]
    expect(await action?.isDone(start(), world.io)).toBe(false)
    let asked = 0
    world.answer = () => {
      asked += 1
      if (asked === 3) world.running.add('toulouse-auth')
      return undefined
    }
    const result = await action?.apply(start(), world.io)
    expect(result?.startSeconds).toBeGreaterThan(0)
    expect(await action?.isDone(start(), world.io)).toBe(true)
    await action?.undo?.(start(), world.io)
    expect(world.calls).toEqual([])
    expect(world.running).toContain('toulouse-auth')
  })

  it('says what it answered when its machine did not bring it up', async () => {
    const failed = await kind.actions['await-healthy']
      ?.apply(start(), world.io)
      .catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(Failure)
    expect((failed as Failure).text).toMatchObject({
      key: 'service.await-healthy.failed',
      values: { site: 'Toulouse', seconds: 60, answer: 'connect ECONNREFUSED' },
    })
    expect(world.seconds).toBeGreaterThanOrEqual(60)
  })

  it('keeps the maintenance page at the source until its machine has brought it up again there', async () => {
    const context = contextOf('live', 'maintenance-on', onItsMachine)
    const { undo } = kind.actions['maintenance-on'] ?? {}
    await kind.actions['maintenance-on']?.apply(context, world.io)
    world.answer = () => {
      // slower than a page is taken off, and well within startSeconds
      if (world.seconds > 50) world.running.add('montpellier-auth')
      return undefined
    }
    let pageLeftAtSeconds: number | undefined
    const { change } = world.io
    const io: typeof world.io = {
      ...world.io,
      change: (host, argv, options) => {
        pageLeftAtSeconds = world.seconds
        return change(host, argv, options)
      },
    }
    await undo?.(context, io)
    expect(pageLeftAtSeconds).toBeGreaterThan(50)
    expect(context.step.undo).toMatchObject({ deadlineSeconds: 120 })
  })

  it('is never asked of a manager, at the audit either', async () => {
    world.running.add('montpellier-auth')
    const facts = await kind.audit(own(), { plan, mode: 'live', facts: {} }, world.io)
    expect(Object.keys(facts).filter(name => /installed|running|enabled/.test(name))).toEqual([])
    expect(facts['source.healthStatus']?.value).toBe(200)
    expect(kind.findings(own(), facts, { plan, mode: 'live', facts: {} }).map(({ id }) => id)).toEqual([
      'auth.source-healthy',
    ])
  })

  it.each([
    [{ 'source.healthStatus': 500 }, 'source-unhealthy', 'block'],
    [{ 'target.healthStatus': 200 }, 'target-running', 'warn'],
  ])('of %o: %s, %s, with a remedy that names its machine', (changes, id, level) => {
    const values: Record<string, Json> = {
      'source.healthStatus': 200,
      'source.healthMilliseconds': 4,
      'source.edgeStatus': 200,
      'source.maintenanceDirectory': true,
      'source.maintenanceOn': false,
      'target.healthStatus': 0,
      'target.edgeStatus': 503,
      'target.maintenanceDirectory': true,
      ...changes,
    }
    const facts: Facts = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, { value, unit: '', at: '' }]),
    )
    const found = kind.findings(own(), facts, { plan, mode: 'live', facts: {} })
    expect(found.filter(one => one.level !== 'ok')).toMatchObject([
      { id: `auth.${id}`, level, remedy: { key: `service.finding.${id}.remedy.inVm` } },
    ])
    for (const language of ['en', 'fr'] as const)
      expect(kind.messages[language]).toHaveProperty([`service.finding.${id}.remedy.inVm`])
  })
})
