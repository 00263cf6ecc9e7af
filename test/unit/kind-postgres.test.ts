import { describe, expect, it } from 'vitest'
import { stateOf } from '../../src/kinds/postgres/cluster.ts'
import { copyFrom } from '../../src/kinds/postgres/copy.ts'
import { postgres } from '../../src/kinds/postgres/define.ts'
import { kind } from '../../src/kinds/postgres/index.ts'
import { sidesOf } from '../../src/kinds/postgres/sides.ts'
import { isFenced, isReadOnlyByDefault } from '../../src/kinds/postgres/write-fence.ts'
import { secondsBetween } from '../../src/model/instant.ts'
import type { ChangeIo } from '../../src/model/io.ts'
import type { Action, StepContext } from '../../src/model/kind.ts'
import type { PlannedStep } from '../../src/model/step.ts'
import { withoutSite } from '../../src/run/given-up/without-site.ts'
import { PostgresClusters } from '../doubles/postgres-clusters.ts'
import { judgeKind } from '../helpers/kind-contract.ts'
import { type KindWorld, trialOf } from '../helpers/kind-world.ts'
import { paperDatabase, planWithDatabase } from '../helpers/paper-database.ts'

const component = paperDatabase()
const plan = planWithDatabase(component)

function opened(change: (clusters: PostgresClusters) => unknown = () => {}) {
  const clusters = new PostgresClusters()
  change(clusters)
  return { io: clusters.io, state: () => clusters.state() }
}

/** Something goes wrong at the first command or statement like this. */
function atOnce(pattern: RegExp, change: (clusters: PostgresClusters) => unknown) {
  return opened(clusters => {
    clusters.beforeEach = what => {
      if (!pattern.test(what)) return
      clusters.beforeEach = () => {}
      change(clusters)
    }
  })
}

const world: KindWorld = {
  plan,
  component,
  open: () => opened(),
  mostKills: 100,
  alwaysAnew: { prove: 'a proof grows old from the moment it is made' },
  undoLeaves: { retire: 'what was compared ahead is no proof of a source that was copied anew' },
  newTry: {
    'trial-promote': 'the copy is rewound, and must be proven again',
    promote: 'the target stays stopped, marked as a standby, until it is made a copy again',
    reverse: 'the source has the authority again, and the target follows it',
  },
  amiss: {
    'the source is down': () => opened(clusters => clusters.stop(clusters.source, 'fast')),
    'the target is down, and a copy of nothing': () =>
      opened(clusters => clusters.stop(clusters.target, 'immediate')),
    'a password is not to be read': () => opened(({ secrets }) => delete secrets['env:REPLICATION']),
    'the target holds data of somebody else': () =>
      opened(({ source, target }) => {
        target.data.append('commit', { content: source.data.content })
      }),
    'the target is another release, without TLS, superuser or room': () =>
      opened(({ target }) => {
        const other = {
          version: '14.1',
          number: 140_001,
          tls: false,
          superuser: false,
          glibc: 'glibc 2.41',
          free: 1,
        }
        Object.assign(target.facts, other)
        target.locales.length = 1
      }),
    'the source has a slot that nobody reads, and no room': () =>
      opened(({ source }) => {
        source.data.slots.set('left', { lost: false })
        source.data.slots.set('bascule', { lost: true })
        source.facts.free = 1
      }),
    'the sites do not reach each other': () => opened(clusters => Object.assign(clusters, { isCut: true })),
    'the target’s disk is full': () =>
      opened(clusters => Object.assign(clusters, { fullDisk: clusters.target })),
    'the copy has a row that is not the source’s': () =>
      opened(({ target }) => {
        target.asRead = row => row.replace('(7,first)', '(7,other)')
      }),
    'a transaction stays open': () => opened(clusters => Object.assign(clusters, { openTransaction: true })),
    'a transaction is prepared': () => opened(({ preparedTransactions }) => preparedTransactions.push('two')),
    'sessions come back as fast as they are ended': () =>
      opened(clusters => Object.assign(clusters, { stubbornSessions: true })),
    'the slot loses its log while the copy is paused': () =>
      atOnce(/pg_wal_replay_pause/, ({ source }) => source.data.slots.set('bascule', { lost: true })),
    'the target stands still once the source is fenced': () =>
      atOnce(/alter system set default_transaction_read_only/, ({ target }) => {
        if (target.server) target.server.isPaused = true
      }),
    'the link breaks while the source stops': () =>
      atOnce(/m-db: pg_ctlcluster .* stop/, clusters => Object.assign(clusters, { isCut: true })),
    'the target ends before it is promoted': () =>
      atOnce(/pg_promote/, clusters => clusters.stop(clusters.target, 'immediate')),
    'the promotion does not end': () =>
      opened(({ target }) => {
        target.delays.promotion = 9000
      }),
    'the old source does not start again': () =>
      atOnce(/pg_promote/, ({ source }) => {
        source.data.needs = { max_connections: 9000 }
      }),
    'the link breaks when the mark is written': () =>
      atOnce(/bascule\.marker \(text\) values \('reverse/, clusters =>
        Object.assign(clusters, { isCut: true }),
      ),
  },
}
judgeKind(kind, world)

it('a promotion that ends at any moment of its undo leaves the target stopped, and a standby for who starts it', async () => {
  for (let promotion = 0; promotion < 0.15; promotion += 0.01) {
    const clusters = new PostgresClusters({ start: 0.05, connect: 0.05, promotion })
    const { withReady, actionOf, contextOf } = trialOf(kind, {
      ...world,
      open: () => ({ io: clusters.io, state: () => clusters.state() }),
    })
    await withReady('live', 3, async (ready, step) => {
      expect(step.name).toBe('promote')
      clusters.promote(clusters.target)
      await actionOf(step).undo?.(contextOf(step, 'live', ready), clusters.io)
      expect(clusters.state().target).toMatchObject({ runs: 'no', dataFiles: ['standby.signal'] })
    })
  }
})

it('reads in the window what was written since the proof, and finds a row of it that differs', async () => {
  const clusters = new PostgresClusters()
  const { withReady, contextOf } = trialOf(kind, {
    ...world,
    open: () => ({ io: clusters.io, state: () => clusters.state() }),
  })
  await withReady('live', 2, async (ready, step) => {
    const ask = () =>
      kind.measures.rowsDifferent?.measure(component, contextOf(step, 'live', ready), clusters.io)
    const equal = await ask()
    expect(equal).toMatchObject({ value: 0, figures: { mode: 'delta', different: [] } })
    expect(equal?.unverified).toBeUndefined()
    expect(equal?.figures.rowsCompared).toBeGreaterThan(0)
    const last = clusters.acknowledged.at(-1)
    clusters.target.asRead = row => (row === last ? 'other' : row)
    expect(await ask()).toMatchObject({ value: 1 })
  })
})

it('keeps wal_level logical: a source with a logical slot starts as a standby, and again as the primary', async () => {
  const clusters = new PostgresClusters()
  const { source } = clusters
  source.settings.wal_level = 'logical'
  clusters.stop(source, 'fast')
  source.start()
  clusters.pass(1)
  source.data.slots.set('cdc', { lost: false, isLogical: true })
  const { withReady, actionOf, contextOf, keep, stepsOf } = trialOf(kind, {
    ...world,
    open: () => ({ io: clusters.io, state: () => clusters.state() }),
  })
  await withReady('live', stepsOf('live', {}).length - 1, async (ready, step) => {
    keep(ready, step, await actionOf(step).apply(contextOf(step, 'live', ready), clusters.io))
    expect(clusters.state()).toMatchObject({ source: { runs: 'standby' }, target: { runs: 'primary' } })
    for (const one of stepsOf('live', ready.facts).reverse())
      await actionOf(one).undo?.(contextOf(one, 'live', ready), clusters.io)
    const { source, target } = clusters.state()
    expect(source).toMatchObject({ runs: 'primary', slots: expect.arrayContaining(['cdc']) })
    expect(target).toMatchObject({ runs: 'standby' })
  })
})

it('refuses an old source that somebody has started as a primary, and does not mark it as a standby', async () => {
  const clusters = new PostgresClusters()
  const { withReady, actionOf, contextOf } = trialOf(kind, {
    ...world,
    open: () => ({ io: clusters.io, state: () => clusters.state() }),
  })
  await withReady('live', 4, async (ready, step) => {
    clusters.source.data.files.delete('standby.signal')
    clusters.source.start()
    await expect(actionOf(step).apply(contextOf(step, 'live', ready), clusters.io)).rejects.toThrow(
      'postgres.secondPrimary',
    )
    expect(clusters.state().source).toMatchObject({ runs: 'primary', dataFiles: [] })
  })
})

/** The old source follows no more, and a new copy of it is cut off half-way: its old cluster is set aside. */
async function halfCopied(clusters: PostgresClusters): Promise<void> {
  const { source, target } = clusters
  const ending = new AbortController()
  const io = { ...clusters.io, signal: ending.signal }
  target.data.slots.delete('bascule_reverse')
  clusters.stop(source, 'immediate')
  Object.assign(clusters, { lostLog: true })
  source.data.append('commit')
  clusters.beforeEach = what => {
    if (!/pg_basebackup/.test(what)) return
    ending.abort('rollback')
    throw new Error('ended')
  }
  const sides = sidesOf({ component, plan, spec: postgres.specOf(component), facts: {} })
  await expect(copyFrom(sides.target, sides.source, io)).rejects.toThrow('ended')
  clusters.beforeEach = () => {}
  expect([...source.directories.keys()]).toContain(`${source.dataPath}.before-bascule`)
}

describe('a new copy of the source that was cut off', () => {
  /** All live steps up to the return path are done, and the copy is half made. */
  const cutOff = async (
    work: (clusters: PostgresClusters, undo: (without?: 'target') => Promise<unknown>) => Promise<unknown>,
  ) => {
    const clusters = new PostgresClusters()
    const trial = trialOf(kind, {
      ...world,
      open: () => ({ io: clusters.io, state: () => clusters.state() }),
    })
    const { actionOf, contextOf, stepsOf } = trial
    const index = stepsOf('live', {}).findIndex(({ name }) => name === 'accept')
    await trial.withReady('live', index, async ready => {
      const reverse = stepsOf('live', ready.facts).find(({ name }) => name === 'reverse') as PlannedStep
      await halfCopied(clusters)
      await work(clusters, async without => {
        const { undo, undoWithout } = actionOf(reverse)
        const context = contextOf(reverse, 'live', ready)
        if (without === undefined) return undo?.(context, clusters.io)
        return undoWithout?.[without]?.({ ...context, without }, withoutSite(clusters.io, plan, without))
      })
      const { source } = clusters
      expect(clusters.state().source).toMatchObject({ runs: 'primary' })
      expect([...source.files.keys()].filter(path => /copying/.test(path))).toEqual([])
    })
  }

  it('is put aside by a rollback without the target: the old cluster serves', () =>
    cutOff(async ({ source }, undo) => {
      await undo('target')
      expect([...source.directories.keys()]).toEqual([source.dataPath])
    }))

  it('is made anew by a rollback, also where an earlier try has made the slot', () =>
    cutOff(async ({ target }, undo) => {
      target.data.slots.set('bascule_reverse', { lost: false })
      await undo()
    }))

  it('has in the rollback the time of a whole copy', () => {
    const { stepsOf } = trialOf(kind, world)
    const facts = { database: { sizeBytes: { value: 1e12, unit: 'B', at: '' } } }
    const planned = (mode: 'preparation' | 'live', name: string) =>
      stepsOf(mode, facts).find(one => one.name === name) as PlannedStep
    const { undo } = planned('live', 'reverse')
    expect(undo.possible && undo.deadlineSeconds).toBeGreaterThanOrEqual(
      planned('preparation', 'seed').deadlineSeconds,
    )
  })
})

/** All live steps are done; the way back is undone with the given door, whatever comes of it. */
async function wayBack(
  work: (clusters: PostgresClusters, undo: (io?: ChangeIo) => Promise<unknown>) => Promise<void>,
) {
  const clusters = new PostgresClusters()
  const trial = trialOf(kind, {
    ...world,
    open: () => ({ io: clusters.io, state: () => clusters.state() }),
  })
  const { actionOf, contextOf, stepsOf } = trial
  await trial.withReady('live', stepsOf('live', {}).length - 1, async (ready, step) => {
    trial.keep(ready, step, await actionOf(step).apply(contextOf(step, 'live', ready), clusters.io))
    const reverse = stepsOf('live', ready.facts).find(({ name }) => name === 'reverse') as PlannedStep
    await work(
      clusters,
      async (io = clusters.io) => await actionOf(reverse).undo?.(contextOf(reverse, 'live', ready), io),
    )
    expect(clusters.state()).toMatchObject({ source: { runs: 'primary' }, lostRows: 0 })
    expect(clusters.state().target.runs).not.toBe('primary')
  })
}

describe('a target whose host restarts in the midst of the way back', () => {
  it('is no second primary where it could not be marked as a standby at first', () =>
    wayBack(async (clusters, undo) => {
      const { io, target } = clusters
      const full: ChangeIo = {
        ...io,
        writeFile: async (host, path, ...rest) => {
          if (host === 't-db' && path.endsWith('/standby.signal')) throw new Error('no space left on device')
          await io.writeFile(host, path, ...rest)
        },
      }
      await expect(undo(full)).rejects.toThrow('no space left')
      target.start()
      clusters.pass(1)
      await undo()
    }))

  it('is a standby as soon as the source has everything, and the way back goes on', () =>
    wayBack(async (clusters, undo) => {
      const { io, target } = clusters
      const cut: ChangeIo = {
        ...io,
        execute: async (connection, text, ...rest) => {
          if (/pg_promote/.test(text)) throw new Error('killed')
          return io.execute(connection, text, ...rest)
        },
      }
      await expect(undo(cut)).rejects.toThrow('killed')
      target.start()
      clusters.pass(1)
      await undo()
    }))
})

describe('a target that died', () => {
  const trial = trialOf(kind, world)
  const { actionOf, contextOf, stepsOf } = trial
  /** The live steps up to this one are done; the given ones of them are undone, the last first, with nothing asked of the target. */
  const undone = (last: string, context: Partial<StepContext>, names: string[]) => {
    const index = stepsOf('live', {}).findIndex(({ name }) => name === last)
    return trial.withReady('live', index, async (ready, step) => {
      const io = ready.opened.io
      trial.keep(ready, step, await actionOf(step).apply(contextOf(step, 'live', ready), io))
      const living = withoutSite(io, plan, 'target')
      for (const name of names) {
        const one = stepsOf('live', ready.facts).find(each => each.name === name) as PlannedStep
        const { undo, undoWithout } = actionOf(one)
        const back = (context.without && undoWithout?.[context.without]) ?? undo
        await back?.({ ...contextOf(one, 'live', ready), ...context }, living)
      }
      const spec = postgres.specOf(component)
      const { source } = sidesOf({ component, plan, spec, facts: {} })
      expect(await stateOf(source, living)).toBe('primary')
      expect(await isReadOnlyByDefault(source, living)).toBe(false)
      expect(await isFenced(source, living)).toBe(false)
    })
  }

  it('before its promotion is not asked: the source opens', () =>
    undone('stop-source', { handedOver: false }, ['stop-source', 'fence']))

  it('before its promotion, right after the fence', () => undone('fence', { handedOver: false }, ['fence']))

  it('after users were let in: the source opens with what it had received', () =>
    undone('accept', { without: 'target' }, ['reverse', 'stop-source', 'fence']))

  it('right after its promotion: the source opens as it was stopped', () =>
    undone('promote', { without: 'target' }, ['stop-source', 'fence']))

  it('is told what it loses: up to where the source has received, and no number of rows', () =>
    trial.withReady('live', stepsOf('live', {}).length - 1, async (ready, step) => {
      const io = ready.opened.io
      trial.keep(ready, step, await actionOf(step).apply(contextOf(step, 'live', ready), io))
      const context = { ...contextOf(step, 'live', ready), without: 'target' as const }
      const loss = await kind.losesWithout?.(component, 'target', context, withoutSite(io, plan, 'target'))
      trial.both(loss?.text ?? [])
      expect(loss?.text.map(({ key }) => key)).toEqual(['postgres.loses.afterByItsClock'])
      expect(loss?.figures.received).toMatch(/^[0-9A-F]+\/[0-9A-F]+$/)
    }))

  it('is told what it loses also where people promoted it by hand', () =>
    trial.withReady('live', stepsOf('live', {}).length - 1, async (ready, step) => {
      const { [`${component.id}.promote`]: _unknown, ...results } = ready.results
      const context = { ...contextOf(step, 'live', ready), results, without: 'target' as const }
      const living = withoutSite(ready.opened.io, plan, 'target')
      const losing = (begun: string[]) =>
        kind.losesWithout?.(component, 'target', { ...context, begun }, living)
      expect((await losing([`${component.id}.promote`]))?.text.map(({ key }) => key)).toEqual([
        'postgres.loses.afterByItsClock',
      ])
      expect(await losing([])).toBeUndefined()
    }))

  it('says when the last transaction was by this machine’s clock, once the two were compared', () =>
    trial.withReady('live', stepsOf('live', {}).length - 1, async (ready, step) => {
      const io = ready.opened.io
      trial.keep(ready, step, await actionOf(step).apply(contextOf(step, 'live', ready), io))
      const spec = postgres.specOf(component)
      const { target } = sidesOf({ component, plan, spec, facts: {} })
      const lossWith = async (aheadSeconds: number) => {
        const clocks = { [target.host]: { aheadSeconds, withinSeconds: 0 } }
        const context = { ...contextOf(step, 'live', ready), without: 'target' as const, clocks }
        const loss = await kind.losesWithout?.(component, 'target', context, withoutSite(io, plan, 'target'))
        trial.both(loss?.text ?? [])
        expect(loss?.text.map(({ key }) => key)).toEqual(['postgres.loses.after'])
        return loss?.text[0]?.values
      }
      const [same, ahead] = [await lossWith(0), await lossWith(90)]
      expect(secondsBetween(String(ahead?.at), String(same?.at))).toBe(90)
      expect(Number(ahead?.seconds) - Number(same?.seconds)).toBe(90)
    }))
})

describe('a closing', () => {
  /** The migration is over. */
  const closing = async (
    work: (clusters: PostgresClusters, steps: ReturnType<typeof doing>[]) => Promise<unknown>,
    prepare: (clusters: PostgresClusters) => unknown = () => {},
  ) => {
    const clusters = new PostgresClusters()
    prepare(clusters)
    const trial = trialOf(kind, {
      ...world,
      open: () => ({ io: clusters.io, state: () => clusters.state() }),
    })
    await trial.withReady('close', 0, async ready => {
      const steps = trial
        .stepsOf('close', ready.facts)
        .map(step => doing(trial.actionOf(step), trial.contextOf(step, 'close', ready), clusters.io))
      await work(clusters, steps)
    })
  }
  const doing = ({ apply, isDone, undo }: Action, given: StepContext, io: ChangeIo) => ({
    isDone: () => isDone(given, io),
    apply: (through = io) => apply(given, through),
    undo: () => undo?.(given, io),
  })
  const role = 'bascule_replication'

  it('cannot drop the role where the old source receives no more: it says so, and ends once that is stopped', () =>
    closing(async (clusters, [retire, retireSource]) => {
      if (clusters.source.server) clusters.source.server.isPaused = true
      await retire?.apply()
      await expect(retireSource?.apply()).rejects.toThrow('postgres.retire-source.roleLeft')
      const { source, target } = clusters.state()
      expect(Object.keys({ ...source.files, ...target.files }).join()).not.toContain('pgpass')
      expect([role in source.roles, role in target.roles, target.slots]).toEqual([true, false, []])
      expect(await retireSource?.isDone()).toBe(false)
      clusters.stop(clusters.source, 'fast')
      await retireSource?.apply()
      expect(await retireSource?.isDone()).toBe(true)
    }))

  it('asks nothing of the source for what is at the target: its host may be gone', () =>
    closing(async (clusters, [retire]) => {
      clusters.stop(clusters.source, 'immediate')
      await retire?.apply(withoutSite(clusters.io, plan, 'source'))
      const { target } = clusters.state()
      expect([role in target.roles, target.slots]).toEqual([false, []])
    }))

  it('undone where the log is gone says that the return path must be made again, which can be done', () =>
    closing(async (clusters, [retire, retireSource]) => {
      await retire?.apply()
      await retireSource?.apply()
      clusters.stop(clusters.source, 'fast')
      await retireSource?.undo()
      expect((await retire?.undo())?.map(({ key }) => key)).toEqual(['postgres.retire.cannotFollow'])
    }))

  it('leaves a role that was there before, without what Bascule let it read', () =>
    closing(
      async (clusters, steps) => {
        for (const { apply } of steps) await apply()
        const { source, target } = clusters.state()
        expect([source.roles[role]?.functions, target.roles[role]?.functions]).toEqual([[], []])
      },
      ({ source: { data } }) => {
        const { content } = data
        data.append('commit', {
          content: { ...content, roles: { ...content.roles, [role]: { functions: [] } } },
        })
      },
    ))
})
