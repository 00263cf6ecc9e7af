import type { ChangeIo } from '../../../../model/io.ts'
import type { JsonObject } from '../../../../model/json.ts'
import type { Action, StepContext } from '../../../../model/kind.ts'
import { endsOf } from '../../machine/ends.ts'
import { compare as compareContents } from '../../whole-disk/compare.ts'
import { requireAllSent } from '../seed-and-delta/compare.ts'
import { requireChain, unsentBytes } from './chain.ts'
import { settle, toPool } from './commands.ts'

/** Asks ZFS whether anything was written that never went, then reads every disk whole at both ends. */
export const compare: Action = {
  isDone: async () => false,

  async apply(context: StepContext, io: ChangeIo): Promise<JsonObject> {
    const ends = endsOf(context)
    const chain = await requireChain(io, ends)
    for (const { sourceDataset } of chain.note.disks)
      await io.change(ends.source.host.ssh, toPool(sourceDataset))
    for (const { host } of [ends.source, ends.target]) await io.change(host.ssh, settle)
    requireAllSent(ends, await unsentBytes(io, ends, chain))
    return { ...(await compareContents.apply(context, io)), applied: chain.note.applied }
  },
}
