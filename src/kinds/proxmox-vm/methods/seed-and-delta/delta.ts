import { secondsBetween } from '../../../../model/instant.ts'
import type { ChangeIo } from '../../../../model/io.ts'
import { proxmoxVm } from '../../facts.ts'
import { removeFile } from '../../machine/host-commands.ts'
import { askQmp, type QmpSocket } from '../../machine/qmp.ts'
import { type Ends, endsOf } from '../../sides.ts'
import { hashAt, requireSameHash, sendFile } from '../../transfer/run.ts'
import { applyBlocks } from './apply-blocks.ts'
import { type Node, oursOn, removeBitmaps, sequencesOn } from './bitmaps.ts'
import { nodesOf, withBlockLayer } from './block-layer.ts'
import { type Chain, requireChain, unsentBytes } from './chain.ts'
import { clearCopies, freshCopies, runCopies } from './copy-job.ts'
import { copyChanged } from './jobs.ts'
import { bitmapName, deltaFile, sequenceOf } from './names.ts'
import { type SourceNote, writeNote } from './notes.ts'
import { plannedDelta, plannedFinalDelta, updated } from './plan.ts'
import { seed } from './seed.ts'
import { sourceDisks, targetStamp } from './seeded-disks.ts'

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

type Delta = NonNullable<SourceNote['delta']>

/**
 * Copies what was written since the target's last copy into files beside the images, and begins a new record in the same
 * instant. The old record goes on: a delta that is lost is made again from it, and then holds more.
 */
async function makeDelta(
  io: ChangeIo,
  { source }: Ends,
  { source: note, target }: Chain,
): Promise<{ note: SourceNote; delta: Delta; frozen: boolean }> {
  const disks = sourceDisks(note.disks)
  const { to, frozen } = await withBlockLayer(io, source, disks, async (socket, running) => {
    await clearCopies(io, socket)
    const nodes = await nodesOf(io, source, socket, disks)
    await dropOutgrown(io, socket, nodes, note.seed, target.applied)
    const next = Math.max(target.applied, ...nodes.flatMap(node => sequencesOn(node, note.seed))) + 1
    const copies = await freshCopies(io, source, note.disks, nodes, slot => deltaFile(source, slot))
    const begin = copyChanged(copies, bitmapName(note.seed, target.applied), bitmapName(note.seed, next))
    const was = await runCopies(io, source, socket, copies, begin, { freeze: running })
    // A machine that is off writes nothing either.
    return { to: next, frozen: was || !running }
  })
  const hashes = await Promise.all(
    note.disks.map(async ({ slot }) => [slot, await hashAt(io, source, deltaFile(source, slot))] as const),
  )
  const delta: Delta = { from: target.applied, to, hashes: Object.fromEntries(hashes) }
  const withDelta: SourceNote = { ...note, delta }
  await writeNote(io, source, withDelta)
  return { note: withDelta, delta, frozen }
}

/** Records from before what the target's images hold: nothing asks for them again. */
async function dropOutgrown(
  io: ChangeIo,
  socket: QmpSocket,
  nodes: Node[],
  seed: string,
  applied: number,
): Promise<void> {
  const commands = nodes.flatMap(node =>
    removeBitmaps(
      node,
      oursOn(node).filter(name => (sequenceOf(seed, name) ?? applied) < applied),
    ),
  )
  if (commands.length > 0) await askQmp(io.change, socket, commands)
}
