import { z } from 'zod'
import type { FailureRecord } from '../../model/failure.ts'
import { kindOf } from '../kit/define-kind.ts'
import type { About, Acting, FactsOf } from '../kit/kind-parts.ts'
import { type MachineSpec, machineSpec, methodNames } from './spec.ts'

const text = { unit: '', value: z.string() }
const texts = { unit: '', value: z.array(z.string()) }
const yes = { unit: '', value: z.boolean() }
const bytes = { unit: 'B', value: z.number() }
/** Why one door could not be opened at all. */
const failure = {
  unit: '',
  value: z.custom<FailureRecord>(value => typeof value === 'object' && value !== null && 'text' in value),
}

const disk = z.object({
  /** As the config names it: `scsi0`. */
  slot: z.string(),
  /** `local:101/vm-101-disk-0.qcow2`. */
  volume: z.string(),
  storage: z.string(),
  /** As PVE names it: dir, nfs, lvmthin, zfspool, rbd, … */
  storageType: z.string(),
  format: z.string(),
  /** Provisioned. */
  sizeBytes: z.number(),
  /** What the content takes on its storage; `sizeBytes` where nobody could tell. */
  usedBytes: z.number(),
})
const card = z.object({
  slot: z.string(),
  model: z.string(),
  mac: z.string(),
  bridge: z.string(),
  vlan: z.number().nullable(),
})
const storage = z.object({
  storage: z.string(),
  type: z.string(),
  content: z.array(z.string()),
  formats: z.array(z.string()),
  freeBytes: z.number(),
  active: z.boolean(),
})
const bridge = z.object({ name: z.string(), active: z.boolean(), vlanAware: z.boolean(), ports: z.string() })
/** Our bitmaps in the running QEMU, by the disk's node. `usable`: persistent, and consistent. */
const bitmap = z.object({ node: z.string(), name: z.string(), dirtyBytes: z.number(), usable: z.boolean() })
const guestInterface = z.object({ name: z.string(), mac: z.string(), addresses: z.array(z.string()) })
/** IPv4 addresses in a file of the guest; null where it cannot be read. */
const guestFile = z.object({ path: z.string(), addresses: z.array(z.string()).nullable() })
/** Who has the number at the target; `ours`: made by an earlier copy of this very component. */
const vmidHolder = z.object({ name: z.string(), node: z.string(), ours: z.boolean() })
/**
 * `privileges` are those that lack, `wanted` all that the kind wants at that path: what a token is given at a path takes the
 * place of what it had from above. `ways` that want them; all ways when absent.
 */
const missingRight = z.object({
  side: z.enum(['source', 'target']),
  path: z.string(),
  privileges: z.array(z.string()),
  ways: z.array(z.enum(methodNames)).exactOptional(),
  wanted: z.array(z.string()),
})
export type Disk = z.infer<typeof disk>
export type SeenStorage = z.infer<typeof storage>
export type SeenBridge = z.infer<typeof bridge>
export type SeenBitmap = z.infer<typeof bitmap>
export type SeenInterface = z.infer<typeof guestInterface>
export type SeenFile = z.infer<typeof guestFile>
export type VmidHolder = z.infer<typeof vmidHolder>
export type MissingRight = z.infer<typeof missingRight>

/** What the audit finds. What could not be found out is absent. */
const facts = {
  sourceApiFailure: failure,
  targetApiFailure: failure,
  sourceSshFailure: failure,
  targetSshFailure: failure,
  sourceVersion: text,
  targetVersion: text,
  /** The machine of the plan's number is there, on the plan's node. */
  found: yes,
  /** The node that has it, where it is not the plan's. */
  foundOnNode: text,
  name: text,
  memoryMegabytes: { unit: 'MiB', value: z.number() },
  cpuType: text,
  osType: text,
  agentEnabled: yes,
  cards: { unit: '', value: z.array(card) },
  cloudInit: yes,
  onboot: yes,
  protection: yes,
  template: yes,
  lock: text,
  running: yes,
  qmpStatus: text,
  /** The guest agent answers. */
  agent: yes,
  disks: { unit: '', value: z.array(disk) },
  snapshots: texts,
  ha: yes,
  replicated: yes,
  /** Config keys that bind the machine to this hypervisor's hardware or files: hostpci0, usb0, an ISO on `local`. */
  localDevices: texts,
  /** What the guest writes in a day. */
  churnBytesPerDay: { unit: 'B/d', value: z.number() },
  /** The running QEMU's QMP socket can be reached by ssh. */
  qmp: yes,
  bitmaps: { unit: '', value: z.array(bitmap) },
  /** Programs missing at either hypervisor, as `host: program`. */
  missingTools: texts,
  /** `zfs` answers at both hypervisors. */
  zfs: yes,
  /** The one hypervisor reaches the other by ssh, without a question. */
  sshBetween: yes,
  sourceStagingFreeBytes: bytes,
  targetStagingFreeBytes: bytes,
  sourceMissingRights: { unit: '', value: z.array(missingRight) },
  targetMissingRights: { unit: '', value: z.array(missingRight) },
  targetNodeStatus: text,
  targetStorages: { unit: '', value: z.array(storage) },
  /** Of the storage that the plan names. */
  targetStorageType: text,
  targetFormats: texts,
  targetFreeBytes: bytes,
  targetBridges: { unit: '', value: z.array(bridge) },
  targetVmidHolder: { unit: '', value: vmidHolder },
  targetCpuModels: texts,
  guestHostName: text,
  guestOs: text,
  guestInterfaces: { unit: '', value: z.array(guestInterface) },
  guestFiles: { unit: '', value: z.array(guestFile) },
}
export type MachineAudit = FactsOf<typeof facts>
export type AboutMachine = About<MachineSpec, MachineAudit>
export type ActingMachine = Acting<MachineSpec, MachineAudit>

/** Name, fields and facts of the kind, for its actions and for what puts it together. */
export const proxmoxVm = kindOf('proxmox-vm', machineSpec, facts)

/** What decides how a machine can travel. */
export type MachineFacts = Required<
  Pick<
    MachineAudit,
    | 'disks'
    | 'running'
    | 'agent'
    | 'snapshots'
    | 'ha'
    | 'replicated'
    | 'localDevices'
    | 'lock'
    | 'qmp'
    | 'sourceVersion'
    | 'targetVersion'
    | 'missingTools'
    | 'zfs'
    | 'sshBetween'
    | 'targetStorageType'
    | 'targetFormats'
    | 'targetFreeBytes'
    | 'sourceStagingFreeBytes'
    | 'targetStagingFreeBytes'
    | 'churnBytesPerDay'
  >
>
/** Where it was not found out: what promises least. */
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
export const machineFacts = (known: MachineAudit): MachineFacts => ({ ...unknown, ...known })

/** Bytes of all disks as they would travel. */
export const imageBytes = ({ disks }: Pick<MachineFacts, 'disks'>): number =>
  disks.reduce((sum, disk) => sum + disk.usedBytes, 0)
