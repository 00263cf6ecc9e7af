import type { ReadIo } from '../../model/io.ts'
import { linkUp, show } from './commands.ts'
import type { Gateway } from './gateways.ts'
import { fingerprintOf } from './keys.ts'

/** A peer as the running interface knows it. `handshakeAt`: epoch seconds; 0 for never since it came up. */
export type LivePeer = {
  publicKey: string
  fingerprint: string
  endpoint: string | undefined
  allowed: string[]
  handshakeAt: number
}
export type Live = { publicKey: string; port: number; isUp: boolean; peers: LivePeer[] }

/** Undefined: the interface is not there. No secret is asked for. */
export async function liveAt(at: Gateway, io: ReadIo): Promise<Live | undefined> {
  const name = at.spec.interface
  const ask = async (argv: string[]) => {
    const { exitCode, stdout } = await io.read(at.host.ssh, argv, { allowFailure: true })
    return exitCode === 0 ? stdout : undefined
  }
  const [publicKey, port, link, allowed, endpoints, handshakes] = await Promise.all([
    ask(show(name, 'public-key')),
    ask(show(name, 'listen-port')),
    ask(linkUp(name)),
    ask(show(name, 'allowed-ips')),
    ask(show(name, 'endpoints')),
    ask(show(name, 'latest-handshakes')),
  ])
  if (publicKey === undefined || allowed === undefined) return undefined
  const endpointOf = columns(endpoints ?? '')
  const handshakeOf = columns(handshakes ?? '')
  return {
    publicKey: publicKey.trim(),
    port: Number(port),
    isUp: link !== undefined && link.trim() !== '',
    peers: [...columns(allowed)].map(([key, words]) => {
      const endpoint = endpointOf.get(key)?.[0]
      return {
        publicKey: key,
        fingerprint: fingerprintOf(key),
        endpoint: endpoint === '(none)' ? undefined : endpoint,
        allowed: words.filter(word => word !== '(none)'),
        handshakeAt: Number(handshakeOf.get(key)?.[0] ?? 0),
      }
    }),
  }
}

/** Lines of a public key, a tab, and words. */
const columns = (stdout: string): Map<string, string[]> =>
  new Map(
    stdout
      .split('\n')
      .filter(Boolean)
      .map(line => {
        const [key = '', rest = ''] = line.split('\t')
        return [key, rest.split(' ').filter(Boolean)]
      }),
  )

/** Of `203.0.113.7:51820` or `[2001:db8::7]:51820`. */
export const addressOfEndpoint = (endpoint: string): string =>
  endpoint.slice(0, endpoint.lastIndexOf(':')).replace(/^\[|\]$/g, '')

/** The public key of the interface as it runs. */
export async function identityOf(
  at: Gateway,
  io: ReadIo,
): Promise<{ publicKey: string; fingerprint: string }> {
  const { stdout } = await io.read(at.host.ssh, show(at.spec.interface, 'public-key'))
  const publicKey = stdout.trim()
  return { publicKey, fingerprint: fingerprintOf(publicKey) }
}
