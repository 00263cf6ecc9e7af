import { Failure } from '../../model/failure.ts'
import type { OptionalPart } from '../../model/step.ts'
import { primaryOf } from './providers/index.ts'
import { type DnsSpec, zoneTitle } from './spec.ts'
import { addressOf, type View, type Zone } from './zone.ts'

/** Every server but the primary, which takes the changes: the rest of the zone can do without each of them. */
export function optionalServers(spec: DnsSpec): OptionalPart[] {
  const primary = addressOf(primaryOf(spec))
  return spec.servers
    .filter(server => addressOf(server) !== primary)
    .map(server => {
      const values = { server: addressOf(server), zone: zoneTitle(spec) }
      return {
        part: values.server,
        ...(server.mayBeLeftOut !== undefined && { reason: server.mayBeLeftOut }),
        means: { key: 'dns.leftOut.means', values },
        meansRolledBack: { key: 'dns.leftOut.meansRolledBack', values },
      }
    })
}

/** The spec without the servers that the run does without. Throws Failure when users would have none left to ask. */
export function withoutLeftOut(spec: DnsSpec, leftOut: readonly string[]): DnsSpec {
  const servers = spec.servers.filter(server => !leftOut.includes(addressOf(server)))
  if (servers.length > 0) return { ...spec, servers }
  const values = { zone: zoneTitle(spec), servers: leftOut.join(', ') }
  throw new Failure(
    { key: 'dns.servers.noneLeft', values },
    { remedy: { key: 'dns.servers.noneLeft.remedy', values } },
  )
}

/** What a look found, without the silent servers that the plan lets be left out. */
export function withoutExcused(zone: Zone, spec: DnsSpec): { zone: Zone; excused: string[] } {
  const mayBe = new Set(spec.servers.filter(one => one.mayBeLeftOut !== undefined).map(addressOf))
  const isExcused = ({ server, silence }: View) => silence !== undefined && mayBe.has(server)
  const excused = zone.servers.filter(isExcused).map(({ server }) => server)
  return { zone: { ...zone, servers: zone.servers.filter(view => !isExcused(view)) }, excused }
}
