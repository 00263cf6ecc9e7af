import type { Kind } from '../../model/kind.ts'
import { shutdown } from './actions/shutdown.ts'
import { start } from './actions/start.ts'
import { startCopy } from './actions/start-copy.ts'
import { testRestore } from './actions/test-restore.ts'
import { auditMachine } from './audit.ts'
import { keepingTasks } from './client/kept-tasks.ts'
import { machineFindings } from './findings.ts'
import { figures, measures } from './measures/index.ts'
import { messages } from './messages.ts'
import { methodActions, methodNamed } from './methods/all.ts'
import { planMachine } from './plan.ts'
import { machineSpec } from './spec.ts'

/** Those that all methods share, and each method's own. */
const actions = {
  'test-restore': testRestore(methodNamed),
  shutdown: shutdown(methodNamed),
  start: start(methodNamed),
  'start-copy': startCopy(methodNamed),
  ...methodActions(),
}

/** A virtual machine of Proxmox VE, moved to another cluster with its disks. */
export const kind: Kind = {
  kind: 'proxmox-vm',
  spec: machineSpec,
  messages,
  audit: auditMachine,
  findings: machineFindings,
  plan: planMachine,
  actions: Object.fromEntries(Object.entries(actions).map(([name, action]) => [name, keepingTasks(action)])),
  figures,
  measures,
}
