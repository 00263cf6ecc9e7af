import { secondsBetween } from '../../../../../model/instant.ts'
import type { ChangeIo } from '../../../../../model/io.ts'
import { shutdownStep } from '../../../actions/shutdown.ts'
import { proxmoxVm } from '../../../facts.ts'
import { freeNumber, noteMaking, requireOff, statusAt } from '../../../machine/existing.ts'
import { realWiring } from '../../../machine/target-config.ts'
import {
  readTargetVmRecord,
  type Transfer,
  transferred,
  writeTargetVmRecord,
} from '../../../machine/target-vm-record.ts'
import { planned } from '../../../planned-step.ts'
import { type Ends, endsOf } from '../../../sides.ts'
import { expected } from '../../../transfer-method.ts'
import { stampAt } from '../../../whole-disk/disks.ts'
import { forecast } from '../forecast.ts'
import { removeAtTarget } from '../remove.ts'
import { restore } from '../restore.ts'
import { bringArchive } from '../send.ts'

const way = 'backup-restore'

/** The machine as its shutdown left it, dumped, sent and restored: this way knows no difference, so all of it travels. */
export const finalDelta = proxmoxVm.action({
  name: 'backup-restore.final-delta',
  step: 'final-delta',
  touches: ['replication', 'target'],
  result: transferred,
  plan: about =>
    planned(about, {
      title: 'proxmox-vm.backup.final-delta.title',
      stage: 'drain',
      expectedSeconds: expected(forecast)(about)['final-delta'],
      transfer: 'goes-on',
      after: [shutdownStep],
      attempts: 2,
      noUndo: 'proxmox-vm.backup.final-delta.noUndo',
    }),

  async isDone(acting, io) {
    const { source, target } = endsOf(acting)
    const note = await readTargetVmRecord(io, target)
    if (note?.state !== 'made' || note.way !== way || note.stamp === undefined) return false
    const [here, there] = await Promise.all([statusAt(io, source), statusAt(io, target)])
    if (here?.status !== 'stopped' || there?.status !== 'stopped' || there.lock !== undefined) return false
    return note.stamp === (await stampAt(io, source)) ? { transfer: note.transfer ?? null } : false
  },

  async apply(acting, io) {
    const ends = endsOf(acting)
    await requireOff(io, ends.source)
    // Asked before anything is dumped: a number that somebody has taken meanwhile costs no time of the window.
    await freeNumber(io.at('target'), ends.target)
    return { transfer: await move(io.at('replication', 'target'), ends) }
  },
})

async function move(io: ChangeIo, ends: Ends): Promise<Transfer> {
  const began = io.now()
  const { archive, transfer } = await bringArchive(io, ends, { off: true })
  await noteMaking(io, ends.target, way)
  await restore(io, ends.target, archive, realWiring(ends.spec))
  const whole: Transfer = { ...transfer, seconds: secondsBetween(began, io.now()) }
  const stamp = archive.stamp === undefined ? {} : { stamp: archive.stamp }
  await removeAtTarget(io, ends.target)
  await writeTargetVmRecord(io, ends.target, { way, state: 'made', transfer: whole, ...stamp })
  return whole
}
