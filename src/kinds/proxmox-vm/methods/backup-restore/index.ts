import { Failure } from '../../../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../../../model/io.ts'
import type { StepContext } from '../../../../model/kind.ts'
import { returnPath } from '../../failback/way-back.ts'
import { endsOf } from '../../machine/ends.ts'
import type { CopyOptions, Of, StoredCopy, TransferMethod } from '../../transfer-method.ts'
import { compare } from '../../whole-disk/compare.ts'
import { finalDelta } from './actions/final-delta.ts'
import { seed } from './actions/seed.ts'
import { forecast } from './forecast.ts'
import { readArchive } from './note.ts'
import { planBackupRestore } from './plan.ts'
import { possible } from './possible.ts'
import { restoreCopy } from './restore.ts'

/**
 * vzdump at the source, the archive sent over ssh, restored at the target: PVE's own tools for a cluster that it does not
 * know. It works with every storage, and costs the whole disk in the night.
 */
export const backupRestore: TransferMethod = {
  name: 'backup-restore',
  keepsRunning: false,
  possible,
  forecast,
  plan: planBackupRestore,
  actions: { seed, 'final-delta': finalDelta, compare, 'way-back': returnPath },
  storedCopy: heldArchive,
  makeCopy: copyOfArchive,
}

export async function heldArchive(context: Of, io: ReadIo): Promise<StoredCopy | undefined> {
  const archive = await readArchive(io, endsOf(context).target)
  return archive && { id: archive.sha256 ?? archive.volid, at: archive.at, imageBytes: archive.imageBytes }
}

export async function copyOfArchive(context: StepContext, copy: CopyOptions, io: ChangeIo): Promise<void> {
  const { target } = endsOf(context)
  const archive = await readArchive(io, target)
  if (archive !== undefined) return restoreCopy(context, archive, copy, io)
  const values = { component: target.component, host: target.host.ssh }
  throw new Failure(
    { key: 'proxmox-vm.backup.noArchive', values },
    { remedy: { key: 'proxmox-vm.backup.noArchive.remedy' } },
  )
}
