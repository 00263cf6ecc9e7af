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
const linkNetwork = 3
const internetNetwork = 4

const siteRoles: { role: string; lastByte: number; parts: LabPart[] | 'always' }[] = [
  { role: 'gateway', lastByte: 1, parts: 'always' },
  { role: 'database', lastByte: 10, parts: ['database', 'services'] },
  { role: 'files', lastByte: 20, parts: ['files', 'services'] },
  { role: 'auth', lastByte: 30, parts: ['services'] },
  { role: 'courses', lastByte: 40, parts: ['services'] },
  { role: 'dashboard', lastByte: 50, parts: ['services'] },
]
const internetRoles: { role: string; lastByte: number; parts: LabPart[] }[] = [
  { role: 'users', lastByte: 20, parts: ['services', 'dns'] },
  { role: 'resolver', lastByte: 53, parts: ['dns'] },
  { role: 'dns', lastByte: 54, parts: ['dns'] },
]

export const allParts: readonly LabPart[] = ['database', 'files', 'services', 'dns']
export const prefixOf = (index: number) => `10.${80 + index}`
/** Every namespace and root-side interface of a lab begins with this; `lab down` sweeps by it. */
export const markOf = (index: number) => `bl${index}-`
/** The namespace that is the Internet's wire: a bridge and nothing else, no host. */
export const internetNamespace = (index: number) => `${markOf(index)}internet`
/** The root namespace's interface on the lab's Internet: where Bascule sits. */
export const operationsInterface = (index: number) => `${markOf(index)}ops`

export const lanOf = (index: number, site: 'montpellier' | 'toulouse') =>
  `${prefixOf(index)}.${siteNetwork[site]}.0/24`
export const linkAddress = (index: number, site: 'montpellier' | 'toulouse') =>
  `${prefixOf(index)}.${linkNetwork}.${siteNetwork[site]}`
export const internetAddress = (index: number, lastByte: number) =>
  `${prefixOf(index)}.${internetNetwork}.${lastByte}`
export const operationsAddress = (index: number) => internetAddress(index, 99)
/** What the world outside knows of a site: its gateway. */
export const publicAddress = (index: number, site: 'montpellier' | 'toulouse') =>
  internetAddress(index, 10 + siteNetwork[site])

/** The hosts of a lab with these parts, in a stable order. */
export function hostsOf(index: number, parts: readonly LabPart[] = allParts): HostPlan[] {
  const wanted = (needed: LabPart[] | 'always') =>
    needed === 'always' || needed.some(part => parts.includes(part))
  const host = (site: SiteName, role: string, address: string): HostPlan => {
    const name = `${site}-${role}`
    return { name, site, role, address, namespace: `${markOf(index)}${name}` }
  }
  return [
    ...siteNames.flatMap(site =>
      siteRoles
        .filter(({ parts: needed }) => wanted(needed))
        .map(({ role, lastByte }) => host(site, role, `${prefixOf(index)}.${siteNetwork[site]}.${lastByte}`)),
    ),
    ...internetRoles
      .filter(({ parts: needed }) => wanted(needed))
      .map(({ role, lastByte }) => host('internet', role, internetAddress(index, lastByte))),
  ]
}
