import { randomBytes } from 'node:crypto'
import { Failure } from '../../../../model/failure.ts'
import { secondsBetween } from '../../../../model/instant.ts'
import type { ChangeIo } from '../../../../model/io.ts'
import { proxmoxVm } from '../../facts.ts'
import { requireOff } from '../../machine/existing.ts'
import { removeFile, removeFolder } from '../../machine/host-commands.ts'
import { said } from '../../planned-step.ts'
import { type Ends, endsOf, type MachineSide } from '../../sides.ts'
import { requireNeverStarted } from '../seed-and-delta/chain.ts'
import { configAtTarget, defineAtTarget, destroyOurs, requireOurs } from '../seed-and-delta/define.ts'
import { plannedSeed, seeded } from '../seed-and-delta/plan.ts'
import { chainOf, linksOf, sameDisks } from './chain.ts'
import { dropDisk, dropSnapshot, forgetPartial, isOurs, snapshotName } from './commands.ts'
import { disksNow, propertiesOf, snapshotsOf } from './datasets.ts'
import { readZfsNote, writeZfsNote, type ZfsDisk, type ZfsNote } from './note.ts'
import { takeAtSource } from './take.ts'
import { tokenOf, transfer } from './transfer.ts'

/**
 * The full copy, days ahead, while people work: a snapshot of all disks, sent whole. Nothing is done when what the target
 * holds can still be brought up to date by a delta; otherwise everything begins again.
 */
export const seed = proxmoxVm.action({
  name: 'seed-and-delta-zfs.seed',
  step: 'seed',
  touches: ['replication', 'target'],
  result: seeded,
  plan: about => plannedSeed(about, said(about, 'proxmox-vm.zfs.seed.byHand')),

  async isDone(acting, io) {
    const state = await chainOf(io, endsOf(acting))
    return state.whole ? resultOf(state.chain.note) : false
  },

  async apply(acting, io) {
    const ends = endsOf(acting)
    const both = io.at('replication', 'target')
    const state = await chainOf(io, ends)
    if (state.whole) return resultOf(state.chain.note)
    const earlier = await readZfsNote(io, ends.target)
    requireNeverStarted(ends, earlier)
    await requireOff(io, ends.target)
    const note = await begun(both, ends, earlier)
    return resultOf(await sendAll(both, ends, note))
  },

  /** Gives the move up: no snapshot of ours stays at the source, and no copy of a person's data at the target. */
  async undo(acting, io) {
    const ends = endsOf(acting)
    const note = await readZfsNote(io, ends.target)
    requireNeverStarted(ends, note)
    const disks = note?.disks ?? (await disksNow(io, ends))
    // The note is the last thing to go: it alone says what is ours.
    await forgetAtSource(io.at('replication'), ends.source, disks)
    await eraseTarget(io.at('target'), ends)
  },
})

const resultOf = ({ seed, at, transfer, disks }: ZfsNote) => ({
  seed,
  at,
  disks: disks.map(({ slot }) => slot),
  ...(transfer && { transfer }),
})

/** A snapshot of every disk at the source, that of an earlier attempt where it got that far. */
async function begun(io: ChangeIo, ends: Ends, earlier: ZfsNote | undefined): Promise<ZfsNote> {
  const disks = await disksNow(io, ends)
  if (earlier?.state === 'receiving' && sameDisks(earlier.disks, disks)) {
    const links = await linksOf(io, ends, earlier)
    if (links.every(({ source }) => source.some(({ number }) => number === 0))) return earlier
  }
  await eraseTarget(io, ends)
  await forgetAtSource(io, ends.source, disks)
  await requireFree(io, ends, disks)
  const note: ZfsNote = {
    ...{ seed: randomBytes(4).toString('hex'), state: 'receiving', applied: 0 },
    ...{ at: io.now(), appliedAt: io.now(), imageBytes: 0, disks },
  }
  await writeZfsNote(io, ends.target, note)
  const datasets = disks.map(({ sourceDataset }) => sourceDataset)
  await takeAtSource(io, ends.source, datasets, note.seed, 0)
  return note
}

/** Asked before any of it is called ours. Throws Failure when machine or disks of these names are somebody's. */
async function requireFree(io: ChangeIo, ends: Ends, disks: readonly ZfsDisk[]): Promise<void> {
  const { target } = ends
  const config = await configAtTarget(io, ends)
  if (config !== undefined) requireOurs(ends, config)
  for (const { targetDataset: dataset } of disks) {
    if ((await propertiesOf(io, target, dataset, 'type')) === undefined) continue
    const values = { component: target.component, host: target.host.ssh, dataset }
    throw new Failure(
      { key: 'proxmox-vm.zfs.foreign', values },
      { remedy: { key: 'proxmox-vm.zfs.foreign.remedy', values } },
    )
  }
}

async function sendAll(io: ChangeIo, ends: Ends, note: ZfsNote): Promise<ZfsNote> {
  const { source, target } = ends
  const began = io.now()
  let [imageBytes, sentBytes] = [0, 0]
  await io.change(target.host.ssh, removeFile(`${target.staging}/restored.json`))
  for (const { disk, common } of await linksOf(io, ends, note)) {
    const snapshot = snapshotName(disk.sourceDataset, note.seed, 0)
    const [referenced] = (await propertiesOf(io, source, snapshot, 'referenced')) ?? []
    imageBytes += Number(referenced ?? 0)
    if (common !== undefined) continue
    sentBytes += await transfer(io, ends, { from: source, snapshot, to: target, dataset: disk.targetDataset })
  }
  await defineAtTarget(io, ends, note.disks)
  const seconds = secondsBetween(began, io.now())
  const whole: ZfsNote = {
    ...note,
    state: 'received',
    imageBytes,
    transfer: { imageBytes, sentBytes, seconds },
  }
  await writeZfsNote(io, target, whole)
  return whole
}

/** The machine at the target that we made, its disks and what we keep there. Throws Failure when it is not ours, or runs. */
async function eraseTarget(io: ChangeIo, ends: Ends): Promise<void> {
  const { target } = ends
  const note = await readZfsNote(io, target)
  if (note === undefined) return
  requireNeverStarted(ends, note)
  await destroyOurs(io, ends)
  for (const { targetDataset } of note.disks) await eraseDisk(io, target, targetDataset)
  await io.change(target.host.ssh, removeFolder(target.staging))
}

/** Only one that began to come, or that has a snapshot of ours, is ours. */
async function eraseDisk(io: ChangeIo, target: MachineSide, dataset: string): Promise<void> {
  if ((await tokenOf(io, target, dataset)) !== undefined)
    await io.change(target.host.ssh, forgetPartial(dataset))
  if ((await propertiesOf(io, target, dataset, 'type')) === undefined) return
  const snapshots = await snapshotsOf(io, target, dataset, '')
  if (!snapshots.some(({ name }) => isOurs(name))) {
    const values = { component: target.component, host: target.host.ssh, dataset }
    throw new Failure(
      { key: 'proxmox-vm.zfs.foreign', values },
      { remedy: { key: 'proxmox-vm.zfs.foreign.remedy', values } },
    )
  }
  await io.change(target.host.ssh, dropDisk(dataset, target.vmid))
}

/** Our snapshots of the source's disks, of whatever seed. */
async function forgetAtSource(io: ChangeIo, source: MachineSide, disks: readonly ZfsDisk[]): Promise<void> {
  for (const { sourceDataset } of disks) {
    for (const { name } of await snapshotsOf(io, source, sourceDataset, ''))
      if (isOurs(name)) await io.change(source.host.ssh, dropSnapshot(name))
  }
  await io.change(source.host.ssh, removeFolder(source.staging))
}
