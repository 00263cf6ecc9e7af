import type { PlanContext } from '../../model/kind.ts'
import type { Component } from '../../model/plan.ts'
import type { PlannedStep, Undo } from '../../model/step.ts'
import { composed, type Text } from '../../model/text.ts'
import { type MachineSide, machineAt } from './sides.ts'

export type Variation = Partial<Omit<PlannedStep, 'name' | 'title' | 'stage' | 'expectedSeconds'>>

/** The values by which the sentences of a machine's steps are filled. */
export function namesOf(component: Component, { plan }: Pick<PlanContext, 'plan'>) {
  const [source, target] = (['source', 'target'] as const).map(side => machineAt(component, plan, side)) as [
    MachineSide,
    MachineSide,
  ]
  return {
    machine: component.title,
    sourceSite: source.siteTitle,
    targetSite: target.siteTitle,
    source: source.host.ssh,
    target: target.host.ssh,
    vmid: source.vmid,
    targetVmid: target.vmid,
    staging: source.staging,
  }
}
export type Names = ReturnType<typeof namesOf>

/** Makes steps of one machine whose sentences are `proxmox-vm.<key>.*`. An attempt may take several times what is expected. */
export const stepMaker =
  (names: Names) =>
  (
    name: string,
    stage: PlannedStep['stage'],
    expectedSeconds: number,
    { key = name, ...vary }: Variation & { key?: string } = {},
  ): PlannedStep => ({
    name,
    action: name,
    params: {},
    title: { key: composed(`proxmox-vm.${key}.title`), values: names },
    stage,
    after: [],
    expectedSeconds: Math.ceil(expectedSeconds),
    deadlineSeconds: Math.ceil(120 + expectedSeconds * 4),
    attempts: 3,
    backoffSeconds: 3,
    trigger: 'failure',
    undo: { possible: false, why: { key: composed(`proxmox-vm.${key}.noUndo`), values: names } },
    ...vary,
  })

export const undoable = (expectedSeconds: number, byHand: Text): Undo & { possible: true } => ({
  possible: true,
  expectedSeconds: Math.ceil(expectedSeconds),
  deadlineSeconds: Math.ceil(120 + expectedSeconds * 4),
  byHand,
})
