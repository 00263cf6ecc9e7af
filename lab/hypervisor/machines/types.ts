import type { Duplex } from 'node:stream'

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Where a task writes what it does, and hears that it is to stop. */
export type TaskLog = { line(text: string): void; warn(text: string): void; signal: AbortSignal }

/** A machine's configuration as PVE keeps it: `key: value`, without its snapshots. */
export type Config = Record<string, string>

/** As PVE's schema has it for `/nodes/N/qemu` and `…/status/current`: sizes in bytes, uptime in seconds. */
export type MachineStatus = {
  vmid: number
  name: string
  status: 'running' | 'stopped'
  /** The machine's own run state: running, paused, prelaunch, inmigrate, shutdown…; `stopped` without a QEMU. */
  qmpstatus: string
  cpus: number
  cpu: number
  maxmem: number
  mem: number
  maxdisk: number
  disk: number
  netin: number
  netout: number
  diskread: number
  diskwrite: number
  uptime: number
  pid?: number
  lock?: string
  tags?: string
  template?: 1
  serial?: 1
  agent?: 1
  'running-machine'?: string
  'running-qemu'?: string
}

/** Without RAM. PVE's list ends with `current`, what runs now. */
export type Snapshot = {
  name: string
  description: string
  snaptime?: number
  parent?: string
  vmstate?: 0 | 1
  running?: 0 | 1
  digest?: string
}

export type StorageStatus = {
  storage: string
  type: string
  content: string
  active: 0 | 1
  enabled: 0 | 1
  shared: 0 | 1
  total: number
  used: number
  avail: number
  used_fraction: number
}

export type Volume = {
  volid: string
  content: 'images' | 'backup' | 'iso'
  format: string
  /** Bytes: the disk as the guest sees it, or the file. */
  size: number
  used?: number
  ctime: number
  vmid?: number
  notes?: string
  protected?: 0 | 1
  subtype?: 'qemu'
  parent?: string
}

export type ConfigChange = {
  set?: Config
  remove?: readonly string[]
  /** Refused when the file is another one by now. */
  digest?: string
  skiplock?: boolean
}

export type BackupRequest = {
  vmid: number
  storage: string
  mode: 'snapshot' | 'suspend' | 'stop'
  compress: 'zstd' | 'gzip' | '0'
  notesTemplate?: string
  protected?: boolean
}
export type RestoreRequest = {
  vmid: number
  /** A volume id, `local:backup/vzdump-qemu-….vma.zst`, or an absolute path. */
  archive: string
  /** One storage for all disks; without it each goes where it was. */
  storage?: string
  unique?: boolean
  force?: boolean
  start?: boolean
  /** KiB a second. */
  bwlimit?: number
  /** Laid over what the archive says, as POST /nodes/N/qemu allows it (name, net0, …). */
  override?: Config
}

export type Endpoint = {
  host: string
  port: number
  /** `user@realm!tokenid=secret`, as it follows `PVEAPIToken=`. */
  token: string
  /** SHA-256 of the certificate, `AA:BB:…`. */
  fingerprint: string
}
export type MigrateRequest = {
  targetVmid: number
  online: boolean
  delete: boolean
  /** Source storage to target storage; `{'*': 'thin'}` is every storage's. `1` in PVE's words is left out: same name. */
  storageMap: Record<string, string>
  bridgeMap: Record<string, string>
  endpoint: Endpoint
  bwlimitKBps?: number
}

/** The target's end of a migration, from `POST …/mtunnel` on. */
export type OpenTunnel = {
  /** Both go into the answer of mtunnel; every later connection shows them. */
  ticket: string
  socket: string
  /** Ends with the migration: the task's whole life. Rejects when it failed. */
  ended: Promise<void>
}

/**
 * One hypervisor's machines. All state is in files and in the QEMU processes: any process that opens the same root
 * finds what another one left. Every method throws `Refusal` for what PVE refuses.
 */
export type Machines = {
  node: string
  root: string
  listMachines(): Promise<MachineStatus[]>
  currentStatus(vmid: number): Promise<MachineStatus>
  readConfig(vmid: number): Promise<{ config: Config; digest: string }>
  changeConfig(vmid: number, change: ConfigChange, log?: TaskLog): Promise<void>
  /** `scsi0: local:4` allocates 4 GiB, `scsi0: local:101/vm-101-disk-0.qcow2` takes what is there. */
  createMachine(vmid: number, config: Config, log: TaskLog): Promise<void>
  destroyMachine(
    vmid: number,
    options: { purge?: boolean; skiplock?: boolean; destroyUnreferenced?: boolean },
    log: TaskLog,
  ): Promise<void>
  startMachine(vmid: number, options: { skiplock?: boolean }, log: TaskLog): Promise<void>
  shutdownMachine(
    vmid: number,
    options: { timeoutSeconds?: number; forceStop?: boolean; skiplock?: boolean },
    log: TaskLog,
  ): Promise<void>
  stopMachine(vmid: number, options: { skiplock?: boolean }, log: TaskLog): Promise<void>
  /** The guest's CPU stopped, and on again. */
  suspendMachine(vmid: number, options: { skiplock?: boolean }, log: TaskLog): Promise<void>
  resumeMachine(vmid: number, options: { skiplock?: boolean }, log: TaskLog): Promise<void>
  /**
   * `command` as in the path below `/agent/`: ping, exec {command: string[], 'input-data'?}, exec-status {pid},
   * file-read {file}, file-write {file, content, encode?}, get-osinfo, network-get-interfaces, get-host-name, get-fsinfo,
   * info, fsfreeze-status, fsfreeze-freeze, fsfreeze-thaw, shutdown. The answer is PVE's `data`.
   */
  agent(vmid: number, command: string, args?: Record<string, Json>): Promise<Json>
  vzdump(request: BackupRequest, log: TaskLog): Promise<{ volid: string }>
  restore(request: RestoreRequest, log: TaskLog): Promise<void>
  /** The configuration inside an archive, as `GET …/vzdump/extractconfig` gives it. */
  archiveConfig(archive: string): Promise<string>
  snapshot(vmid: number, options: { name: string; description?: string }, log: TaskLog): Promise<void>
  deleteSnapshot(vmid: number, name: string, log: TaskLog): Promise<void>
  listSnapshots(vmid: number): Promise<Snapshot[]>
  listStorages(): Promise<StorageStatus[]>
  storageContent(storage: string, filter?: { content?: string; vmid?: number }): Promise<Volume[]>
  /** The file of a volume, which need not be there. */
  volumePath(volid: string): string
  deleteVolume(volid: string, log?: TaskLog): Promise<void>
  /** Makes an empty disk and gives its volume id. */
  allocateDisk(request: {
    storage: string
    vmid: number
    sizeBytes: number
    format?: 'raw' | 'qcow2'
    name?: string
  }): Promise<string>
  migrateOut(vmid: number, request: MigrateRequest, log: TaskLog): Promise<void>
  /** POST /nodes/N/qemu/V/mtunnel, after the token's rights are judged. */
  openTunnel(
    vmid: number,
    options: { storages?: readonly string[]; bridges?: readonly string[] },
    log: TaskLog,
  ): Promise<OpenTunnel>
  /**
   * GET /nodes/N/qemu/V/mtunnelwebsocket?socket=…&ticket=… with `Upgrade: websocket` replaced by our own
   * `Upgrade: pve-tunnel` (a plain stream, no frames). The caller judges the token, then gives the connection and what
   * came with its head; the 101 (or 401 and the end) is written here. The node in the path is `localhost`.
   */
  joinTunnel(vmid: number, asked: { socket: string; ticket: string }, stream: Duplex, head: Buffer): void
  /**
   * Plays qmeventd: quits machines whose guest has shut down. Call once in a process that stays. When another
   * process already does it for this root it only returns.
   */
  serveEvents(): Promise<{ close(): Promise<void> }>
}
