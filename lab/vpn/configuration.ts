export type GatewayPeer = { name: string; publicKey: string; allowedAddresses: readonly string[] }
export type Gateway = { address: string; port: number; privateKey: string; peers: readonly GatewayPeer[] }

/** The gateway's file, in wg-quick's format, as its administrator wrote it: who a peer is stands above it. */
export const gatewayFile = ({ address, port, privateKey, peers }: Gateway): string =>
  [
    section('Interface', { Address: address, ListenPort: String(port), PrivateKey: privateKey }),
    ...peers.map(
      ({ name, publicKey, allowedAddresses }) =>
        `# ${name}\n${section('Peer', { PublicKey: publicKey, AllowedIPs: allowedAddresses.join(', ') })}`,
    ),
  ].join('\n')

export type Client = {
  address: string
  privateKey: string
  gatewayKey: string
  /** `host:port`. A name is looked up once, when the tunnel comes up. */
  endpoint: string
  allowedAddresses: readonly string[]
}

/** A trainer's file. The keep-alive holds the way back open through whatever NAT there is. */
export const clientFile = (client: Client): string =>
  [
    section('Interface', { Address: client.address, PrivateKey: client.privateKey }),
    section('Peer', {
      PublicKey: client.gatewayKey,
      AllowedIPs: client.allowedAddresses.join(', '),
      Endpoint: client.endpoint,
      PersistentKeepalive: '25',
    }),
  ].join('\n')

const section = (name: string, fields: Record<string, string>): string =>
  [`[${name}]`, ...Object.entries(fields).map(([key, value]) => `${key} = ${value}`), ''].join('\n')
