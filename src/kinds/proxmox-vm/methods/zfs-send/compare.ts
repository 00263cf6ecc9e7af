import { proxmoxVm } from '../../facts.ts'
import { endsOf } from '../../sides.ts'
import { compareContents, comparison } from '../../whole-disk/compare.ts'
import { requireAllSent } from '../seed-and-delta/compare.ts'
import { plannedCompare } from '../seed-and-delta/plan.ts'
import { requireChain, unsentBytes } from './chain.ts'
import { settle, toPool } from './commands.ts'
import { finalDelta } from './delta.ts'

/** Asks ZFS whether anything was written that never went, then reads every disk whole at both ends. */
export const compare = proxmoxVm.action({
  ...comparison,
  name: 'seed-and-delta-zfs.compare',
  plan: about => plannedCompare(about, finalDelta),
  isDone: async () => false,

  async apply(acting, io) {
    const ends = endsOf(acting)
    const both = io.at('replication', 'target')
    const chain = await requireChain(io, ends)
    for (const { sourceDataset } of chain.note.disks)
      await both.change(ends.source.host.ssh, toPool(sourceDataset))
    for (const { host } of [ends.source, ends.target]) await both.change(host.ssh, settle)
    requireAllSent(ends, await unsentBytes(io, ends, chain))
    return { ...(await compareContents(both, ends)), applied: chain.note.applied }
  },
})
