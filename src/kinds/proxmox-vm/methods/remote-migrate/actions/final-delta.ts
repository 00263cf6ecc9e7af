import { shutdownStep } from '../../../actions/shutdown.ts'
import { proxmoxVm } from '../../../facts.ts'
import { requireOff } from '../../../machine/existing.ts'
import { readTargetVmRecord, transferred } from '../../../machine/target-vm-record.ts'
import { endsOf } from '../../../sides.ts'
import { expected } from '../../../transfer-method.ts'
import { forecast } from '../forecast.ts'
import { giveBack, giveBackSeconds, hasMoved, migrate, plannedMove } from '../migrate.ts'

/** The machine, off, moved whole by PVE. A rehearsal brings an archive instead: PVE cannot migrate a copy and keep the original. */
export const finalDelta = proxmoxVm.action({
  name: 'remote-migrate.final-delta',
  step: 'final-delta',
  touches: ['source', 'target'],
  result: transferred,
  plan: about => ({
    ...plannedMove(about, {
      title: 'proxmox-vm.migrate.off.title',
      byHand: 'proxmox-vm.migrate.off.byHand',
      expectedSeconds: expected(forecast)(about)['final-delta'],
      undoSeconds: giveBackSeconds,
    }),
    after: [shutdownStep],
  }),

  async isDone(acting, io) {
    const ends = endsOf(acting)
    const note = await readTargetVmRecord(io, ends.target)
    if (note?.state !== 'made' || note.way !== 'remote-migrate') return false
    return (await hasMoved(io, ends)) && { transfer: note.transfer ?? null }
  },

  async apply(acting, io) {
    const ends = endsOf(acting)
    await requireOff(io, ends.source)
    const both = io.at('source', 'target')
    return { transfer: await migrate(both, ends, { way: 'remote-migrate', online: false }) }
  },

  undo: (acting, io) => giveBack(io.at('source'), endsOf(acting)),
})
