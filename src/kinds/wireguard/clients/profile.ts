import type { Peer } from '../config/parse.ts'
import { endpointOf } from './notes.ts'

export type ProfileOf = {
  peer: Pick<Peer, 'name' | 'fingerprint' | 'allowed'>
  site: string
  gatewayKey: string
  gatewayFingerprint: string
  /** The name clients are given, else the address. */
  endpoint: string
  port: number
  within: readonly string[]
  dns: readonly string[]
  presharedKey: string | undefined
}

/** What stands where only the client's owner can write. wg-quick refuses it, and says which line. */
const ownKey = '(the PrivateKey line of the profile you use today)'

/** A client's file, complete but for its private key, which nobody but its owner has. */
export function profileOf(of: ProfileOf): string {
  const { peer, site, gatewayFingerprint, dns, within, presharedKey } = of
  return [
    `# VPN profile of ${peer.name} (${peer.fingerprint.slice(0, 8)}) for ${site}, whose key has the fingerprint ${gatewayFingerprint}.`,
    '# 1. Take the old tunnel down.  2. Copy the private key from the old profile into the line below; show it to nobody.',
    '# 3. Put this file in the place of the old one, mode 0600, and take the tunnel up.',
    '[Interface]',
    `PrivateKey = ${ownKey}`,
    `Address = ${peer.allowed.join(', ')}`,
    ...(dns.length > 0 ? [`DNS = ${dns.join(', ')}`] : []),
    '',
    '[Peer]',
    `PublicKey = ${of.gatewayKey}`,
    ...(presharedKey === undefined ? [] : [`PresharedKey = ${presharedKey}`]),
    `AllowedIPs = ${within.join(', ')}`,
    `Endpoint = ${endpointOf(of.endpoint, of.port)}`,
    'PersistentKeepalive = 25',
    '',
  ].join('\n')
}

/** A file name of its own for every peer: names are comments, and may be twice the same, or a path. */
export const profileName = ({ name, fingerprint }: Pick<Peer, 'name' | 'fingerprint'>): string =>
  `${name.replaceAll(/[^\w.-]+/g, '-').replace(/^[.-]+/, '')}.${fingerprint.slice(0, 8)}.conf`
