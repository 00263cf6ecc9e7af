import type { LabPart, SiteName } from './types.ts'

/** The lab's map, as pure data: which hosts there are and where. Everything else is derived from it. */
export type HostPlan = {
  name: string
  site: SiteName
  role: string
  address: string
  namespace: string
}
export const siteNames = ['montpellier', 'toulouse'] as const
const siteNetwork = { montpellier: 1, toulouse: 2 } as const
const officeNetwork = { montpellier: 11, toulouse: 12 } as const
const linkNetwork = 3
const internetNetwork = 4
const backupNetwork = 5
const vpnNetwork = 6
type Site = (typeof siteNames)[number]

type SiteRole = {
  role: string
  lastByte: number
  parts: LabPart[] | 'always'
  /** In the trainers' rooms, not among the servers. */
  inOffice?: true
  /** With `machines` it is no host but a guest of the site's hypervisor. */
  guest?: Omit<GuestPlan, 'role'>
}
const siteRoles: SiteRole[] = [
  { role: 'gateway', lastByte: 1, parts: 'always' },
  { role: 'database', lastByte: 10, parts: ['database', 'services'] },
  { role: 'files', lastByte: 20, parts: ['files', 'services'] },
  { role: 'auth', lastByte: 30, parts: ['services'], guest: { vmid: 101, needs: ['database'] } },
  {
    role: 'courses',
    lastByte: 40,
    parts: ['services'],
    guest: { vmid: 102, needs: ['database', 'files', 'auth'] },
  },
  { role: 'dashboard', lastByte: 50, parts: ['services'] },
  { role: 'hypervisor', lastByte: 60, parts: ['machines'] },
  { role: 'office', lastByte: 70, parts: ['network'], inOffice: true },
]
const internetRoles: { role: string; lastByte: number; parts: LabPart[] }[] = [
  { role: 'users', lastByte: 20, parts: ['services', 'dns'] },
  { role: 'stubborn', lastByte: 52, parts: ['dns'] },
  { role: 'resolver', lastByte: 53, parts: ['dns'] },
  { role: 'dns', lastByte: 54, parts: ['dns'] },
  { role: 'secondary', lastByte: 55, parts: ['dns'] },
  { role: 'tester', lastByte: 30, parts: ['network'] },
  { role: 'trainer-name', lastByte: 31, parts: ['network'] },
  { role: 'trainer-address', lastByte: 32, parts: ['network'] },
  { role: 'trainer-restarter', lastByte: 33, parts: ['network'] },
  { role: 'stranger', lastByte: 66, parts: ['network'] },
]

export const allParts: readonly LabPart[] = ['database', 'files', 'services', 'dns', 'machines', 'network']
/** Every service a plain program on a host of its own: raised sooner, for where machines are not the point. */
export const withoutMachines: readonly LabPart[] = allParts.filter(part => part !== 'machines')
export const prefixOf = (index: number) => `10.${80 + index}`
/** Every namespace and root-side interface of a lab begins with this; `lab down` sweeps by it. */
export const markOf = (index: number) => `bl${index}-`
/** The namespace that is the Internet's wire: a bridge and nothing else, no host. */
export const internetNamespace = (index: number) => `${markOf(index)}internet`
/** The root namespace's interface on the lab's Internet: where Bascule sits. */
export const operationsInterface = (index: number) => `${markOf(index)}ops`

/** A site's servers. */
export const lanOf = (index: number, site: Site) => `${prefixOf(index)}.${siteNetwork[site]}.0/24`
/** A site's trainers' rooms: the VLAN `office`. */
export const officeOf = (index: number, site: Site) => `${prefixOf(index)}.${officeNetwork[site]}.0/24`
/** A site's gateway as its office knows it. At Toulouse nobody has it yet. */
export const officeGateway = (index: number, site: Site) => `${prefixOf(index)}.${officeNetwork[site]}.1`
export const linkAddress = (index: number, site: Site) =>
  `${prefixOf(index)}.${linkNetwork}.${siteNetwork[site]}`
export const internetOf = (index: number) => `${prefixOf(index)}.${internetNetwork}.0/24`
export const internetAddress = (index: number, lastByte: number) =>
  `${prefixOf(index)}.${internetNetwork}.${lastByte}`
export const operationsAddress = (index: number) => internetAddress(index, 99)
/** What the world outside knows of a site: its gateway. */
export const publicAddress = (index: number, site: Site) => internetAddress(index, 10 + siteNetwork[site])
/** Whoever sells Toulouse's backup line gives it a network of its own. */
export const backupOf = (index: number) => `${prefixOf(index)}.${backupNetwork}.0/24`
/** Toulouse's gateway on its backup line. */
export const backupAddress = (index: number) => `${prefixOf(index)}.${backupNetwork}.12`
export const vpnOf = (index: number) => `${prefixOf(index)}.${vpnNetwork}.0/24`
/** In the tunnel: 1 is the gateway, of either site; a trainer has the last byte of his machine, the tester 200. */
export const vpnAddress = (index: number, lastByte: number) => `${prefixOf(index)}.${vpnNetwork}.${lastByte}`

/** Where a role answers at a site, whether it is a host or a guest there. */
export function addressOf(index: number, site: Site, role: string): string {
  const found = siteRoles.find(one => one.role === role)
  if (!found) throw new TypeError(`a site of the lab has no ${role}`)
  const network = (found.inOffice ? officeNetwork : siteNetwork)[site]
  return `${prefixOf(index)}.${network}.${found.lastByte}`
}

/**
 * A virtual machine of the estate: it is Montpellier's first, and at Toulouse it has its role's address there. `needs`: the
 * neighbours that its program asks, by name.
 */
export type GuestPlan = { role: string; vmid: number; needs: string[] }
export const guestsOf = (parts: readonly LabPart[] = allParts): GuestPlan[] =>
  parts.includes('machines') && parts.includes('services')
    ? siteRoles.flatMap(({ role, guest }) => (guest ? [{ role, ...guest }] : []))
    : []

/** The hosts of a lab with these parts, in a stable order. */
export function hostsOf(index: number, parts: readonly LabPart[] = allParts): HostPlan[] {
  const wanted = (needed: LabPart[] | 'always') =>
    needed === 'always' || needed.some(part => parts.includes(part))
  const guests = guestsOf(parts).map(({ role }) => role)
  const host = (site: SiteName, role: string, address: string): HostPlan => {
    const name = `${site}-${role}`
    return { name, site, role, address, namespace: `${markOf(index)}${name}` }
  }
  return [
    ...siteNames.flatMap(site =>
      siteRoles
        .filter(({ role, parts: needed }) => wanted(needed) && !guests.includes(role))
        .map(({ role }) => host(site, role, addressOf(index, site, role))),
    ),
    ...internetRoles
      .filter(({ parts: needed }) => wanted(needed))
      .map(({ role, lastByte }) => host('internet', role, internetAddress(index, lastByte))),
  ]
}

/** Whether the part `network` is among what these hosts were made for. */
export const isNetworked = (hosts: readonly Pick<HostPlan, 'role'>[]): boolean =>
  hosts.some(({ role }) => role === 'office')
/** Toulouse's office has its cable, which leads nowhere until someone makes its VLAN. */
export const isUnplugged = ({ site, role }: HostPlan): boolean => site === 'toulouse' && role === 'office'

/** The TTL of a demo's records before the preparation. */
export const demoTtlSeconds = 10
