import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zone } from '../edge/gateway.ts'
import { node, repository, treeOf } from '../paths.ts'
import { secret } from '../secrets.ts'
import { addressOf, type HostPlan } from '../topology.ts'
import { installService } from './service.ts'

/** Programs of the estate, each alone on a host of the same name. */
export const estateServices = ['auth', 'courses', 'dashboard'] as const
export type EstateService = (typeof estateServices)[number]

export const servicePort = 8080

/** What a program is told by its environment: its own site's neighbours, by address. */
export function estateEnvironment(
  { index, site, role }: { index: number; site: 'montpellier' | 'toulouse'; role: string },
  databasePassword: string,
): Record<string, string> {
  const neighbour = (name: string) => addressOf(index, site, name)
  return {
    SITE: site,
    LISTEN_ADDRESS: neighbour(role),
    LISTEN_PORT: String(servicePort),
    PGHOST: neighbour('database'),
    PGPORT: '5432',
    PGDATABASE: 'techcorp',
    PGUSER: 'estate',
    PGPASSWORD: databasePassword,
    PGSSLMODE: 'require',
    AUTH_URL: `http://${neighbour('auth')}:${servicePort}`,
    COURSES_URL: `http://${neighbour('courses')}:${servicePort}`,
    FILES_URL: `http://${neighbour('files')}`,
    FILES_PUBLIC_URL: `http://files.${zone}`,
  }
}

/** Installs a program. Toulouse's waits for `sv up`; Montpellier's too, until its data is there. */
export function writeEstateService(lab: { name: string; index: number }, host: HostPlan): void {
  const { site, role } = host
  if (site === 'internet') return
  const tree = treeOf(lab.name, host.name)
  const environment = estateEnvironment({ index: lab.index, site, role }, secret(lab.name, 'database-estate'))
  const file = join(tree, 'etc/estate', `${host.role}.env`)
  writeFileSync(
    file,
    Object.entries(environment)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  )
  chmodSync(file, 0o600)
  installService(tree, {
    name: host.role,
    argv: [node, join(repository, 'lab/estate', host.role, 'main.ts')],
    environmentFile: `/etc/estate/${host.role}.env`,
    down: true,
  })
}
