import { describe, expect, it } from 'vitest'
import type { Order } from '../../src/model/event.ts'
import type { Kind, StepContext } from '../../src/model/kind.ts'
import type { ReturnPathSeen } from '../../src/model/return-path.ts'
import type { Run } from '../../src/model/run.ts'
import { dispatchThrough } from '../../src/run/dispatch.ts'
import { judgeOrder } from '../../src/run/judge-order.ts'
import type { Transport } from '../../src/transport/transport.ts'
import { Night } from '../doubles/night.ts'
import { recordingIo } from '../doubles/recording.ts'
import { RecordingWorld } from '../doubles/recording-world.ts'
import { VirtualClock } from '../doubles/virtual-clock.ts'
import { aGate, aPlan, aRunbook, aStep } from '../helpers/small-runbook.ts'

const work = { key: 'test', signal: new AbortController().signal, onProgress: () => {} }

/** What a repair did, in its order; the source's hosts do not answer where `isDead`. */
async function repaired(isDead: boolean, letsGo: boolean): Promise<string[]> {
  const done: string[] = []
  const say = (what: string) => async () => void done.push(what)
  const kind: Partial<Kind> = {
    claim: async (_context, side) => {
      if (isDead && side === 'source') throw new Error('no answer')
      done.push(`claim ${side}`)
    },
    returnPath: {
      everySeconds: 10,
      look: async () => ({ state: 'good', bytesBehind: 0, secondsBehind: 0, atStake: { key: 'test.left' } }),
      ...(letsGo && { letGo: say('let go') }),
      repair: async () => {
        done.push('repair')
        return {}
      },
    },
  }
  const transport = { ioFor: () => recordingIo({ answers: [] }) } as unknown as Transport
  const step = aStep('a.reverse')
  const plan = aPlan([step])
  const context = { step, plan, facts: {}, mode: 'live', fencingNumber: 1, results: {} }
  const full = { ...context, component: plan.components.a } as StepContext
  await dispatchThrough({ double: kind as Kind }, transport, [])
    .repair(full, work)
    .catch(() => {})
  return done
}

describe('a repair of a return path', () => {
  it('lets go those at the target who wait for the source before the source is asked anything', async () => {
    expect(await repaired(false, true)).toEqual([
      ...['claim target', 'let go', 'claim source', 'claim target', 'repair'],
    ])
    expect((await repaired(true, true)).slice(0, 2)).toEqual(['claim target', 'let go'])
    expect(await repaired(true, true)).not.toContain('repair')
  })

  it('of a component where nobody waits is as ever', async () => {
    expect(await repaired(false, false)).toEqual(['claim source', 'claim target', 'repair'])
  })
})

it('the source is not given up while commits at the target wait for it: nobody would let them go', async () => {
  const clock = new VirtualClock()
  const runbook = aRunbook(
    [aStep('a.stop', [], { stopsSource: true }), aStep('a.open', ['integrity'])],
    [aGate('integrity', ['a.stop'])],
  )
  const night = new Night(aPlan(runbook.steps), runbook, clock, new RecordingWorld(clock))
  await night.carryOut(false)
  const seen: ReturnPathSeen = {
    ...{ state: 'broken', bytesBehind: 0, secondsBehind: 0, atStake: { key: 'test.left' } },
    commits: 'waiting',
  }
  const run: Run = {
    ...night.run,
    gates: { integrity: { reachedAt: '', openedAt: '', checks: {}, signoffs: {} } },
    sitesAsked: { source: { at: '', sequence: 1, silent: ['old-db'] } },
  }
  const without = { side: 'source' as const, silent: [], loses: [], isolated: 'power', and: 'Bea' }
  const order: Order = { do: 'go-on', reason: 'fire', without }
  const judge = (returnPaths: Run['returnPaths']) =>
    judgeOrder({ plan: night.plan, runbook, run: { ...run, returnPaths } }, order, 'Ana')
  expect(judge({ a: { ...seen, at: '', since: '' } })).toMatchObject({
    why: { key: 'run.order.commitsWait' },
  })
  const { commits: _, ...free } = seen
  expect(judge({ a: { ...free, at: '', since: '' } }).accepted).toBe(true)
})
