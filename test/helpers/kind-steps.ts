import { describe, expect, it } from 'vitest'
import { Failure } from '../../src/model/failure.ts'
import type { ChangeIo } from '../../src/model/io.ts'
import type { Kind } from '../../src/model/kind.ts'
import type { PlannedStep } from '../../src/model/step.ts'
import { withoutSite } from '../../src/run/given-up/without-site.ts'
import { changesOnly } from '../../src/run/sides.ts'
import { changing, guarded, Killed, killing } from './judged-io.ts'
import { type KindWorld, modes, type Ready, trialOf } from './kind-world.ts'

/** Each step of a kind: done twice, undone twice, and killed at each of its calls. */
export function judgeSteps(kind: Kind, world: KindWorld): void {
  const { plan, actionOf, audited, both, contextOf, keep, stepsOf, finish, beginAnew, withCount, withReady } =
    trialOf(kind, world)

  for (const mode of world.modes ?? modes) {
    // Steps depend on facts; those of a sound world are few, and known once it was audited.
    describe(`the steps of ${kind.kind}, ${mode}`, async () => {
      const { opened, facts } = await audited(await world.open())
      await opened.close?.()
      const steps = stepsOf(mode, facts)
      // A mode may have none.
      it(`are tried: ${steps.map(({ name }) => name).join(', ') || 'none'}`, () =>
        expect(steps.map(step => step.name)).toEqual(Object.keys(Object.groupBy(steps, ({ name }) => name))))
      for (const [index, step] of steps.entries()) {
        const { name, undo } = step
        const doing = (ready: Ready, step: PlannedStep, io: ChangeIo = ready.opened.io) => {
          const context = contextOf(step, mode, ready)
          const action = actionOf(step)
          return {
            isDone: () => action.isDone(context, guarded(io)),
            apply: () => action.apply(context, io),
            undo: () => action.undo?.(context, io) ?? Promise.resolve(),
          }
        }
        const isNewTry = world.newTry?.[name] !== undefined
        const doAgain = (ready: Ready, step: PlannedStep) =>
          isNewTry ? beginAnew(ready, mode, index) : finish(ready, step, mode)

        it(`${name} is done twice without harm, and is then found done`, () =>
          withReady(mode, index, async (ready, step) => {
            const { apply, isDone } = doing(ready, step)
            keep(ready, step, await apply())
            const after = await ready.opened.state()
            if (world.alwaysAnew?.[name] === undefined) expect(await isDone()).not.toBe(false)
            await apply()
            expect(await ready.opened.state()).toEqual(after)
          }))

        if (mode === 'rehearsal')
          it(`${name} touches nothing but the target, the hosts from which it is tried, and its copy’s upkeep at the source`, () =>
            withReady(mode, index, async (ready, step) => {
              for (const sides of [step.touches ?? [], step.undoTouches ?? []])
                expect(sides.filter(side => !['target', 'outside', 'replication'].includes(side))).toEqual([])
              const { io, hosts } = changing(ready.opened.io)
              const { apply, undo: back } = doing(ready, step, io)
              keep(ready, step, await apply())
              await back()
              const others = Object.values(plan.sites?.source.hosts ?? {}).flatMap(({ ssh, address }) => [
                ssh,
                address,
              ])
              if (step.touches?.includes('replication')) return
              expect(hosts().filter(host => others.includes(host))).toEqual([])
            }))

        it(`${name} killed at each of its calls goes on to the same state`, async () => {
          let after: unknown
          const calls = await withCount(mode, index, async (ready, step, io) => {
            keep(ready, step, await doing(ready, step, io).apply())
            after = await ready.opened.state()
          })
          for (const call of someOf(calls, world.mostKills))
            await withReady(mode, index, async (ready, step) => {
              await killed(doing(ready, step, killing(ready.opened.io, call).io).apply())
              await finish(ready, step, mode)
              expect(await ready.opened.state(), `killed after call ${call}`).toEqual(after)
            })
        })

        if (!undo.possible) continue

        const undone = step.undoTouches ?? step.touches ?? []
        if (mode === 'live' && plan.sites !== undefined && !changesOnly(undone, 'target'))
          it(`${name} is undone while the target is gone, and asks nothing of it`, () =>
            withReady(mode, index, async (ready, asked) => {
              keep(ready, asked, await doing(ready, asked).apply())
              const { undo: back, undoWithout } = actionOf(asked)
              const context = { ...contextOf(asked, mode, ready), without: 'target' as const }
              const left = await (undoWithout?.target ?? back)?.(
                context,
                withoutSite(ready.opened.io, plan, 'target'),
              )
              both(left ?? [])
            }))

        it(`${name} is undone, once and twice, and done again`, () =>
          withReady(mode, index, async (ready, step) => {
            const was = await ready.opened.state()
            const { apply, undo: back } = doing(ready, step)
            keep(ready, step, await apply())
            const after = await ready.opened.state()
            await back()
            const undone = await ready.opened.state()
            if (world.undoLeaves?.[name] === undefined && !isNewTry) expect(undone).toEqual(was)
            await back()
            expect(await ready.opened.state()).toEqual(undone)
            await doAgain(ready, step)
            expect(await ready.opened.state()).toEqual(after)
          }))

        it(`${name} killed at each of its calls, or while it is undone, is undone`, async () => {
          let after: unknown
          let undone: unknown
          /** What a new try brings about counts: the undo of a step that changed nothing yet may leave less. */
          const expectUndone = async (ready: Ready, step: PlannedStep, what: string) => {
            if (!isNewTry) return expect(await ready.opened.state(), what).toEqual(undone)
            await doAgain(ready, step)
            expect(await ready.opened.state(), `${what}, and all begun anew`).toEqual(after)
          }
          const calls = await withCount(mode, index, async (ready, step, io) => {
            keep(ready, step, await doing(ready, step, io).apply())
          })
          const undoCalls = await withCount(mode, index, async (ready, step, io) => {
            keep(ready, step, await doing(ready, step).apply())
            after = await ready.opened.state()
            await doing(ready, step, io).undo()
            undone = await ready.opened.state()
          })
          for (const call of someOf(calls, world.mostKills))
            await withReady(mode, index, async (ready, step) => {
              await killed(doing(ready, step, killing(ready.opened.io, call).io).apply())
              await doing(ready, step).undo()
              await expectUndone(ready, step, `apply killed after call ${call}`)
            })
          for (const call of someOf(undoCalls, world.mostKills))
            await withReady(mode, index, async (ready, step) => {
              keep(ready, step, await doing(ready, step).apply())
              await killed(doing(ready, step, killing(ready.opened.io, call).io).undo())
              await doing(ready, step).undo()
              await expectUndone(ready, step, `undo killed after call ${call}`)
            })
        })
      }
    })
  }
}

function someOf(calls: number, mostKills = 25): number[] {
  const kills = Math.min(calls, mostKills)
  return [
    ...new Set(
      Array.from({ length: kills }, (_, at) => 1 + Math.round((at * (calls - 1)) / Math.max(1, kills - 1))),
    ),
  ]
}

/** What the action makes of its own end does not count. */
async function killed(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!(error instanceof Killed || error instanceof Failure || (error as Error).name === 'AbortError'))
      throw error
  }
}
