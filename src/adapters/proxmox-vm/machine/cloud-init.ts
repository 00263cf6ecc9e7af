import type { ChangeIo } from '../../../model/io.ts'
import type { SiteSide } from '../../../model/plan.ts'
import { changePve } from '../client/change.ts'
import type { MachineSide } from '../sides.ts'

/** Where the plan says so, the next start takes the site's address from the settings. The machine is off. */
export async function setByCloudInit(io: ChangeIo, at: MachineSide, site: SiteSide): Promise<void> {
  const { network } = at.spec
  if (network === undefined || !('cloudInit' in network) || !network.cloudInit) return
  const { address, gateway } = network[site]
  await changePve(at, io).configure({ ipconfig0: `ip=${address},gw=${gateway}` })
}
