import type { ChangeIo } from '../../../model/io.ts'
import type { SiteSide } from '../../../model/plan.ts'
import { changePve } from '../client/change.ts'
import type { MachineSide } from '../sides.ts'
import type { MachineSpec } from '../spec.ts'

/** PVE's `ipconfig0` for a site; undefined unless the plan has cloud-init change the address. */
export const ipconfigOf = (network: MachineSpec['network'], site: SiteSide): string | undefined =>
  network !== undefined && 'cloudInit' in network && network.cloudInit
    ? `ip=${network[site].address},gw=${network[site].gateway}`
    : undefined

/** Where the plan says so, the next start takes the site's address from the settings. The machine is off. */
export async function setByCloudInit(io: ChangeIo, at: MachineSide, site: SiteSide): Promise<void> {
  const ipconfig0 = ipconfigOf(at.spec.network, site)
  if (ipconfig0 !== undefined) await changePve(at, io).configure({ ipconfig0 })
}
