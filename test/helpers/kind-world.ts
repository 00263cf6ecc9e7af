import { expect } from 'vitest'
import type { FactsByComponent } from '../../src/model/fact.ts'
import type { ChangeIo } from '../../src/model/io.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { Action, Kind, StepContext } from '../../src/model/kind.ts'
import type { Component, Plan } from '../../src/model/plan.ts'
import { rolesOf } from '../../src/model/roles.ts'
import type { PlannedStep, RunMode } from '../../src/model/step.ts'
import type { Text } from '../../src/model/text.ts'
import { messages as transport } from '../../src/transport/messages.ts'
import { guarded, killing } from './judged-io.ts'

/** The hosts of one component, as doubles or real ones. */
export type Opened = {
  io: ChangeIo
  /** All that steps may change, in a form that can be compared. */
  state(): unknown | Promise<unknown>
  close?(): void | Promise<void>
}
export type KindWorld = {
  plan: Plan
  component: Component
  /** A world of its own, as before the preparation. */
  open(): Opened | Promise<Opened>
  /** The modes whose steps are tried; default: all, each after those that must come before it. */
  modes?: readonly RunMode[]
  /** Steps whose isDone always says no, so that they are carried out anew: by name, with the reason. */
  alwaysAnew?: Record<string, string>
  /** Steps whose undo leaves something by intention, so that the state before is not compared: by name, with the reason. */
  undoLeaves?: Record<string, string>
  /**
   * Steps that cannot be done again alone once they are undone: the steps before are undone too, and all is begun anew, as after
   * a rollback. By name, with the reason.
   */
  newTry?: Record<string, string>
  /** A step of many calls is killed at so many of them, the first and the last among them; default: 25. */
  mostKills?: number
  /** Worlds in which something is amiss: whatever is thrown there must be a Failure with its sentences. By what is amiss. */
  amiss?: Record<string, () => Opened | Promise<Opened>>
}

/** What must be over before a mode begins. */
export const before: Record<RunMode, readonly RunMode[]> = {
  preparation: [],
  rehearsal: ['preparation'],
  live: ['preparation'],
  close: ['preparation', 'live'],
}
export const modes = Object.keys(before) as RunMode[]

export type Ready = {
  opened: Opened
  facts: FactsByComponent
  results: Record<string, JsonObject>
  fencingNumber: number
}
type Work = (ready: Ready, step: PlannedStep, io: ChangeIo) => Promise<void>

/** A kind on a world: what the executor would hand to its audit, plan and actions. */
export function trialOf(kind: Kind, world: KindWorld) {
  const { plan, component } = world
  const roles = (facts: FactsByComponent) => rolesOf(plan, { [kind.kind]: kind }, facts)
  const about = (mode: RunMode, facts: FactsByComponent = {}) => ({ plan, mode, facts, roles: roles(facts) })
  const stepsOf = (mode: RunMode, facts: FactsByComponent): PlannedStep[] =>
    kind.plan(component, facts[component.id] ?? {}, about(mode, facts))
  const contextOf = (
    step: PlannedStep,
    mode: RunMode,
    { facts, results, fencingNumber }: Omit<Ready, 'opened'>,
  ): StepContext => ({
    step: {
      ...step,
      id: `${component.id}.${step.name}`,
      component: component.id,
      kind: kind.kind,
      owner: '',
    },
    component,
    fencingNumber,
    results,
    ...about(mode, facts),
  })
  const actionOf = ({ action }: PlannedStep): Action => {
    const found = kind.actions[action]
    if (found === undefined) throw new Error(`${kind.kind} has no action ${action}`)
    return found
  }
  const keep = (ready: Ready, { name }: PlannedStep, result: JsonObject | boolean | undefined) => {
    if (typeof result === 'object') ready.results[`${component.id}.${name}`] = result
  }
  const audited = async (opened: Opened): Promise<Ready> => {
    const facts = await kind.audit(component, about('preparation'), opened.io)
    return { opened, facts: { [component.id]: facts }, results: {}, fencingNumber: 1 }
  }
  /** All that comes before the step of this mode, in its order. */
  const earlierThan = (mode: RunMode, index: number, { facts }: Ready) =>
    [...before[mode], mode].flatMap(each => {
      const steps = stepsOf(each, facts)
      return (each === mode ? steps.slice(0, index) : steps).map(step => [each, step] as const)
    })
  /** A fresh world in which all is done that comes before the step of this mode. */
  const readyFor = async (mode: RunMode, index: number): Promise<Ready> => {
    const ready = await audited(await world.open())
    for (const [each, step] of earlierThan(mode, index, ready))
      keep(ready, step, await actionOf(step).apply(contextOf(step, each, ready), ready.opened.io))
    return ready
  }
  /** As the executor goes on: it looks first, and applies where that is not done. */
  const finish = async (ready: Ready, step: PlannedStep, mode: RunMode) => {
    const { isDone, apply } = actionOf(step)
    const context = contextOf(step, mode, ready)
    const found = await isDone(context, guarded(ready.opened.io))
    keep(ready, step, found === false ? await apply(context, ready.opened.io) : found)
  }
  /** After the undo of the step with this index: those before are undone, and the next run does all of it. */
  const beginAnew = async (ready: Ready, mode: RunMode, index: number) => {
    for (const step of stepsOf(mode, ready.facts).slice(0, index).reverse())
      await actionOf(step).undo?.(contextOf(step, mode, ready), ready.opened.io)
    Object.assign(ready, await audited(ready.opened), { fencingNumber: ready.fencingNumber + 1 })
    for (const [each, step] of earlierThan(mode, index + 1, ready)) await finish(ready, step, each)
  }
  const withReady = async (
    mode: RunMode,
    index: number,
    work: (ready: Ready, step: PlannedStep) => Promise<void>,
  ) => {
    const ready = await readyFor(mode, index)
    try {
      await work(ready, stepsOf(mode, ready.facts)[index] as PlannedStep)
    } finally {
      await ready.opened.close?.()
    }
  }
  /** How many calls the work makes when nothing kills it. */
  const withCount = async (mode: RunMode, index: number, work: Work): Promise<number> => {
    let calls = 0
    await withReady(mode, index, async (ready, step) => {
      const counted = killing(ready.opened.io, Number.POSITIVE_INFINITY)
      await work(ready, step, counted.io)
      calls = counted.calls()
    })
    return calls
  }
  // What a host refuses is told by the transport.
  const sentences = {
    en: Object.keys({ ...kind.messages.en, ...transport.en }),
    fr: Object.keys({ ...kind.messages.fr, ...transport.fr }),
  }
  const both = (texts: (Text | undefined)[]) => {
    for (const text of texts)
      for (const language of ['en', 'fr'] as const)
        if (text) expect(sentences[language], language).toEqual(sentenceOf(text))
  }
  return {
    ...{ plan, component, about, stepsOf, contextOf, actionOf, keep, audited },
    ...{ finish, beginAnew, withReady, withCount, both },
  }
}

/** The key itself, or its plural forms. */
const sentenceOf = ({ key }: Text) =>
  expect.arrayContaining([expect.stringMatching(new RegExp(`^${RegExp.escape(key)}(_(one|other|many))?$`))])
