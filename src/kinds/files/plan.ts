import type { Facts } from '../../model/fact.ts'
import type { PlanContext } from '../../model/kind.ts'
import type { Component } from '../../model/plan.ts'
import type { PlannedStep, Undo } from '../../model/step.ts'
import { composed, type Text } from '../../model/text.ts'
import { rsyncByHand } from './by-hand.ts'
import { workFor } from './expected.ts'
import { treePairOf } from './tree-pair.ts'

/** The steps of one mode. Pure: the same facts give the same steps. */
export function planSteps(component: Component, facts: Facts, context: PlanContext): PlannedStep[] {
  const expected = workFor(component, facts, context)
  const step = stepMaker(component)
  if (context.mode === 'preparation') {
    return [
      step('first-sync', 'seed', expected.firstSyncSeconds, {
        transfer: 'resumes',
        undo: erase(component, facts, context),
      }),
      step('prove', 'prove', expected.proveSeconds, { after: ['first-sync'], trigger: 'R3' }),
    ]
  }
  if (context.mode === 'rehearsal') return [step('measure-delta', 'drain', expected.walkSeconds)]
  return [
    step('final-delta', 'drain', expected.finalDeltaSeconds, { transfer: 'resumes' }),
    step('compare', 'drain', expected.compareSeconds, { after: ['final-delta'], trigger: 'R3' }),
    step('reverse-channel', 'handover', 3, {
      undo: handBack(component, context, expected.finalDeltaSeconds),
    }),
  ]
}

type Variation = Partial<Pick<PlannedStep, 'after' | 'trigger' | 'undo' | 'transfer'>>

/** A step whose action has its name. An attempt may take several times what is expected before it is ended. */
function stepMaker(component: Component) {
  return (name: string, stage: PlannedStep['stage'], seconds: number, vary: Variation = {}): PlannedStep => ({
    name,
    action: name,
    params: {},
    title: { key: composed(`files.${name}.title`), values: { component: component.title } },
    stage,
    after: [],
    expectedSeconds: seconds,
    deadlineSeconds: 60 + seconds * 4,
    attempts: 3,
    backoffSeconds: 2,
    trigger: 'failure',
    undo: { possible: false, why: { key: composed(`files.${name}.noUndo`) } },
    ...vary,
  })
}

function erase(component: Component, facts: Facts, { plan }: PlanContext): Undo {
  const { target } = treePairOf(component, plan)
  const values = { host: target.ssh, path: target.path }
  if (facts.targetState?.value === 'foreign') {
    return { possible: false, why: { key: 'files.first-sync.noUndo', values } }
  }
  const files = Number(facts.files?.value ?? 0)
  const expectedSeconds = Math.ceil(2 + files / 20_000)
  return {
    possible: true,
    expectedSeconds,
    deadlineSeconds: 60 + expectedSeconds * 4,
    byHand: { key: 'files.first-sync.byHand', values },
  }
}

function handBack(component: Component, { plan }: PlanContext, expectedSeconds: number): Undo {
  const trees = treePairOf(component, plan)
  const byHand: Text = {
    key: 'files.reverse-channel.byHand',
    values: { command: rsyncByHand(trees), path: trees.source.path },
  }
  return { possible: true, expectedSeconds, deadlineSeconds: 60 + expectedSeconds * 4, byHand }
}
