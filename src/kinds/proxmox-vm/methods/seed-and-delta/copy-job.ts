import { Failure } from '../../../../model/failure.ts'
import type { ChangeIo } from '../../../../model/io.ts'
import { every, until } from '../../../kit/until.ts'
import { removeFile } from '../../machine/host-commands.ts'
import { askQmp, type QmpCommand, type QmpSocket } from '../../machine/qmp.ts'
import type { MachineSide } from '../../sides.ts'
import { type Node, parseNodes, queryNodes } from './bitmaps.ts'
import { createImage } from './commands.ts'
import { frozen } from './frozen-filesystems.ts'
import {
  type Copied,
  cancelJobs,
  closeCopies,
  dismissJobs,
  type Job,
  openCopies,
  parseJobs,
  queryJobs,
} from './jobs.ts'
import { ours } from './names.ts'

/** What a copy takes is the step's deadline to bound. */
const pace = every(0.25)

/**
 * Runs one transaction that begins copies, and waits until all have ended. `freeze`: the guest writes nothing at that
 * instant, so that its filesystems are whole in the copy; gives whether it was so. Throws Failure when a copy fails; nothing
 * recorded is lost then.
 */
export async function runCopies(
  io: ChangeIo,
  at: MachineSide,
  socket: QmpSocket,
  copies: readonly Copied[],
  begin: QmpCommand,
  { freeze }: { freeze: boolean },
): Promise<boolean> {
  await askQmp(io.change, socket, openCopies(copies))
  const wasFrozen = freeze && (await frozen(io, at, socket, [begin]))
  if (!freeze) await askQmp(io.change, socket, [begin])
  await awaitCopies(io, at, socket)
  await clearCopies(io, socket)
  return wasFrozen
}

/** Waits for copies that have begun, maybe by an attempt that was killed. They stay until they are cleared. */
export async function awaitCopies(io: ChangeIo, at: MachineSide, socket: QmpSocket): Promise<void> {
  const look = async () => {
    const jobs = await jobsAt(io, socket)
    const failed = jobs.find(({ error }) => error !== undefined)
    if (failed !== undefined) throw copyFailed(at, failed)
    const sum = (field: 'doneBytes' | 'totalBytes') => jobs.reduce((total, job) => total + job[field], 0)
    io.report({ bytesDone: sum('doneBytes'), bytesTotal: sum('totalBytes'), note: `QEMU ${at.host.ssh}` })
    return haveEnded(jobs) ? { done: undefined } : { waiting: undefined }
  }
  await until(io, look, pace)
}

const haveEnded = (jobs: readonly Job[]): boolean => jobs.every(({ ended }) => ended)

export async function jobsAt(io: ChangeIo, socket: QmpSocket): Promise<Job[]> {
  const [answer = []] = await askQmp(io.read, socket, [queryJobs])
  return parseJobs(answer)
}

/** Ends what copies there are and closes their images, so that the next can begin. */
export async function clearCopies(io: ChangeIo, socket: QmpSocket): Promise<void> {
  const jobs = await endedJobs(io, socket)
  const [nodes = []] = await askQmp(io.read, socket, [queryNodes])
  const left = parseNodes(nodes)
    .map(({ name }) => name)
    .filter(name => name.startsWith(ours))
  const commands = [...dismissJobs(jobs), ...closeCopies(left)]
  if (commands.length > 0) await askQmp(io.change, socket, commands)
}

async function endedJobs(io: ChangeIo, socket: QmpSocket): Promise<Job[]> {
  const begun = await jobsAt(io, socket)
  if (haveEnded(begun)) return begun
  await askQmp(io.change, socket, cancelJobs(begun))
  const look = async () => {
    const jobs = await jobsAt(io, socket)
    return haveEnded(jobs) ? { done: jobs } : { waiting: undefined }
  }
  return until(io, look, pace)
}

const copyFailed = ({ component, host }: MachineSide, { id, error = '' }: Job): Failure =>
  new Failure(
    { key: 'proxmox-vm.delta.copyFailed', values: { component, host: host.ssh, job: id, detail: error } },
    { remedy: { key: 'proxmox-vm.delta.copyFailed.remedy', values: { host: host.ssh } } },
  )

/** Empty images of the disks' sizes, one a node, for a copy job to write into; what an earlier job left there is removed. */
export async function freshCopies(
  io: ChangeIo,
  { host }: MachineSide,
  disks: readonly { slot: string; sizeBytes: number }[],
  nodes: readonly Node[],
  fileOf: (slot: string) => string,
): Promise<Copied[]> {
  for (const { slot, sizeBytes } of disks) {
    await io.change(host.ssh, removeFile(fileOf(slot)))
    await io.change(host.ssh, createImage(fileOf(slot), sizeBytes))
  }
  return disks.map(({ slot }, index) => ({ slot, node: nodes[index]?.name ?? '', into: fileOf(slot) }))
}
