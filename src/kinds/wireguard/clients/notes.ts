import { bracketed } from '../../../model/address.ts'
import type { RoleLookup } from '../../../model/roles.ts'
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
export const endpointOf = (address: string, port: number): string => `${bracketed(address)}:${port}`

/** The component that forwards what still comes to the source's endpoint, if the plan has one. */
export const forwarderOf = (roles: RoleLookup, spec: WireguardSpec): string | undefined =>
  roles('forwards').find(({ value }) =>
    value.some(
      ({ protocol, port, from }) => protocol === 'udp' && port === spec.port && from === spec.source.endpoint,
    ),
  )?.component
