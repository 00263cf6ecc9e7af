import { beforeEach, describe, expect, it } from 'vitest'
import { kind } from '../../src/kinds/service/index.ts'
import { Failure } from '../../src/model/failure.ts'
import type { StepContext } from '../../src/model/kind.ts'
import { ServiceHosts } from '../doubles/service-hosts.ts'
import { component, contextOf, plan } from '../helpers/service-world.ts'

let world: ServiceHosts
beforeEach(() => {
  world = new ServiceHosts()
  world.running.add('montpellier-auth')
  world.disabled.add('toulouse-auth')
})
const actionOf = ({ step }: StepContext) => {
  const action = kind.actions[step.action]
  if (!action) throw new Error(`no action ${step.action}`)
  return action
}
const apply = (context: StepContext) => actionOf(context).apply(context, world.io)
const undo = async (context: StepContext) => actionOf(context).undo?.(context, world.io)
const isDone = (context: StepContext) => actionOf(context).isDone(context, world.io)
const failureOf = async (work: Promise<unknown>): Promise<Failure> => {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(Failure)
  return thrown as Failure
}

describe('the plan of a service', () => {
  it('closes both edges, stops, starts, reopens; a rehearsal stays at the target', () => {
    const steps = (mode: 'preparation' | 'rehearsal' | 'live') =>
      kind
        .plan(component(), {}, { plan, mode, facts: {} })
        .map(({ name, stage, touches, trigger, attempts }) => [name, stage, touches, trigger, attempts])
    expect(steps('preparation')).toEqual([])
    expect(steps('rehearsal')).toEqual([
      ['maintenance-on-target', 'announce', ['target'], 'failure', 3],
      ['start', 'start', ['target'], 'R2', 3],
    ])
    expect(steps('live')).toEqual([
      ['maintenance-on', 'announce', ['target', 'source'], 'failure', 3],
      ['stop', 'quiesce', ['source'], 'failure', 2],
      ['start', 'start', ['target'], 'R2', 3],
      ['maintenance-off', 'restore-service', ['target'], 'failure', 3],
    ])
  })

  it('has an undo and a way by hand for every step, and a sentence for each in both languages', () => {
    for (const step of kind.plan(component(), {}, { plan, mode: 'live', facts: {} })) {
      const { undo: undone, title } = step
      const keys = [title.key, undone.possible ? undone.byHand.key : '']
      for (const key of keys)
        for (const language of ['en', 'fr'] as const) expect(kind.messages[language]).toHaveProperty([key])
      expect(kind.actions[step.action]?.undo).toBeTypeOf('function')
      expect(step.deadlineSeconds).toBeGreaterThan(step.expectedSeconds)
    }
  })

  it('gives an attempt time for its start, its stop and what is around them', () => {
    const [, , start] = kind.plan(
      component({ startSeconds: 100, stopSeconds: 20 }),
      {},
      { plan, mode: 'live', facts: {} },
    )
    expect(start?.deadlineSeconds).toBe(150)
  })
})

describe('the maintenance page', () => {
  it('goes on at the target first, then at the source', async () => {
    await apply(contextOf('live', 'maintenance-on'))
    expect(world.calls).toEqual([
      'toulouse-gateway: write /etc/estate/maintenance/auth',
      'montpellier-gateway: write /etc/estate/maintenance/auth',
    ])
    expect(await isDone(contextOf('live', 'maintenance-on'))).toBe(true)
  })

  it('touches the source not at all in a rehearsal, undone or not', async () => {
    const context = contextOf('rehearsal', 'maintenance-on-target')
    await apply(context)
    await undo(context)
    expect(world.calls.filter(call => call.startsWith('montpellier'))).toEqual([])
    expect(world.flags).toContain('toulouse-gateway:/etc/estate/maintenance/auth')
  })

  it('fails when the edge shows something else, and says what', async () => {
    world.deafEdges.add('montpellier-gateway')
    const failure = await failureOf(apply(contextOf('live', 'maintenance-on')))
    expect(failure.text).toMatchObject({
      key: 'service.maintenance.notShown',
      values: { site: 'Montpellier', edge: '10.80.1.1:80', answer: '200', expected: 503 },
    })
    expect(failure.remedy?.values).toMatchObject({ host: 'montpellier-gateway' })
  })

  it('is not lifted until the service answers behind it', async () => {
    world.flags.add('toulouse-gateway:/etc/estate/maintenance/auth')
    const failure = await failureOf(apply(contextOf('live', 'maintenance-off')))
    expect(failure.text).toMatchObject({ key: 'service.maintenance.notLifted', values: { answer: '502' } })
  })

  it('is asked at the edge the plan gives, when it gives one', async () => {
    const asked: unknown[] = []
    world.answer = ({ connectTo }) => {
      asked.push(connectTo)
      return { status: 503 }
    }
    const edge = { source: { address: '203.0.113.11', port: 8443 }, target: { address: '203.0.113.12' } }
    const maintenance = { host: 'gateway', file: '/flag', edge }
    await apply(contextOf('live', 'maintenance-on', { maintenance, publicUrl: 'https://auth.techcorp.test' }))
    expect(asked).toEqual([
      { address: '203.0.113.12', port: 443 },
      { address: '203.0.113.11', port: 8443 },
    ])
  })
})

describe('stop and start', () => {
  it('disables before it stops: a crash of the host in between leaves it down', async () => {
    await apply(contextOf('live', 'stop'))
    expect(world.calls).toEqual([
      'montpellier-auth: touch -- /etc/service/auth/down',
      'montpellier-auth: sv -w 30 stop /etc/service/auth',
    ])
    expect(await isDone(contextOf('live', 'stop'))).toBe(true)
  })

  it('is not done while a reboot would bring the service back', async () => {
    world.running.delete('montpellier-auth')
    expect(await isDone(contextOf('live', 'stop'))).toBe(false)
  })

  it('never kills a service that does not stop', async () => {
    world.stubborn.add('montpellier-auth')
    const failure = await failureOf(apply(contextOf('live', 'stop')))
    expect(failure.text.key).toBe('service.stop.stillRunning')
    expect(world.calls.join()).not.toMatch(/kill|force/)
  })

  it('shows the log of a service that does not start, and stops it', async () => {
    world.broken['toulouse-auth'] = 1
    const failure = await failureOf(apply(contextOf('live', 'start')))
    expect(failure.text).toMatchObject({
      key: 'service.start.failed',
      values: { answer: 'connect ECONNREFUSED', log: 'cannot open the database', seconds: 60 },
    })
    expect(failure.remedy?.values?.command).toBe('tail -n 20 -- /var/log/auth/current')
    expect(world.calls.at(-1)).toBe('toulouse-auth: sv -w 30 stop /etc/service/auth')
    expect(await apply(contextOf('live', 'start'))).toEqual({ startSeconds: 0 })
  })

  it('brings the source back as often as a start is tried, and not once more', async () => {
    const context = contextOf('live', 'stop')
    await apply(context)
    world.broken['montpellier-auth'] = 2
    await undo(context)
    expect(world.running).toContain('montpellier-auth')
    expect(world.disabled).not.toContain('montpellier-auth')

    await apply(context)
    world.calls.length = 0
    world.broken['montpellier-auth'] = 9
    await failureOf(undo(context))
    expect(world.calls.filter(call => call.includes('sv up'))).toHaveLength(3)
  })

  it('leaves a source alone that was never stopped', async () => {
    await undo(contextOf('live', 'stop'))
    expect(world.calls).toEqual([])
  })
})
