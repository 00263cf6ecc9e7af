import { stringify } from 'yaml'
import { virtualHosts, zone } from './edge/gateway.ts'
import { figuresOf } from './estate/seed/sizes.ts'
import { type Fingerprints, machinesOverlay } from './overlay-machines.ts'
import { namesOverlay } from './overlay-names.ts'
import { networkOverlay } from './overlay-network.ts'
import { sshConfigOf } from './paths.ts'
import { type SecretName, secretFile } from './secrets.ts'
import type { LabState } from './state.ts'
import { addressOf, allParts, hostsOf, withoutMachines } from './topology.ts'

type OverlayLab = Pick<LabState, 'name' | 'index' | 'linkMbps' | 'size' | 'parts'>

/** The lab of which examples/techcorp/lab.yaml is the overlay: what `bascule lab up` makes on an idle machine. */
export const exampleLab: OverlayLab = {
  name: 'lab',
  index: 0,
  linkMbps: 200,
  size: 'small',
  parts: [...allParts],
}

/** Of this lab's own certificates, as far as it has such servers. */
type CertificatesOf = { [server in 'hypervisor' | 'database']?: Fingerprints | undefined }

/** What differs between the TechCorp plan and this lab: hosts, secrets, sizes and a clock that runs faster. */
export function renderOverlay(lab: OverlayLab, fingerprints: CertificatesOf = {}): string {
  const head = `# Lays the laboratory "${lab.name}" over examples/techcorp/plan.yaml. Written by lab/overlay.ts; do not edit.\n`
  return head + stringify(overlay(lab, fingerprints), { lineWidth: 110, aliasDuplicateObjects: false })
}

function overlay(lab: OverlayLab, fingerprints: CertificatesOf) {
  const { databaseBytes, fileBytes } = figuresOf(lab.size)
  const secret = (name: SecretName) => `file:${secretFile(lab.name, name)}`
  const machines = machinesOverlay(lab, fingerprints.hypervisor)
  const network = networkOverlay(lab)
  const names = namesOverlay(lab)
  const service = (name: string) =>
    serviceOverlay(lab.index, name, { ...machines.services[name], ...network.services[name] })
  const hosts = (site: 'montpellier' | 'toulouse') => ({ ...siteHosts(lab, site), ...machines.hosts })
  const checks = { ...machines.checks, ...network.checks, ...names.checks }
  return {
    window: { length: '15 min', rollbackReserve: '5 min' },
    ssh: { configFile: sshConfigOf(lab.name), connectTimeout: '10 s' },
    sites: {
      source: { hosts: hosts('montpellier') },
      target: { hosts: hosts('toulouse') },
    },
    outside: network.outside,
    components: {
      link: { declaredMbps: lab.linkMbps },
      database: {
        declaredSize: `${databaseBytes / 1e6} MB`,
        ...(fingerprints.database && pinned(fingerprints.database)),
        admin: { password: secret('database-bascule') },
        replication: { password: secret('database-replication') },
      },
      files: { declaredSize: `${fileBytes / 1e6} MB` },
      ...network.components,
      ...machines.components,
      auth: { ...service('auth'), secrets: { trainer: secret('trainer') } },
      courses: { ...service('courses'), secrets: { trainer: secret('trainer') } },
      media: service('files'),
      dashboard: service('dashboard'),
      ...names.components,
    },
    ...(Object.keys(checks).length > 0 && { checks }),
    rollback: { databaseStart: '30 s', lineLost: '30 s', margin: '30 s', undoBackoff: '2 s' },
  }
}

const pinned = ({ montpellier, toulouse }: Fingerprints) => ({
  source: { fingerprint: montpellier },
  target: { fingerprint: toulouse },
})

/** The plan's hosts all have an address, whatever parts the lab has; but where the machines are it matters. */
const siteHosts = ({ index, parts }: OverlayLab, site: 'montpellier' | 'toulouse') =>
  Object.fromEntries(
    hostsOf(index, parts.includes('machines') ? allParts : withoutMachines)
      .filter(host => host.site === site && host.role !== 'office')
      .map(({ role, name, address }) => [role, { ssh: name, address, become: 'runuser' }]),
  )

type Sides = { source?: object; target?: object; [field: string]: unknown }

/** The host to ask is the one of the component's own name, except that the files are served where they lie. */
function serviceOverlay(index: number, name: string, more: Sides = {}) {
  const virtualHost = virtualHosts.find(host => host.name === name)
  const url = (site: 'montpellier' | 'toulouse') =>
    `http://${addressOf(index, site, name)}${virtualHost?.port === 80 ? '' : `:${virtualHost?.port}`}`
  return {
    publicUrl: `http://${name}.${zone}`,
    startSeconds: 15,
    ...more,
    source: { ...more.source, url: url('montpellier') },
    target: { ...more.target, url: url('toulouse') },
  }
}
