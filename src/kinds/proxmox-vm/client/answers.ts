/** PVE writes yes and no as 1 and 0; absent is no. */
export type Bit = 0 | 1 | boolean

export type Version = { version: string; release: string; repoid: string }
/** Privileges by path; the number says whether a privilege also holds below it. */
export type Permissions = Record<string, Record<string, Bit>>
export type Resource = {
  id: string
  type: string
  node?: string
  vmid?: number
  name?: string
  status?: string
  template?: Bit
  lock?: string
  hastate?: string
  storage?: string
  plugintype?: string
}
export type NodeState = { node: string; status: 'unknown' | 'online' | 'offline' }
export type Bridge = {
  iface: string
  type: string
  active?: Bit
  bridge_vlan_aware?: Bit
  bridge_ports?: string
  cidr?: string
}
export type Storage = {
  storage: string
  /** dir, nfs, lvmthin, zfspool, rbd, … */
  type: string
  /** What may be kept there, with commas: images, backup, iso, … */
  content: string
  active?: Bit
  enabled?: Bit
  shared?: Bit
  /** Bytes. */
  avail?: number
  total?: number
  used?: number
  formats?: { supported: string[]; default: string }
}
/** `size` and `used` in bytes; most kinds of storage do not know what is used. */
export type Volume = {
  volid: string
  format: string
  size: number
  used?: number
  vmid?: number
  ctime?: number
  notes?: string
  protected?: Bit
}
/** A machine's settings by key, as text; `digest` says which version of them this is. */
export type Config = Record<string, string>
export type MachineStatus = {
  vmid: number
  status: 'running' | 'stopped'
  /** What QEMU says: running, paused, postmigrate, prelaunch, … */
  qmpstatus?: string
  name?: string
  lock?: string
  pid?: number
  /** Seconds. */
  uptime?: number
  /** Bytes written to its disks since it was started. */
  diskwrite?: number
  agent?: Bit
  template?: Bit
  ha?: { managed?: Bit; state?: string; group?: string }
  'running-qemu'?: string
  'running-machine'?: string
}
export type Snapshot = { name: string; description: string; snaptime?: number; vmstate?: Bit }
export type ReplicationJob = { id: string; guest: number; target: string; disable?: Bit }
export type CpuModel = { name: string; vendor: string; custom: Bit }
export type Task = {
  upid: string
  node: string
  type: string
  id: string
  user: string
  starttime: number
  endtime?: number
  status?: string
}
export type TaskStatus = { status: 'running' | 'stopped'; exitstatus?: string; type: string; id: string }
export type TaskLine = { n: number; t: string }
/** A task that ended well, maybe with warnings. */
export type TaskEnd = {
  upid: string
  /** `OK` or `WARNINGS: n`. */
  exitStatus: string
  /** Lines in which the task warned. */
  warnings: string[]
  lastLines: string[]
}

export type OsInfo = { id?: string; 'pretty-name'?: string; name?: string; 'kernel-release'?: string }
export type GuestInterface = {
  name: string
  'hardware-address'?: string
  'ip-addresses'?: { 'ip-address': string; 'ip-address-type': 'ipv4' | 'ipv6'; prefix: number }[]
}
export type ExecStatus = {
  exited: Bit
  exitcode?: number
  signal?: number
  'out-data'?: string
  'err-data'?: string
}
