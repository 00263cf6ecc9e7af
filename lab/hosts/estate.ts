import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zone } from '../edge/gateway.ts'
import { node, repository, treeOf } from '../paths.ts'
import { secret } from '../secrets.ts'
import type { HostPlan } from '../topology.ts'
import { installService } from './service.ts'

/** Programs of the estate, each alone on a host of the same name. */
export const estateServices = ['auth', 'courses', 'dashboard'] as const
export type EstateService = (typeof estateServices)[number]

export const servicePort = 8080

/** What a program is told by its environment: its own site's neighbours, by address. */
export function estateEnvironment(
  host: HostPlan,
  hosts: HostPlan[],
  databasePassword: string,
): Record<string, string> {
  const neighbour = (role: string) =>
    hosts.find(other => other.site === host.site && other.role === role)?.address ?? ''
  return {
    SITE: host.site,
    LISTEN_ADDRESS: host.address,
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
export function writeEstateService(lab: { name: string }, host: HostPlan, hosts: HostPlan[]): void {
  const tree = treeOf(lab.name, host.name)
  const environment = estateEnvironment(host, hosts, secret(lab.name, 'database-estate'))
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
