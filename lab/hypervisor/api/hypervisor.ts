import type { Server } from 'node:https'
import { join } from 'node:path'
import { disturbTasks } from '../faults/disturbed-tasks.ts'
import { openFaults } from '../faults/faults.ts'
import { withFaults } from '../faults/faulty-machines.ts'
import type { Machines } from '../machines/types.ts'
import { fingerprintOf, readCertificate } from './certificate.ts'
import type { Hypervisor } from './http/call.ts'
import { createApi } from './http/server.ts'
import { allRoutes } from './routes/all.ts'
import { readInterfaces } from './routes/interfaces.ts'
import { openTasks } from './tasks/tasks.ts'

export type Options = {
  /** Replaces what the kernel says of this machine's network. */
  interfaces?: Hypervisor['interfaces']
  unauthorizedDelaySeconds?: number
}

/** The API before these machines, not yet listening. All its files lie below the machines' root. */
export function openHypervisor(
  machines: Machines,
  options: Options = {},
): { server: Server; hypervisor: Hypervisor } {
  const { node, root } = machines
  const faults = openFaults(root)
  const hypervisor: Hypervisor = {
    node,
    root,
    machines: withFaults(machines, faults),
    tasks: openTasks(join(root, 'var/log/pve/tasks'), node, disturbTasks(faults)),
    faults,
    interfaces: options.interfaces ?? readInterfaces,
    certificateFingerprint: fingerprintOf(root),
  }
  const delay = options.unauthorizedDelaySeconds
  const server = createApi(hypervisor, allRoutes, {
    certificate: readCertificate(root),
    ...(delay === undefined ? {} : { unauthorizedDelaySeconds: delay }),
  })
  return { server, hypervisor }
}
