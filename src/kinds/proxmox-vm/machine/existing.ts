import { Failure } from '../../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import type { Config, MachineStatus } from '../client/answers.ts'
import { changePve } from '../client/change.ts'
import { disksOf } from '../client/property-string.ts'
import { readPve } from '../client/read.ts'
import { refusalOf } from '../client/refusal.ts'
import type { MachineSide } from '../sides.ts'
import { isApiLost, seenByRoot } from './as-root.ts'
import { freeVolume, unlock } from './host-commands.ts'
import { readTargetVmRecord, type TargetVmRecord, writeTargetVmRecord } from './target-vm-record.ts'

/** Undefined when there is no machine of that number. */
export async function statusAt(io: ReadIo, side: MachineSide): Promise<MachineStatus | undefined> {
  try {
    return await readPve(side, io).status()
  } catch (error) {
    if (/does not exist/.test(refusalOf(error)?.message ?? '')) return undefined
    throw error
  }
}

/** Whether it runs, by the API or else by root; undefined when there is no machine of that number. */
async function runningAt(io: ReadIo, side: MachineSide): Promise<boolean | undefined> {
  try {
    const status = await statusAt(io, side)
    return status && status.status === 'running'
  } catch (error) {
    if (!isApiLost(error)) throw error
    return (await seenByRoot(io, side, error))?.running
  }
}

/** Whether the machine is there and off. Throws Failure when it runs. */
export async function requireOff(io: ReadIo, side: MachineSide): Promise<boolean> {
  const running = await runningAt(io, side)
  if (!running) return running !== undefined
  const values = named(side)
  throw new Failure(
    { key: 'proxmox-vm.moved.runs', values },
    { remedy: { key: 'proxmox-vm.moved.runs.remedy', values } },
  )
}

/** Those that write to a machine or read all of it; a console that somebody has open is a task as well. */
const working = /^(vzdump|qmigrate|qmrestore|qmcreate|qmclone|qmdestroy|qmstart|qmstop|qmshutdown|imgcopy)$/

/** What an earlier attempt began goes on at the node though its orchestrator is gone: it is waited for, however it ends. */
export async function awaitTasks(io: ChangeIo, side: MachineSide): Promise<void> {
  const tasks = await readPve(side, io).activeTasks()
  for (const { upid } of tasks.filter(({ type }) => working.test(type))) await awaitEnd(io, side, upid)
}

const awaitEnd = async (io: ChangeIo, side: MachineSide, upid: string): Promise<void> => {
  await changePve(side, io)
    .follow(upid)
    .catch(error => {
      if (io.signal.aborted) throw error
    })
}

/** Stops what this plan's own token began and nobody needs any more; what others began goes on. Done once it has ended. */
export async function endOwnTasks(io: ChangeIo, side: MachineSide, wanted: string): Promise<void> {
  const tasks = await readPve(side, io).activeTasks()
  for (const { upid, type } of tasks) {
    if (type !== wanted || ownerOf(upid) !== side.api.token) continue
    await changePve(side, io).stopTask(upid)
    await awaitEnd(io, side, upid)
  }
}

/** `UPID:node:pid:pstart:start:type:id:user@realm!token:` */
const ownerOf = (upid: string): string | undefined => upid.split(':')[7]

/**
 * Whether there is nothing yet but a number that is taken: PVE writes the settings last of all. Left by a node that died while it made
 * the machine.
 */
export const isUnmade = (config: Config): boolean =>
  config.lock === 'create' && config.description === undefined && disksOf(config).length === 0

/** The images that have a machine's number, in the storage that takes its disks; also those that no settings name. */
export async function imagesOfNumber(io: ReadIo, side: MachineSide): Promise<string[]> {
  const only = { content: 'images', vmid: side.vmid }
  const found = await readPve(side, io).content(side.spec.target.storage, only)
  return found.map(({ volid }) => volid)
}

/**
 * A hypervisor that died while it made a machine has written a part of its disks and no settings that name them: PVE leaves them
 * when the machine is destroyed. `others`: those that had the number before.
 */
export async function removeUnnamed(
  io: ChangeIo,
  side: MachineSide,
  others: readonly string[],
): Promise<void> {
  for (const volid of await imagesOfNumber(io, side)) {
    if (!others.includes(volid)) await io.change(side.host.ssh, freeVolume(volid))
  }
}

/** Before anything is made under the number, so that an end on the way leaves no stranger. */
export async function noteMaking(
  io: ChangeIo,
  target: MachineSide,
  way: TargetVmRecord['way'],
): Promise<void> {
  await writeTargetVmRecord(io, target, { way, state: 'making', others: await imagesOfNumber(io, target) })
}

/**
 * Makes the machine's number free at the target. Only a machine that this component's note calls ours is ever destroyed,
 * and never one that has run there without its writes being home.
 */
export async function freeNumber(io: ChangeIo, target: MachineSide): Promise<void> {
  await awaitTasks(io, target)
  const [status, note] = await Promise.all([statusAt(io, target), readTargetVmRecord(io, target)])
  if (status !== undefined) await destroyOurs(io, target, status, note)
  if (note?.state === 'making' && note.others !== undefined) await removeUnnamed(io, target, note.others)
}

async function destroyOurs(
  io: ChangeIo,
  target: MachineSide,
  status: MachineStatus,
  note: TargetVmRecord | undefined,
): Promise<void> {
  if (note === undefined || note.state === 'in-use' || status.status === 'running') {
    const [key, remedy] =
      note === undefined
        ? (['proxmox-vm.moved.taken', 'proxmox-vm.moved.taken.remedy'] as const)
        : (['proxmox-vm.moved.inUse', 'proxmox-vm.moved.inUse.remedy'] as const)
    const values = named(target)
    throw new Failure({ key, values }, { remedy: { key: remedy, values } })
  }
  if (status.lock !== undefined) await io.change(target.host.ssh, unlock(target.vmid))
  await changePve(target, io).destroy()
}

const named = ({ component, host, siteTitle, vmid }: MachineSide) => ({
  component,
  host: host.ssh,
  site: siteTitle,
  vmid,
})
