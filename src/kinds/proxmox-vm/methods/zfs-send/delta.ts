import { secondsBetween } from '../../../../model/instant.ts'
import type { ChangeIo } from '../../../../model/io.ts'
import { proxmoxVm } from '../../facts.ts'
import { requireOff } from '../../machine/existing.ts'
import { type Ends, endsOf } from '../../sides.ts'
import { plannedDelta, plannedFinalDelta, updated } from '../seed-and-delta/plan.ts'
import { type Chain, requireChain, tagOf, unsentBytes } from './chain.ts'
import { snapshotName } from './commands.ts'
import { writeZfsNote } from './note.ts'
import { seed } from './seed.ts'
import { pruneSnapshots, takeAtSource } from './take.ts'
import { transfer } from './transfer.ts'

/** Sends what was written since the last snapshot: every time it is run. */
export const delta = proxmoxVm.action({
  name: 'seed-and-delta-zfs.delta',
  step: 'delta',
  touches: ['replication', 'target'],
  result: updated,
  plan: about => plannedDelta(about, seed),
  /** Run again it sends what is left; nothing is sent twice over that the target has. */
  isDone: async () => false,
  apply: (acting, io) => bringUpToDate(io.at('replication', 'target'), endsOf(acting)),
})

/** Once more in the night, the machine off; and in a rehearsal while it serves on. */
export const finalDelta = proxmoxVm.action({
  ...delta,
  name: 'seed-and-delta-zfs.final-delta',
  step: 'final-delta',
  plan: plannedFinalDelta,
})

async function bringUpToDate(io: ChangeIo, ends: Ends) {
  const began = io.now()
  await requireOff(io, ends.target)
  let chain = await requireChain(io, ends)
  const from = chain.note.applied
  const dirtyBytes = await unsentBytes(io, ends, chain)
  let sentBytes = 0
  // Taken and maybe never arrived: it comes first, so that a transfer that broke goes on.
  for (const number of pending(chain)) {
    sentBytes += await send(io, ends, chain, number)
    chain = await requireChain(io, ends)
  }
  const { seed, disks } = chain.note
  const next = chain.note.applied + 1
  const datasets = disks.map(({ sourceDataset }) => sourceDataset)
  const frozen = await takeAtSource(io, ends.source, datasets, seed, next)
  sentBytes += await send(io, ends, chain, next)
  const { imageBytes } = chain.note
  return {
    seed,
    from,
    to: next,
    dirtyBytes,
    frozen,
    transfer: { imageBytes, sentBytes, seconds: secondsBetween(began, io.now()) },
  }
}

/** Numbers of snapshots that the source has and the target's note does not know, the oldest first. */
const pending = ({ note, links }: Chain): number[] =>
  (links[0]?.source ?? []).flatMap(({ number = -1 }) => (number > note.applied ? [number] : []))

/** All disks, then the note, then the older snapshots go: cut off at any point, it can be done again. */
async function send(io: ChangeIo, ends: Ends, { note, links }: Chain, number: number): Promise<number> {
  const { source, target } = ends
  let sentBytes = 0
  for (const { disk, common } of links) {
    if (common === undefined || common.number === number) continue
    const snapshot = snapshotName(disk.sourceDataset, note.seed, number)
    const since = tagOf(common)
    sentBytes += await transfer(io, ends, {
      ...{ from: source, snapshot, to: target, dataset: disk.targetDataset, since },
    })
  }
  await writeZfsNote(io, target, { ...note, applied: number, appliedAt: io.now() })
  const now = await requireChain(io, ends)
  await pruneSnapshots(io, ends, now.links, number)
  return sentBytes
}
