import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { connect, isIPv6 } from 'node:net'
import packet, { type Answer, type DecodedPacket } from 'dns-packet'
import { Failure } from '../model/failure.ts'
import type { DnsAnswer } from '../model/io.ts'
import { aborted } from './command-failures.ts'
import { dnsRecord } from './dns-records.ts'
import { quoteArgv } from './quote.ts'

/** How long each attempt waits, milliseconds: a lost datagram is asked for again soon, a busy server has its time. */
const patience = [1000, 2000, 4000]
const attempts = patience.length
/** What the DNS flag day of 2020 settled on: fits any path without fragments. */
const udpPayloadSize = 1232

export type DnsServer = { address: string; port: number }

/** Asks one server over UDP, over TCP when the answer was cut short. NXDOMAIN and REFUSED are answers. Throws Failure. */
export async function dns(
  server: DnsServer,
  name: string,
  type: string,
  options: { recurse?: boolean },
  signal: AbortSignal,
): Promise<DnsAnswer> {
  const where = `${server.address}:${server.port}`
  let cause: unknown
  for (const timeoutMilliseconds of patience) {
    if (signal.aborted) throw aborted(where, signal.reason)
    const id = randomInt(65536)
    const query = encode(id, name, type, options.recurse ?? false)
    const within = AbortSignal.any([signal, AbortSignal.timeout(timeoutMilliseconds)])
    try {
      const overUdp = await askUdp(server, query, id, within)
      return toAnswer(overUdp.flag_tc ? await askTcp(server, query, id, within) : overUdp)
    } catch (error) {
      cause = error
    }
  }
  if (signal.aborted) throw aborted(where, signal.reason)
  const command = quoteArgv(['dig', `@${server.address}`, '-p', String(server.port), name, type])
  throw new Failure(
    { key: 'transport.dns.noAnswer', values: { server: where, name, type, attempts } },
    { remedy: { key: 'transport.remedy.type', values: { command } }, cause },
  )
}

function encode(id: number, name: string, type: string, recurse: boolean): Buffer {
  return packet.encode({
    type: 'query',
    id,
    flags: recurse ? packet.RECURSION_DESIRED : 0,
    questions: [{ name, type: type as 'A', class: 'IN' }],
    additionals: [{ type: 'OPT', name: '.', udpPayloadSize, flags: 0, options: [] } as unknown as Answer],
  })
}

function toAnswer(decoded: DecodedPacket): DnsAnswer {
  const code = (decoded as unknown as { rcode: string }).rcode
  return { code, authoritative: decoded.flag_aa, records: (decoded.answers ?? []).map(dnsRecord) }
}

async function askUdp(
  server: DnsServer,
  query: Buffer,
  id: number,
  signal: AbortSignal,
): Promise<DecodedPacket> {
  const socket = createSocket(isIPv6(server.address) ? 'udp6' : 'udp4')
  const { promise, resolve, reject } = Promise.withResolvers<DecodedPacket>()
  const stop = (): void => reject(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  socket.on('error', reject)
  socket.once('connect', () => socket.send(query))
  socket.on('message', message => {
    const decoded = decode(message)
    if (decoded?.id === id) resolve(decoded)
  })
  try {
    // Connected, so that a closed port is told at once and other senders are not heard. Without a callback: Node calls it
    // when there is no way to the server too, instead of the event `error`.
    socket.connect(server.port, server.address)
    return await promise
  } finally {
    signal.removeEventListener('abort', stop)
    // A closed socket may still say that it is connected.
    socket.removeAllListeners('connect')
    socket.close()
  }
}

async function askTcp(
  server: DnsServer,
  query: Buffer,
  id: number,
  signal: AbortSignal,
): Promise<DecodedPacket> {
  const socket = connect({ host: server.address, port: server.port, signal })
  const length = Buffer.alloc(2)
  length.writeUInt16BE(query.length)
  socket.write(Buffer.concat([length, query]))
  let received = Buffer.alloc(0)
  try {
    for await (const chunk of socket) {
      received = Buffer.concat([received, chunk])
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) continue
      const decoded = decode(received.subarray(2, 2 + received.readUInt16BE(0)))
      if (decoded?.id === id) return decoded
      break
    }
    throw new Error('the server closed the connection without an answer')
  } finally {
    socket.destroy()
  }
}

/** Undefined for what is no DNS message: it may come from anyone. */
function decode(message: Buffer): DecodedPacket | undefined {
  try {
    return packet.decode(message)
  } catch {
    return undefined
  }
}
