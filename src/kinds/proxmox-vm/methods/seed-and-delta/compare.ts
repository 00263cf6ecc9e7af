import { Failure } from '../../../../model/failure.ts'
import type { ChangeIo } from '../../../../model/io.ts'
import type { JsonObject } from '../../../../model/json.ts'
import type { Action, StepContext } from '../../../../model/kind.ts'
import { type Ends, endsOf } from '../../machine/ends.ts'
import { writtenMegabytes } from '../../sizes.ts'
import { compare as compareContents } from '../../whole-disk/compare.ts'
import { requireChain, unsentBytes } from './chain.ts'

/**
 * Asks the source's own record whether anything was written that never went, then compares the content of every disk. The
 * record alone would trust what was sent; the hash alone would not say why.
 */
export const compare: Action = {
  isDone: async () => false,

  async apply(context: StepContext, io: ChangeIo): Promise<JsonObject> {
    const ends = endsOf(context)
    const chain = await requireChain(io, ends)
    requireAllSent(ends, unsentBytes(chain))
    return { ...(await compareContents.apply(context, io)), applied: chain.target.applied }
  },
}

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
