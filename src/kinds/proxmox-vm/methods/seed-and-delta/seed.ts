import { randomBytes } from 'node:crypto'
import { posix } from 'node:path'
import { Failure } from '../../../../model/failure.ts'
import { secondsBetween } from '../../../../model/instant.ts'
import type { ChangeIo, ReadIo } from '../../../../model/io.ts'
import { proxmoxVm } from '../../facts.ts'
import { requireOff } from '../../machine/existing.ts'
import { onlyForOwner, privateFolder, removeFile, removeFolder, sizeOf } from '../../machine/host-commands.ts'
import { askQmp, type QmpSocket } from '../../machine/qmp.ts'
import { said } from '../../planned-step.ts'
import { type Ends, endsOf, type MachineSide } from '../../sides.ts'
import { freeGigabytes, neededGigabytes } from '../../sizes.ts'
import { requireSameHash, sendFile } from '../../transfer/run.ts'
import { oursOn, removeBitmaps } from './bitmaps.ts'
import { nodesOf, withBlockLayer } from './block-layer.ts'
import { chainOf, requireNeverStarted } from './chain.ts'
import { createImage, freeBytes, toDisk } from './commands.ts'
import { awaitCopies, clearCopies, jobsAt, runCopies } from './copy-job.ts'
import { defineAtTarget, destroyOurs } from './define.ts'
import { type Copied, copyAll } from './jobs.ts'
import { bitmapName, jobName, seedFile } from './names.ts'
import {
  readSourceNote,
  readTargetNote,
  type SeededDisk,
  type SourceNote,
  type TargetNote,
  writeNote,
} from './notes.ts'
import { plannedSeed, seeded } from './plan.ts'
import { disksNow, infoOf, sameDisks, sourceDisks, targetStamp } from './seeded-disks.ts'

/**
 * The full copy, days ahead, while people work. From its instant on QEMU records what is written. Nothing is done when what
 * the target holds can still be brought up to date by a delta; otherwise everything begins again.
 */
export const seed = proxmoxVm.action({
  name: 'seed-and-delta.seed',
  step: 'seed',
  touches: ['replication', 'target'],
  result: seeded,
  plan: about => plannedSeed(about, said(about, 'proxmox-vm.delta.seed.byHand')),

  async isDone(acting, io) {
    const state = await chainOf(io, endsOf(acting))
    return state.whole ? resultOf(state.chain.source) : false
  },

  async apply(acting, io) {
    const ends = endsOf(acting)
    const both = io.at('replication', 'target')
    const state = await chainOf(io, ends)
    if (state.whole) return resultOf(state.chain.source)
    requireNeverStarted(ends, await readTargetNote(io, ends.target))
    await requireOff(io, ends.target)
    const note = await copied(both, ends)
    return resultOf(await sendSeed(both, ends, note))
  },

  /** Gives the move up: the source records no more, and no copy of a person's data stays anywhere. */
  async undo(acting, io) {
    const ends = endsOf(acting)
    await eraseTarget(io.at('target'), ends)
    await forgetAtSource(io.at('replication'), ends)
  },
})

const resultOf = ({ seed, at, transfer, disks }: SourceNote) => ({
  seed,
  at,
  disks: disks.map(({ slot }) => slot),
  ...(transfer && { transfer }),
})

/** A whole copy of every disk in the source's staging folder; that of an earlier attempt where it got that far. */
async function copied(io: ChangeIo, ends: Ends): Promise<SourceNote> {
  const { source } = ends
  await io.change(source.host.ssh, privateFolder(source.staging))
  const [disks, earlier] = await Promise.all([disksNow(io, ends), readSourceNote(io, source)])
  const same = earlier !== undefined && sameDisks(earlier.disks, disks)
  if (same && earlier.state === 'copied') return earlier
  return withBlockLayer(io, source, sourceDisks(disks), async (socket, running) => {
    const going = same && earlier.state === 'copying' && (await stillCopied(io, socket, disks))
    const note = going ? earlier : await begin(io, ends, socket, disks, running)
    if (going) await finish(io, ends, socket)
    const whole: SourceNote = { ...note, state: 'copied' }
    await writeNote(io, source, whole)
    return whole
  })
}

/** QEMU goes on copying when Bascule is killed. */
async function stillCopied(io: ChangeIo, socket: QmpSocket, disks: SeededDisk[]): Promise<boolean> {
  const jobs = await jobsAt(io, socket)
  return disks.every(({ slot }) => jobs.some(({ id, error }) => id === jobName(slot) && error === undefined))
}

async function finish(io: ChangeIo, { source }: Ends, socket: QmpSocket): Promise<void> {
  await awaitCopies(io, source, socket)
  await clearCopies(io, socket)
}

async function begin(
  io: ChangeIo,
  ends: Ends,
  socket: QmpSocket,
  disks: SeededDisk[],
  freeze: boolean,
): Promise<SourceNote> {
  const { source } = ends
  await clearCopies(io, socket)
  await requireRoom(io, ends, disks)
  const nodes = await nodesOf(io, source, socket, sourceDisks(disks))
  const old = nodes.flatMap(node => removeBitmaps(node, oursOn(node)))
  if (old.length > 0) await askQmp(io.change, socket, old)
  const note: SourceNote = { seed: randomBytes(4).toString('hex'), state: 'copying', at: io.now(), disks }
  await writeNote(io, source, note)
  const copies: Copied[] = disks.map(({ slot }, index) => ({
    slot,
    node: nodes[index]?.name ?? '',
    into: seedFile(source, slot),
  }))
  for (const disk of disks) {
    await io.change(source.host.ssh, removeFile(seedFile(source, disk.slot)))
    await io.change(source.host.ssh, createImage(seedFile(source, disk.slot), disk.sizeBytes))
  }
  await runCopies(io, source, socket, copies, copyAll(copies, bitmapName(note.seed, 0)), { freeze })
  return note
}

/** A full copy stands at the source until it has arrived, then at the target. A storage that is full stops every guest on it. */
const keptFree = 1.1

/** Throws Failure when a copy of what the disks hold now would not fit. */
async function requireRoom(io: ChangeIo, ends: Ends, disks: readonly SeededDisk[]): Promise<void> {
  const used = await Promise.all(disks.map(disk => infoOf(io, ends.source, disk.sourcePath)))
  const wanted = Math.ceil(used.reduce((sum, { usedBytes }) => sum + usedBytes, 0) * keptFree)
  const folder = posix.dirname(disks[0]?.targetPath ?? '/')
  await io.change(ends.target.host.ssh, ['mkdir', '-p', '--', folder])
  await Promise.all([
    requireFree(io, ends.source, ends.source.staging, wanted),
    requireFree(io, ends.target, folder, wanted),
  ])
}

async function requireFree(io: ReadIo, at: MachineSide, path: string, wanted: number): Promise<void> {
  const { stdout } = await io.read(at.host.ssh, freeBytes(path))
  const free = Number(/(\d+)\s*$/.exec(stdout)?.[1] ?? 0)
  if (free >= wanted) return
  const sizes = { free: freeGigabytes(free), wanted: neededGigabytes(wanted) }
  const values = { component: at.component, host: at.host.ssh, path, ...sizes }
  throw new Failure(
    { key: 'proxmox-vm.delta.noRoom', values },
    { remedy: { key: 'proxmox-vm.delta.noRoom.remedy', values } },
  )
}

/** The machine at the target that we made, its images and everything we keep there. Throws Failure when it is not ours, or runs. */
async function eraseTarget(io: ChangeIo, ends: Ends): Promise<void> {
  const { target } = ends
  const [note, sent] = await Promise.all([readTargetNote(io, target), readSourceNote(io, ends.source)])
  requireNeverStarted(ends, note)
  if ((note ?? sent) !== undefined) await destroyOurs(io, ends)
  for (const { targetPath } of note?.disks ?? sent?.disks ?? []) {
    await io.change(target.host.ssh, removeFile(targetPath))
  }
  await io.change(target.host.ssh, removeFolder(target.staging))
}

/** QEMU stops recording, its copies end, the staging folder goes. */
async function forgetAtSource(io: ChangeIo, ends: Ends): Promise<void> {
  const { source } = ends
  const note = await readSourceNote(io, source)
  if (note === undefined) return
  const disks = sourceDisks(note.disks)
  await withBlockLayer(io, source, disks, async socket => {
    await clearCopies(io, socket)
    const nodes = await nodesOf(io, source, socket, disks)
    const commands = nodes.flatMap(node => removeBitmaps(node, oursOn(node)))
    if (commands.length > 0) await askQmp(io.change, socket, commands)
  })
  await io.change(source.host.ssh, removeFolder(source.staging))
}

/**
 * Sends the copy to the very place from which the machine will start, so that nothing is copied again in the night; checks
 * it there; makes the machine around it, off.
 */
async function sendSeed(io: ChangeIo, ends: Ends, note: SourceNote): Promise<SourceNote> {
  const { source, target, spec } = ends
  const from = io.now()
  const total = { imageBytes: 0, sentBytes: 0 }
  await io.change(target.host.ssh, privateFolder(target.staging))
  await io.change(target.host.ssh, removeFile(`${target.staging}/restored.json`))
  for (const { slot, targetPath } of note.disks) {
    const file = seedFile(source, slot)
    const { stdout } = await io.read(source.host.ssh, sizeOf(file))
    await io.change(target.host.ssh, ['mkdir', '-p', '--', posix.dirname(targetPath)])
    const report = await sendFile(
      io,
      { source, target, limitMbps: spec.bandwidthLimitMbps },
      { from: file, to: targetPath, sizeBytes: Number(stdout) },
    )
    total.imageBytes += report.imageBytes
    total.sentBytes += report.sentBytes
    await requireSameHash(io, { side: source, path: file }, { side: target, path: targetPath })
    await io.change(target.host.ssh, onlyForOwner(targetPath))
    await io.change(target.host.ssh, toDisk(targetPath))
  }
  await defineAtTarget(io, ends, note.disks)
  const seconds = secondsBetween(from, io.now())
  const stamp = await targetStamp(io, target, note.disks)
  await writeNote(io, target, { ...arrived(note, total.imageBytes, io.now()), stamp })
  const sent: SourceNote = { ...note, state: 'sent', transfer: { ...total, seconds } }
  await writeNote(io, source, sent)
  for (const { slot } of note.disks) await io.change(source.host.ssh, removeFile(seedFile(source, slot)))
  return sent
}

const arrived = ({ seed, disks }: SourceNote, imageBytes: number, now: string): TargetNote => ({
  seed,
  applied: 0,
  at: now,
  appliedAt: now,
  imageBytes,
  disks,
})
