import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type Answer, decode, encode } from 'dns-packet'
import { afterEach, describe, expect, it } from 'vitest'
import { Resolver, UnresolvedName } from '../../lab/users/resolver.ts'

type Reply = { answers: Answer[]; id?: number } | undefined

describe('the resolver of the users', () => {
  const opened: { close(): unknown }[] = []
  afterEach(() => {
    for (const socket of opened.splice(0)) socket.close()
  })

  /** A name server that answers its n-th question by the n-th reply, and the last one for ever. */
  async function serverOf(...replies: Reply[]) {
    const socket = createSocket('udp4')
    const questions: string[] = []
    socket.on('message', (message, from) => {
      const { id = 0, questions: asked = [], flag_rd: recursive } = decode(message)
      const reply = replies[Math.min(questions.length, replies.length - 1)]
      questions.push(`${asked[0]?.type} ${asked[0]?.name} ${recursive}`)
      if (!reply) return
      const packet = encode({
        type: 'response',
        id: reply.id ?? id,
        questions: asked,
        answers: reply.answers,
      })
      socket.send(packet, from.port, from.address)
    })
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    opened.push(socket)
    return { resolver: new Resolver({ address: '127.0.0.1', port: socket.address().port }), questions }
  }
  const a = (data: string, ttl: number, name = 'auth.techcorp.test'): Answer => ({
    type: 'A',
    name,
    ttl,
    data,
  })

  it('asks once while the TTL lasts, however many ask', async () => {
    const { resolver, questions } = await serverOf({ answers: [a('10.80.4.11', 60)] })
    const found = await Promise.all(Array.from({ length: 20 }, () => resolver.resolve('auth.techcorp.test')))
    expect(new Set([...found, await resolver.resolve('auth.techcorp.test')])).toEqual(new Set(['10.80.4.11']))
    expect(questions).toEqual(['A auth.techcorp.test true'])
  })

  it('asks again after the TTL, and every time when it is 0', async () => {
    const { resolver } = await serverOf(
      { answers: [a('10.80.4.11', 0)] },
      { answers: [a('10.80.4.12', 2)] },
      { answers: [a('10.80.4.13', 60)] },
    )
    const found = []
    for (const wait of [0, 0, 0, 2100]) {
      await new Promise(resolve => setTimeout(resolve, wait))
      found.push(await resolver.resolve('auth.techcorp.test'))
    }
    expect(found).toEqual(['10.80.4.11', '10.80.4.12', '10.80.4.12', '10.80.4.13'])
  })

  it('follows an alias, and keeps it no longer than its shortest link', async () => {
    const alias: Answer = { type: 'CNAME', name: 'auth.techcorp.test', ttl: 0, data: 'edge.techcorp.test' }
    const { resolver, questions } = await serverOf({
      answers: [alias, a('10.80.4.11', 60, 'edge.techcorp.test')],
    })
    expect(await resolver.resolve('auth.techcorp.test')).toBe('10.80.4.11')
    await resolver.resolve('auth.techcorp.test')
    expect(questions).toHaveLength(2)
  })

  it('asks a second time when the first answer is lost or is not to its question', async () => {
    const lost = await serverOf(undefined, { answers: [a('10.80.4.11', 60)] })
    expect(await lost.resolver.resolve('auth.techcorp.test')).toBe('10.80.4.11')
    const forged = await serverOf(
      { id: 1, answers: [a('192.0.2.1', 60)] },
      { answers: [a('10.80.4.11', 60)] },
    )
    expect(await forged.resolver.resolve('auth.techcorp.test')).toBe('10.80.4.11')
  })

  it('gives up on a name without address, and on a server that is not there', async () => {
    const { resolver } = await serverOf({ answers: [] })
    await expect(resolver.resolve('auth.techcorp.test')).rejects.toThrow(UnresolvedName)
    // The last is an address that the kernel gives no way to.
    for (const address of ['127.0.0.1', '255.255.255.255']) {
      const absent = new Resolver({ address, port: 1 })
      await expect(absent.resolve('auth.techcorp.test')).rejects.toThrow(UnresolvedName)
    }
  })
})
