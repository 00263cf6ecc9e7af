import { clearLock, editConfig, refuseLocked, setLock } from '../config/change.ts'
import { loadConfig } from '../config/files.ts'
import { drivesOf } from '../config/properties.ts'
import type { Host } from '../host.ts'
import { nodeOf } from '../qemu/commands.ts'
import { monitorCommand, runningPid } from '../qemu/process.ts'
import { Refusal } from '../refusal.ts'
import { runTool } from '../run-tool.ts'
import { addSnapshot, removeSnapshot } from '../storage/commands.ts'
import { existingPlace } from '../storage/volumes.ts'
import type { Config, Snapshot, TaskLog } from '../types.ts'

/** Inside the qcow2 images, without RAM. Storages without qcow2 have none. */
export async function snapshot(
  host: Host,
  vmid: number,
  options: { name: string; description?: string },
  log: TaskLog,
): Promise<void> {
  const { current, snapshots } = loadConfig(host, vmid)
  refuseLocked(current)
  if (!/^[A-Za-z][\w-]{1,39}$/.test(options.name) || options.name === 'current')
    throw new Refusal(`unable to use snapshot name '${options.name}' (reserved name)`)
  if (snapshots[options.name]) throw new Refusal(`snapshot name '${options.name}' already used`)
  if (drivesOf(current).some(({ volid }) => existingPlace(host, volid).format !== 'qcow2'))
    throw new Refusal('snapshot feature is not available')
  await setLock(host, vmid, 'snapshot')
  const done: string[] = []
  try {
    for (const { key, volid } of drivesOf(current)) {
      log.line(`snapshotting '${nodeOf(key)}' (${volid})`)
      await onDisk(host, vmid, key, volid, options.name, 'add')
      done.push(key)
    }
  } catch (error) {
    for (const { key, volid } of drivesOf(current))
      if (done.includes(key)) await onDisk(host, vmid, key, volid, options.name, 'remove')
    await clearLock(host, vmid)
    throw error
  }
  await editConfig(host, vmid, config => {
    const { lock: _, ...kept } = config.current
    const told = options.description === undefined ? {} : { description: options.description }
    config.snapshots[options.name] = { ...kept, ...told, snaptime: String(Math.floor(Date.now() / 1000)) }
    config.current = { ...kept, parent: options.name }
  })
}

export async function deleteSnapshot(host: Host, vmid: number, name: string, log: TaskLog): Promise<void> {
  const { current, snapshots } = loadConfig(host, vmid)
  refuseLocked(current)
  const removed = snapshots[name]
  if (!removed) throw new Refusal(`snapshot '${name}' does not exist`)
  await setLock(host, vmid, 'snapshot-delete')
  for (const { key, volid } of drivesOf(removed)) {
    log.line(`deleting snapshot '${name}' of '${nodeOf(key)}' (${volid})`)
    await onDisk(host, vmid, key, volid, name, 'remove')
  }
  await editConfig(host, vmid, config => {
    delete config.snapshots[name]
    for (const later of [config.current, ...Object.values(config.snapshots)])
      if (later.parent === name) setParent(later, removed.parent)
    delete config.current.lock
  })
}

function setParent(config: Config, parent: string | undefined): void {
  if (parent === undefined) delete config.parent
  else config.parent = parent
}

async function onDisk(
  host: Host,
  vmid: number,
  key: string,
  volid: string,
  name: string,
  what: 'add' | 'remove',
) {
  if (runningPid(host, vmid) === undefined) {
    const { path } = existingPlace(host, volid)
    await runTool(what === 'add' ? addSnapshot(path, name) : removeSnapshot(path, name))
    return
  }
  const command =
    what === 'add' ? 'blockdev-snapshot-internal-sync' : 'blockdev-snapshot-delete-internal-sync'
  await monitorCommand(host, vmid, command, { device: nodeOf(key), name }, 60)
}

/** PVE's list ends with `current`, what runs now. */
export function listSnapshots(host: Host, vmid: number): Snapshot[] {
  const { current, snapshots, digest } = loadConfig(host, vmid)
  const parentOf = (config: Config) => (config.parent === undefined ? {} : { parent: config.parent })
  const named = Object.entries(snapshots).map(([name, config]) => ({
    name,
    description: config.description ?? '',
    snaptime: Number(config.snaptime ?? 0),
    ...parentOf(config),
  }))
  const running = runningPid(host, vmid) === undefined ? 0 : 1
  return [
    ...named.sort((a, b) => ancestors(snapshots, a.name) - ancestors(snapshots, b.name)),
    { name: 'current', description: 'You are here!', running, digest, ...parentOf(current) },
  ]
}

/** The clock's seconds do not tell two snapshots of one second apart; their descent does. */
function ancestors(snapshots: Record<string, Config>, name: string): number {
  const parent = snapshots[name]?.parent
  return parent === undefined ? 0 : 1 + ancestors(snapshots, parent)
}
