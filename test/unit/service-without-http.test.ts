import { beforeEach, describe, expect, it } from 'vitest'
import { kind } from '../../src/kinds/service/index.ts'
import { serviceSpec } from '../../src/kinds/service/spec.ts'
import { Failure } from '../../src/model/failure.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { StepContext } from '../../src/model/kind.ts'
import { rolesOf } from '../../src/model/roles.ts'
import type { RunMode } from '../../src/model/step.ts'
import { PlainServiceHosts } from '../doubles/plain-service-hosts.ts'
import { plainComponent, plainSpecWith } from '../helpers/plain-service-world.ts'
import { component, plan, specWith } from '../helpers/service-world.ts'

const [source, target] = ['montpellier-auth', 'toulouse-auth'] as const
let world: PlainServiceHosts
let results: Record<string, JsonObject>
beforeEach(() => {
  world = new PlainServiceHosts()
  results = {}
})

const about = (mode: RunMode = 'live') => ({ plan, mode, facts: {} })
function contextOf(name: string, changes: JsonObject = {}, mode: RunMode = 'live'): StepContext {
  const own = plainComponent(changes)
  const planned = kind.plan(own, {}, about(mode)).find(step => step.name === name)
  if (planned === undefined) throw new Error(`no step ${name}`)
  const step = { ...planned, id: `worker.${name}`, component: 'worker', kind: 'service', owner: '' }
  return { step, component: own, fencingNumber: 1, results, ...about(mode) }
}
const actionOf = ({ step }: StepContext) => {
  const action = kind.actions[step.action]
  if (action === undefined) throw new Error(`no action ${step.action}`)
  return action
}
async function apply(context: StepContext) {
  const result = await actionOf(context).apply(context, world.io)
  if (result !== undefined) results[context.step.id] = result
  return result
}
const undo = async (context: StepContext) => actionOf(context).undo?.(context, world.io)
const isDone = (context: StepContext) => actionOf(context).isDone(context, world.io)
async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const thrown = await work.catch((error: unknown) => error)
  expect(thrown).toBeInstanceOf(Failure)
  return thrown as Failure
}
const problems = (spec: JsonObject) =>
  serviceSpec.safeParse(spec).error?.issues.map(({ path, message }) => [path.join('.'), message]) ?? []

describe('the plan of a service without HTTP', () => {
  it.each([
    ['a url', { source: { host: 'auth', url: 'http://10.80.1.30' } }, 'source.url', 'onlyWithHttp'],
    ['a public URL', { publicUrl: 'http://a.test' }, 'publicUrl', 'onlyWithHttp'],
    ['a page', { maintenance: { host: 'gateway', file: '/a' } }, 'maintenance', 'onlyWithHttp'],
    ['probes', { probes: [{ name: 'x', path: '/' }] }, 'probes', 'onlyWithHttp'],
    ['secrets for probes', { secrets: { word: 'env:WORD' } }, 'secrets', 'onlyWithHttp'],
    ['a load', { load: { path: '/' } }, 'load', 'onlyWithHttp'],
    ['no host', { source: {} }, 'source.host', 'ownHost'],
    ['its own unit among the others', { alsoStop: ['worker.service'] }, 'alsoStop', 'unitTwice'],
    ['a unit twice', { alsoStop: ['a', 'a'] }, 'alsoStop', 'unitTwice'],
    ['units without a manager', { manager: 'none' }, 'alsoStop', 'alsoStopNeedsManager'],
    ['a manager that is none', { manager: 'none', health: 'unit' }, 'health', 'unitNeedsManager'],
    ['an option for an address', { health: { port: 25, address: '-x' } }, 'health', 'address'],
  ])('refuses %s', (_what, changes, path, rule) => {
    const found = JSON.stringify(problems(plainSpecWith(changes as JsonObject)))
    expect(found).toContain(path)
    expect(kind.messages.en).toHaveProperty([`service.spec.${rule}`])
    expect(kind.messages.fr).toHaveProperty([`service.spec.${rule}`])
    if (path !== 'health' || rule !== 'address') expect(found).toContain(`service.spec.${rule}`)
  })

  it.each([
    ['publicUrl', 'service.spec.url'],
    ['maintenance', 'service.spec.maintenance'],
  ])('asks %s of one with an HTTP health request, as before', (field, message) => {
    const { [field]: _, ...without } = specWith()
    expect(problems(without)).toContainEqual([field, message])
  })

  it.each([
    { health: 'unit' },
    { health: { port: 445 } },
    { health: { command: ['smbclient', '-L', 'localhost'], timeoutSeconds: 3 } },
    { health: { command: ['true'] }, manager: 'none', alsoStop: undefined },
  ])('takes %o', changes => {
    expect(problems(plainSpecWith(changes as unknown as JsonObject))).toEqual([])
  })

  it('notes, stops and starts, without page, and leaves the source alone in a rehearsal', () => {
    const steps = (mode: RunMode) =>
      kind
        .plan(plainComponent(), {}, about(mode))
        .map(({ name, action, stage, touches, after }) => [name, action, stage, touches, after])
    expect(steps('live')).toEqual([
      ['note-units', 'note-units', 'quiesce', [], []],
      ['stop', 'stop-and-block', 'quiesce', ['source'], ['note-units']],
      ['start', 'start-units', 'start', ['target'], ['note-units']],
    ])
    expect(steps('rehearsal')).toEqual([
      ['note-units', 'note-units', 'quiesce', [], []],
      ['start', 'start-units', 'start', ['target'], ['note-units']],
    ])
    expect([...steps('preparation'), ...steps('close')]).toEqual([])
  })

  it('blocks the units of a service with HTTP too, when it names some', () => {
    const steps = kind.plan(component({ alsoStop: ['auth-jobs'] }), {}, about())
    expect(steps.map(({ action }) => action)).toEqual([
      ...['maintenance-on', 'note-units', 'stop-and-block', 'start-units', 'maintenance-off'],
    ])
    expect(steps.at(-1)?.after).toEqual(['start'])
  })

  it('is nothing that probes may ask', () => {
    const components = { auth: component(), worker: plainComponent() }
    const roles = rolesOf({ ...plan, components }, { service: kind }, {})
    expect(roles('probed').map(one => one.component)).toEqual(['auth'])
  })
})

describe('stop and block', () => {
  it('blocks all before it stops any, what starts the service first', async () => {
    await apply(contextOf('note-units'))
    expect(results['worker.note-units']).toMatchObject({
      healthy: true,
      source: { 'worker.timer': { running: true, enabled: true, blocked: false } },
      target: { 'worker.service': { running: false, enabled: false, blocked: false } },
    })
    await apply(contextOf('stop'))
    expect(world.calls.map(call => call.replace(/^montpellier-auth: /, ''))).toEqual([
      'install -D -m 0644 -- /dev/stdin /etc/systemd/system/worker.timer.d/zz-blocked-by-bascule.conf',
      'systemctl daemon-reload',
      'install -D -m 0644 -- /dev/stdin /etc/systemd/system/worker.service.d/zz-blocked-by-bascule.conf',
      'systemctl daemon-reload',
      'timeout --kill-after=2 40 systemctl stop -- worker.timer',
      'timeout --kill-after=2 40 systemctl stop -- worker.service',
    ])
    expect(world.start(source, 'worker.service')).toBe(false)
    expect(await isDone(contextOf('stop'))).toBe(true)
  })

  it('puts down what was started in spite of it', async () => {
    await apply(contextOf('note-units'))
    await apply(contextOf('stop'))
    world.at(source, 'worker.service').running = true
    expect(await isDone(contextOf('stop'))).toBe(false)
    await apply(contextOf('stop'))
    expect(await isDone(contextOf('stop'))).toBe(true)
  })

  it('is undone to what was: a unit that was down or disabled stays so', async () => {
    Object.assign(world.at(source, 'worker.timer'), { enabled: false, running: false })
    const was = structuredClone(world.state())
    await apply(contextOf('note-units'))
    await apply(contextOf('stop'))
    await undo(contextOf('stop'))
    expect(world.state()).toEqual(was)
  })

  it('starts the source as often as the plan says, and takes it down when it will not come up', async () => {
    await apply(contextOf('note-units'))
    await apply(contextOf('stop'))
    world.broken[source] = 99
    const failure = await failureOf(undo(contextOf('stop')))
    expect(failure.text.key).toBe('service.start.failed')
    expect(world.calls.filter(call => call.includes('start --no-block -- worker.service'))).toHaveLength(3)
  })

  it('names what still runs after the time, kills nothing, and says what to type', async () => {
    world.stubborn.add(`${source} worker.service`)
    const failure = await failureOf(apply(contextOf('stop')))
    expect(failure.text).toMatchObject({
      key: 'service.stop.unitsStillRunning',
      values: { units: 'worker.service', seconds: 30, processes: '├─ 4711 /usr/bin/worker' },
    })
    expect(failure.remedy?.values).toMatchObject({
      host: source,
      kill: 'systemctl kill -s KILL -- worker.service',
      step: 'worker.stop',
    })
    expect(world.calls.join()).not.toMatch(/systemctl kill/)
    expect(world.start(source, 'worker.timer')).toBe(false)
  })

  it('believes no block that its manager does not show, and no stop while the health check succeeds', async () => {
    world.deaf.add(source)
    expect((await failureOf(apply(contextOf('stop')))).text.key).toBe('service.stop.notBlocked')
    world.deaf.clear()
    world.impostors.add(source)
    expect((await failureOf(apply(contextOf('stop')))).text.key).toBe('service.stop.stillHealthy')
  })
})

describe('start at the target', () => {
  it('leaves the units as they were at the source, healthy; its undo leaves them as they were there', async () => {
    world.at(source, 'worker.timer').enabled = false
    const was = world.state()
    await apply(contextOf('note-units'))
    expect(await apply(contextOf('start'))).toEqual({ startSeconds: 0 })
    expect(world.at(target, 'worker.service')).toMatchObject({ running: true, enabled: true })
    expect(world.at(target, 'worker.timer')).toMatchObject({ running: true, enabled: false })
    expect(await isDone(contextOf('start'))).toBe(true)
    await undo(contextOf('start'))
    expect(world.state()).toEqual(was)
  })

  it('does not call its undo done while something does its work there still', async () => {
    await apply(contextOf('note-units'))
    await apply(contextOf('start'))
    world.impostors.add(target)
    expect((await failureOf(undo(contextOf('start')))).text.key).toBe('service.stop.stillHealthy')
  })

  it('lifts what an earlier migration blocked there, and its undo blocks it again', async () => {
    for (const set of [world.written, world.loaded]) set.add(`${target} worker.service`)
    const was = structuredClone(world.state())
    await apply(contextOf('note-units'))
    await apply(contextOf('start'))
    expect(world.at(target, 'worker.service').running).toBe(true)
    await undo(contextOf('start'))
    expect(world.state()).toEqual(was)
  })

  it('shows the log of one that does not come up, and stops all of it', async () => {
    await apply(contextOf('note-units'))
    world.broken[target] = 99
    const failure = await failureOf(apply(contextOf('start')))
    expect(failure.text).toMatchObject({
      key: 'service.start.failed',
      values: { answer: 'exit 3: no worker', log: 'no such queue' },
    })
    expect(world.at(target, 'worker.timer').running).toBe(false)
  })

  it('does not call a unit healthy that is started again and again', async () => {
    await apply(contextOf('note-units', { health: 'unit' }))
    world.restless.add(`${target} worker.service`)
    const failure = await failureOf(apply(contextOf('start', { health: 'unit', startSeconds: 10 })))
    expect(failure.text.key).toBe('service.start.failed')
    world.restless.clear()
    await apply(contextOf('start', { health: 'unit' }))
    expect(await isDone(contextOf('start', { health: 'unit' }))).toBe(true)
  })
})

describe('what the audit finds of a service without HTTP', () => {
  const found = async (changes: JsonObject = {}) => {
    const own = plainComponent(changes)
    const facts = await kind.audit(own, about(), world.io)
    const all = kind.findings(own, facts, about())
    for (const { text, remedy } of all)
      for (const key of [text.key, ...(remedy ? [remedy.key] : [])])
        for (const language of ['en', 'fr'] as const) expect(kind.messages[language]).toHaveProperty([key])
    return all.map(({ id, level }) => `${level} ${id.replace('worker.', '')}`)
  }

  it('nothing but that it is well', async () => {
    expect(await found()).toEqual(['ok source-healthy'])
    expect(await found({ health: 'unit' })).toEqual(['ok source-healthy'])
  })

  it.each<[string, () => unknown, string[]]>([
    [
      'a source that is down',
      () => Object.assign(world.at(source, 'worker.service'), { running: false }),
      ['block source-unhealthy', 'warn source-stopped'],
    ],
    [
      'a unit that the source lacks',
      () => world.units.delete(`${source} worker.timer`),
      ['ok source-healthy', 'block units-missing'],
    ],
    [
      'units that the target lacks',
      () => {
        for (const name of world.units.keys()) if (name.startsWith(target)) world.units.delete(name)
      },
      ['ok source-healthy', 'block target-missing', 'block units-missing'],
    ],
    [
      'a target that runs already',
      () => Object.assign(world.at(target, 'worker.service'), { running: true, enabled: true }),
      ['ok source-healthy', 'warn target-running', 'warn target-enabled'],
    ],
    [
      'a timer that would start the target',
      () => Object.assign(world.at(target, 'worker.timer'), { enabled: true }),
      ['ok source-healthy', 'warn target-units-up'],
    ],
    [
      'a health check that succeeds at a target where nothing runs',
      () => world.impostors.add(target),
      ['ok source-healthy', 'block target-healthy'],
    ],
    [
      'a source that an earlier migration blocks',
      () => world.loaded.add(`${source} worker.service`),
      ['ok source-healthy', 'block source-blocked'],
    ],
  ])('%s', async (_what, arrange, expected) => {
    arrange()
    expect(await found()).toEqual(expected)
  })
})

describe('the measures of a service without HTTP', () => {
  const figure = async (name: string) => {
    const context = { ...about(), results: {}, roles: () => [] }
    return kind.measures[name]?.measure(plainComponent(), context as never, world.io)
  }

  it('asks its health by its own means', async () => {
    expect(await figure('unhealthyAtSource')).toMatchObject({ value: 0 })
    expect(await figure('unhealthy')).toMatchObject({
      value: 1,
      detail: [{ key: 'service.measured.seen', values: { said: 'exit 3: no worker' } }],
    })
  })

  it.each(['failedProbes', 'failedProbesAtSource', 'loadErrors', 'loadP95Milliseconds'])(
    'says of %s that it has no URL',
    async name => {
      expect(kind.measures[name]?.needsField).toBe('publicUrl')
      expect(await figure(name)).toMatchObject({
        unverified: true,
        detail: [{ key: 'service.measured.noUrl' }],
      })
    },
  )
})
