import { z } from 'zod'
import type { Text } from '../../../../model/text.ts'
import type { Handle, Planned } from '../../../kit/kind-parts.ts'
import type { AboutMachine } from '../../facts.ts'
import { transferred } from '../../machine/target-vm-record.ts'
import { planned, undoable } from '../../planned-step.ts'
import { expected } from '../../transfer-method.ts'
import { plannedComparison } from '../../whole-disk/compare.ts'
import { forecast } from './forecast.ts'

/** What QEMU's records and ZFS have in common: the steps of a full copy and its deltas. */
const seconds = expected(forecast)

/** What seeds leave; without a transfer: there was nothing to send. */
export const seeded = z.object({
  seed: z.string(),
  at: z.string(),
  disks: z.array(z.string()),
  transfer: transferred.shape.transfer.optional(),
})
/** What deltas leave: from which copy to which. `frozen`: false as a power cut would have left the guest at that instant. */
export const updated = transferred.extend({
  seed: z.string(),
  from: z.number(),
  to: z.number(),
  dirtyBytes: z.number(),
  frozen: z.boolean(),
})

export const plannedSeed = (about: AboutMachine, byHand: Text): Planned =>
  planned(about, {
    title: 'proxmox-vm.delta.seed.title',
    stage: 'seed',
    expectedSeconds: seconds(about).seed,
    transfer: 'resumes',
    undo: undoable(10, byHand),
  })

/** In the days before, each time the copy is brought up to date. */
export const plannedDelta = (about: AboutMachine, seed: Handle): Planned =>
  planned(about, {
    title: 'proxmox-vm.delta.delta.title',
    stage: 'seed',
    after: [seed],
    expectedSeconds: seconds(about).delta,
    transfer: 'resumes',
    noUndo: 'proxmox-vm.delta.delta.noUndo',
  })

/** In the night, and in a rehearsal, whose copy of the machine starts from it. */
export const plannedFinalDelta = (about: AboutMachine): Planned =>
  planned(about, {
    title: 'proxmox-vm.delta.final-delta.title',
    stage: 'drain',
    expectedSeconds: seconds(about)['final-delta'],
    transfer: 'resumes',
    noUndo: 'proxmox-vm.delta.final-delta.noUndo',
  })

export const plannedCompare = (about: AboutMachine, finalDelta: Handle): Planned =>
  plannedComparison(about, {
    title: 'proxmox-vm.delta.compare.title',
    noUndo: 'proxmox-vm.delta.compare.noUndo',
    expectedSeconds: seconds(about).compare,
    after: [finalDelta],
  })

export const plannedWayBack = (about: AboutMachine, byHand: Text): Planned =>
  planned(about, {
    title: 'proxmox-vm.delta.way-back.title',
    stage: 'handover',
    expectedSeconds: seconds(about)['way-back'],
    undo: undoable(seconds(about)['final-delta'], byHand),
  })
