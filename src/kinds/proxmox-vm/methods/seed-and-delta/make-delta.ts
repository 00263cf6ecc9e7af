import type { ChangeIo } from '../../../../model/io.ts'
import { askQmp, type QmpSocket } from '../../machine/qmp.ts'
import type { Ends } from '../../sides.ts'
import { hashAt } from '../../transfer/run.ts'
import { type Node, oursOn, removeBitmaps, sequencesOn } from './bitmaps.ts'
import { nodesOf, withBlockLayer } from './block-layer.ts'
import type { Chain } from './chain.ts'
import { clearCopies, runCopies } from './copy-job.ts'
import { freshCopies } from './fresh-copies.ts'
import { copyChanged } from './jobs.ts'
import { bitmapName, deltaFile, sequenceOf } from './names.ts'
import { type SourceNote, writeNote } from './notes.ts'
import { sourceDisks } from './seeded-disks.ts'

export type Delta = NonNullable<SourceNote['delta']>

/**
 * Copies what was written since the target's last copy into files beside the images, and begins a new record in the same
 * instant. The old record goes on: a delta that is lost is made again from it, and then holds more.
 */
export async function makeDelta(
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
