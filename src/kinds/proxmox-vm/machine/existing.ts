import { Failure } from '../../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import type { MachineStatus } from '../client/answers.ts'
import { changePve } from '../client/change.ts'
import { readPve } from '../client/read.ts'
import { refusalOf } from '../client/refusal.ts'
import type { MachineSide } from '../sides.ts'
import { isApiLost, seenByRoot } from './as-root.ts'
import { unlock } from './host-commands.ts'
import { readTargetVmRecord } from './target-vm-record.ts'

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
  for (const { upid } of tasks.filter(({ type }) => working.test(type))) {
    await changePve(side, io)
      .follow(upid)
      .catch(error => {
        if (io.signal.aborted) throw error
      })
  }
}

/**
 * Makes the machine's number free at the target. Only a machine that this component's note calls ours is ever destroyed,
 * and never one that has run there without its writes being home.
 */
export async function freeNumber(io: ChangeIo, target: MachineSide): Promise<void> {
  await awaitTasks(io, target)
  const status = await statusAt(io, target)
  if (status === undefined) return
  const note = await readTargetVmRecord(io, target)
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
