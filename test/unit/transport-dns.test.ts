import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import packet, { type Answer, type Packet } from 'dns-packet'
import { afterEach, describe, expect, test } from 'vitest'
import type { Failure } from '../../src/model/failure.ts'
import { dns } from '../../src/transport/dns.ts'

const never = new AbortController().signal
let udp: Socket | undefined
let tcp: Server | undefined
const failureOf = (call: Promise<unknown>): Promise<Failure> =>
  call.then(
    () => expect.unreachable(),
    thrown => thrown,
  )

type Reply = { flags?: number; answers?: Answer[]; id?: number }
/** A DNS server on the loopback, with UDP and TCP on the same port. Undefined: no reply. */
async function serve(overUdp: (query: Packet) => Reply | undefined, overTcp?: (query: Packet) => Reply) {
  const reply = (query: Packet, { flags = 0, answers = [], id = query.id ?? 0 }: Reply): Buffer =>
    packet.encode({ type: 'response', id, flags, questions: query.questions ?? [], answers })
  tcp = createServer(socket => {
    socket.on('data', data => {
      const query = packet.decode(data.subarray(2))
      const bytes = reply(query, overTcp?.(query) ?? {})
      const length = Buffer.alloc(2)
      length.writeUInt16BE(bytes.length)
      // In pieces, as a network may bring it.
      socket.write(Buffer.concat([length, bytes.subarray(0, 5)]))
      setTimeout(() => socket.write(bytes.subarray(5)), 10)
    })
  }).listen(0, '127.0.0.1')
  await once(tcp, 'listening')
  const { port } = tcp.address() as { port: number }
  const socket = createSocket('udp4')
  socket.on('message', (message, from) => {
    const query = packet.decode(message)
    const answer = overUdp(query)
    if (answer) socket.send(reply(query, answer), from.port, from.address)
  })
  socket.bind(port, '127.0.0.1')
  await once(socket, 'listening')
  udp = socket
  return { address: '127.0.0.1', port }
}
afterEach(() => {
  udp?.close()
  tcp?.close()
  udp = tcp = undefined
})

const address: Answer = { type: 'A', name: 'Auth.techcorp.test', ttl: 60, data: '10.80.4.12' }

test.each([
  [
    { type: 'MX', name: 'a', data: { preference: 10, exchange: 'mail\nsend\nupdate delete b' } },
    '10 mail\\010send\\010update\\032delete\\032b',
  ],
  [{ type: 'CNAME', name: 'a', data: 'b;c "d"' }, 'b\\059c\\032\\034d\\034'],
  [{ type: 'PTR', name: 'a', data: 'é_x-1.test' }, '\\195\\169_x-1.test'],
  [
    { type: 'CAA', name: 'a', data: { flags: 0, tag: 'issue', value: 'ca.test"\n' } },
    '0 issue "ca.test\\"\\010"',
  ],
] as [Answer, string][])('escapes what a name must not be in a line: %#', async (answer, data) => {
  const server = await serve(() => ({ answers: [answer] }))
  const { records } = await dns(server, 'a', answer.type, {}, never)
  expect(records[0]?.data).toBe(data)
})

test('gives code, authority flag, times to live and data', async () => {
  let asked: Packet | undefined
  const server = await serve(query => {
    asked = query
    return { flags: packet.AUTHORITATIVE_ANSWER, answers: [address] }
  })
  expect(await dns(server, 'auth.techcorp.test', 'A', {}, never)).toEqual({
    code: 'NOERROR',
    authoritative: true,
    records: [{ name: 'auth.techcorp.test', type: 'A', ttlSeconds: 60, data: '10.80.4.12' }],
  })
  expect((asked?.flags ?? 0) & packet.RECURSION_DESIRED).toBe(0)
})

test('asks for recursion when told to', async () => {
  let flags = 0
  const server = await serve(query => {
    flags = query.flags ?? 0
    return {}
  })
  await dns(server, 'auth.techcorp.test', 'A', { recurse: true }, never)
  expect(flags & packet.RECURSION_DESIRED).toBe(packet.RECURSION_DESIRED)
})

test('other types read as in a zone file', async () => {
  const soa = { mname: 'dns.t', rname: 'ops.t', serial: 7, refresh: 1, retry: 2, expire: 3, minimum: 4 }
  const answers: Answer[] = [
    { type: 'SOA', name: 't', ttl: 1, data: soa },
    { type: 'MX', name: 't', ttl: 1, data: { preference: 10, exchange: 'mail.t' } },
    { type: 'TXT', name: 't', ttl: 1, data: ['a "', 'b\\é\n'] },
    { type: 'CNAME', name: 't', ttl: 1, data: 'Other.t' },
    { type: 'AAAA', name: 't', ttl: 1, data: '2001:db8::1' },
    { type: 'SRV', name: 't', ttl: 1, data: { priority: 1, weight: 2, port: 3, target: 'x.t' } },
    { type: 'CAA', name: 't', ttl: 1, data: { flags: 0, tag: 'issue', value: 'ca.t' } },
  ]
  const server = await serve(() => ({ answers }))
  const { records } = await dns(server, 't', 'ANY', {}, never)
  expect(records.map(record => record.data)).toEqual([
    'dns.t ops.t 7 1 2 3 4',
    '10 mail.t',
    '"a \\"" "b\\\\\\195\\169\\010"',
    'Other.t',
    '2001:db8::1',
    '1 2 3 x.t',
    '0 issue "ca.t"',
  ])
})

test('an answer cut short is asked for again over TCP', async () => {
  const server = await serve(
    () => ({ flags: packet.TRUNCATED_RESPONSE }),
    () => ({ answers: Array.from({ length: 200 }, () => address) }),
  )
  expect((await dns(server, 'auth.techcorp.test', 'A', {}, never)).records.length).toBe(200)
})

test('a refusal and a name that is not there are answers', async () => {
  for (const [rcode, code] of [
    [3, 'NXDOMAIN'],
    [5, 'REFUSED'],
  ] as const) {
    const server = await serve(() => ({ flags: rcode }))
    expect(await dns(server, 'x.test', 'A', {}, never)).toEqual({ code, authoritative: false, records: [] })
    udp?.close()
    tcp?.close()
  }
  udp = tcp = undefined
})

describe('is told as a failure', () => {
  test('when nobody listens, with the command to type', async () => {
    const failure = await failureOf(dns({ address: '127.0.0.1', port: 1 }, 'x.test', 'A', {}, never))
    expect(failure.text).toEqual({
      key: 'transport.dns.noAnswer',
      values: { server: '127.0.0.1:1', name: 'x.test', type: 'A', attempts: 3 },
    })
    expect(failure.remedy?.values?.command).toBe('dig @127.0.0.1 -p 1 x.test A')
  })

  // The kernel gives no way to a broadcast address, as to any other while this machine has no network.
  test('when there is no way to the server', async () => {
    const failure = await failureOf(dns({ address: '255.255.255.255', port: 53 }, 'x.test', 'A', {}, never))
    expect(failure.text.key).toBe('transport.dns.noAnswer')
    expect(failure.cause).toMatchObject({ code: 'EACCES', syscall: 'connect' })
  })

  test('when only answers to another question come, after the last attempt', async () => {
    let asked = 0
    const server = await serve(query => {
      asked++
      return { id: ((query.id ?? 0) + 1) % 65536, answers: [address] }
    })
    expect((await failureOf(dns(server, 'x.test', 'A', {}, never))).text.key).toBe('transport.dns.noAnswer')
    expect(asked).toBe(3)
  })

  test('at once when it is aborted', async () => {
    const stop = new AbortController()
    const server = await serve(() => void stop.abort(new Error('deadline')))
    expect((await failureOf(dns(server, 'x.test', 'A', {}, stop.signal))).text.key).toBe('transport.aborted')
  })
})
