import type { Facts, FactsByComponent } from '../../model/fact.ts'
import type { Component } from '../../model/plan.ts'
import type { StageId } from '../../model/stage.ts'
import type { PlannedStep, RunMode, Trigger } from '../../model/step.ts'
import { composed } from '../../model/text.ts'
import { type PostgresSpec, specOf } from './spec.ts'

/** What the parts take when nothing better is known: measured in the laboratory, rounded up. */
const hashBytesPerSecond = 60e6
const fallbackMbps = 150

type Timing = { expected: number; deadline: number }
type Draft = {
  name: string
  action: string
  stage: StageId
  timing: Timing
  undo: Timing
  attempts: number
  trigger?: Trigger
  transfer?: NonNullable<PlannedStep['transfer']>
}

/** Pure. The steps of one mode, each after the one before within its stage. */
export function planSteps(
  component: Component,
  facts: Facts,
  context: { mode: RunMode; facts: FactsByComponent; databaseStartSeconds: number },
): PlannedStep[] {
  const spec = specOf(component)
  const drafts = {
    preparation: () => prepareSteps(component, spec, facts, context.facts),
    rehearsal: () => rehearsalSteps(context.databaseStartSeconds, facts),
    live: () => liveSteps(context.databaseStartSeconds),
    close: (): Draft[] => [],
  }[context.mode]()
  return drafts.map((draft, index) => planned(draft, drafts[index - 1], component))
}

function prepareSteps(
  component: Component,
  spec: PostgresSpec,
  facts: Facts,
  estate: FactsByComponent,
): Draft[] {
  const seed = seedSeconds(component, spec, facts, estate)
  const prove = Math.max(5, sizeOf(component, facts) / hashBytesPerSecond)
  return [
    step('allow-replication', 'provision', timing(3, 60), timing(3, 60), 3),
    step('create-slot', 'provision', timing(1, 30), timing(1, 30), 3),
    // pg_basebackup begins anew when it is ended
    { ...step('seed', 'seed', timing(seed, seed * 4 + 600), timing(20, 300), 2), transfer: 'goes-on' },
    ...(canProve(spec) ? [step('prove', 'prove', timing(prove, prove * 6 + 600), timing(1, 30), 2)] : []),
  ]
}

/** Before PostgreSQL 15 the log cannot be asked what changed: a proof made ahead would prove nothing in the window. */
const canProve = (spec: PostgresSpec): boolean =>
  spec.verify === 'delta' && Number(spec.cluster.split('/')[0]) >= 15

function liveSteps(databaseStartSeconds: number): Draft[] {
  return [
    step('fence', 'fence', timing(1, 60), timing(2, 60), 2, 'failure'),
    step('drain', 'drain', timing(1, 120), timing(0, 30), 2, 'R3'),
    step('stop-source', 'handover', timing(2, 120), timing(4, 180), 1, 'failure'),
    // A little more than it may take, so that its own message comes before the deadline cuts it off.
    step('promote', 'handover', timing(2, databaseStartSeconds + 5), timing(3, 120), 1, 'R1'),
    step('reverse', 'handover', timing(3, 180), timing(8, 600), 2, 'R3'),
    step('accept', 'handover', timing(1, 60), timing(2, 60), 2, 'R1'),
  ]
}

function rehearsalSteps(databaseStartSeconds: number, facts: Facts): Draft[] {
  const again = 15 + Number(facts.sizeBytes?.value ?? 0) / 200e6
  return [
    step('pause', 'handover', timing(1, 60), timing(2, 120), 2, 'rehearsal'),
    step(
      'promote',
      'handover',
      timing(2, databaseStartSeconds + 5),
      timing(again, again * 10 + 600),
      1,
      'R1',
    ),
    step('accept', 'handover', timing(1, 60), timing(0, 30), 2, 'R1'),
  ]
}

const timing = (expected: number, deadline: number): Timing => ({
  expected: Math.round(expected),
  deadline: Math.round(deadline),
})

function step(
  action: string,
  stage: StageId,
  time: Timing,
  undo: Timing,
  attempts: number,
  trigger: Trigger = 'failure',
): Draft {
  return { name: action, action, stage, timing: time, undo, attempts, trigger }
}

function planned(draft: Draft, previous: Draft | undefined, component: Component): PlannedStep {
  const values = { component: component.id }
  return {
    name: draft.name,
    action: draft.action,
    params: {},
    title: { key: composed(`postgres.${draft.action}.title`), values },
    stage: draft.stage,
    after: previous === undefined ? [] : [previous.name],
    expectedSeconds: draft.timing.expected,
    deadlineSeconds: draft.timing.deadline,
    attempts: draft.attempts,
    backoffSeconds: 5,
    trigger: draft.trigger ?? 'failure',
    ...(draft.transfer && { transfer: draft.transfer }),
    undo: {
      possible: true,
      expectedSeconds: draft.undo.expected,
      deadlineSeconds: draft.undo.deadline,
      byHand: { key: composed(`postgres.${draft.action}.byHand`), values },
    },
  }
}

/** What was measured; before that, what the plan says. */
function sizeOf(component: Component, facts: Facts): number {
  return Number(facts.sizeBytes?.value ?? component.declaredSizeBytes?.to ?? 0)
}

function seedSeconds(
  component: Component,
  spec: PostgresSpec,
  facts: Facts,
  estate: FactsByComponent,
): number {
  const measured = Object.values(estate)
    .map(each => each.bandwidthMbps?.value)
    .find(value => typeof value === 'number')
  const mbps = Math.min(measured ?? fallbackMbps, spec.replication.maxRateMbps ?? Number.POSITIVE_INFINITY)
  return 10 + (sizeOf(component, facts) * 8) / (mbps * 1e6)
}
