import type { Facts } from '../../model/fact.ts'
import type { PlanContext } from '../../model/kind.ts'
import type { Component } from '../../model/plan.ts'
import type { PlannedStep } from '../../model/step.ts'
import { linkRate } from '../kit/link-rate.ts'
import { assumedLinkMbps } from './machine/disk-rates.ts'
import { machineFacts } from './machine/facts.ts'
import { methodNamed, transferMethods } from './methods/all.ts'
import { chooseMethod } from './methods/choose.ts'
import { type Names, namesOf, sentences, stepMaker, undoable } from './planned-step.ts'
import { type MachineSpec, specOf } from './spec.ts'
import type { TransferMethod } from './transfer-method.ts'

/** The steps of one mode: those that all ways share, around those of the way. Pure: the same facts give the same steps. */
export function planMachine(component: Component, facts: Facts, context: PlanContext): PlannedStep[] {
  const spec = specOf(component)
  const machine = machineFacts(facts)
  const mbps = linkRate(context.roles)?.mbps ?? assumedLinkMbps
  const way = chooseMethod(transferMethods, machine, spec, mbps)?.way ?? methodNamed(spec.way)
  const forecast = way.forecast(machine, mbps, spec)
  const { mode } = context
  const own = way.plan({ component, spec, machine, forecast, mode, context })
  const common = commonSteps(
    namesOf(component, context),
    spec,
    way,
    context.plan.rollback.serviceStartAttempts,
  )
  return [...own, ...common[mode]]
}

/** What a start takes here: half of what the plan allows for one, since that allows for a bad day. */
const startTime = (spec: MachineSpec): number => Math.min(30, spec.startSeconds / 2)

function commonSteps(names: Names, spec: MachineSpec, way: TransferMethod, attempts: number) {
  const step = stepMaker(names)
  const params = { way: way.name }
  const seconds = startTime(spec)
  const deadlineSeconds = Math.ceil(60 + spec.startSeconds + spec.shutdown.timeoutSeconds)
  const byHand = (name: 'shutdown' | 'start' | 'start-copy') => ({
    key: sentences[name].byHand,
    values: names,
  })
  const starting = { params, attempts, trigger: 'R2' as const, deadlineSeconds }
  const stopping = (name: 'start' | 'start-copy') => ({ ...undoable(5, byHand(name)), deadlineSeconds })
  const copied = way.makeCopy !== undefined
  return {
    preparation: copied
      ? [step('test-restore', 'prove', seconds + 10, { key: 'test-restore', params, deadlineSeconds })]
      : [],
    rehearsal: copied
      ? [
          step('start', 'start', seconds, {
            ...starting,
            action: 'start-copy',
            key: 'start-copy',
            undo: stopping('start-copy'),
          }),
        ]
      : [],
    close: [],
    live: [
      ...(way.keepsRunning
        ? []
        : [
            step('shutdown', 'quiesce', 5, {
              key: 'shutdown',
              params,
              attempts: 2,
              deadlineSeconds,
              undo: { ...undoable(seconds, byHand('shutdown')), deadlineSeconds: deadlineSeconds + 60 },
            }),
          ]),
      step('start', 'start', seconds, { ...starting, key: 'start', undo: stopping('start') }),
    ],
  } satisfies Record<string, PlannedStep[]>
}
