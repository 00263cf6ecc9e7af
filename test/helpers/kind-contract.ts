import { describe, expect, it } from 'vitest'
import { Failure } from '../../src/model/failure.ts'
import type { Kind } from '../../src/model/kind.ts'
import type { Text } from '../../src/model/text.ts'
import { guarded } from './judged-io.ts'
import { judgeSteps } from './kind-steps.ts'
import { type KindWorld, modes, trialOf } from './kind-world.ts'

/** The contract of every kind, whatever it does. A world says on what it is tried. */
export function judgeKind(kind: Kind, world: KindWorld): void {
  const { plan, component, about, actionOf, audited, both, contextOf, stepsOf } = trialOf(kind, world)

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
        for (const mode of world.modes ?? modes) {
          for (const { text, remedy } of kind.findings(
            component,
            found.facts[component.id] ?? {},
            about(mode, found.facts),
          ))
            both([text, remedy])
          for (const step of stepsOf(mode, found.facts)) {
            const ended = await orFailure(actionOf(step).apply(contextOf(step, mode, found), opened.io))
            if (!(ended instanceof Failure)) continue
            both([ended.text, ended.remedy])
            // What comes after it does not begin.
            break
          }
        }
        await opened.close?.()
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
