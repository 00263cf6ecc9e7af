import { Failure } from '../../../../model/failure.ts'
import type { ReadIo } from '../../../../model/io.ts'
import type { Text } from '../../../../model/text.ts'
import type { Ends } from '../../sides.ts'
import { type Break, brokenText } from '../seed-and-delta/broken.ts'
import { disksNow, lastCommon, propertiesOf, type Snapshot, snapshotsOf, writtenAfter } from './datasets.ts'
import { readZfsNote, type ZfsDisk, type ZfsNote } from './note.ts'

/** One disk's snapshots at both ends, and the youngest that both have. */
export type Link = { disk: ZfsDisk; source: Snapshot[]; target: Snapshot[]; common: Snapshot | undefined }
export type Chain = { note: ZfsNote; links: Link[] }
type ChainState = { whole: true; chain: Chain } | { whole: false; why: Text }

export const linksOf = (io: ReadIo, { source, target }: Ends, { disks, seed }: ZfsNote): Promise<Link[]> =>
  Promise.all(
    disks.map(async (disk): Promise<Link> => {
      const [here, there] = await Promise.all([
        snapshotsOf(io, source, disk.sourceDataset, seed),
        snapshotsOf(io, target, disk.targetDataset, seed),
      ])
      return { disk, source: here, target: there, common: lastCommon(here, there) }
    }),
  )

/** Whether what the target holds can be brought up to date by a delta. Looks; changes nothing. */
export async function chainOf(io: ReadIo, ends: Ends): Promise<ChainState> {
  const note = await readZfsNote(io, ends.target)
  if (note === undefined || note.state !== 'received') return broken(ends, 'none')
  if (note.back) return broken(ends, 'started')
  if (!sameDisks(note.disks, await disksNow(io, ends))) return broken(ends, 'otherDisks')
  for (const { targetDataset } of note.disks)
    if ((await propertiesOf(io, ends.target, targetDataset, 'type')) === undefined)
      return broken(ends, 'imageGone')
  const links = await linksOf(io, ends, note)
  for (const { disk, common } of links) {
    if (common === undefined || (common.number ?? -1) < note.applied) return broken(ends, 'missing')
    if ((await writtenAfter(io, ends.target, `${disk.targetDataset}@${tagOf(common)}`)) !== 0)
      return broken(ends, 'touched')
  }
  return { whole: true, chain: { note, links } }
}

/** The same, for those that cannot go on without. Throws Failure. */
export async function requireChain(io: ReadIo, ends: Ends): Promise<Chain> {
  const state = await chainOf(io, ends)
  if (state.whole) return state.chain
  throw new Failure(state.why, { remedy: { key: 'proxmox-vm.delta.broken.remedy' } })
}

/** Bytes written at the source after the snapshot that the target's note names. */
export async function unsentBytes(io: ReadIo, { source }: Ends, { note, links }: Chain): Promise<number> {
  const applied = links.flatMap(link => link.source.filter(({ number }) => number === note.applied))
  const bytes = await Promise.all(applied.map(({ name }) => writtenAfter(io, source, name)))
  return bytes.reduce((sum, more) => sum + more, 0)
}

/** What a snapshot is called on every dataset. */
export const tagOf = ({ name }: Snapshot): string => name.split('@')[1] ?? ''

/** A machine whose disks changed needs a full copy. */
export const sameDisks = (left: readonly ZfsDisk[], right: readonly ZfsDisk[]): boolean =>
  JSON.stringify(left) === JSON.stringify(right)

const broken = (ends: Ends, why: Break): ChainState => ({ whole: false, why: brokenText(why, ends) })
