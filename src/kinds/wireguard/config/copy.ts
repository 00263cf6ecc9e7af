import { Failure } from '../../../model/failure.ts'
import { hasHidden, hiddenKey, leftOut } from './hidden.ts'
import { type Peer, parseConfig, readLine } from './parse.ts'

/** What stands in the copy for the secrets of the original: the secret itself, or words filled in at the host. */
export type Secrets = { privateKey: string; presharedKeyOf(peer: Peer): string }

/**
 * The source's configuration as it shall stand at the target: every line the same but for the keys, which are given anew.
 * A key in a comment is left out. Throws Failure when a key stands where none is known.
 */
export function copyOf(text: string, secrets: Secrets): string {
  const { lines, peers } = parseConfig(text)
  let section = ''
  return lines
    .map((line, at) => {
      const { heading, key } = readLine(line)
      section = heading ?? section
      const hash = line.indexOf('#')
      const said = hash < 0 ? line : line.slice(0, hash)
      const comment = hash < 0 ? '' : line.slice(hash).replace(hiddenKey, leftOut)
      if (!hasHidden(said)) return said + comment
      if (section === 'interface' && key === 'privatekey')
        return said.replace(hiddenKey, () => secrets.privateKey) + comment
      const peer = peers.find(({ from, to }) => from <= at && at < to)
      if (key === 'presharedkey' && peer) {
        const secret = secrets.presharedKeyOf(peer)
        return said.replace(hiddenKey, () => secret) + comment
      }
      throw new Failure({ key: 'wireguard.config.strayKey', values: { line: at + 1, word: key ?? '' } })
    })
    .join('\n')
}

/** Which words stand in a configuration for its private key; undefined when it has none. */
export const privateKeyIn = (text: string): string | undefined =>
  text
    .split('\n')
    .map(readLine)
    .find(({ key }) => key === 'privatekey')?.value

/** Which words stand for the preshared key of the peer with this public key. */
export function presharedKeyIn(text: string, publicKey: string): string | undefined {
  const { lines, peers } = parseConfig(text)
  const peer = peers.find(one => one.publicKey === publicKey)
  return lines
    .slice(peer?.from, peer?.to ?? 0)
    .map(readLine)
    .find(({ key }) => key === 'presharedkey')?.value
}
