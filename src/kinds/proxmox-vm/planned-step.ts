import type { PlanContext } from '../../model/kind.ts'
import type { Component } from '../../model/plan.ts'
import type { PlannedStep, Undo } from '../../model/step.ts'
import type { MessageKey, Text } from '../../model/text.ts'
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

/** The title of each step; why it cannot be undone, or how to undo it by hand. */
export const sentences = {
  shutdown: { title: 'proxmox-vm.shutdown.title', byHand: 'proxmox-vm.shutdown.byHand' },
  start: { title: 'proxmox-vm.start.title', byHand: 'proxmox-vm.start.byHand' },
  'start-copy': { title: 'proxmox-vm.start-copy.title', byHand: 'proxmox-vm.start-copy.byHand' },
  'test-restore': { title: 'proxmox-vm.test-restore.title', noUndo: 'proxmox-vm.test-restore.noUndo' },
  'delta.seed': { title: 'proxmox-vm.delta.seed.title', byHand: 'proxmox-vm.delta.seed.byHand' },
  'delta.delta': { title: 'proxmox-vm.delta.delta.title', noUndo: 'proxmox-vm.delta.delta.noUndo' },
  'delta.final-delta': {
    title: 'proxmox-vm.delta.final-delta.title',
    noUndo: 'proxmox-vm.delta.final-delta.noUndo',
  },
  'delta.compare': { title: 'proxmox-vm.delta.compare.title', noUndo: 'proxmox-vm.delta.compare.noUndo' },
  'delta.way-back': { title: 'proxmox-vm.delta.way-back.title' },
  'backup.seed': { title: 'proxmox-vm.backup.seed.title', byHand: 'proxmox-vm.backup.seed.byHand' },
  'backup.fresh': { title: 'proxmox-vm.backup.fresh.title', noUndo: 'proxmox-vm.backup.fresh.noUndo' },
  'backup.final-delta': {
    title: 'proxmox-vm.backup.final-delta.title',
    noUndo: 'proxmox-vm.backup.final-delta.noUndo',
  },
  'whole.compare': { title: 'proxmox-vm.whole.compare.title', noUndo: 'proxmox-vm.whole.compare.noUndo' },
  'whole.way-back': { title: 'proxmox-vm.whole.way-back.title', noUndo: 'proxmox-vm.whole.way-back.noUndo' },
  'migrate.off': {
    title: 'proxmox-vm.migrate.off.title',
    noUndo: 'proxmox-vm.migrate.off.noUndo',
    byHand: 'proxmox-vm.migrate.off.byHand',
  },
  'migrate.running': {
    title: 'proxmox-vm.migrate.running.title',
    noUndo: 'proxmox-vm.migrate.running.noUndo',
    byHand: 'proxmox-vm.migrate.running.byHand',
  },
} as const satisfies Record<string, { title: MessageKey; noUndo?: MessageKey; byHand?: MessageKey }>
export type Sentences = keyof typeof sentences

/** Makes steps of one VM; `key` names their sentences. An attempt may take several times what is expected. */
export const stepMaker =
  (names: Names) =>
  (
    name: string,
    stage: PlannedStep['stage'],
    expectedSeconds: number,
    { key, ...vary }: Variation & { key: Sentences },
  ): PlannedStep => ({
    name,
    action: name,
    params: {},
    title: { key: sentences[key].title, values: names },
    stage,
    after: [],
    expectedSeconds: Math.ceil(expectedSeconds),
    deadlineSeconds: Math.ceil(120 + expectedSeconds * 4),
    attempts: 3,
    backoffSeconds: 3,
    trigger: 'failure',
    undo: { possible: false, why: { key: noUndo(key), values: names } },
    ...vary,
  })

export const undoable = (expectedSeconds: number, byHand: Text): Undo & { possible: true } => ({
  possible: true,
  expectedSeconds: Math.ceil(expectedSeconds),
  deadlineSeconds: Math.ceil(120 + expectedSeconds * 4),
  byHand,
})

/** A step that can be undone names its undo itself. */
const noUndo = (key: Sentences): MessageKey => {
  const known: { noUndo?: MessageKey; title: MessageKey } = sentences[key]
  return known.noUndo ?? known.title
}
