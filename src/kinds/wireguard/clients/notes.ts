import type { Plan } from '../../../model/plan.ts'
import type { Peer } from '../config/parse.ts'
import type { ClientNote, WireguardSpec } from '../spec.ts'

/** What the plan knows of a peer. */
export function noteOf(
  spec: WireguardSpec,
  { name, fingerprint }: Pick<Peer, 'name' | 'fingerprint'>,
): ClientNote {
  return (
    spec.clients[name] ??
    spec.clients[fingerprint.slice(0, 8)] ?? { reaches: 'unknown', resolvesAgain: false }
  )
}

/** A person is named with the fingerprint beside: names are comments, and may be twice the same. */
export const shownPeer = ({ name, fingerprint }: Pick<Peer, 'name' | 'fingerprint'>): string =>
  `${name} (${fingerprint.slice(0, 8)})`

/** `host:port` as WireGuard writes it. */
export const endpointOf = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`

/**
 * The component that passes on what still comes to the source's endpoint, if the plan has one: whatever its kind, it lists
 * under `forward` this protocol, port and address.
 */
export function forwarderOf(plan: Plan, spec: WireguardSpec): string | undefined {
  const passesOn = (one: unknown) => {
    const { protocol, port, from } = (one ?? {}) as Record<string, unknown>
    return protocol === 'udp' && port === spec.port && from === spec.source.endpoint
  }
  return Object.values(plan.components).find(
    ({ spec: { forward } }) => Array.isArray(forward) && forward.some(passesOn),
  )?.id
}
