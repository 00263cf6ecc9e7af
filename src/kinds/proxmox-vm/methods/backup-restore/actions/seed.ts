import { z } from 'zod'
import { type AboutMachine, proxmoxVm } from '../../../facts.ts'
import { transferred } from '../../../machine/target-vm-record.ts'
import { planned, said, undoable } from '../../../planned-step.ts'
import { endsOf } from '../../../sides.ts'
import { removeEverywhere } from '../remove.ts'
import { bringWhileServing } from '../send.ts'

const archiveSent = transferred.extend({ archive: z.string(), sizeBytes: z.number(), at: z.string() })

/**
 * An archive of the machine at the target while users work: what test restores and rehearsals are made of. Each time it is run
 * again, a new one in its place.
 */
export const seed = (name: string, seconds: (about: AboutMachine) => number) =>
  proxmoxVm.action({
    name,
    step: 'seed',
    touches: ['replication', 'target'],
    result: archiveSent,
    plan: about =>
      planned(about, {
        title: 'proxmox-vm.backup.seed.title',
        stage: 'seed',
        expectedSeconds: seconds(about),
        // What is sent can go on, but an archive that is being made is made anew.
        transfer: 'goes-on',
        undo: undoable(10, said(about, 'proxmox-vm.backup.seed.byHand')),
      }),
    isDone: async () => false,
    apply: (acting, io) => bringWhileServing(io.at('replication', 'target'), endsOf(acting)),

    /** A move that is abandoned leaves no personal data behind. */
    undo: (acting, io) => removeEverywhere(io.at('replication'), io.at('target'), endsOf(acting)),
  })

/** A rehearsal brings a fresh archive, from which its copy is made; the machine itself serves on. */
export const freshArchive = (name: string, seconds: (about: AboutMachine) => number) =>
  proxmoxVm.action({
    name,
    step: 'final-delta',
    touches: ['replication', 'target'],
    result: archiveSent,
    plan: about =>
      planned(about, {
        title: 'proxmox-vm.backup.fresh.title',
        stage: 'drain',
        expectedSeconds: seconds(about),
        transfer: 'goes-on',
        attempts: 2,
        noUndo: 'proxmox-vm.backup.fresh.noUndo',
      }),
    isDone: async () => false,
    apply: (acting, io) => bringWhileServing(io.at('replication', 'target'), endsOf(acting)),
  })
