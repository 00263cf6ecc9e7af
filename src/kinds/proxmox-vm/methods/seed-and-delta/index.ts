import { imageBytes, type MachineFacts } from '../../facts.ts'
import { impossible } from '../../impossible.ts'
import { endsOf } from '../../sides.ts'
import { freeGigabytes, neededGigabytes } from '../../sizes.ts'
import type { Possibility, StoredCopy, TransferMethod } from '../../transfer-method.ts'
import { endDaemon } from './block-layer.ts'
import { chainOf, unsentBytes } from './chain.ts'
import { compare } from './compare.ts'
import { makeCopy } from './copy-machine.ts'
import { delta, finalDelta } from './delta.ts'
import { forecast } from './forecast.ts'
import { readTargetNote } from './notes.ts'
import { seed } from './seed.ts'
import { wayBack } from './way-back.ts'

/**
 * The image is copied days ahead; from then on QEMU records which blocks are written, and only those travel, in the night for
 * the last time. It is made of QEMU's own parts over ssh: Proxmox VE has no call for it on storages of files.
 */
export const seedAndDelta: TransferMethod = {
  name: 'seed-and-delta',
  keepsRunning: false,
  possible,
  forecast,
  steps: {
    preparation: [seed, delta],
    rehearsal: [finalDelta],
    live: [finalDelta, compare, wayBack],
  },

  async storedCopy(of, io): Promise<StoredCopy | undefined> {
    const note = await readTargetNote(io, endsOf(of).target)
    return note && { id: note.seed, at: note.at, imageBytes: note.imageBytes }
  },
  async unsentBytes(of, io) {
    const state = await chainOf(io, endsOf(of))
    return state.whole ? unsentBytes(state.chain) : undefined
  },
  releaseSource: (of, io) => endDaemon(io, endsOf(of).source),
  makeCopy,
}

const filesTypes = new Set(['dir', 'nfs', 'cifs', 'btrfs', 'cephfs', 'glusterfs'])

/** Bitmaps that outlive QEMU are kept in qcow2 images alone, and only QEMU itself can write them. */
function possible(machine: MachineFacts): Possibility {
  const other = machine.disks.find(({ format }) => format !== 'qcow2')
  if (machine.disks.length === 0) return impossible('delta.noDisks')
  if (other !== undefined) return impossible('delta.format', { slot: other.slot, format: other.format })
  if (!filesTypes.has(machine.targetStorageType))
    return impossible('delta.storage', { type: machine.targetStorageType || '?' })
  if (machine.snapshots.length > 0)
    return impossible('delta.snapshots', { names: machine.snapshots.join(', ') })
  if (machine.missingTools.length > 0)
    return impossible('delta.tools', { tools: machine.missingTools.join(', ') })
  if (!machine.sshBetween) return impossible('delta.ssh')
  if (machine.running && !machine.qmp) return impossible('delta.qmp')
  const wanted = imageBytes(machine)
  const [source, target] = [machine.sourceStagingFreeBytes, machine.targetFreeBytes]
  if (source < wanted || target < wanted)
    return impossible('delta.room', {
      wanted: neededGigabytes(wanted),
      source: freeGigabytes(source),
      target: freeGigabytes(target),
    })
  return { possible: true }
}
