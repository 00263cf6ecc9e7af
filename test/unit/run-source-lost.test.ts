import { describe, expect, it } from 'vitest'
import { typedLine } from '../../src/cli/typed-line.ts'
import type { Order } from '../../src/model/event.ts'
import { Failure } from '../../src/model/failure.ts'
import type { SignedGivenUp } from '../../src/model/given-up.ts'
import type { Plan } from '../../src/model/plan.ts'
import type { Run } from '../../src/model/run.ts'
import type { Step } from '../../src/model/step.ts'
import type { Dispatch } from '../../src/run/ports.ts'
import { report } from '../../src/views/report.ts'
import { status } from '../../src/views/status.ts'
import { headLines } from '../../src/views/status-lines.ts'
import { waiting } from '../../src/views/waiting.ts'
import { Night, type Person, willing } from '../doubles/night.ts'
import { RecordingWorld } from '../doubles/recording-world.ts'
import { VirtualClock } from '../doubles/virtual-clock.ts'
import { pictureOf } from '../helpers/night-run-views.ts'
import { aCheck, aGate, aPlan, aRunbook, aStep } from '../helpers/small-runbook.ts'
import { strictFormatter } from '../helpers/strict-formatter.ts'

const both: Step['touches'] = ['source', 'target']
const steps = (): Step[] =>
  planned().map(step => ({ ...step, title: { key: 'test.step', values: { step: step.id } } }))
const planned = (): Step[] => [
  aStep('a.fence', ['go'], { touches: ['source'] }),
  aStep('a.stop-source', ['integrity'], { touches: both, stopsSource: true }),
  aStep('a.promote', ['a.stop-source'], { touches: both, trigger: 'R1' }),
  aStep('a.reverse', ['a.promote'], { touches: both, makesReturnPath: 'unmonitored' }),
  aStep('b.start', ['a.reverse'], { touches: ['target'] }),
  aStep('old.forward', ['reopen'], { touches: ['source'] }),
  aStep('b.open', ['old.forward'], { touches: ['target'] }),
]
const host = (ssh: string, address: string) => ({ ssh, address, become: 'runuser' as const })
const sites: Plan['sites'] = {
  source: {
    ...{ id: 's', title: 'Old' },
    hosts: { db: host('old-db', '10.0.0.1'), web: host('old-web', '10.0.0.2') },
  },
  target: { id: 't', title: 'New', hosts: { db: host('new-db', '10.1.0.1') } },
}
const signed: SignedGivenUp = {
  ...{ side: 'source', silent: [], loses: [], isolated: 'both feeds are off', and: 'Bea' },
}
const goOn = (change: Partial<SignedGivenUp> = {}): Order => ({
  do: 'go-on',
  reason: 'fire',
  without: { ...signed, ...change },
})

/** The source dies at the beginning of a step, and may come back at an instant. */
class DyingWorld extends RecordingWorld {
  diesAt = 'a.promote'
  isDead = false
  /** Milliseconds since the epoch. */
  comesBackAt = Infinity
  /** Of the source's hosts. */
  dead = ['old-db', 'old-web']
  readonly clock: VirtualClock
  constructor(clock: VirtualClock) {
    super(clock)
    this.clock = clock
  }
  get isSilent(): boolean {
    return this.isDead && this.clock.now().epochMilliseconds < this.comesBackAt
  }
  override dispatch(): Dispatch {
    const dispatch = super.dispatch()
    return {
      ...dispatch,
      silentHosts: async () => (this.isSilent ? this.dead : []),
      apply: async (context, work) => {
        const { id, touches = [] } = context.step
        if (id === this.diesAt) this.isDead = true
        if (this.isSilent && touches.includes('source') && context.without !== 'source')
          throw new Error(`${id} asks what is dead`)
        return dispatch.apply(context, work)
      },
      // the line is looked at from the source, too
      look: async (_component, _watch, context) => {
        if (context.without === 'source')
          throw new Failure({ key: 'run.siteGivenUp' }, { code: 'site-given-up' })
        return this.isSilent ? { there: false, why: { key: 'test.line' } } : { there: true }
      },
      measure: async (check, context, work) => {
        if (check.id === 'return-path' && context.without === 'source')
          throw new Error('wrapped', {
            cause: new Failure({ key: 'run.siteGivenUp' }, { code: 'site-given-up' }),
          })
        return dispatch.measure(check, context, work)
      },
    }
  }
}

function aNight(people: Person[] = [], minutes = 120): Night & { world: DyingWorld } {
  const clock = new VirtualClock()
  const runbook = aRunbook(steps(), [
    aGate('go', []),
    aGate('integrity', ['a.fence', 'go']),
    aGate('reopen', ['b.start', 'integrity'], { checks: ['check-reopen', 'return-path'].map(titled) }),
  ])
  const window = { start: '2026-12-12T22:00', lengthMinutes: minutes, rollbackReserveMinutes: 0 }
  const world = new DyingWorld(clock)
  return new Night(aPlan(steps(), { sites, window }), runbook, clock, world, [
    ...willing(runbook).map(person => ({ ...person, when: pastChecks(person) })),
    ...people,
  ]) as Night & { world: DyingWorld }
}

const titled = (check: string) => aCheck(check, { title: { key: 'test.check', values: { check } } })

/** A check that is excused has ended, too. */
const pastChecks =
  ({ order }: Person): Person['when'] =>
  run => {
    const gate = 'gate' in order && order.gate ? run.gates[order.gate] : undefined
    const checks = Object.values(gate?.checks ?? {})
    return checks.length > 0 && checks.every(({ status }) => status === 'passed' || status === 'failed')
  }

const foundDead: Person['when'] = run => (run.sitesAsked?.source?.silent.length ?? 0) > 0
const later =
  (when: Person['when'], minutes: number): Person['when'] =>
  (run, now) =>
    when(run, now) &&
    Date.parse(now) > Date.parse(run.steps['a.stop-source']?.endedAt ?? now) + minutes * 60_000
const refused = (night: Night) =>
  night.journal.kept.flatMap(({ event }) => (event.type === 'order.refused' ? [event.why.key] : []))
const how = (run: Run, step: string) => run.steps[step]?.how

describe('a source that dies after its stop, when the target has everything', () => {
  it('is not rolled back to by itself, however long nobody says a word', async () => {
    const night = aNight([], 20)
    night.people.push({
      when: (_run, now) => Date.parse(now) > Date.parse(night.run.windowEnd) + 3_600_000,
      order: { do: 'roll-back', reason: 'the other way' },
    })
    const ended = await night.carryOut()
    expect(night.run.rollback?.trigger).toBe('order')
    expect(Date.parse(night.run.rollback?.at ?? '')).toBeGreaterThan(Date.parse(night.run.windowEnd))
    expect(ended).toBe('rolled-back')
  })

  it('is told to people with the line of each way, and waits for them', async () => {
    const night = aNight()
    expect(await night.carryOut(false)).toBe('waiting')
    expect(night.run.rollback).toBeUndefined()
    const [choice] = waiting(pictureOf(night), strictFormatter())
    expect(choice?.orders).toMatchObject([{ do: 'go-on' }, { do: 'roll-back' }])
    expect(choice?.text).toContain('old-db, old-web')
    expect(choice?.orders.map(order => typedLine('bascule', order))).toEqual([
      'bascule go-on --without source --isolated "…" --and-by "…" --reason "…"',
      'bascule rollback --reason "…"',
    ])
  })

  it('goes on without a way back by the word of two, and passes over what needs the source', async () => {
    const night = aNight([{ when: foundDead, order: goOn() }])
    expect(await night.carryOut()).toBe('moved')
    const { run, world } = night
    expect(run.siteGivenUp).toMatchObject({
      ...{ side: 'source', by: [expect.any(String), 'Bea'], isolated: 'both feeds are off' },
      silent: ['old-db', 'old-web'],
    })
    expect([how(run, 'a.promote'), how(run, 'b.start')]).toEqual(['applied', 'applied'])
    for (const left of ['a.reverse', 'old.forward']) {
      expect(how(run, left)).toBe('site-given-up')
      expect(world.count('effect', left)).toBe(0)
    }
    expect(run.gates.reopen?.checks['return-path']).toMatchObject({
      status: 'failed',
      failure: { text: { key: 'run.siteGivenUp' } },
    })
    expect(run.gates.reopen?.openedAt).toBeDefined()
    expect(run.linesLost).toEqual({})
  })

  it('says that there is no way back, in status and report, to the end', async () => {
    const night = aNight([{ when: foundDead, order: goOn() }])
    await night.carryOut()
    const [seen, formatter] = [pictureOf(night), strictFormatter()]
    const underWay = { ...seen, run: { ...(seen.run as Run) } }
    delete underWay.run.outcome
    for (const view of [status(seen, formatter), status(underWay, formatter)]) {
      expect(view.givenUp).toMatchObject({ side: 'source', by: [expect.any(String), 'Bea'] })
      expect(view).not.toHaveProperty('lastSafe')
    }
    const lines = headLines(seen, status(seen, formatter), formatter)
    expect(
      lines
        .flat()
        .map(({ text }) => text)
        .join(' '),
    ).toContain('No way back since')
    const journal = { entries: 1, head: '', verified: true }
    const told = report({ runView: seen, entries: night.journal.entries(), journal }, formatter)
    expect(told).toMatchObject({ outcome: 'moved', wouldLose: 'no-way-back' })
    expect(told.deviations.map(({ what, id }) => `${what} ${id}`)).toEqual(
      expect.arrayContaining([
        'siteGivenUp run',
        'passedOver a.reverse',
        'passedOver old.forward',
        'checkExcused return-path',
      ]),
    )
  })

  it('goes on as planned when it answers again', async () => {
    const night = aNight()
    night.world.comesBackAt = night.clock.now().epochMilliseconds + 600_000
    expect(await night.carryOut()).toBe('moved')
    expect(night.run.siteGivenUp).toBeUndefined()
    expect(how(night.run, 'a.reverse')).toBe('applied')
  })

  it('offers no rollback afterwards, and takes no NO-GO, which would be one', async () => {
    const night = aNight([
      { when: foundDead, order: goOn() },
      { when: run => run.siteGivenUp !== undefined, order: { do: 'roll-back', reason: 'after all' } },
      { when: run => run.gates.reopen !== undefined, order: { do: 'no-go', role: 'lead', gate: 'reopen' } },
      { when: run => run.siteGivenUp !== undefined, order: goOn() },
    ])
    expect(await night.carryOut()).toBe('moved')
    expect(refused(night).sort()).toEqual([
      'run.order.alreadyWithout',
      'run.order.noWayBack',
      'run.order.noWayBack',
    ])
  })

  it('waits for people when a step fails after that', async () => {
    const night = aNight([{ when: foundDead, order: goOn() }])
    night.world.behaviours['b.open'] = { failures: 9 }
    expect(await night.carryOut(false)).toBe('waiting')
    expect(night.run.rollback).toBeUndefined()
  })

  it.each([
    ['one person', goOn({ and: 'Person ' }), 'run.order.secondPerson'],
    ['a word on how it is isolated missing', goOn({ isolated: ' ' }), 'run.order.isolationUnsaid'],
    ['the target', goOn({ side: 'target' }), 'run.order.onlyWithoutSource'],
  ])('is not given up by %s', async (_what, order, why) => {
    const night = aNight([{ when: foundDead, order }])
    night.people.push({ when: later(foundDead, 5), order: { do: 'roll-back', reason: 'enough' } })
    await night.carryOut()
    expect(refused(night)).toEqual([why])
    expect(night.run.siteGivenUp).toBeUndefined()
  })

  it('is not given up when only some of its hosts are silent', async () => {
    const night = aNight([{ when: foundDead, order: goOn() }])
    night.world.dead = ['old-db']
    expect(await night.carryOut()).toBe('rolled-back')
    expect(night.run.siteGivenUp).toBeUndefined()
  })

  it('is not given up while it answers, or before it is stopped', async () => {
    const night = aNight([
      { when: run => run.gates.go !== undefined, order: goOn() },
      { when: run => run.steps['a.stop-source']?.status === 'done', order: goOn() },
    ])
    night.world.diesAt = ''
    expect(await night.carryOut()).toBe('moved')
    expect(refused(night)).toEqual(['run.order.notAllAtTarget', 'run.order.sourceAnswers'])
  })
})

describe('a source that dies otherwise', () => {
  it('before it is stopped: the night is undone, as ever', async () => {
    const night = aNight()
    night.world.diesAt = 'a.stop-source'
    expect(await night.carryOut()).toBe('rolled-back')
    expect(night.journal.kept.map(({ event }) => event.type)).not.toContain('site.asked')
  })

  it('with a host that answers: the night is undone, once it was asked', async () => {
    const night = aNight()
    night.world.dead = ['old-db']
    expect(await night.carryOut()).toBe('rolled-back')
    expect(night.run.sitesAsked?.source?.silent).toEqual(['old-db'])
  })
})
