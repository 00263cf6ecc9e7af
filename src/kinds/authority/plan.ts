import type { Facts } from '../../model/fact.ts'
import type { PlanContext } from '../../model/kind.ts'
import type { Component } from '../../model/plan.ts'
import type { PlannedStep } from '../../model/step.ts'
import { allOf, fileOf, hostsOf } from './places.ts'

/** Only the real night passes authority: a rehearsal leaves it where it is. */
export function planAuthority(
  component: Component,
  _facts: Facts,
  { plan, mode }: PlanContext,
): PlannedStep[] {
  if (mode !== 'live') return []
  const { source, target } = plan.sites
  const hosts = allOf(hostsOf(component, plan))
  return [
    {
      name: 'handover',
      action: 'handover',
      params: { hosts },
      title: { key: 'authority.handover.title', values: { source: source.title, target: target.title } },
      stage: 'handover',
      after: [],
      expectedSeconds: 2,
      deadlineSeconds: 60,
      attempts: 3,
      backoffSeconds: 2,
      trigger: 'failure',
      undo: {
        possible: true,
        expectedSeconds: 2,
        deadlineSeconds: 60,
        byHand: {
          key: 'authority.handover.byHand',
          values: { file: fileOf(plan.name), site: source.id, hosts: hosts.join(', ') },
        },
      },
    },
  ]
}
