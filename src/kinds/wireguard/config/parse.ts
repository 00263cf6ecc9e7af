import { fingerprintOf } from '../keys.ts'

/** A peer of a configuration. Its lines are `from` up to, without, `to`; the comment above it is among them. */
export type Peer = {
  /** The comment above it, as people write it; without one `peer-` and eight figures of its fingerprint. */
  name: string
  publicKey: string
  fingerprint: string
  allowed: string[]
  preshared: boolean
  from: number
  to: number
}
/** A configuration in wg-quick's format, every line kept as it is. */
export type Config = {
  lines: string[]
  addresses: string[]
  port: number | undefined
  /** Keys of the lines that run commands or choose a routing table: PostUp, Table… */
  hooks: string[]
  /** SaveConfig: wg-quick writes the file anew at every stop, without its comments. */
  savesItself: boolean
  peers: Peer[]
}

/** One line as wg-quick reads it: a section's heading, a key with its value, or neither. Keys are in small letters. */
export type Line = { heading?: string; key?: string; value?: string }

export function readLine(line: string): Line {
  const [said = ''] = line.split('#')
  const heading = /^\s*\[(.*)\]\s*$/.exec(said)?.[1]
  if (heading !== undefined) return { heading: heading.trim().toLowerCase() }
  const equals = said.indexOf('=')
  if (equals < 0) return {}
  return { key: said.slice(0, equals).trim().toLowerCase(), value: said.slice(equals + 1).trim() }
}

const hookKeys = ['preup', 'postup', 'predown', 'postdown', 'table']
const isComment = (line: string | undefined) => line !== undefined && /^\s*#/.test(line)
const list = (value: string) => value.split(/[\s,]+/).filter(Boolean)

/** Never fails: what is no configuration has no peers. */
export function parseConfig(text: string): Config {
  const lines = text.split('\n')
  const read = lines.map(readLine)
  const headings = read.flatMap(({ heading }, at) => (heading === undefined ? [] : [at]))
  const values = (from: number, to: number, key: string) =>
    read.slice(from, to).flatMap(line => (line.key === key && line.value !== undefined ? [line.value] : []))
  const config: Config = {
    lines,
    addresses: [],
    port: undefined,
    hooks: [],
    savesItself: false,
    peers: [],
  }
  for (const [index, at] of headings.entries()) {
    const next = headings[index + 1]
    const to = next === undefined ? lines.length : firstComment(lines, next)
    if (read[at]?.heading === 'interface') {
      config.addresses.push(...values(at, to, 'address').flatMap(list))
      const port = values(at, to, 'listenport').at(-1)
      if (port !== undefined) config.port = Number(port)
      config.hooks.push(
        ...read.slice(at, to).flatMap(({ key = '' }) => (hookKeys.includes(key) ? [key] : [])),
      )
      config.savesItself ||= values(at, to, 'saveconfig').at(-1) === 'true'
    }
    if (read[at]?.heading === 'peer') config.peers.push(peerAt(lines, read, at, to))
  }
  config.peers = config.peers.filter(({ publicKey }) => publicKey !== '')
  return config
}

function peerAt(lines: string[], read: Line[], at: number, to: number): Peer {
  const own = read.slice(at, to)
  const publicKey = own.find(({ key }) => key === 'publickey')?.value ?? ''
  const fingerprint = fingerprintOf(publicKey)
  let end = to
  while (end > at && lines[end - 1]?.trim() === '') end -= 1
  return {
    name: nameOf(lines, read, at) ?? `peer-${fingerprint.slice(0, 8)}`,
    publicKey,
    fingerprint,
    allowed: own.flatMap(({ key, value = '' }) => (key === 'allowedips' ? list(value) : [])),
    preshared: own.some(({ key }) => key === 'presharedkey'),
    from: firstComment(lines, at),
    to: end,
  }
}

/** The comment just above the heading, else the first one just below it. "# Name = anne" is anne. */
function nameOf(lines: string[], read: Line[], at: number): string | undefined {
  const below = read.findIndex((line, index) => index > at && line.key !== undefined)
  const comments = [lines[at - 1], ...lines.slice(at + 1, below < 0 ? at + 1 : below)].filter(isComment)
  for (const comment of comments) {
    const words = (comment ?? '')
      .replace(/^[\s#]+/, '')
      .replace(/^name\s*[:=]\s*/i, '')
      .trim()
    if (words !== '' && !words.includes('=')) return words
  }
  return undefined
}

/** Where the unbroken comment above a heading begins; the heading itself when there is none. */
function firstComment(lines: string[], heading: number): number {
  let at = heading
  while (at > 0 && isComment(lines[at - 1])) at -= 1
  return at
}
