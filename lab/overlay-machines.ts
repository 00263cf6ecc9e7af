import { apiPort } from './hosts/hypervisor.ts'
import { type SecretName, secretFile } from './secrets.ts'
import { addressOf, type GuestPlan, guestsOf, siteNames } from './topology.ts'
import type { LabPart } from './types.ts'

type Site = (typeof siteNames)[number]
/** Of the certificates of a service that both sites have. */
export type Fingerprints = Record<Site, string>
export type OverlayOfMachines = {
  /** Laid over the hosts of both sites. */
  hosts: Record<string, null>
  components: Record<string, object | null>
  /** By the id of a service that runs on a machine: what else it is told. */
  services: Record<string, { source?: object; target?: object; [field: string]: unknown }>
  checks: Record<string, null | { attempts: number }>
}

/** An emulated CPU carries few users at once, and answers the first of them slowly; all else is as the plan wants it. */
const emulated: Pick<OverlayOfMachines, 'services' | 'checks'> = {
  services: { auth: { startSeconds: 60 }, courses: { startSeconds: 60, load: { simultaneous: 3 } } },
  checks: {
    'T10-before': { attempts: 5 },
    'T11-before': { attempts: 5 },
    T11: { attempts: 6 },
    T13: { attempts: 4 },
    'T13-p99': { attempts: 4 },
    'T13-errors': { attempts: 4 },
    'X4-dashboard': { attempts: 5 },
  },
}

/** The TechCorp plan's machines, where the lab's are; or, in a lab without them, the plan without them. */
export function machinesOverlay(
  lab: { name: string; index: number; parts: readonly LabPart[] },
  fingerprints: Fingerprints | undefined,
): OverlayOfMachines {
  if (!lab.parts.includes('machines')) return withoutThem()
  const components = guestsOf(lab.parts).map(guest => [
    `${guest.role}-machine`,
    machine(lab, guest, fingerprints),
  ])
  return { hosts: {}, components: Object.fromEntries(components), ...emulated }
}

/** The services then are plain programs on hosts of their own, and need what their machines needed. */
function withoutThem(): OverlayOfMachines {
  const roles = guestsOf().map(({ role }) => role)
  const side = (role: string) => ({ host: role })
  const needs: Record<string, string[]> = { auth: ['database'], courses: ['database', 'files'] }
  const none = (ids: string[]) => Object.fromEntries(ids.map(id => [id, null]))
  return {
    hosts: { hypervisor: null },
    components: none(roles.map(role => `${role}-machine`)),
    services: Object.fromEntries(
      roles.map(role => [
        role,
        { needs: needs[role] ?? [], manager: { runit: role }, source: side(role), target: side(role) },
      ]),
    ),
    checks: none(roles.flatMap(role => [`T5-${role}`, `T7-${role}`, `X4-${role}-machine`])),
  }
}

function machine(
  { name, index }: { name: string; index: number },
  { role, needs }: GuestPlan,
  fingerprints: Fingerprints | undefined,
) {
  const api = (site: Site) => ({
    url: `https://${addressOf(index, site, 'hypervisor')}:${apiPort}`,
    secret: `file:${secretFile(name, `pve-${site}` as SecretName)}`,
    ...(fingerprints && { fingerprint: fingerprints[site] }),
  })
  const network = (site: Site) => ({
    address: `${addressOf(index, site, role)}/24`,
    gateway: addressOf(index, site, 'gateway'),
    others: Object.fromEntries(needs.map(other => [other, addressOf(index, site, other)])),
  })
  const [source, target] = siteNames
  return {
    declaredSize: '512 MB',
    source: { api: api(source) },
    target: { api: api(target) },
    network: { source: network(source), target: network(target) },
  }
}
