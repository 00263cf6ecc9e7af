import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execIn } from '../enter.ts'
import type { EstateService } from '../hosts/estate.ts'
import { treeOf } from '../paths.ts'
import { addressOf } from '../topology.ts'
import type { Lab } from '../types.ts'

const mistake = 'PGPORT=unknown\n'
const environmentFile = (lab: Lab, service: EstateService) =>
  join(treeOf(lab.name, `toulouse-${service}`), 'etc/estate', `${service}.env`)

/**
 * A service cannot start at Toulouse (R2). A plain program has a mistake in its settings there and ends at once; the one on a
 * machine is refused by Toulouse's database, for its disk comes from Montpellier and has no settings of Toulouse's.
 */
export async function serviceWontStart(lab: Lab, service: EstateService = 'auth'): Promise<void> {
  await serviceStarts(lab, service)
  if (isOnHost(lab, service)) writeFileSync(environmentFile(lab, service), mistake, { flag: 'a' })
  else
    await execIn(lab, 'toulouse-database', [
      'ip',
      'route',
      'add',
      'blackhole',
      addressOf(lab.index, 'toulouse', service),
    ])
}

/** The inverse. */
export async function serviceStarts(lab: Lab, service: EstateService = 'auth'): Promise<void> {
  if (!isOnHost(lab, service)) {
    const route = ['ip', 'route', 'del', 'blackhole', addressOf(lab.index, 'toulouse', service)]
    // Not there, most of the time.
    await execIn(lab, 'toulouse-database', route, { allowFailure: true })
    return
  }
  const file = environmentFile(lab, service)
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(mistake, ''))
}

const isOnHost = (lab: Lab, service: EstateService) => lab.hosts[`toulouse-${service}`] !== undefined
