import { virtualHosts, zone } from './edge/gateway.ts'
import { updateKeyAlgorithm, updateKeyName } from './names/knot.ts'
import { authoritativeBytes, internalPort, resolverBytes, reverseZone } from './names/zones.ts'
import { secretFile } from './secrets.ts'
import { addressOf, internetAddress, publicAddress, siteNames } from './topology.ts'
import type { LabPart } from './types.ts'
import { vpnName } from './vpn/map.ts'

type NamesLab = { name: string; index: number; parts: readonly LabPart[] }
export type OverlayOfNames = { components: Record<string, object | null>; checks: Record<string, null> }
type Moving = { name: string; type: string; source: string; target: string }

/** The TechCorp plan's zones, where the lab's servers have them. Only a lab with the part `network` has an inside. */
export function namesOverlay(lab: NamesLab): OverlayOfNames {
  const { index } = lab
  const hasInside = lab.parts.includes('network')
  const servers = Object.values(authoritativeBytes).map(lastByte => at(index, lastByte))
  const reverse = { zone: reverseZone(index), servers, ...updatedAt(lab) }
  const names = {
    zone,
    servers,
    resolvers: [resolverBytes.honest, resolverBytes.stubborn].map(lastByte => at(index, lastByte)),
    ...updatedAt(lab),
    records: external(index, hasInside),
  }
  return hasInside
    ? { components: { names, 'names-internal': internal(lab), 'names-reverse': reverse }, checks: {} }
    : {
        components: { names, 'names-internal': null, 'names-reverse': reverse },
        checks: { 'names-internal-same': null },
      }
}

function external(index: number, hasInside: boolean): Moving[] {
  const [source, target] = siteNames.map(site => publicAddress(index, site))
  const sender = (address: string) => `v=spf1 ip4:${address} mx -all`
  return [
    ...frontDoors(index, hasInside),
    moving('mail', source, target),
    ...unmoved,
    { name: '@', type: 'TXT', source: sender(source ?? ''), target: sender(target ?? '') },
  ]
}

/** They name other names, which move. */
const unmoved: Moving[] = [
  { name: '@', type: 'MX', source: '10 mail', target: '10 mail' },
  { name: 'www', type: 'CNAME', source: 'courses', target: 'courses' },
]

function internal(lab: NamesLab) {
  const { index } = lab
  const [source, target] = siteNames.map(site => addressOf(index, site, 'gateway'))
  const inside = virtualHosts.filter(({ isInternal }) => isInternal)
  return {
    zone,
    servers: [at(index, authoritativeBytes.primary, internalPort)],
    ...updatedAt(lab, internalPort),
    records: [...frontDoors(index, true), ...inside.map(({ name }) => moving(name, source, target))],
  }
}

/** The names of what answers at a site's public address. */
function frontDoors(index: number, hasInside: boolean): Moving[] {
  const [source, target] = siteNames.map(site => publicAddress(index, site))
  const outside = virtualHosts.filter(({ isInternal }) => !(hasInside && isInternal)).map(({ name }) => name)
  const vpn = vpnName.replace(`.${zone}`, '')
  return [...outside, ...(hasInside ? [vpn] : [])].map(name => moving(name, source, target))
}

const moving = (name: string, source = '', target = ''): Moving => ({ name, type: 'A', source, target })

const updatedAt = ({ name, index }: NamesLab, port = 53) => ({
  update: {
    server: at(index, authoritativeBytes.primary, port),
    tsig: { name: updateKeyName, algorithm: updateKeyAlgorithm, secret: `file:${secretFile(name, 'tsig')}` },
  },
  lowTtlSeconds: 5,
})

const at = (index: number, lastByte: number, port = 53) => ({
  address: internetAddress(index, lastByte),
  port,
})
