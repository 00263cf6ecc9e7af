import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { kind } from '../../src/kinds/service/index.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { StepContext } from '../../src/model/kind.ts'
import type { Plan } from '../../src/model/plan.ts'
import type { RunMode } from '../../src/model/step.ts'
import { freePort } from '../helpers/free-port.ts'
import { killing } from '../helpers/judged-io.ts'
import { plainComponent } from '../helpers/plain-service-world.ts'
import { openRunitSites, type RunitSites, services } from '../helpers/runit-sites.ts'
import { failureOf } from '../helpers/service-requests.ts'
import { plan as paper } from '../helpers/service-world.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'
import { until } from '../helpers/until.ts'

const [source, target] = ['montpellier', 'toulouse'] as const
const addresses = { [source]: '127.0.0.11', [target]: '127.0.0.12' }
const hosts = (ssh: typeof source | typeof target) => ({
  own: { ssh, address: addresses[ssh], become: 'runuser' as const },
})
const plan = {
  ...paper,
  sites: {
    source: { ...paper.sites.source, hosts: hosts(source) },
    target: { ...paper.sites.target, hosts: hosts(target) },
  },
} as Plan

/** Opens its port, has a file while it works, and ends when it is told to, unless it is stubborn. */
const worker = (address: string, port: number) => `#!/bin/sh
exec perl -MIO::Socket::INET -e '
  my $door = IO::Socket::INET->new(LocalAddr => "${address}", LocalPort => ${port}, Listen => 5, ReuseAddr => 1) or die;
  $SIG{TERM} = sub { return if -e "stubborn"; unlink "alive"; exit 0 };
  open(my $alive, ">", "alive"); close($alive);
  while (1) { my $guest = $door->accept }'
`
/** What starts the worker again, whoever has stopped it. */
const timer = '#!/bin/sh\nwhile :; do sv up ../worker; sleep 0.2; done\n'
const anHour = 3600

describe('a worker without HTTP, supervised by runit at both sites', () => {
  let sites: RunitSites
  let port: number
  let results: Record<string, JsonObject> = {}

  beforeAll(async () => {
    port = await freePort()
    const unitsAt = (site: typeof source | typeof target, down: boolean) => ({
      worker: { run: worker(addresses[site], port), down },
      timer: { run: timer, down },
    })
    sites = await openRunitSites(temporaryFolder('runit'), {
      [source]: unitsAt(source, false),
      [target]: unitsAt(target, true),
    })
    await until(() => sites.isThere(source, 'worker/alive'))
  })
  afterAll(async () => {
    await sites?.close()
  })
  beforeEach(() => {
    results = {}
  })

  const own = (changes: JsonObject = {}) =>
    plainComponent({
      source: { host: 'own' },
      target: { host: 'own' },
      manager: { runit: `${services}/worker` },
      alsoStop: [`${services}/timer`],
      health: { command: ['test', '-e', `${services}/worker/alive`] },
      startSeconds: 20,
      stopSeconds: 10,
      ...changes,
    })
  const about = (mode: RunMode = 'live') => ({ plan, mode, facts: {} })
  function stepOf(name: string, changes: JsonObject = {}, mode: RunMode = 'live') {
    const component = own(changes)
    const planned = kind.plan(component, {}, about(mode)).find(step => step.name === name)
    const action = kind.actions[planned?.action ?? '']
    if (!planned || !action) throw new Error(`no step ${name}`)
    const step = { ...planned, id: `worker.${name}`, component: 'worker', kind: 'service', owner: '' }
    const context = (): StepContext => ({ step, component, fencingNumber: 1, results, ...about(mode) })
    return {
      isDone: async () => (await action.isDone(context(), sites.io)) !== false,
      async apply(io = sites.io) {
        const result = await action.apply(context(), io)
        if (result !== undefined) results[step.id] = result
      },
      undo: async (io = sites.io) => void (await action.undo?.(context(), io)),
    }
  }
  const figure = async (name: string, changes: JsonObject) =>
    (await kind.measures[name]?.measure(own(changes), { ...about(), results: {} }, sites.io))?.value
  const status = (host: string, unit: string) =>
    sites.type(host, `sv status ${services}/${unit}`).stdout.split(':')[0]
  /** How both hosts are, as people and a reboot would find them. */
  const whole = () =>
    [source, target].map(host =>
      ['worker', 'timer'].map(unit => [
        ...[status(host, unit), sites.isThere(host, `${unit}/run`), sites.isThere(host, `${unit}/down`)],
        sites.isThere(host, `${unit}/run.blocked-by-bascule`),
      ]),
    )
  const atFirst = [
    [
      ['run', true, false, false],
      ['run', true, false, false],
    ],
    [
      ['down', true, true, false],
      ['down', true, true, false],
    ],
  ]

  it.each<[string, () => JsonObject]>([
    ['a command', () => ({})],
    ['a port', () => ({ health: { port } })],
    ['the manager', () => ({ health: 'unit' })],
  ])('is healthy, or not, by %s', async (_by, changes) => {
    expect(await figure('unhealthyAtSource', changes())).toBe(0)
    expect(await figure('unhealthy', changes())).toBe(1)
    const facts = await kind.audit(own(changes()), about(), sites.io)
    const found = kind.findings(own(changes()), facts, about())
    expect(found.map(({ id }) => id)).toEqual(['worker.source-healthy'])
  })

  it('is stopped, cannot be started there by anything, starts at the target, and comes home', async () => {
    const night = ['note-units', 'stop', 'start'].map(name => stepOf(name))
    for (const step of night) await step.apply()
    expect(status(target, 'worker')).toBe('run')
    expect(status(target, 'timer')).toBe('run')

    const [, stop, start] = night
    expect(await stop?.isDone()).toBe(true)
    expect(await start?.isDone()).toBe(true)
    sites.type(source, `sv up ${services}/worker; sv -w 2 start ${services}/timer`)
    expect(sites.isThere(source, 'worker/alive')).toBe(false)
    expect(await figure('unhealthyAtSource', { health: { port } })).toBe(1)
    await stop?.apply()
    await sites.reboot(source)
    expect(await stop?.isDone()).toBe(true)
    expect(status(source, 'worker')).toBe('down')

    for (const step of night.toReversed()) await step.undo()
    expect(whole()).toEqual(atFirst)
  })

  it('leaves the source alone in a rehearsal', async () => {
    const lives = () =>
      ['worker', 'timer'].map(unit => sites.type(source, `cat ${services}/${unit}/supervise/pid`).stdout)
    const before = lives()
    const steps = ['note-units', 'start'].map(name => stepOf(name, {}, 'rehearsal'))
    for (const step of steps) await step.apply()
    expect(status(target, 'worker')).toBe('run')
    for (const step of steps.toReversed()) await step.undo()
    expect(lives()).toEqual(before)
    expect(whole()).toEqual(atFirst)
  })

  it.each([1, 3, 5, 8])(
    'goes on, and goes back to what was, when it is killed after call %i of a step',
    async call => {
      await stepOf('note-units').apply()
      const [stop, start] = [stepOf('stop'), stepOf('start')]
      for (const step of [stop, start]) {
        await step.apply(killing(sites.io, call).io).catch(() => undefined)
        await step.apply()
        expect(await step.isDone()).toBe(true)
      }
      for (const step of [start, stop]) {
        await step.undo(killing(sites.io, call).io).catch(() => undefined)
        await step.undo()
      }
      expect(whole()).toEqual(atFirst)
      await stop.apply(killing(sites.io, call).io).catch(() => undefined)
      await stop.undo()
      expect(whole()).toEqual(atFirst)
    },
  )

  it('is not killed when it does not stop: what runs is named, and the command given ends it', async () => {
    const changes = { health: { port }, stopSeconds: 1 }
    await stepOf('note-units', changes).apply()
    const stop = stepOf('stop', changes)
    sites.write(source, 'worker/stubborn')
    try {
      const failure = await failureOf(stop.apply())
      expect(failure.text).toMatchObject({
        key: 'service.stop.unitsStillRunning',
        values: { units: `${services}/worker`, processes: expect.stringMatching(/^\d+ perl /) },
      })
      expect(await figure('unhealthyAtSource', changes)).toBe(0)
      expect(sites.type(source, String(failure.remedy?.values?.kill)).exitCode).toBe(0)
      await stop.apply()
      expect(await stop.isDone()).toBe(true)
    } finally {
      sites.remove(source, 'worker/stubborn')
      await stop.undo()
    }
    expect(whole()).toEqual(atFirst)
  })

  it('is down again at the target, with its log read, when it does not become healthy there', async () => {
    const changes = { health: { command: ['sleep', String(anHour)], timeoutSeconds: 1 }, startSeconds: 2 }
    await stepOf('note-units', changes).apply()
    const start = stepOf('start', changes)
    const failure = await failureOf(start.apply())
    expect(failure.text).toMatchObject({ key: 'service.start.failed', values: { answer: 'exit 124' } })
    expect([status(target, 'worker'), status(target, 'timer')]).toEqual(['down', 'down'])
    await start.undo()
    expect(whole()).toEqual(atFirst)
  })
})
