import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { installService } from '../hosts/service.ts'
import { treeOf } from '../paths.ts'
import type { HostPlan } from '../topology.ts'
import type { LabPart } from '../types.ts'
import {
  gatewayConfig,
  maintenanceDirectory,
  maintenancePages,
  mediaConfig,
  virtualHosts,
} from './gateway.ts'

const nginx = (configuration: string) => [
  'nginx',
  '-e',
  '/var/log/nginx/error.log',
  '-c',
  configuration,
  '-g',
  'daemon off;',
]

/** Written before the host starts. The site that is not in service yet has its maintenance pages up. */
export function writeGateway(
  lab: { name: string; index: number; parts: readonly LabPart[] },
  host: HostPlan,
): void {
  if (host.site === 'internet') return
  const tree = treeOf(lab.name, host.name)
  const flags = join(tree, maintenanceDirectory)
  const pages = join(tree, 'etc/estate/pages')
  mkdirSync(flags)
  mkdirSync(pages)
  for (const [kind, page] of Object.entries(maintenancePages))
    writeFileSync(join(pages, `maintenance.${kind}`), page)
  if (host.site === 'toulouse') for (const { flag } of virtualHosts) writeFileSync(join(flags, flag), '')
  writeFileSync(
    join(tree, 'etc/estate/gateway.conf'),
    gatewayConfig(lab.index, host.site, lab.parts.includes('network')),
  )
  installService(tree, { name: 'gateway', argv: nginx('/etc/estate/gateway.conf') })
}

/** The file server's HTTP side; at Toulouse it is installed and waits for `sv up`. */
export function writeMedia(lab: { name: string }, host: HostPlan): void {
  const tree = treeOf(lab.name, host.name)
  mkdirSync(join(tree, 'srv/files'))
  writeFileSync(join(tree, 'etc/estate/media.conf'), mediaConfig(host.address, host.site))
  installService(tree, {
    name: 'media',
    argv: nginx('/etc/estate/media.conf'),
    // on TERM nginx cuts downloads
    stopSignal: 'QUIT',
    down: host.site !== 'montpellier',
  })
}
