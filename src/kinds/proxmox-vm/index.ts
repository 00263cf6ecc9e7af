import type { Kind } from '../../model/kind.ts'
import { actions } from './actions/index.ts'
import { auditMachine } from './audit.ts'
import { keepingTasks } from './client/kept-tasks.ts'
import { machineFindings } from './findings.ts'
import { measures } from './measures/index.ts'
import { messages } from './messages.ts'
import { planMachine } from './plan.ts'
import { machineSpec } from './spec.ts'

/** A virtual machine of Proxmox VE, moved to another cluster with its disks. */
export const kind: Kind = {
  kind: 'proxmox-vm',
  spec: machineSpec,
  messages,
  audit: auditMachine,
  findings: machineFindings,
  plan: planMachine,
  actions: Object.fromEntries(Object.entries(actions).map(([name, action]) => [name, keepingTasks(action)])),
  measures,
}
