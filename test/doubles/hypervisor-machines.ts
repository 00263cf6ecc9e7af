import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Refusal } from '../../lab/hypervisor/machines/refusal.ts'
import type {
  Config,
  MachineStatus,
  Machines,
  Snapshot,
  StorageStatus,
  Volume,
} from '../../lab/hypervisor/machines/types.ts'

/** Machines without QEMU: configurations are files as PVE's, who runs is a set. */
export type FakeMachines = Machines & {
  running: Set<number>
  volumes: Volume[]
  snapshots: Map<number, Snapshot[]>
  /** What was asked of them, in order: `start 101`. */
  done: string[]
}

export function fakeMachines(root: string, node: string): FakeMachines {
  const directory = join(root, 'etc/pve/qemu-server')
  mkdirSync(directory, { recursive: true })
  const running = new Set<number>()
  const volumes: Volume[] = []
  const snapshots = new Map<number, Snapshot[]>()
  const done: string[] = []
  const fileOf = (vmid: number) => join(directory, `${vmid}.conf`)
  const note = (what: string, vmid: number) => void done.push(`${what} ${vmid}`)

  const readConfig: Machines['readConfig'] = async vmid => {
    const text = read(fileOf(vmid))
    if (text === undefined)
      throw new Refusal(`Configuration file 'nodes/${node}/qemu-server/${vmid}.conf' does not exist`)
    const pairs = text.split('\n').flatMap(line => {
      const [, key, value] = /^([\w-]+): (.*)$/.exec(line) ?? []
      return key && value !== undefined ? [[key, value]] : []
    })
    return { config: Object.fromEntries(pairs), digest: createHash('sha1').update(text).digest('hex') }
  }
  const write = (vmid: number, config: Config) =>
    writeFileSync(
      fileOf(vmid),
      Object.entries(config)
        .map(([key, value]) => `${key}: ${value}\n`)
        .join(''),
    )
  const unlocked = async (vmid: number): Promise<Config> => {
    const { config } = await readConfig(vmid)
    if (config.lock !== undefined) throw new Refusal(`VM is locked (${config.lock})`)
    return config
  }
  const currentStatus = async (vmid: number): Promise<MachineStatus> =>
    statusOf(vmid, (await readConfig(vmid)).config, running.has(vmid))

  return {
    node,
    root,
    running,
    volumes,
    snapshots,
    done,
    readConfig,
    currentStatus,
    listMachines: async () => {
      const vmids = readdirSync(directory).map(name => Number(name.replace('.conf', '')))
      return Promise.all(vmids.sort((a, b) => a - b).map(currentStatus))
    },
    changeConfig: async (vmid, { set = {}, remove = [], digest }) => {
      const now = await readConfig(vmid)
      if (digest !== undefined && digest !== now.digest)
        throw new Refusal('checksum mismatch (file change by other user?)')
      const config = { ...(await unlocked(vmid)), ...set }
      for (const key of remove) delete config[key]
      write(vmid, config)
      note('change', vmid)
    },
    createMachine: async (vmid, config) => {
      write(vmid, config)
      note('create', vmid)
    },
    destroyMachine: async vmid => {
      rmSync(fileOf(vmid))
      note('destroy', vmid)
    },
    startMachine: async vmid => {
      await unlocked(vmid)
      if (running.has(vmid)) throw new Refusal(`VM ${vmid} already running`)
      running.add(vmid)
      note('start', vmid)
    },
    shutdownMachine: async vmid => {
      running.delete(vmid)
      note('shutdown', vmid)
    },
    stopMachine: async vmid => {
      running.delete(vmid)
      note('stop', vmid)
    },
    agent: async (vmid, command, args = {}) => {
      note(`agent ${command}`, vmid)
      if (!running.has(vmid)) throw new Refusal(`VM ${vmid} is not running`)
      if (command === 'exec') return { pid: 7 }
      if (command === 'exec-status') return { exited: 1, exitcode: 0, 'out-data': JSON.stringify(args) }
      return command === 'file-write' ? null : command === 'file-read' ? { content: 'text' } : { result: {} }
    },
    vzdump: async ({ vmid, storage }, log) => {
      log.line(`INFO: Starting Backup of VM ${vmid} (qemu)`)
      const volid = `${storage}:backup/vzdump-qemu-${vmid}-2026_01_02-03_04_05.vma.zst`
      volumes.push({
        volid,
        content: 'backup',
        format: 'vma.zst',
        size: 1000,
        ctime: 1,
        vmid,
        subtype: 'qemu',
      })
      note('backup', vmid)
      return { volid }
    },
    restore: async ({ vmid, override = {} }) => {
      write(vmid, { name: 'restored', ...override })
      note('restore', vmid)
    },
    archiveConfig: async () => 'name: auth\n',
    snapshot: async (vmid, { name }) => {
      snapshots.set(vmid, [...(snapshots.get(vmid) ?? []), { name, description: '', snaptime: 1 }])
      note('snapshot', vmid)
    },
    deleteSnapshot: async (vmid, name) => {
      snapshots.set(vmid, snapshots.get(vmid)?.filter(one => one.name !== name) ?? [])
    },
    listSnapshots: async vmid => [
      ...(snapshots.get(vmid) ?? []),
      { name: 'current', description: 'You are here!', running: running.has(vmid) ? 1 : 0 },
    ],
    listStorages: async () => [
      storage('local', 'dir', 'images,backup,iso'),
      storage('thin', 'lvmthin', 'images'),
    ],
    storageContent: async (id, filter = {}) =>
      volumes.filter(
        one =>
          one.volid.startsWith(`${id}:`) &&
          one.content === (filter.content ?? one.content) &&
          one.vmid === (filter.vmid ?? one.vmid),
      ),
    volumePath: volid => `/var/lib/vz/${volid.split(':')[1]}`,
    suspendMachine: async vmid => note('suspend', vmid),
    resumeMachine: async vmid => note('resume', vmid),
    deleteVolume: async volid => {
      volumes.splice(
        volumes.findIndex(one => one.volid === volid),
        1,
      )
    },
    allocateDisk: async ({ storage, vmid, name, format }) =>
      `${storage}:${vmid}/${name ?? `vm-${vmid}-disk-0.${format ?? 'raw'}`}`,
    migrateOut: async (vmid, request) => {
      note(`migrate to ${request.endpoint.host} as ${request.targetVmid}`, vmid)
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

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

const storage = (name: string, type: string, content: string): StorageStatus => ({
  storage: name,
  type,
  content,
  active: 1,
  enabled: 1,
  shared: 0,
  total: 100,
  used: 40,
  avail: 60,
  used_fraction: 0.4,
})

const statusOf = (vmid: number, config: Config, running: boolean): MachineStatus => ({
  vmid,
  name: config.name ?? `VM ${vmid}`,
  status: running ? 'running' : 'stopped',
  qmpstatus: running ? 'running' : 'stopped',
  cpus: 1,
  cpu: 0,
  maxmem: 2 ** 29,
  mem: 0,
  maxdisk: 2 ** 29,
  disk: 0,
  netin: 0,
  netout: 0,
  diskread: 0,
  diskwrite: 0,
  uptime: running ? 5 : 0,
  ...(config.lock === undefined ? {} : { lock: config.lock }),
  ...(config.agent === undefined ? {} : { agent: 1 }),
})
