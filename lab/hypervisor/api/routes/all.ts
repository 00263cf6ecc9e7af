import type { Route } from '../http/route.ts'
import { accessRoutes } from './access.ts'
import { agentRoutes } from './agent.ts'
import { backupRoutes } from './backup.ts'
import { clusterRoutes } from './cluster.ts'
import { configRoutes } from './config.ts'
import { contentRoutes } from './content.ts'
import { createRoutes } from './create.ts'
import { machineRoutes } from './machines.ts'
import { migrationRoutes } from './migration.ts'
import { networkRoutes } from './network.ts'
import { nodeRoutes } from './nodes.ts'
import { powerRoutes } from './power.ts'
import { snapshotRoutes } from './snapshots.ts'
import { storageRoutes } from './storages.ts'
import { taskRoutes } from './tasks.ts'
import { versionRoutes } from './version.ts'

/** Everything of PVE's API that this hypervisor knows; the rest is answered 501. */
export const allRoutes: readonly Route[] = [
  ...versionRoutes,
  ...accessRoutes,
  ...clusterRoutes,
  ...nodeRoutes,
  ...networkRoutes,
  ...storageRoutes,
  ...contentRoutes,
  ...taskRoutes,
  ...machineRoutes,
  ...createRoutes,
  ...configRoutes,
  ...powerRoutes,
  ...agentRoutes,
  ...snapshotRoutes,
  ...backupRoutes,
  ...migrationRoutes,
]
