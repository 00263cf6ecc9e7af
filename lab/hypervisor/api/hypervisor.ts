import { X509Certificate } from 'node:crypto'
import type { Server } from 'node:https'
import { join } from 'node:path'
import { disturbTasks } from '../faults/disturbed-tasks.ts'
import { openFaults } from '../faults/faults.ts'
import { withFaults } from '../faults/faulty-machines.ts'
import type { Machines } from '../machines/types.ts'
import type { Hypervisor } from './http/call.ts'
import { createApi, type ServerOptions } from './http/server.ts'
import { allRoutes } from './routes/all.ts'
import { readInterfaces } from './routes/interfaces.ts'
import { openTasks } from './tasks/tasks.ts'

export type Options = ServerOptions & {
  /** Replaces what the kernel says of this machine's network. */
  interfaces?: Hypervisor['interfaces']
}

/** The API before these machines, not yet listening. All its files lie below the machines' root. */
export function openHypervisor(
  machines: Machines,
  { interfaces = readInterfaces, ...options }: Options,
): { server: Server; hypervisor: Hypervisor } {
  const { node, root } = machines
  const faults = openFaults(root)
  const hypervisor: Hypervisor = {
    node,
    root,
    machines: withFaults(machines, faults),
    tasks: openTasks(join(root, 'var/log/pve/tasks'), node, disturbTasks(faults)),
    faults,
    interfaces,
    certificateFingerprint: new X509Certificate(options.certificate.cert).fingerprint256,
  }
  return { server: createApi(hypervisor, allRoutes, options), hypervisor }
}
