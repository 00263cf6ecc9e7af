import { describe, expect, it } from 'vitest'
import { Failure } from '../../src/model/failure.ts'
import type { Kind } from '../../src/model/kind.ts'
import type { RunMode } from '../../src/model/step.ts'
import type { Text } from '../../src/model/text.ts'
import { guarded } from './judged-io.ts'
import { judgeSteps } from './kind-steps.ts'
import { before, type KindWorld, modes, type Ready, trialOf } from './kind-world.ts'

/** The contract of every kind, whatever it does. A world says on what it is tried. */
export function judgeKind(kind: Kind, world: KindWorld): void {
  const { plan, component, about, actionOf, audited, both, contextOf, keep, stepsOf } = trialOf(kind, world)

  /** Does the steps of a mode; the first that fails must say so in its sentences, and what comes after it does not begin. */
  const fails = async (mode: RunMode, ready: Ready): Promise<boolean> => {
    for (const step of stepsOf(mode, ready.facts)) {
      const ended = await orFailure(actionOf(step).apply(contextOf(step, mode, ready), ready.opened.io))
      if (ended instanceof Failure) {
        both([ended.text, ended.remedy])
        return true
      }
      keep(ready, step, ended)
    }
    return false
  }

  describe(`the contract of a kind: ${kind.kind}`, () => {
    it('audits by reading alone, and finds something', async () => {
      const opened = await world.open()
      const state = await opened.state()
      const facts = await kind.audit(component, about('preparation'), guarded(opened.io))
      expect(Object.keys(facts)).not.toEqual([])
      for (const { at } of Object.values(facts)) expect(Date.parse(at)).not.toBeNaN()
      expect(await opened.state()).toEqual(state)
      await opened.close?.()
    })

    it('judges and plans without asking anybody, the same each time, in both languages', async () => {
      const { facts, opened } = await audited(await world.open())
      await opened.close?.()
      const [given, frozenFacts] = [structuredClone({ component, facts }), deepFrozen(structuredClone(facts))]
      for (const mode of modes) {
        const own = frozenFacts[component.id] ?? {}
        const judge = () => kind.findings(component, own, about(mode, frozenFacts))
        const steps = stepsOf(mode, frozenFacts)
        expect(stepsOf(mode, given.facts)).toEqual(steps)
        expect(
          kind.findings(given.component, given.facts[component.id] ?? {}, about(mode, given.facts)),
        ).toEqual(judge())
        expect({ component, facts }).toEqual(given)
        const names = steps.map(({ name }) => name)
        expect(new Set(names).size).toBe(names.length)
        for (const step of steps) {
          expect(step.after.filter(name => !names.includes(name))).toEqual([])
          expect(actionOf(step).undo !== undefined).toBe(step.undo.possible)
          both([step.title, step.undo.possible ? step.undo.byHand : step.undo.why])
        }
        for (const { id, text, remedy, level } of judge()) {
          expect(id.startsWith(`${component.id}.`)).toBe(true)
          if (level === 'block') expect(remedy).toBeDefined()
          both([text, remedy])
        }
        both(kind.unproven?.(component, plan) ?? [])
      }
    })

    it('marks what makes its return path, and says what is lost without a site where it has data', async () => {
      const { facts, opened } = await audited(await world.open())
      await opened.close?.()
      const steps = stepsOf('live', facts)
      const made = steps.filter(({ makesReturnPath }) => makesReturnPath === 'monitored')
      expect(made).toHaveLength(kind.returnPath === undefined ? 0 : 1)
      const holdsData = steps.some(step => step.makesReturnPath !== undefined || step.stopsSource === true)
      expect(holdsData && kind.losesWithout === undefined).toBe(false)
    })

    it('measures by reading alone, and has a title for each measure in both languages', async () => {
      const { opened, facts, results } = await audited(await world.open())
      const state = await opened.state()
      for (const [name, { measure }] of Object.entries(kind.measures)) {
        both([{ key: `${kind.kind}.measure.${name}` } as Text])
        const context = { results, ...about('live', facts) }
        const measured = await orFailure(measure(component, context, guarded(opened.io)))
        if (measured instanceof Failure) both([measured.text, measured.remedy])
        else expect(measured.value).not.toBeNaN()
      }
      expect(await opened.state()).toEqual(state)
      await opened.close?.()
    })

    for (const [what, open] of Object.entries(world.amiss ?? {}))
      it(`says what is wrong, in both languages: ${what}`, async () => {
        const opened = await open()
        const found = await orFailure(audited(opened))
        if (found instanceof Failure) return both([found.text, found.remedy])
        const failed: RunMode[] = []
        for (const mode of world.modes ?? modes) {
          const own = found.facts[component.id] ?? {}
          for (const { text, remedy } of kind.findings(component, own, about(mode, found.facts)))
            both([text, remedy])
          if (await fails(mode, found)) failed.push(mode)
        }
        await opened.close?.()
        if (failed.includes('preparation')) return
        // A mode that others came before, in a world of its own: what is wrong may begin in its midst.
        for (const mode of failed) {
          const fresh = await open()
          const ready = await audited(fresh)
          for (const each of [...before[mode], mode]) if (await fails(each, ready)) break
          await fresh.close?.()
        }
      })
  })
  judgeSteps(kind, world)
}

async function orFailure<Value>(work: Promise<Value>): Promise<Value | Failure> {
  try {
    return await work
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
}

function deepFrozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) deepFrozen(part)
    Object.freeze(value)
  }
  return value
}
