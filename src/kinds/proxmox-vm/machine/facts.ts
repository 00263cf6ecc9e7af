import type { Facts } from '../../../model/fact.ts'
import type { Json } from '../../../model/json.ts'

export type Disk = {
  /** As the config names it: `scsi0`. */
  slot: string
  /** `local:101/vm-101-disk-0.qcow2`. */
  volume: string
  storage: string
  /** As PVE names it: dir, nfs, lvmthin, zfspool, rbd, … */
  storageType: string
  format: string
  /** Provisioned. */
  sizeBytes: number
  /** What the content takes on its storage; `sizeBytes` where nobody could tell. */
  usedBytes: number
}

/** What decides how a machine can travel. Each field is the fact of the same name. */
export type MachineFacts = {
  disks: Disk[]
  running: boolean
  /** The guest agent answers. */
  agent: boolean
  snapshots: string[]
  ha: boolean
  replicated: boolean
  /** Config keys that bind the machine to this hypervisor's hardware or files: hostpci0, usb0, an ISO on `local`. */
  localDevices: string[]
  lock: string
  /** The running QEMU's QMP socket can be reached by ssh. */
  qmp: boolean
  sourceVersion: string
  targetVersion: string
  /** Programs missing at either hypervisor, as `host: program`. */
  missingTools: string[]
  /** `zfs` answers at both hypervisors. */
  zfs: boolean
  /** The one hypervisor reaches the other by ssh, without a question. */
  sshBetween: boolean
  targetStorageType: string
  targetFormats: string[]
  targetFreeBytes: number
  sourceStagingFreeBytes: number
  targetStagingFreeBytes: number
  /** What the guest writes in a day. */
  churnBytesPerDay: number
}

const unknown: MachineFacts = {
  disks: [],
  running: false,
  agent: false,
  snapshots: [],
  ha: false,
  replicated: false,
  localDevices: [],
  lock: '',
  qmp: false,
  sourceVersion: '',
  targetVersion: '',
  missingTools: [],
  zfs: false,
  sshBetween: true,
  targetStorageType: '',
  targetFormats: [],
  targetFreeBytes: 0,
  sourceStagingFreeBytes: 0,
  targetStagingFreeBytes: 0,
  churnBytesPerDay: 0,
}

/** The audit's facts as one thing; what was not found out has the value that promises least. */
export function machineFacts(facts: Facts): MachineFacts {
  const known: [string, Json][] = Object.keys(unknown)
    .filter(name => facts[name] !== undefined)
    .map(name => [name, facts[name]?.value ?? null])
  return { ...unknown, ...(Object.fromEntries(known) as Partial<MachineFacts>) }
}

/** Bytes of all disks as they would travel. */
export const imageBytes = ({ disks }: MachineFacts): number =>
  disks.reduce((sum, disk) => sum + disk.usedBytes, 0)
