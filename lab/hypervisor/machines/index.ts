import { archivePath, configIn, readArchiveHeader } from './backup/read-archive.ts'
import { restore } from './backup/restore.ts'
import { vzdump } from './backup/vzdump.ts'
import { serveEvents } from './events.ts'
import { hostAt } from './host.ts'
import { agentCommand } from './machine/agent.ts'
import { changeConfig, readConfig } from './machine/change.ts'
import { createMachine, destroyMachine } from './machine/create.ts'
import { deleteSnapshot, listSnapshots, snapshot } from './machine/snapshots.ts'
import { setRunning, startMachine } from './machine/start.ts'
import { currentStatus, listMachines } from './machine/status.ts'
import { shutdownMachine, stopMachine } from './machine/stop.ts'
import { migrateOut } from './migrate/migrate-out.ts'
import { joinTunnel, openTunnel } from './migrate/target.ts'
import { deleteVolume, listStorages, storageContent } from './storage/content.ts'
import { allocate, placeOf } from './storage/volumes.ts'
import type { Machines } from './types.ts'

export type * from './types.ts'

/**
 * The machines of one hypervisor. All paths hang on `root` (default `/`): `<root>/etc/pve/qemu-server`,
 * `<root>/var/run/qemu-server`, … Keep it short: a socket's path may have 107 bytes.
 */
export function openMachines(options: { root?: string; node: string }): Machines {
  const host = hostAt(options.root ?? '/', options.node)
  return {
    node: host.node,
    root: host.root,
    listMachines: () => listMachines(host),
    currentStatus: vmid => currentStatus(host, vmid),
    readConfig: async vmid => readConfig(host, vmid),
    changeConfig: (vmid, change) => changeConfig(host, vmid, change),
    createMachine: (vmid, config, log) => createMachine(host, vmid, config, log),
    destroyMachine: (vmid, asked, log) => destroyMachine(host, vmid, asked, log),
    startMachine: async (vmid, asked) => void (await startMachine(host, vmid, asked)),
    shutdownMachine: (vmid, asked, log) => shutdownMachine(host, vmid, asked, log),
    stopMachine: (vmid, asked, log) => stopMachine(host, vmid, asked, log),
    suspendMachine: (vmid, asked) => setRunning(host, vmid, 'stop', asked),
    resumeMachine: (vmid, asked) => setRunning(host, vmid, 'cont', asked),
    agent: (vmid, command, args) => agentCommand(host, vmid, command, args),
    vzdump: (request, log) => vzdump(host, request, log),
    restore: (request, log) => restore(host, request, log),
    archiveConfig: async archive => configIn(await readArchiveHeader(archivePath(host, archive))),
    snapshot: (vmid, asked, log) => snapshot(host, vmid, asked, log),
    deleteSnapshot: (vmid, name, log) => deleteSnapshot(host, vmid, name, log),
    listSnapshots: async vmid => listSnapshots(host, vmid),
    listStorages: async () => listStorages(host),
    storageContent: (storage, filter) => storageContent(host, storage, filter),
    volumePath: volid => placeOf(host, volid).path,
    deleteVolume: async volid => deleteVolume(host, volid),
    allocateDisk: async request => (await allocate(host, request)).volid,
    migrateOut: (vmid, request, log) => migrateOut(host, vmid, request, log),
    openTunnel: (vmid, asked, log) => openTunnel(host, vmid, asked, log),
    joinTunnel: (vmid, asked, stream, head) => joinTunnel(host, vmid, asked, stream, head),
    serveEvents: () => serveEvents(host),
  }
}
