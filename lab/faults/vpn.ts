import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execIn } from '../enter.ts'
import { repository, treeOf } from '../paths.ts'
import type { siteNames } from '../topology.ts'
import type { Lab } from '../types.ts'
import { withoutPeer, withPrivateKey } from '../vpn/edit.ts'
import { newKeyPair } from '../vpn/keys.ts'
import { vpnConfigFile, vpnInterface } from '../vpn/map.ts'

const reload = join(repository, 'lab/vpn/reload.sh')

type Site = (typeof siteNames)[number]

/** A trainer is unknown to a site's gateway. Throws when the gateway has no such peer. */
export async function peerLeftOut(
  lab: Lab,
  trainer = 'trainer-name',
  site: Site = 'toulouse',
): Promise<void> {
  await changed(lab, site, configuration => withoutPeer(configuration, trainer))
}

/** A site's gateway has another identity than its clients believe: every handshake is passed over in silence. */
export async function tunnelWrongKey(lab: Lab, site: Site = 'toulouse'): Promise<void> {
  const { privateKey } = await newKeyPair()
  await changed(lab, site, configuration => withPrivateKey(configuration, privateKey))
}

/** The inverse of either; harmless when there was none. */
export async function tunnelRepaired(lab: Lab, site: Site = 'toulouse'): Promise<void> {
  const kept = beforeFault(lab, site)
  if (!existsSync(kept)) return
  writeFileSync(fileOf(lab, site), readFileSync(kept))
  rmSync(kept)
  await loaded(lab, site)
}

const fileOf = (lab: Lab, site: Site) => join(treeOf(lab.name, `${site}-gateway`), vpnConfigFile)
const beforeFault = (lab: Lab, site: Site) => join(lab.directory, `${site}-vpn-before-fault.conf`)

async function changed(lab: Lab, site: Site, change: (configuration: string) => string): Promise<void> {
  await tunnelRepaired(lab, site)
  const right = readFileSync(fileOf(lab, site), 'utf8')
  const wrong = change(right)
  writeFileSync(beforeFault(lab, site), right, { mode: 0o600 })
  writeFileSync(fileOf(lab, site), wrong)
  await loaded(lab, site)
}

/** What runs becomes what is written; nothing runs while the service is down. */
async function loaded(lab: Lab, site: Site): Promise<void> {
  await execIn(lab, `${site}-gateway`, [reload, vpnInterface])
}
