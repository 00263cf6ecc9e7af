import { Failure } from '../../../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../../../model/io.ts'
import { imageBytes, type MachineFacts } from '../../facts.ts'
import { wayBack } from '../../failback/way-back.ts'
import { impossible } from '../../impossible.ts'
import { endsOf, type Of } from '../../sides.ts'
import { freeGigabytes, neededGigabytes } from '../../sizes.ts'
import {
  type CopyOptions,
  expected,
  type Possibility,
  type StoredCopy,
  type TransferMethod,
} from '../../transfer-method.ts'
import { compare } from '../../whole-disk/compare.ts'
import { finalDelta } from './actions/final-delta.ts'
import { freshArchive, seed } from './actions/seed.ts'
import { forecast } from './forecast.ts'
import { readArchive } from './note.ts'
import { restoreCopy } from './restore.ts'

const seconds = expected(forecast)

/**
 * vzdump at the source, the archive sent over ssh, restored at the target: PVE's own tools for a cluster that it does not
 * know. It works with every storage, and costs the whole disk in the night.
 */
export const backupRestore: TransferMethod = {
  name: 'backup-restore',
  keepsRunning: false,
  possible,
  forecast,
  steps: {
    preparation: [seed('backup-restore.seed', about => seconds(about).seed)],
    rehearsal: [freshArchive('backup-restore.fresh-archive', about => seconds(about).seed)],
    live: [
      finalDelta,
      compare('backup-restore.compare', finalDelta, about => seconds(about).compare),
      wayBack('backup-restore.way-back', { seconds }),
    ],
  },
  storedCopy: heldArchive,
  makeCopy: copyOfArchive,
}

export async function heldArchive(of: Of, io: ReadIo): Promise<StoredCopy | undefined> {
  const archive = await readArchive(io, endsOf(of).target)
  return archive && { id: archive.sha256 ?? archive.volid, at: archive.at, imageBytes: archive.imageBytes }
}

export async function copyOfArchive(of: Of, copy: CopyOptions, io: ChangeIo): Promise<void> {
  const { target } = endsOf(of)
  const archive = await readArchive(io, target)
  if (archive !== undefined) return restoreCopy(of, archive, copy, io)
  const values = { component: target.component, host: target.host.ssh }
  throw new Failure(
    { key: 'proxmox-vm.backup.noArchive', values },
    { remedy: { key: 'proxmox-vm.backup.noArchive.remedy' } },
  )
}

/** vzdump copies disks of every kind of storage; rsync has to reach the other hypervisor. */
export function possible(machine: MachineFacts): Possibility {
  if (machine.disks.length === 0) return impossible('whole.noDisks')
  if (machine.missingTools.length > 0)
    return impossible('whole.tools', { tools: machine.missingTools.join(', ') })
  if (!machine.sshBetween) return impossible('whole.ssh')
  const [wanted, free] = [imageBytes(machine), machine.targetFreeBytes]
  if (free < wanted)
    return impossible('whole.room', { wanted: neededGigabytes(wanted), free: freeGigabytes(free) })
  return { possible: true }
}
