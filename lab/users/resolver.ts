import { createSocket } from 'node:dgram'
import { isIP } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { decode, encode, RECURSION_DESIRED } from 'dns-packet'

const attempts = 2
const patienceMilliseconds = 1500

export class UnresolvedName extends Error {}

/** Finds a name's address through one caching resolver, and keeps it no longer than its TTL, as a browser would. */
export class Resolver {
  readonly #server: { address: string; port: number }
  readonly #kept = new Map<string, { address: string; until: number }>()
  readonly #underWay = new Map<string, Promise<string>>()

  constructor(server: { address: string; port: number }) {
    this.#server = server
  }

  /** Throws UnresolvedName. */
  async resolve(name: string): Promise<string> {
    const kept = this.#kept.get(name)
    if (kept && kept.until > performance.now()) return kept.address
    const found = this.#underWay.get(name) ?? this.#ask(name).finally(() => this.#underWay.delete(name))
    this.#underWay.set(name, found)
    return found
  }

  async #ask(name: string): Promise<string> {
    const asked = performance.now()
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const answer = await exchange(this.#server, name)
      if (!answer) continue
      const { address, ttlSeconds } = answer
      this.#kept.set(name, { address, until: asked + ttlSeconds * 1000 })
      return address
    }
    throw new UnresolvedName(`${name}: no answer from ${this.#server.address}:${this.#server.port}`)
  }
}

type Address = { address: string; ttlSeconds: number }

/** One question, one answer; undefined when none came in time. Throws when the answer holds no address. */
async function exchange(
  server: { address: string; port: number },
  name: string,
): Promise<Address | undefined> {
  const id = Math.floor(Math.random() * 65_536)
  const socket = createSocket(isIP(server.address) === 6 ? 'udp6' : 'udp4')
  const stop = new AbortController()
  try {
    const answered = new Promise<Buffer | undefined>(resolve => {
      // A connected socket takes answers from the server alone, and learns at once that its port is closed.
      socket.on('error', () => resolve(undefined))
      socket.on(
        'message',
        message => message.length > 12 && message.readUInt16BE(0) === id && resolve(message),
      )
      socket.once('connect', () =>
        socket.send(
          encode({
            type: 'query',
            id,
            flags: RECURSION_DESIRED,
            questions: [{ type: 'A', class: 'IN', name }],
          }),
          error => error && resolve(undefined),
        ),
      )
      // Without a callback: Node calls it when there is no way to the server too, instead of the event `error`.
      socket.connect(server.port, server.address)
    })
    const late = sleep(patienceMilliseconds, undefined, { signal: stop.signal }).catch(() => undefined)
    const message = await Promise.race([answered, late])
    return message && addressIn(message, name)
  } finally {
    stop.abort()
    // A closed socket may still say that it is connected.
    socket.removeAllListeners('connect')
    socket.close()
  }
}

/** The TTL of a chain of names is the least of its links. */
function addressIn(message: Buffer, name: string): Address {
  let address: string | undefined
  let ttlSeconds = Number.POSITIVE_INFINITY
  for (const record of decode(message).answers ?? []) {
    if (record.type !== 'A' && record.type !== 'CNAME') continue
    ttlSeconds = Math.min(ttlSeconds, record.ttl ?? 0)
    if (record.type === 'A') address ??= record.data
  }
  if (address === undefined) throw new UnresolvedName(`${name}: no address`)
  return { address, ttlSeconds }
}
