import { endsOf } from '../../sides.ts'
import type { StoredCopy, TransferMethod } from '../../transfer-method.ts'
import { endDaemon } from './block-layer.ts'
import { chainOf, unsentBytes } from './chain.ts'
import { compare } from './compare.ts'
import { makeCopy } from './copy-machine.ts'
import { delta, finalDelta } from './delta.ts'
import { forecast } from './forecast.ts'
import { readTargetNote } from './notes.ts'
import { possible } from './possible.ts'
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
