import { describe, expect, it } from 'vitest'
import { kind } from '../../src/kinds/postgres/index.ts'
import type { PlannedStep } from '../../src/model/step.ts'
import { PostgresClusters } from '../doubles/postgres-clusters.ts'
import { judgeKind } from '../helpers/kind-contract.ts'
import { type KindWorld, trialOf } from '../helpers/kind-world.ts'
import { paperDatabase, planWithDatabase } from '../helpers/paper-database.ts'

const component = paperDatabase({ wayBack: { commits: 'synchronous' } })
const plan = planWithDatabase(component)

const path = '/etc/postgresql/15/main/conf.d/zz-bascule-commits.conf'
const atTarget = ({ target }: PostgresClusters) => ({
  file: target.files.has(path),
  names: target.server?.settings.synchronous_standby_names ?? '',
})
const held = { file: true, names: 'bascule_reverse' }
const free = { file: true, names: '' }
const gone = { file: false, names: '' }

/** All that comes before the mode's step about commits is done: the last of the night, the first of the closing. */
async function lastOf(
  mode: 'live' | 'close',
  work: (at: {
    clusters: PostgresClusters
    apply(): Promise<unknown>
    isDone(): Promise<unknown>
    undo(step?: PlannedStep): Promise<unknown>
    look(): Promise<unknown>
    letGo(): Promise<unknown>
    repair(): Promise<unknown>
    live: PlannedStep[]
  }) => Promise<void>,
) {
  const clusters = new PostgresClusters()
  const world: KindWorld = {
    ...{ plan, component, mostKills: 1, alwaysAnew: {}, newTry: {}, amiss: {} },
    open: () => ({ io: clusters.io, state: () => clusters.state() }),
  }
  const { withReady, actionOf, contextOf, stepsOf } = trialOf(kind, world)
  await withReady(mode, mode === 'close' ? 0 : stepsOf(mode, {}).length - 1, async (ready, last) => {
    const context = (step = last) => contextOf(step, mode, ready)
    await work({
      clusters,
      apply: () => actionOf(last).apply(context(), clusters.io),
      isDone: () => actionOf(last).isDone(context(), clusters.io),
      undo: async (step = last) => actionOf(step).undo?.(context(step), clusters.io),
      look: async () => kind.returnPath?.look(component, context(), clusters.io),
      letGo: async () => kind.returnPath?.letGo?.(context(), clusters.io),
      repair: async () => kind.returnPath?.repair(context(), clusters.io),
      live: stepsOf('live', ready.facts),
    })
  })
}

judgeKind(kind, {
  ...{ plan, component, mostKills: 100, amiss: {} },
  open: () => {
    const clusters = new PostgresClusters()
    return { io: clusters.io, state: () => clusters.state() }
  },
  alwaysAnew: { prove: 'a proof grows old from the moment it is made' },
  undoLeaves: { retire: 'what was compared ahead is no proof of a source that was copied anew' },
  newTry: {
    'trial-promote': 'the copy is rewound, and must be proven again',
    promote: 'the target stays stopped, marked as a standby, until it is made a copy again',
    reverse: 'the source has the authority again, and the target follows it',
  },
})

describe('commits at the target that wait for the old source', () => {
  it('are planned only where the plan wants it, once users are back', () => {
    const stages = (spec: object, mode: 'live' | 'close') => {
      const { stepsOf } = trialOf(kind, {
        ...{ plan, component: { ...component, spec: { ...component.spec, ...spec } } },
        ...{ mostKills: 1, alwaysAnew: {}, newTry: {}, amiss: {} },
        open: () => {
          throw new Error('nobody is asked')
        },
      })
      return stepsOf(mode, {}).map(({ name, stage }) => `${stage} ${name}`)
    }
    expect(stages({}, 'live').at(-1)).toBe('settle hold-commits')
    expect(stages({}, 'close')).toEqual(['close release-commits', 'close retire', 'close retire-source'])
    for (const wayBack of [undefined, { commits: 'asynchronous' }]) {
      expect(stages({ wayBack }, 'live').at(-1)).toBe('handover accept')
      expect(stages({ wayBack }, 'close')).toEqual(['close retire', 'close retire-source'])
    }
  })

  it('wait once it streams, and status is told that each is at both; the undo ends it', () =>
    lastOf('live', async ({ clusters, apply, isDone, undo, look }) => {
      expect(await look()).not.toHaveProperty('commits')
      expect(await isDone()).toBe(false)
      expect(await apply()).toEqual({ held: true })
      expect(atTarget(clusters)).toEqual(held)
      expect(await isDone()).toEqual({ held: true })
      expect(await look()).toMatchObject({ state: 'good', commits: 'both' })
      await undo()
      expect(atTarget(clusters)).toEqual(gone)
    }))

  it('do not wait for one that does not stream: the night goes on, and a repair makes them wait', () =>
    lastOf('live', async ({ clusters, apply, look, letGo, repair }) => {
      clusters.stop(clusters.source, 'fast')
      expect(await apply()).toEqual({ held: false })
      expect(atTarget(clusters)).toEqual(free)
      expect(await look()).not.toHaveProperty('commits')
      await letGo()
      await repair()
      expect(atTarget(clusters)).toEqual(held)
    }))

  it('are let go before a repair, at the target alone, whatever comes of it', () =>
    lastOf('live', async ({ clusters, apply, look, letGo, repair }) => {
      await apply()
      clusters.stop(clusters.source, 'immediate')
      expect(await look()).toMatchObject({ state: 'broken', commits: 'waiting' })
      Object.assign(clusters, { isCut: true })
      await letGo()
      expect(atTarget(clusters)).toEqual(free)
      expect(await look()).not.toHaveProperty('commits')
      Object.assign(clusters, { isCut: false })
      await repair()
      expect(await look()).toMatchObject({ state: 'good', commits: 'both' })
    }))

  it('wait for nobody after a rollback, even where a person passed the first undo over', () =>
    lastOf('live', async ({ clusters, apply, undo, live }) => {
      await apply()
      for (const step of live.slice(0, -1).reverse()) await undo(step)
      expect(clusters.state()).toMatchObject({ source: { runs: 'primary' }, target: { runs: 'standby' } })
      expect(atTarget(clusters)).toEqual(gone)
    }))

  it('wait no more after the closing, nor after a repair then; its undo makes them wait again', () =>
    lastOf('close', async ({ clusters, apply, isDone, undo, letGo, repair }) => {
      expect(atTarget(clusters)).toEqual(held)
      await apply()
      expect(await isDone()).toBe(true)
      await letGo()
      await repair()
      expect(atTarget(clusters)).toEqual(gone)
      await undo()
      expect(atTarget(clusters)).toEqual(held)
    }))
})
