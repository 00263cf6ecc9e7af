import { Failure } from '../../../../model/failure.ts'
import type { ReadIo } from '../../../../model/io.ts'
import type { Text } from '../../../../model/text.ts'
import type { Ends } from '../../sides.ts'
import type { Node } from './bitmaps.ts'
import { lookAtNodes } from './block-layer.ts'
import { type Break, brokenText } from './broken.ts'
import { bitmapName } from './names.ts'
import { readSourceNote, readTargetNote, type SourceNote, type TargetNote } from './notes.ts'
import { disksNow, infoOf, sameDisks, sourceDisks, targetStamp } from './seeded-disks.ts'

/** What stands at both ends, and whether a delta can follow on it. */
export type Chain = { source: SourceNote; target: TargetNote; nodes: Node[] }
export type ChainState = { whole: true; chain: Chain } | { whole: false; why: Text }

/** Whether what the target holds can be brought up to date by a delta. Looks; changes nothing. */
export async function chainOf(io: ReadIo, ends: Ends): Promise<ChainState> {
  const [source, target] = await Promise.all([
    readSourceNote(io, ends.source),
    readTargetNote(io, ends.target),
  ])
  if (source === undefined || target === undefined) return broken(ends, 'none')
  if (source.seed !== target.seed) return broken(ends, 'otherSeed')
  if (target.back !== undefined) return broken(ends, 'started')
  if (!sameDisks(source.disks, await disksNow(io, ends))) return broken(ends, 'otherDisks')
  const arrived = await Promise.all(
    target.disks.map(disk => infoOf(io, ends.target, disk.targetPath).catch(() => undefined)),
  )
  if (arrived.includes(undefined)) return broken(ends, 'imageGone')
  const { stamp } = target
  if (stamp !== undefined && stamp !== (await targetStamp(io, ends.target, target.disks)))
    return broken(ends, 'touched')
  const nodes = await lookAtNodes(io, ends.source, sourceDisks(source.disks))
  const wanted = bitmapName(source.seed, target.applied)
  const found = nodes.map(({ bitmaps }) => bitmaps.find(({ name }) => name === wanted))
  if (found.includes(undefined)) return broken(ends, 'missing')
  if (found.some(bitmap => bitmap?.usable !== true)) return broken(ends, 'inconsistent')
  return { whole: true, chain: { source, target, nodes } }
}

/** The same, for those that cannot go on without. Throws Failure. */
export async function requireChain(io: ReadIo, ends: Ends): Promise<Chain> {
  const state = await chainOf(io, ends)
  if (state.whole) return state.chain
  throw new Failure(state.why, { remedy: { key: 'proxmox-vm.delta.broken.remedy' } })
}

/** Throws Failure when the target's images may hold what exists nowhere else: they are then neither replaced nor removed. */
export function requireNeverStarted(
  ends: Ends,
  note: { back?: string | boolean | undefined } | undefined,
): void {
  if (note?.back === undefined) return
  const { source, target } = ends
  const values = { component: source.component, source: source.host.ssh, target: target.host.ssh }
  throw new Failure(
    { key: 'proxmox-vm.delta.broken.started', values },
    { remedy: { key: 'proxmox-vm.delta.broken.started.remedy', values } },
  )
}

/** Bytes that the source has and the target has not. */
export const unsentBytes = ({ source, target, nodes }: Chain): number =>
  nodes
    .flatMap(({ bitmaps }) => bitmaps)
    .filter(({ name }) => name === bitmapName(source.seed, target.applied))
    .reduce((sum, { dirtyBytes }) => sum + dirtyBytes, 0)

const broken = (ends: Ends, why: Break): ChainState => ({ whole: false, why: brokenText(why, ends) })
