import { Failure } from '../../../../model/failure.ts'
import { proxmoxVm } from '../../facts.ts'
import { type Ends, endsOf } from '../../sides.ts'
import { writtenMegabytes } from '../../sizes.ts'
import { compareContents, comparison } from '../../whole-disk/compare.ts'
import { requireChain, unsentBytes } from './chain.ts'
import { finalDelta } from './delta.ts'
import { plannedCompare } from './plan.ts'

/**
 * Asks the source's own record whether anything was written that never went, then compares the content of every disk. The
 * record alone would trust what was sent; the hash alone would not say why.
 */
export const compare = proxmoxVm.action({
  ...comparison,
  name: 'seed-and-delta.compare',
  plan: about => plannedCompare(about, finalDelta),
  isDone: async () => false,

  async apply(acting, io) {
    const ends = endsOf(acting)
    const chain = await requireChain(io, ends)
    requireAllSent(ends, unsentBytes(chain))
    const found = await compareContents(io.at('replication', 'target'), ends)
    return { ...found, applied: chain.target.applied }
  },
})

/** Throws Failure when the source has written what the target has not. */
export function requireAllSent({ source, target }: Ends, unsentBytes: number): void {
  if (unsentBytes === 0) return
  const values = {
    component: source.component,
    written: writtenMegabytes(unsentBytes),
    target: target.host.ssh,
  }
  throw new Failure(
    { key: 'proxmox-vm.delta.unsent', values },
    { remedy: { key: 'proxmox-vm.delta.unsent.remedy', values } },
  )
}
