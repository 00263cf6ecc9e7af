import type { Facts } from '../../../model/fact.ts'
import type { FailureRecord } from '../../../model/failure.ts'
import type { Json } from '../../../model/json.ts'
import type { MachineFacts } from '../machine/facts.ts'
import type { MissingRight } from '../rights.ts'

export type SeenCard = { slot: string; model: string; mac: string; bridge: string; vlan: number | null }
export type SeenStorage = {
  storage: string
  type: string
  content: string[]
  formats: string[]
  freeBytes: number
  active: boolean
}
export type SeenBridge = { name: string; active: boolean; vlanAware: boolean; ports: string }
/** Our bitmaps in the running QEMU, by the disk's node. `usable`: persistent, and consistent. */
export type SeenBitmap = { node: string; name: string; dirtyBytes: number; usable: boolean }
export type SeenInterface = { name: string; mac: string; addresses: string[] }
/** IPv4 addresses in a file of the guest; null where it cannot be read. */
export type SeenFile = { path: string; addresses: string[] | null }
/** Who has the number at the target; `ours`: made by an earlier copy of this very component. */
export type VmidHolder = { name: string; node: string; ours: boolean }

/** What is found out beside what decides how a machine can travel. A field that is absent could not be found out. */
export type MachineAudit = MachineFacts & {
  /** Why the API of that side could not be asked at all. */
  sourceApiFailure: FailureRecord
  targetApiFailure: FailureRecord
  sourceSshFailure: FailureRecord
  targetSshFailure: FailureRecord
  /** The machine of the plan's number is there, on the plan's node. */
  found: boolean
  /** The node that has it, where it is not the plan's. */
  foundOnNode: string
  name: string
  memoryMegabytes: number
  cpuType: string
  osType: string
  agentEnabled: boolean
  cards: SeenCard[]
  cloudInit: boolean
  onboot: boolean
  protection: boolean
  template: boolean
  qmpStatus: string
  bitmaps: SeenBitmap[]
  sourceMissingRights: MissingRight[]
  targetMissingRights: MissingRight[]
  targetNodeStatus: string
  targetStorages: SeenStorage[]
  targetBridges: SeenBridge[]
  targetVmidHolder: VmidHolder
  targetCpuModels: string[]
  guestHostName: string
  guestOs: string
  guestInterfaces: SeenInterface[]
  guestFiles: SeenFile[]
}

const bytes = /Bytes(PerDay)?$/
const unitOf = (name: string): string => {
  if (bytes.test(name)) return name.endsWith('PerDay') ? 'B/d' : 'B'
  return name === 'memoryMegabytes' ? 'MiB' : ''
}

/** What was found, as facts; what is undefined is none. */
export function asFacts(found: Partial<MachineAudit>, at: string): Facts {
  const known = Object.entries(found).filter(([, value]) => value !== undefined)
  return Object.fromEntries(
    known.map(([name, value]) => [name, { value: value as Json, unit: unitOf(name), at }]),
  )
}

export const auditOf = (facts: Facts): Partial<MachineAudit> =>
  Object.fromEntries(Object.entries(facts).map(([name, { value }]) => [name, value])) as Partial<MachineAudit>
