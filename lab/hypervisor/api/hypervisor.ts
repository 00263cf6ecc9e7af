import { X509Certificate } from 'node:crypto'
import type { Server } from 'node:https'
import { join } from 'node:path'
import { disturbTasks } from '../faults/disturbed-tasks.ts'
import { openFaults } from '../faults/faults.ts'
import { withFaults } from '../faults/faulty-machines.ts'
import type { Machines } from '../machines/types.ts'
import type { Hypervisor } from './http/call.ts'
import { createApi, type ServerOptions } from './http/server.ts'
import { readUsers } from './permissions/users.ts'
import { readInterfaces } from './routes/interfaces.ts'
import { remoteNode } from './routes/remote.ts'
import { openStore, type TaskStore } from './tasks/store.ts'
import { openTasks } from './tasks/tasks.ts'

/** What is around the machines of a node, replaced where a test has its own. */
export type Around = Partial<
  Pick<Hypervisor, 'interfaces' | 'remoteNode' | 'users'> & { taskStore: TaskStore }
>

/** A node, whatever its machines are made of. All its files lie below the machines' root. */
export function hypervisorOf(
  machines: Machines,
  certificateFingerprint: string,
  around: Around = {},
): Hypervisor {
  const { node, root } = machines
  const faults = openFaults(root)
  const store = around.taskStore ?? openStore(join(root, 'var/log/pve/tasks'))
  return {
    node,
    root,
    machines: withFaults(machines, faults),
    tasks: openTasks(store, node, disturbTasks(faults)),
    faults,
    users: around.users ?? (() => readUsers(root)),
    interfaces: around.interfaces ?? readInterfaces,
    remoteNode: around.remoteNode ?? remoteNode,
    certificateFingerprint,
  }
}

/** The API before these machines, not yet listening. */
export function openHypervisor(
  machines: Machines,
  options: ServerOptions & Around,
): { server: Server; hypervisor: Hypervisor } {
  const { fingerprint256 } = new X509Certificate(options.certificate.cert)
  const hypervisor = hypervisorOf(machines, fingerprint256, options)
  return { server: createApi(hypervisor, options), hypervisor }
}
