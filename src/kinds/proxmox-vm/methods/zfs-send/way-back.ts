import { z } from 'zod'
import { Failure } from '../../../../model/failure.ts'
import type { ChangeIo } from '../../../../model/io.ts'
import { proxmoxVm } from '../../facts.ts'
import { copyDiskBack } from '../../failback/copy-disk-back.ts'
import { writesLost } from '../../failback/way-back.ts'
import { requireOff } from '../../machine/existing.ts'
import { said } from '../../planned-step.ts'
import { type Ends, endsOf } from '../../sides.ts'
import { diskPairs } from '../../whole-disk/disks.ts'
import { plannedWayBack } from '../seed-and-delta/plan.ts'
import { type Link, linksOf, requireChain, tagOf } from './chain.ts'
import { settle, snapshotName, takeSnapshots, toPool } from './commands.ts'
import { writtenAfter } from './datasets.ts'
import { readZfsNote, writeZfsNote, type ZfsNote } from './note.ts'
import { pruneSnapshots } from './take.ts'
import { transfer } from './transfer.ts'

/**
 * From here on the guest writes at the target, whose last snapshot is the state before its first start, at the source too.
 * Undoing sends home what came after it, both machines off, so that nothing written there is lost.
 */
export const wayBack = proxmoxVm.action({
  name: 'seed-and-delta-zfs.way-back',
  step: 'way-back',
  makesReturnPath: true,
  touches: ['source', 'target'],
  result: z.object({ snapshot: z.number() }),
  plan: about => plannedWayBack(about, said(about, 'proxmox-vm.zfs.return.byHand')),

  async isDone(acting, io) {
    const note = await readZfsNote(io, endsOf(acting).target)
    return note?.back === true ? { snapshot: note.applied } : false
  },

  async apply(acting, io) {
    const ends = endsOf(acting)
    await requireOff(io, ends.target)
    const { note } = await requireChain(io, ends)
    await writeZfsNote(io.at('target'), ends.target, { ...note, back: true })
    return { snapshot: note.applied }
  },

  async undo(acting, io) {
    const ends = endsOf(acting)
    const both = io.at('source', 'target')
    const note = await readZfsNote(io, ends.target)
    // Nothing stands, or everything is home already: the source may be running again by now.
    if (!note?.back) return
    await requireOff(io, ends.target)
    await requireOff(io, ends.source)
    const links = await linksOf(io, ends, note)
    const { back: _, ...home } = note
    if (links.some(({ common }) => common === undefined)) {
      await bringAllHome(both, ends)
      await writeZfsNote(both, ends.target, home)
      return
    }
    for (const link of links) await requireUnwritten(both, ends, link)
    const number = await lastOfTarget(both, ends, note, links)
    for (const { disk, common } of links) {
      if (common === undefined || common.number === number) continue
      const snapshot = snapshotName(disk.targetDataset, note.seed, number)
      const since = tagOf(common)
      await transfer(both, ends, {
        ...{ from: ends.target, snapshot, to: ends.source, dataset: disk.sourceDataset, since },
      })
    }
    await writeZfsNote(both, ends.target, { ...home, applied: number, appliedAt: io.now() })
    await pruneSnapshots(both, ends, await linksOf(io, ends, note), number)
  },

  undoWithout: { target: async acting => [writesLost(acting)] },
})

/** A snapshot that holds all that the target's disks hold; that of an earlier attempt unless the machine ran again since. */
async function lastOfTarget(
  io: ChangeIo,
  { target }: Ends,
  { seed, applied }: ZfsNote,
  links: readonly Link[],
): Promise<number> {
  for (const { disk } of links) await io.change(target.host.ssh, toPool(disk.targetDataset))
  const latest = Math.max(applied, ...links.flatMap(link => link.target.map(({ number = 0 }) => number)))
  const written = await Promise.all(
    links.map(({ disk }) => writtenAfter(io, target, snapshotName(disk.targetDataset, seed, latest))),
  )
  if (written.every(bytes => bytes === 0)) return latest
  const names = links.map(({ disk }) => snapshotName(disk.targetDataset, seed, latest + 1))
  await io.change(target.host.ssh, takeSnapshots(names))
  return latest + 1
}

/** The source's disk goes back to the common snapshot: safe only as long as nothing was written to it since. */
async function requireUnwritten(
  io: ChangeIo,
  { source, target }: Ends,
  { common, disk }: Link,
): Promise<void> {
  await io.change(source.host.ssh, toPool(disk.sourceDataset))
  if (common === undefined || (await writtenAfter(io, source, common.name)) === 0) return
  const values = {
    component: source.component,
    source: source.host.ssh,
    target: target.host.ssh,
    dataset: disk.sourceDataset,
    snapshot: common.name,
  }
  throw new Failure(
    { key: 'proxmox-vm.zfs.sourceWrote', values },
    { remedy: { key: 'proxmox-vm.zfs.sourceWrote.remedy', values } },
  )
}

/** Where somebody has removed the common snapshot: the disks as they are, by what differs. A full copy is next. */
async function bringAllHome(io: ChangeIo, ends: Ends): Promise<void> {
  for (const { host } of [ends.source, ends.target]) await io.change(host.ssh, settle)
  for (const pair of await diskPairs(io, ends)) await copyDiskBack(io, ends, pair, { keepOld: false })
}
