import type { FindingLevel } from '../../model/fact.ts'
import { providerOf } from './providers.ts'
import type { DnsSpec } from './spec.ts'

type Found = { id: string; level: FindingLevel; values: Record<string, string | number> }

/** What the way the zone is changed cannot do, or has not shown yet. Nothing of it depends on what was audited. */
export function providerFindings(spec: DnsSpec): Found[] {
  const { capabilities, exposed, names } = providerOf(spec)
  const { atomic, minimumTtlSeconds, prerequisites, provenAgainst } = capabilities
  const { server, reference } = names(spec.zone)
  const values = {
    server,
    reference,
    zone: spec.zone,
    lowTtlSeconds: spec.lowTtlSeconds,
    minimumTtlSeconds,
  }
  const found: [boolean, string, FindingLevel][] = [
    [spec.lowTtlSeconds < minimumTtlSeconds, 'ttl-too-low', 'block'],
    [provenAgainst === 'documentation', 'provider-unproven', 'warn'],
    [atomic === 'none', 'one-by-one', 'warn'],
    [atomic === 'staged', 'staged', 'warn'],
    [exposed, 'credential-exposed', 'warn'],
    [prerequisites === 'compared-before', 'compared-before', 'ok'],
  ]
  return found.filter(([holds]) => holds).map(([, id, level]) => ({ id, level, values }))
}
