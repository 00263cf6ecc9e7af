import { X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hypervisorPath, node, repository, treeOf } from '../paths.ts'
import { type SecretName, secret } from '../secrets.ts'
import { settleAllThenThrow } from '../settle-all.ts'
import { run } from '../shell.ts'
import type { HostPlan } from '../topology.ts'
import type { LabPart } from '../types.ts'
import { installService } from './service.ts'

export const apiPort = 8006
/** The token Bascule uses, `user@realm!name`; its secret is the lab's secret `pve-<site>`. */
export const apiToken = 'bascule@pve!move'
export const certificatePath = 'etc/pve/local/pve-ssl.pem'
const keyPath = 'etc/pve/local/pve-ssl.key'

/** What the token may do: what Bascule asks for at a source and at a target, for either site may be both. */
const privileges = [
  ...[
    'VM.Migrate',
    'VM.Audit',
    'VM.PowerMgmt',
    'VM.Backup',
    'VM.GuestAgent.Audit',
    'VM.GuestAgent.Unrestricted',
  ],
  ...[
    'VM.Monitor',
    'VM.Allocate',
    'VM.Clone',
    'VM.Snapshot',
    'VM.Config.CDROM',
    'VM.Config.CPU',
    'VM.Config.Cloudinit',
  ],
  ...['VM.Config.Disk', 'VM.Config.HWType', 'VM.Config.Memory', 'VM.Config.Network', 'VM.Config.Options'],
  ...[
    'Datastore.Allocate',
    'Datastore.AllocateSpace',
    'Datastore.Audit',
    'SDN.Use',
    'Sys.Audit',
    'Sys.Incoming',
  ],
]

/** As Proxmox VE writes them: `/etc/pve/storage.cfg`. `thin` takes raw disks only. */
const storages = `dir: local
\tpath /var/lib/vz
\tcontent images,backup,iso

lvmthin: thin
\tthinpool data
\tvgname pve
\tcontent images
`

/** `/etc/pve/user.cfg`. A token with rights of its own holds at most what its user holds: both are given the role. */
const users = `user:${apiToken.split('!')[0]}:1:0::::::
token:${apiToken}:0:1::

role:Bascule:${[...privileges].sort().join(',')}:

acl:1:/:${apiToken.split('!')[0]},${apiToken}:Bascule:
`

/** Proxmox VE's own files, and its API as a service. Guests come when their data is there. */
export function writeHypervisor(lab: { name: string }, host: HostPlan): void {
  const tree = treeOf(lab.name, host.name)
  const pve = join(tree, 'etc/pve')
  for (const directory of ['local', 'qemu-server', 'priv'])
    mkdirSync(join(pve, directory), { recursive: true })
  for (const directory of ['images', 'dump', 'template/iso', 'bascule'])
    mkdirSync(join(tree, 'var/lib/vz', directory), { recursive: true })
  mkdirSync(join(tree, 'var/log/pve/tasks'), { recursive: true })
  writeFileSync(join(pve, 'storage.cfg'), storages)
  writeFileSync(join(pve, 'user.cfg'), users)
  const tokens = `${apiToken} ${secret(lab.name, `pve-${host.site}` as SecretName)}\n`
  writeFileSync(join(pve, 'priv/token.cfg'), tokens, { mode: 0o600 })
  writeFileSync(join(pve, 'local/pveproxy.env'), `PATH=${hypervisorPath}\n`)
  installService(tree, {
    name: 'pveproxy',
    argv: [
      ...[node, join(repository, 'lab/hypervisor/main.ts'), '--node', host.site, '--address', host.address],
      ...['--port', String(apiPort), '--certificate', `/${certificatePath}`, '--key', `/${keyPath}`],
    ],
    environmentFile: '/etc/pve/local/pveproxy.env',
  })
}

/** Each hypervisor signs its own certificate, as Proxmox VE does. */
export async function writeCertificates(lab: string, hosts: readonly HostPlan[]): Promise<void> {
  const hypervisors = hosts.filter(host => host.role === 'hypervisor')
  await settleAllThenThrow(
    hypervisors.map(({ name, site, address }) =>
      run([
        ...['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
        ...['-days', '30', '-subj', `/CN=${site}`, '-addext', `subjectAltName=DNS:${site},IP:${address}`],
        ...['-keyout', join(treeOf(lab, name), keyPath), '-out', join(treeOf(lab, name), certificatePath)],
      ]),
    ),
  )
}

/** `AA:BB:…`, SHA-256, of the certificate of each site's hypervisor; undefined in a lab without machines. */
export function fingerprintsOf({ name, parts }: { name: string; parts: readonly LabPart[] }) {
  if (!parts.includes('machines')) return undefined
  const of = (site: string) =>
    new X509Certificate(readFileSync(join(treeOf(name, `${site}-hypervisor`), certificatePath)))
      .fingerprint256
  return { montpellier: of('montpellier'), toulouse: of('toulouse') }
}
