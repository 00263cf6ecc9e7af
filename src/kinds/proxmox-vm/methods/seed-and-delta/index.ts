import { copyBackByHand } from '../../failback/by-hand.ts'
import { endsOf } from '../../machine/ends.ts'
import { namesOf } from '../../planned-step.ts'
import type { StoredCopy, TransferMethod } from '../../transfer-method.ts'
import { endDaemon } from './block-layer.ts'
import { chainOf, unsentBytes } from './chain.ts'
import { compare } from './compare.ts'
import { makeCopy } from './copy-machine.ts'
import { delta } from './delta.ts'
import { forecast } from './forecast.ts'
import { readTargetNote } from './notes.ts'
import { planSeedAndDelta } from './plan.ts'
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
  plan: planning => {
    const { component, context } = planning
    return planSeedAndDelta(planning, {
      way: 'seed-and-delta',
      giveUp: { key: 'proxmox-vm.delta.seed.byHand', values: namesOf(component, context) },
      bringHome: copyBackByHand(endsOf({ component, plan: context.plan })),
    })
  },
  actions: { seed, delta, 'final-delta': delta, compare, 'way-back': wayBack },

  async storedCopy(context, io): Promise<StoredCopy | undefined> {
    const note = await readTargetNote(io, endsOf(context).target)
    return note && { id: note.seed, at: note.at, imageBytes: note.imageBytes }
  },
  async unsentBytes(context, io) {
    const state = await chainOf(io, endsOf(context))
    return state.whole ? unsentBytes(state.chain) : undefined
  },
  releaseSource: (context, io) => endDaemon(io, endsOf(context).source),
  makeCopy,
}
