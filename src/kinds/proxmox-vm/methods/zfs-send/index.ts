import { endsOf } from '../../sides.ts'
import type { StoredCopy, TransferMethod } from '../../transfer-method.ts'
import { forecast } from '../seed-and-delta/forecast.ts'
import { chainOf, unsentBytes } from './chain.ts'
import { compare } from './compare.ts'
import { makeCopy } from './copy-machine.ts'
import { delta, finalDelta } from './delta.ts'
import { readZfsNote } from './note.ts'
import { possible } from './possible.ts'
import { seed } from './seed.ts'
import { wayBack } from './way-back.ts'

/** Seed and delta where both storages are ZFS: a snapshot is the copy, what changed since the one before is the delta. */
export const zfsSend: TransferMethod = {
  name: 'seed-and-delta-zfs',
  keepsRunning: false,
  possible,
  forecast,
  steps: {
    preparation: [seed, delta],
    rehearsal: [finalDelta],
    live: [finalDelta, compare, wayBack],
  },

  async storedCopy(of, io): Promise<StoredCopy | undefined> {
    const note = await readZfsNote(io, endsOf(of).target)
    if (note?.state !== 'received') return undefined
    return { id: note.seed, at: note.at, imageBytes: note.imageBytes }
  },
  async unsentBytes(of, io) {
    const ends = endsOf(of)
    const state = await chainOf(io, ends)
    return state.whole ? unsentBytes(io, ends, state.chain) : undefined
  },
  makeCopy,
}
