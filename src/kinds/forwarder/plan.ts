import type { PlanContext } from '../../model/kind.ts'
import type { Component } from '../../model/plan.ts'
import type { PlannedStep } from '../../model/step.ts'
import { composed, type Text } from '../../model/text.ts'
import { forwarderOf } from './at.ts'
import { acceptMark, tableOf } from './ruleset.ts'

/** Pure. What is passed on stays so after the watch: a decommission ends it, when nobody comes any more. */
export function planForwarder(component: Component, { plan, mode }: PlanContext): PlannedStep[] {
  const { host, spec } = forwarderOf(component, plan)
  const values = {
    host: host.ssh,
    table: tableOf(component.id),
    services: [...new Set(spec.forward.map(({ service }) => service))].join(', '),
    mark: acceptMark(component.id),
    chains: spec.acceptIn.map(({ table, chain }) => `${table} ${chain}`).join(', ') || '-',
    file: spec.persist?.file ?? '-',
  }
  const step = (name: string, action: string, undo: PlannedStep['undo']): PlannedStep => ({
    name,
    action,
    params: {},
    title: { key: composed(`forwarder.${action}.title`), values },
    stage: 'switch',
    after: [],
    expectedSeconds: 2,
    deadlineSeconds: 60,
    attempts: 3,
    backoffSeconds: 2,
    trigger: 'failure',
    undo,
  })
  if (mode === 'rehearsal')
    return [step('dry-run', 'dryRun', { possible: false, why: { key: 'forwarder.dryRun.noUndo' } })]
  if (mode !== 'live') return []
  const byHand: Text = { key: 'forwarder.forward.byHand', values }
  return [step('forward', 'forward', { possible: true, expectedSeconds: 2, deadlineSeconds: 60, byHand })]
}
