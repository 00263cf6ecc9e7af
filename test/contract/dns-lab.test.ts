import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { updateKeyAlgorithm, updateKeyName } from '../../lab/names/knot.ts'
import { reverseZone } from '../../lab/names/zones.ts'
import { secret } from '../../lab/secrets.ts'
import {
  type Address,
  initialTtlSeconds,
  type LabNames,
  lowTtlSeconds,
  raiseLabNames,
  zone,
} from '../helpers/dns-lab.ts'
import { dying } from '../helpers/judged-io.ts'

const run = promisify(execFile)
let names: LabNames

/** The whole zone as another program fetches it, but for the serial, which only grows. */
async function zoneAt(server: Address, name: string): Promise<string> {
  const key = `${updateKeyAlgorithm}:${updateKeyName}:${secret(names.lab.name, 'tsig')}`
  const at = [`@${server.address}`, '-p', String(server.port), '-y', key]
  const { stdout } = await run('kdig', [...at, '+noall', '+answer', '+nocrypto', name, 'AXFR'])
  if (!stdout.includes('SOA')) throw new Error(`no transfer of ${name} from ${server.address}: ${stdout}`)
  return stdout.replaceAll(/(SOA\s+\S+\s+\S+) \d+/g, '$1 -').replaceAll(/^;;.*\n/gm, '')
}
const allZones = () =>
  Promise.all([
    zoneAt(names.servers.primary, zone),
    zoneAt(names.servers.inside, zone),
    zoneAt(names.servers.primary, reverseZone(names.lab.index)),
  ])
const serialsOf = () =>
  Promise.all(
    [zone, reverseZone(names.lab.index)].flatMap(name =>
      [names.servers.primary, names.servers.secondary].map(
        async server => (await names.dig(server, name, 'SOA'))[0]?.split(' ')[2],
      ),
    ),
  )
const applyAll = async (mode: 'preparation' | 'live' | 'close', name: string) => {
  for (const id of names.ids) await names.step(id, mode, name).apply()
}
const undoAll = async (mode: 'preparation' | 'live' | 'close', name: string) => {
  for (const id of names.ids.toReversed()) await names.step(id, mode, name).undo()
}

describe('the zones of the laboratory, both views and the reverse one', () => {
  beforeAll(async () => {
    names = await raiseLabNames('names-moved')
    // By hand, in strings that no program would cut so, in letters of another case.
    const input = [
      `server ${names.servers.primary.address}`,
      `zone ${zone}.`,
      `key ${updateKeyAlgorithm}:${updateKeyName} ${secret(names.lab.name, 'tsig')}`,
      `update delete ${zone}. TXT`,
      `update add ${zone}. ${initialTtlSeconds} TXT "v=spf1 ip4:" "${names.source} mx" " -all"`,
      'send',
      '',
    ]
    const child = run('nsupdate', ['-v', '-t', '5'])
    child.child.stdin?.end(input.join('\n'))
    await child
    await vi.waitFor(async () => expect(new Set((await serialsOf()).slice(0, 2)).size).toBe(1), {
      timeout: 200_000,
      interval: 200,
    })
  })
  afterAll(() => names?.close())

  it('are found sound, but for the resolver that keeps records too long', async () => {
    const before = await serialsOf()
    const found = Object.fromEntries(
      await Promise.all(
        names.ids.map(async id => [id, (await names.audit(id)).map(({ id: finding }) => finding)] as const),
      ),
    )
    expect(found).toEqual({
      outside: ['outside.records-agree', 'outside.ttl-high', 'outside.resolver-keeps-longer'],
      inside: ['inside.records-agree', 'inside.ttl-high'],
      reverse: ['reverse.records-agree', 'reverse.ttl-high'],
    })
    expect(await serialsOf()).toEqual(before)
    for (const id of names.ids)
      expect(await names.measure(id, 'secondariesBehind')).toMatchObject({ value: 0 })
  })

  it('move to the target and back, and are then what they were to the byte', async () => {
    const { dig, servers, source, target } = names
    const before = await allZones()
    await applyAll('preparation', 'lower-ttl')
    await applyAll('preparation', 'wait-old-ttl')
    await applyAll('live', 'switch')
    for (const server of [servers.primary, servers.secondary]) {
      expect(await dig(server, `vpn.${zone}`)).toEqual([target])
      expect(await dig(server, zone, 'MX')).toEqual([`10 mail.toulouse.${zone}`, `20 mail.${zone}`])
      expect(await dig(server, zone, 'TXT')).toEqual([`"v=spf1 ip4:${target} mx -all"`])
      expect(await dig(server, `mail.toulouse.${zone}`)).toEqual([target])
      const reverse = reverseZone(names.lab.index)
      expect(await dig(server, `11.${reverse}`, 'PTR')).toEqual([])
      expect(await dig(server, `12.${reverse}`, 'PTR')).toEqual([`courses.${zone}`])
    }
    expect(await dig(servers.inside, `dashboard.${zone}`)).toEqual([`${names.lab.prefix}.2.1`])
    expect(await dig(servers.primary, `dashboard.${zone}`)).toEqual([])
    const [outside, outsideToo, reverse, reverseToo] = await serialsOf()
    expect([outsideToo, reverseToo]).toEqual([outside, reverse])

    // The honest resolver follows; the stubborn one is told, and its users go on to the old address.
    const stubborn = `${servers.stubborn.address}:53`
    expect(await names.step('outside', 'live', 'wait-resolvers').apply()).toMatchObject({
      stubborn: [stubborn],
    })
    expect(await dig(servers.honest, `courses.${zone}`, 'A', true)).toEqual([target])
    expect(await dig(servers.stubborn, `courses.${zone}`, 'A', true)).toEqual([source])

    await undoAll('live', 'switch')
    expect(await dig(servers.secondary, `vpn.${zone}`)).toEqual([source])
    await undoAll('live', 'switch')
    await undoAll('preparation', 'lower-ttl')
    expect(await allZones()).toEqual(before)
    await undoAll('preparation', 'lower-ttl')
    expect(await allZones()).toEqual(before)
  })

  it('get their TTLs back in the end, those that came with the switch too', async () => {
    const before = await allZones()
    await applyAll('preparation', 'lower-ttl')
    for (const id of names.ids) await names.audit(id)
    await applyAll('live', 'switch')
    await applyAll('close', 'restore-ttl')
    const reverse = reverseZone(names.lab.index)
    const { records } = await names.io.dns(names.servers.secondary, `12.${reverse}`, 'PTR')
    expect(records).toMatchObject([{ ttlSeconds: initialTtlSeconds, data: `courses.${zone}` }])
    await undoAll('close', 'restore-ttl')
    const lowered = await names.io.dns(names.servers.primary, `mail.toulouse.${zone}`, 'A')
    expect(lowered.records).toMatchObject([{ ttlSeconds: lowTtlSeconds }])
    await undoAll('live', 'switch')
    await undoAll('preparation', 'lower-ttl')
    expect(await allZones()).toEqual(before)
  })

  it.each(['before', 'after'] as const)('killed %s the update, go on, and back', async when => {
    const before = await allZones()
    const killed = () => dying(names.io, { change: 1, when })
    for (const [mode, name] of [
      ['preparation', 'lower-ttl'],
      ['live', 'switch'],
    ] as const)
      for (const id of names.ids) {
        await expect(names.step(id, mode, name).apply(killed())).rejects.toThrow('killed')
        const again = names.step(id, mode, name)
        if ((await again.isDone()) === false) await again.apply()
        expect(await again.isDone()).not.toBe(false)
      }
    for (const [mode, name] of [
      ['live', 'switch'],
      ['preparation', 'lower-ttl'],
    ] as const)
      for (const id of names.ids) {
        await expect(names.step(id, mode, name).undo(killed())).rejects.toThrow('killed')
        await names.step(id, mode, name).undo()
      }
    expect(await allZones()).toEqual(before)
  })
})
