import type { PlanContext } from '../../model/kind.ts'
import type { Component } from '../../model/plan.ts'
import type { PlannedStep } from '../../model/step.ts'
import { composed } from '../../model/text.ts'
import { lineOf } from './at.ts'
import { deviceOf } from './cap-commands.ts'

/** Pure. The cap stands from the first copy until the watch is over. */
export function planLine(component: Component, { plan, mode }: PlanContext): PlannedStep[] {
  const { spec, target } = lineOf(component, plan)
  const values = {
    host: target.ssh,
    interface: spec.backup.interface,
    mbps: spec.backup.capMbps,
    up: deviceOf('egress'),
    down: deviceOf('ingress'),
  }
  const step = (name: string, stage: PlannedStep['stage']): PlannedStep => ({
    name,
    action: name,
    params: {},
    title: { key: composed(`line.${name}.title`), values },
    stage,
    after: [],
    expectedSeconds: 3,
    deadlineSeconds: 60,
    attempts: 3,
    backoffSeconds: 2,
    trigger: 'failure',
    undo: {
      possible: true,
      expectedSeconds: 3,
      deadlineSeconds: 60,
      byHand: { key: composed(`line.${name}.byHand`), values },
    },
  })
  if (mode === 'preparation') return [step('cap', 'provision')]
  return mode === 'close' ? [step('uncap', 'close')] : []
}
