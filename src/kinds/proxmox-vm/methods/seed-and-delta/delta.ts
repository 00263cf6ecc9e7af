import type { ChangeIo } from '../../../../model/io.ts'
import type { JsonObject } from '../../../../model/json.ts'
import type { Action, StepContext } from '../../../../model/kind.ts'
import { type Ends, endsOf } from '../../machine/ends.ts'
import { requireChain, unsentBytes } from './chain.ts'
import { makeDelta } from './make-delta.ts'
import { sendDelta } from './send-delta.ts'

/** Sends what was written since the last copy: every time it is run, and in the night once more with the machine off. */
export const delta: Action = {
  /** Run again it sends what is left; nothing is sent twice over that the target has noted. */
  isDone: async () => false,
  apply: (context: StepContext, io: ChangeIo): Promise<JsonObject> => bringUpToDate(io, endsOf(context)),
}

export async function bringUpToDate(io: ChangeIo, ends: Ends): Promise<JsonObject> {
  const from = Date.parse(io.now())
  let chain = await requireChain(io, ends)
  let sent = { imageBytes: 0, sentBytes: 0 }
  // A delta that was made and maybe never arrived comes first: it lies there whole.
  const pending = chain.source.delta
  if (pending !== undefined && pending.from === chain.target.applied) {
    sent = await sendDelta(io, ends, chain, pending)
    chain = await requireChain(io, ends)
  }
  const dirtyBytes = unsentBytes(chain)
  const made = await makeDelta(io, ends, chain)
  const last = await sendDelta(io, ends, { ...chain, source: made.note }, made.delta)
  return {
    seed: chain.source.seed,
    from: made.delta.from,
    to: made.delta.to,
    dirtyBytes,
    /** False: as a power cut would have left the guest at that instant. */
    frozen: made.frozen,
    transfer: {
      imageBytes: chain.target.imageBytes,
      sentBytes: sent.sentBytes + last.sentBytes,
      seconds: (Date.parse(io.now()) - from) / 1000,
    },
  }
}
