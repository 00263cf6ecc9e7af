import { createHash } from 'node:crypto'
import { Refusal } from '../../lab/hypervisor/machines/refusal.ts'
import type { Config, Json, MachineStatus, Machines, Snapshot } from '../../lab/hypervisor/machines/types.ts'
import {
  imagePath,
  type PaperGuest,
  type PaperMachine,
  type PaperSite,
  takeAddress,
  volumePath,
} from './paper-site.ts'

/**
 * What the laboratory has real QEMU for, behind the same API: machines that do at once what they are asked.
 * Below `root` lies what the API itself reads of a node: a folder that need not be there.
 */
export function paperMachines(site: PaperSite, root: string): Machines {
  const { machines, files } = site
  const snapshots = new Map<number, Snapshot[]>()
  const note = (what: string, vmid: number) => void site.done.push(`${what} ${vmid}`)

  function find(vmid: number): PaperMachine {
    const found = machines.get(vmid)
    if (found) return found
    throw new Refusal(`Configuration file 'nodes/${site.node}/qemu-server/${vmid}.conf' does not exist`)
  }
  function unlocked(vmid: number): PaperMachine {
    const found = find(vmid)
    const lock = found.lock ?? found.config.lock
    if (lock !== undefined) throw new Refusal(`VM is locked (${lock})`)
    return found
  }
  function appear(at: PaperSite, vmid: number, machine: PaperMachine, image: string): void {
    if (at.machines.has(vmid)) throw new Refusal(`unable to create VM ${vmid} - VM ${vmid} already exists`)
    at.machines.set(vmid, machine)
    at.files.set(imagePath(vmid), image)
  }
  const turn = (vmid: number, running: boolean) => void Object.assign(find(vmid), { running })
  const readConfig = (vmid: number) => {
    const { config, lock } = find(vmid)
    const whole: Config = lock === undefined ? { ...config } : { ...config, lock }
    return { config: whole, digest: createHash('sha1').update(JSON.stringify(whole)).digest('hex') }
  }
  const currentStatus = (vmid: number) => statusOf(vmid, readConfig(vmid).config, site.isRunning(vmid))
  const diskOf = (vmid: number) => `local:${vmid}/vm-${vmid}-disk-0.qcow2`

  return {
    ...{ node: site.node, root },
    readConfig: async vmid => readConfig(vmid),
    currentStatus: async vmid => currentStatus(vmid),
    listMachines: async () => [...machines.keys()].toSorted((one, other) => one - other).map(currentStatus),
    changeConfig: async (vmid, { set = {}, remove = [], digest }) => {
      if (digest !== undefined && digest !== readConfig(vmid).digest)
        throw new Refusal('checksum mismatch (file change by other user?)')
      const { config } = unlocked(vmid)
      Object.assign(config, set)
      for (const key of remove) delete config[key]
      note('change', vmid)
    },
    createMachine: async (vmid, config) => {
      machines.set(vmid, { config, running: false })
      note('create', vmid)
    },
    destroyMachine: async vmid => {
      site.removeDisks(vmid)
      machines.delete(vmid)
      note('destroy', vmid)
    },
    startMachine: async vmid => {
      unlocked(vmid)
      if (site.isRunning(vmid)) throw new Refusal(`VM ${vmid} already running`)
      turn(vmid, true)
      takeAddress(site.guest(vmid))
      note('start', vmid)
    },
    shutdownMachine: async vmid => {
      turn(vmid, false)
      note('shutdown', vmid)
    },
    stopMachine: async vmid => {
      turn(vmid, false)
      note('stop', vmid)
    },
    suspendMachine: async vmid => note('suspend', vmid),
    resumeMachine: async vmid => note('resume', vmid),
    agent: async (vmid, command, args = {}) => {
      find(vmid)
      note(`agent ${command}`, vmid)
      if (!site.isRunning(vmid)) throw new Refusal(`VM ${vmid} is not running`)
      const guest = site.guest(vmid)
      if (!guest.agent) throw new Refusal('QEMU guest agent is not running')
      return askGuest(guest, command, args)
    },
    vzdump: async ({ vmid, storage = 'local', notesTemplate = '' }, log) => {
      log.line(`INFO: Starting Backup of VM ${vmid} (qemu)`)
      note('backup', vmid)
      return { volid: site.archive(vmid, storage, notesTemplate) }
    },
    /** What is given beside the archive stands in the config from the first on. */
    restore: async ({ vmid, archive, override = {} }) => {
      const image = files.get(volumePath(archive))
      if (image === undefined) throw new Refusal(`volume '${archive}' does not exist`)
      const config = { ...site.configInArchives(), scsi0: diskOf(vmid), ...override }
      appear(site, vmid, { config, running: false }, image)
      note('restore', vmid)
    },
    archiveConfig: async () =>
      Object.entries(site.configInArchives())
        .map(([key, value]) => `${key}: ${value}\n`)
        .join(''),
    snapshot: async (vmid, { name }) => {
      snapshots.set(vmid, [...(snapshots.get(vmid) ?? []), { name, description: '', snaptime: 1 }])
      note('snapshot', vmid)
    },
    deleteSnapshot: async (vmid, name) => {
      snapshots.set(vmid, snapshots.get(vmid)?.filter(one => one.name !== name) ?? [])
    },
    listSnapshots: async vmid => [
      ...(snapshots.get(vmid) ?? []),
      { name: 'current', description: 'You are here!', running: site.isRunning(vmid) ? 1 : 0 },
    ],
    listStorages: async () => site.storages,
    storageContent: async (storage, { content = 'backup', vmid } = {}) => {
      if (content === 'images' && vmid !== undefined)
        return site.images(storage, vmid).map(volid => ({
          ...({ volid, vmid, content: 'images', format: 'qcow2', ctime: 1 } as const),
          size: files.get(volumePath(volid))?.length ?? 0,
        }))
      if (content !== 'backup') return []
      const archives = site.archives(storage).map(path => ({
        volid: path.replace(/^.*\//, `${storage}:backup/`),
        ...({ content: 'backup', format: 'vma.zst', subtype: 'qemu', ctime: 1 } as const),
        size: files.get(path)?.length ?? 0,
        notes: site.notes.get(path) ?? '',
        vmid: Number(/vzdump-qemu-(\d+)-/.exec(path)?.[1]),
      }))
      return archives.filter(one => one.vmid === (vmid ?? one.vmid))
    },
    volumePath,
    deleteVolume: async volid => {
      if (!files.delete(volumePath(volid))) throw new Refusal(`volume ${volid} does not exist`)
    },
    allocateDisk: async ({ storage, vmid, name, format }) =>
      `${storage}:${vmid}/${name ?? `vm-${vmid}-disk-0.${format ?? 'raw'}`}`,
    migrateOut: async (vmid, { endpoint, targetVmid }, log) => {
      log.line(`target-endpoint: host=${endpoint.host},apitoken=PVEAPIToken=${endpoint.token}`)
      const machine = unlocked(vmid)
      if (site.peer) {
        const moved = { ...machine, config: { ...machine.config, scsi0: diskOf(targetVmid) } }
        appear(site.peer, targetVmid, moved, site.image(vmid) ?? '')
        Object.assign(machine, { running: false, lock: 'migrate' })
      }
      note(`migrate to ${endpoint.host} as ${targetVmid}`, vmid)
    },
    openTunnel: async vmid => {
      note('tunnel', vmid)
      return { ticket: 'PVETUNNEL:1', socket: `/run/qemu-server/${vmid}.mtunnel`, ended: Promise.resolve() }
    },
    joinTunnel: (vmid, { socket, ticket }, stream) => {
      note(`join ${socket} ${ticket}`, vmid)
      stream.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: pve-tunnel\r\nConnection: Upgrade\r\n\r\n')
    },
    serveEvents: async () => ({ close: async () => undefined }),
  }
}

function askGuest(guest: PaperGuest, command: string, args: Record<string, Json>): Json {
  const file = String(args.file)
  switch (command) {
    case 'file-read':
      return { content: guest.files.get(file) ?? '' }
    case 'file-write': {
      const content = String(args.content)
      guest.files.set(file, args.encode === false ? Buffer.from(content, 'base64').toString() : content)
      return null
    }
    case 'exec':
      if ([args.command].flat()[0] === '/sbin/apply-network') takeAddress(guest)
      return { pid: 7 }
    case 'exec-status':
      return { exited: 1, exitcode: guest.probe ? 0 : 1 }
    case 'network-get-interfaces':
      return { result: [{ name: 'eth0', 'ip-addresses': [{ 'ip-address': guest.address }] }] }
    case 'get-osinfo':
      return { result: { 'pretty-name': 'Debian' } }
    case 'get-host-name':
      return { result: { 'host-name': 'auth' } }
    default:
      return { result: {} }
  }
}

const statusOf = (vmid: number, config: Config, running: boolean): MachineStatus => ({
  vmid,
  name: config.name ?? `VM ${vmid}`,
  status: running ? 'running' : 'stopped',
  qmpstatus: running ? 'running' : 'stopped',
  ...{ cpus: 1, cpu: 0, maxmem: 2 ** 29, mem: 0, maxdisk: 2 ** 29, disk: 0 },
  ...{ netin: 0, netout: 0, diskread: 0, diskwrite: 0 },
  uptime: running ? 5 : 0,
  ...(config.lock === undefined ? {} : { lock: config.lock }),
  ...(config.agent === undefined ? {} : { agent: 1 }),
})
