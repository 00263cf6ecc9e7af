import { stringify } from 'yaml'
import { virtualHosts, zone } from './edge/gateway.ts'
import { figuresOf } from './estate/seed/sizes.ts'
import { updateKeyAlgorithm, updateKeyName } from './names/knot.ts'
import { sshConfigOf } from './paths.ts'
import { type SecretName, secretFile } from './secrets.ts'
import type { LabState } from './state.ts'
import { hostsOf, internetAddress, publicAddress } from './topology.ts'

type OverlayLab = Pick<LabState, 'name' | 'index' | 'linkMbps' | 'size'>

/** The lab of which examples/techcorp/lab.yaml is the overlay: what `bascule lab up` makes on an idle machine. */
export const exampleLab: OverlayLab = { name: 'lab', index: 0, linkMbps: 200, size: 'small' }

/** What differs between the TechCorp plan and this lab: hosts, secrets, sizes and a clock that runs faster. */
export function renderOverlay(lab: OverlayLab): string {
  const head = `# Lays the laboratory "${lab.name}" over examples/techcorp/plan.yaml. Written by lab/overlay.ts; do not edit.\n`
  return head + stringify(overlay(lab), { lineWidth: 110, aliasDuplicateObjects: false })
}

function overlay(lab: OverlayLab) {
  const { databaseBytes, fileBytes } = figuresOf(lab.size)
  const secret = (name: SecretName) => `file:${secretFile(lab.name, name)}`
  const service = (name: string) => serviceOverlay(lab.index, name)
  return {
    window: { length: '15 min', rollbackReserve: '5 min' },
    ssh: { configFile: sshConfigOf(lab.name), connectTimeout: '5 s' },
    sites: {
      source: { hosts: siteHosts(lab.index, 'montpellier') },
      target: { hosts: siteHosts(lab.index, 'toulouse') },
    },
    components: {
      link: { declaredMbps: lab.linkMbps },
      database: {
        declaredSize: `${databaseBytes / 1e6} MB`,
        admin: { password: secret('database-bascule') },
        replication: { password: secret('database-replication') },
      },
      files: { declaredSize: `${fileBytes / 1e6} MB` },
      auth: { ...service('auth'), secrets: { trainer: secret('trainer') } },
      courses: { ...service('courses'), secrets: { trainer: secret('trainer') } },
      media: service('files'),
      dashboard: service('dashboard'),
      names: namesOverlay(lab.index, secret('tsig')),
    },
    rollback: { databaseStart: '30 s', margin: '30 s', undoBackoff: '2 s' },
  }
}

const siteHosts = (index: number, site: 'montpellier' | 'toulouse') =>
  Object.fromEntries(
    hostsOf(index)
      .filter(host => host.site === site)
      .map(({ role, name, address }) => [role, { ssh: name, address, become: 'runuser' }]),
  )

/** The host to ask is the one of the component's own name, except that the files are served where they lie. */
function serviceOverlay(index: number, name: string) {
  const virtualHost = virtualHosts.find(host => host.name === name)
  const url = (site: string) => {
    const address = hostsOf(index).find(host => host.site === site && host.role === name)?.address
    return `http://${address}${virtualHost?.port === 80 ? '' : `:${virtualHost?.port}`}`
  }
  return {
    source: { url: url('montpellier') },
    target: { url: url('toulouse') },
    publicUrl: `http://${name}.${zone}`,
    startSeconds: 15,
  }
}

function namesOverlay(index: number, tsigSecret: string) {
  const authoritative = { address: internetAddress(index, 54), port: 53 }
  return {
    zone,
    servers: [authoritative],
    resolvers: [{ address: internetAddress(index, 53), port: 53 }],
    update: {
      server: authoritative,
      tsig: { name: updateKeyName, algorithm: updateKeyAlgorithm, secret: tsigSecret },
    },
    lowTtlSeconds: 5,
    records: virtualHosts.map(({ name }) => ({
      name,
      type: 'A',
      source: publicAddress(index, 'montpellier'),
      target: publicAddress(index, 'toulouse'),
    })),
  }
}
