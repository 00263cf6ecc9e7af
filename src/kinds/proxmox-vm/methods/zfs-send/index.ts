import { endsOf } from '../../machine/ends.ts'
import { namesOf } from '../../planned-step.ts'
import type { StoredCopy, TransferMethod } from '../../transfer-method.ts'
import { forecast } from '../seed-and-delta/forecast.ts'
import { planSeedAndDelta } from '../seed-and-delta/plan.ts'
import { chainOf, unsentBytes } from './chain.ts'
import { compare } from './compare.ts'
import { makeCopy } from './copy-machine.ts'
import { delta } from './delta.ts'
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
  plan: planning => {
    const values = namesOf(planning.component, planning.context)
    return planSeedAndDelta(planning, {
      way: 'seed-and-delta-zfs',
      giveUp: { key: 'proxmox-vm.zfs.seed.byHand', values },
      bringHome: { key: 'proxmox-vm.zfs.return.byHand', values },
    })
  },
  actions: { seed, delta, 'final-delta': delta, compare, 'way-back': wayBack },

  async storedCopy(context, io): Promise<StoredCopy | undefined> {
    const note = await readZfsNote(io, endsOf(context).target)
    if (note?.state !== 'received') return undefined
    return { id: note.seed, at: note.at, imageBytes: note.imageBytes }
  },
  async unsentBytes(context, io) {
    const ends = endsOf(context)
    const state = await chainOf(io, ends)
    return state.whole ? unsentBytes(io, ends, state.chain) : undefined
  },
  makeCopy,
}
