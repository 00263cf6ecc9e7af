import { secondsBetween } from '../../../../model/instant.ts'
import type { ChangeIo } from '../../../../model/io.ts'
import { proxmoxVm } from '../../facts.ts'
import { removeFile } from '../../machine/host-commands.ts'
import { type Ends, endsOf } from '../../sides.ts'
import { requireSameHash, sendFile } from '../../transfer/run.ts'
import { applyBlocks } from './apply-blocks.ts'
import { type Chain, requireChain, unsentBytes } from './chain.ts'
import { type Delta, makeDelta } from './make-delta.ts'
import { deltaFile } from './names.ts'
import { writeNote } from './notes.ts'
import { plannedDelta, plannedFinalDelta, updated } from './plan.ts'
import { seed } from './seed.ts'
import { targetStamp } from './seeded-disks.ts'

/** Sends what was written since the last copy: every time it is run. */
export const delta = proxmoxVm.action({
  name: 'seed-and-delta.delta',
  step: 'delta',
  touches: ['replication', 'target'],
  result: updated,
  plan: about => plannedDelta(about, seed),
  /** Run again it sends what is left; nothing is sent twice over that the target has noted. */
  isDone: async () => false,
  apply: (acting, io) => bringUpToDate(io.at('replication', 'target'), endsOf(acting)),
})

/** Once more in the night, the machine off; and in a rehearsal while it serves on. */
export const finalDelta = proxmoxVm.action({
  ...delta,
  name: 'seed-and-delta.final-delta',
  step: 'final-delta',
  plan: plannedFinalDelta,
})

async function bringUpToDate(io: ChangeIo, ends: Ends) {
  const from = io.now()
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
    frozen: made.frozen,
    transfer: {
      imageBytes: chain.target.imageBytes,
      sentBytes: sent.sentBytes + last.sentBytes,
      seconds: secondsBetween(from, io.now()),
    },
  }
}

/**
 * Brings a delta that lies at the source into the target's images. The order is what makes a crash at any point harmless: the
 * blocks are in all images, then the target notes it, then the files go. The records go when the next delta is made.
 */
async function sendDelta(
  io: ChangeIo,
  ends: Ends,
  { source: note, target: held }: Chain,
  { to, hashes }: Delta,
): Promise<{ imageBytes: number; sentBytes: number }> {
  const { source, target } = ends
  const total = { imageBytes: 0, sentBytes: 0 }
  for (const { slot } of note.disks) {
    const [file, there] = [deltaFile(source, slot), deltaFile(target, slot)]
    const report = await sendFile(io, ends, { from: file, to: there })
    total.imageBytes += report.imageBytes
    total.sentBytes += report.sentBytes
    const known = Promise.resolve(hashes[slot] ?? '')
    await requireSameHash(io, { side: source, path: file, hash: known }, { side: target, path: there })
  }
  const { stamp: _old, ...beingWritten } = held
  await writeNote(io, target, beingWritten)
  // None before all are there: the disks of a machine belong together.
  for (const { slot, targetPath } of held.disks) {
    await applyBlocks(io, target, deltaFile(target, slot), targetPath)
  }
  const stamp = await targetStamp(io, target, held.disks)
  await writeNote(io, target, { ...held, applied: to, appliedAt: io.now(), stamp })
  for (const { slot } of note.disks) await io.change(target.host.ssh, removeFile(deltaFile(target, slot)))
  const { delta: _, ...forgotten } = note
  await writeNote(io, source, forgotten)
  for (const { slot } of note.disks) await io.change(source.host.ssh, removeFile(deltaFile(source, slot)))
  return total
}
