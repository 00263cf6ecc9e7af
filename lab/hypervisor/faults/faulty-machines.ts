import { setTimeout as sleep } from 'node:timers/promises'
import { Refusal } from '../machines/refusal.ts'
import type { Config, Machines, TaskLog } from '../machines/types.ts'
import type { Faults } from './faults.ts'

/** PVE's own patience with a shutdown that names none. */
const shutdownSeconds = 60

/** The machines as they are, but for what is to go wrong now. */
export function withFaults(machines: Machines, faults: Faults): Machines {
  const isFull = (storage: string) => faults.find('storage-full', fault => fault.storage === storage)
  const refuseFormat = (config: Config) => {
    for (const [, storage = '', format = ''] of volumesIn(config))
      if (faults.find('format-refused', fault => fault.storage === storage && fault.format === format))
        throw new Refusal(`unsupported format '${format}'`)
  }
  return {
    ...machines,
    agent: async (vmid, command, args) => {
      if (faults.find('agent-silent', fault => (fault.vmid ?? vmid) === vmid)) {
        await machines.readConfig(vmid)
        throw new Refusal('QEMU guest agent is not running')
      }
      return machines.agent(vmid, command, args)
    },
    shutdownMachine: async (vmid, options, log) => {
      if (!faults.strike('shutdown-hangs', fault => (fault.vmid ?? vmid) === vmid))
        return machines.shutdownMachine(vmid, options, log)
      await sleep((options.timeoutSeconds ?? shutdownSeconds) * 1000, undefined, { signal: log.signal })
      if (!options.forceStop) throw new Refusal('VM quit/powerdown failed - got timeout')
      log.line('VM quit/powerdown failed - terminating now with SIGTERM')
      await machines.stopMachine(vmid, options.skiplock ? { skiplock: true } : {}, log)
    },
    listStorages: async () =>
      (await machines.listStorages()).map(status =>
        isFull(status.storage) ? { ...status, used: status.total, avail: 0, used_fraction: 1 } : status,
      ),
    vzdump: async (request, log) => {
      if (!isFull(request.storage)) return machines.vzdump(request, log)
      return failedBackup(request.vmid, log)
    },
    restore: async (request, log) => {
      if (isFull(request.storage ?? 'local'))
        throw new Refusal(
          `unable to restore VM ${request.vmid} - vma extract failed - No space left on device`,
        )
      return machines.restore(request, log)
    },
    allocateDisk: async request => {
      if (isFull(request.storage)) throw new Refusal('unable to create image: No space left on device')
      return machines.allocateDisk(request)
    },
    openTunnel: async (vmid, options, log) => {
      if (options.storages?.some(isFull)) throw new Refusal('unable to create image: No space left on device')
      return machines.openTunnel(vmid, options, log)
    },
    createMachine: async (vmid, config, log) => {
      refuseFormat(config)
      return machines.createMachine(vmid, config, log)
    },
    changeConfig: async (vmid, change, log) => {
      refuseFormat(change.set ?? {})
      return machines.changeConfig(vmid, change, log)
    },
  }
}

const volumesIn = (config: Config) =>
  Object.values(config).flatMap(value => {
    const volume = /^(?:file=)?([a-z][\w.-]*):\S*?\.(raw|qcow2|vmdk)(?:,|$)/i.exec(value)
    return volume ? [volume] : []
  })

function failedBackup(vmid: number, log: TaskLog): never {
  log.line('zstd: error 70 : Write error : cannot write block : No space left on device')
  log.line(`ERROR: Backup of VM ${vmid} failed - vma_queue_write: write error - Broken pipe`)
  throw new Refusal('job errors')
}
