import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { kind } from '../../src/kinds/dns/index.ts'
import type { Failure } from '../../src/model/failure.ts'
import type { Cloud } from '../doubles/dns-clouds/cloud.ts'
import { openCloudflare } from '../doubles/dns-clouds/cloudflare.ts'
import { openGandi } from '../doubles/dns-clouds/gandi.ts'
import { openOvh } from '../doubles/dns-clouds/ovh.ts'
import { type CloudBench, openCloudBench } from '../helpers/dns-cloud-bench.ts'
import { audited, componentOf, stepOf, zoneAfter, zoneLowered } from '../helpers/dns-provider-bench.ts'

const codes = { wrongSecret: 'BADTOKEN', withoutRight: 'FORBIDDEN' }
const opened: CloudBench[] = []
async function bench<Which extends Cloud>(open: () => Promise<Which>): Promise<CloudBench<Which>> {
  const one = await openCloudBench(open, codes)
  opened.push(one)
  for (const set of zoneLowered(one.zone)) await one.put(set)
  return one
}
afterAll(() => Promise.all(opened.map(one => one.close())))

const failureOf = (work: Promise<unknown>): Promise<Failure> =>
  work.then(
    () => expect.unreachable('it went well'),
    (error: unknown) => error as Failure,
  )
const switchOf = async (one: CloudBench) =>
  stepOf(componentOf(one), (await audited(one, componentOf(one), 'preparation')).facts, 'live', 'switch')
const broken = { status: 502, body: 'Bad Gateway' }

describe.each([
  ['Gandi, which serves each set at once', openGandi, 'HALFWAY'],
  ['OVH, which serves nothing before the refresh', openOvh, 'STAGED'],
])('a failure half-way at %s', (_title, open, code) => {
  let one: CloudBench
  beforeEach(async () => {
    one = await bench(open)
  })

  it('is told with what is changed and what is not, and a second call finishes it', async () => {
    const move = await switchOf(one)
    one.cloud.server.failWrite(3, broken)
    const { text, remedy } = await failureOf(move.apply(one.io))
    expect(text.key).toBe(`dns.update.${code}`)
    expect(text.values?.detail).toMatch(/auth\.techcorp\.test A.* ✓; .* ✗ .*502/)
    expect(remedy?.key).toBe(`dns.update.${code}.remedy`)
    const isSeen = JSON.stringify(await one.served()) !== JSON.stringify(zoneLowered(one.zone))
    expect(isSeen).toBe(code === 'HALFWAY')
    expect(await move.isDone(one.io)).toBe(false)
    await move.apply(one.io)
    expect(await one.served()).toEqual(zoneAfter(one.zone))
  })

  it('can be undone in place of being finished', async () => {
    const move = await switchOf(one)
    one.cloud.server.failWrite(5, broken)
    await failureOf(move.apply(one.io))
    await move.undo(one.io)
    expect(await one.served()).toEqual(zoneLowered(one.zone))
    // What the API holds too, not only what it serves.
    await move.apply(one.io)
    await move.undo(one.io)
    expect(await one.served()).toEqual(zoneLowered(one.zone))
  })

  it('bears an answer that is lost', async () => {
    const move = await switchOf(one)
    one.cloud.server.failWrite(2, 'answer lost')
    const { text } = await failureOf(move.apply(one.io))
    expect(text.key).toMatch(/^dns\.update\.(UNREACHABLE|HALFWAY|STAGED)$/)
    await move.apply(one.io)
    expect(await one.served()).toEqual(zoneAfter(one.zone))
  })
})

it('a refresh that fails leaves the zone as it was served, and the next call refreshes it', async () => {
  const one = await bench(openOvh)
  const move = await switchOf(one)
  const before = one.cloud.server.writes.length
  await move.apply(one.io)
  const writes = one.cloud.server.writes.length - before
  await move.undo(one.io)
  one.cloud.server.failWrite(writes, broken)
  expect((await failureOf(move.apply(one.io))).text.key).toBe('dns.update.STAGED')
  expect(await one.served()).toEqual(zoneLowered(one.zone))
  await move.apply(one.io)
  expect(one.cloud.server.writes.at(-1)).toBe(`POST /1.0/domain/zone/${one.zone}/refresh`)
  expect(await one.served()).toEqual(zoneAfter(one.zone))
})

it('Cloudflare changes all records in one batch, or none', async () => {
  const one = await bench(openCloudflare)
  const move = await switchOf(one)
  const first = one.cloud.server.writes.length
  one.cloud.server.failWrite(1, broken)
  expect((await failureOf(move.apply(one.io))).text.key).toBe('dns.update.APIFAILED')
  expect(await one.served()).toEqual(zoneLowered(one.zone))
  await move.apply(one.io)
  expect(one.cloud.server.writes.slice(first)).toHaveLength(1)
})

describe.each([
  ['OVH', openOvh],
  ['Gandi', openGandi],
  ['Cloudflare', openCloudflare],
])('too many requests at %s', (_title, open: () => Promise<Cloud>) => {
  it('are waited out where that is short', async () => {
    const one = await bench(open)
    const move = await switchOf(one)
    const slept = one.slept()
    one.cloud.server.failWrite(1, one.cloud.limited(7))
    await move.apply(one.io)
    expect(one.slept() - slept).toBeGreaterThanOrEqual(7)
    expect(await one.served()).toEqual(zoneAfter(one.zone))
  })

  it('are told where it is long, with nothing changed; a later attempt does it', async () => {
    const one = await bench(open)
    const move = await switchOf(one)
    one.cloud.server.failWrite(1, one.cloud.limited(300))
    expect((await failureOf(move.apply(one.io))).text.key).toBe('dns.update.LIMITED')
    expect(await one.served()).toEqual(zoneLowered(one.zone))
    await move.apply(one.io)
    expect(await one.served()).toEqual(zoneAfter(one.zone))
  })

  it('are not waited for without end', async () => {
    const one = await bench(open)
    const move = await switchOf(one)
    one.cloud.server.failWrite(1, one.cloud.limited(5), 50)
    expect((await failureOf(move.apply(one.io))).text.key).toBe('dns.update.LIMITED')
    expect(one.slept()).toBeLessThan(60)
  })
})

describe.each([
  ['OVH', openOvh],
  ['Gandi', openGandi],
  ['Cloudflare', openCloudflare],
])('name servers of %s that are slow to take a change', (_title, open: () => Promise<Cloud>) => {
  let one: CloudBench
  beforeAll(async () => {
    one = await bench(open)
  })

  it('do not make an undo believe that there is nothing to undo', async () => {
    const move = await switchOf(one)
    one.names.freeze()
    expect((await failureOf(move.apply(one.io))).text.key).toBe('dns.servers.late')
    // The servers still say the source: it is the API that knows better.
    await move.undo(one.io)
    one.names.thaw()
    expect(await one.served()).toEqual(zoneLowered(one.zone))
  })

  it('do not make an undo that failed look done', async () => {
    const move = await switchOf(one)
    one.names.freeze()
    await failureOf(move.apply(one.io))
    one.cloud.server.failWrite(1, broken)
    expect((await failureOf(move.undo(one.io))).text.key).toBe('dns.update.APIFAILED')
    await move.undo(one.io)
    one.names.thaw()
    expect(await one.served()).toEqual(zoneLowered(one.zone))
  })

  it('do not make a step believe that it is done', async () => {
    const move = await switchOf(one)
    await move.apply(one.io)
    one.names.freeze()
    await failureOf(move.undo(one.io))
    // They still say the target, which the API no longer holds.
    expect(await move.isDone(one.io)).toBe(false)
    await move.apply(one.io)
    one.names.thaw()
    expect(await one.served()).toEqual(zoneAfter(one.zone))
  })
})

describe('what a reader finds before the night', () => {
  it('a consumer key of OVH without a right is found by the audit, with the calls it lacks', async () => {
    const one = await bench(openOvh)
    const component = componentOf(one, { update: one.cloud.withoutRight })
    const { findings } = await audited(one, component, 'preparation')
    const refused = findings.find(({ id }) => id === 'names.update-refused')
    expect(refused?.text.key).toBe('dns.update.FORBIDDEN')
    expect(refused?.text.values?.detail).toContain(`PUT /domain/zone/${one.zone}/record`)
    expect(one.cloud.server.reads.at(-1)).toBe('GET /1.0/auth/currentCredential')
  })

  it.each([
    ['Gandi', openGandi],
    ['Cloudflare', openCloudflare],
  ])(
    'a token of %s without a right is found by the rehearsal at the latest',
    async (_title, open: () => Promise<Cloud>) => {
      const one = await bench(open)
      const component = componentOf(one, { update: one.cloud.withoutRight })
      const rehearsal = stepOf(component, {}, 'rehearsal', 'dry-run')
      expect((await failureOf(rehearsal.apply(one.io))).text.key).toBe('dns.update.FORBIDDEN')
    },
  )

  it('a record behind Cloudflare’s proxy, whose change nobody would see', async () => {
    const one = await bench(openCloudflare)
    for (const record of one.cloud.records) if (record.name === `auth.${one.zone}`) record.proxied = true
    const { findings } = await audited(one, componentOf(one), 'preparation')
    const refused = findings.find(({ id }) => id === 'names.update-refused')
    expect(refused).toMatchObject({ level: 'block', text: { key: 'dns.update.PROXIED' } })
  })

  it('a zone that the credential does not see', async () => {
    for (const open of [openOvh, openGandi, openCloudflare]) {
      const one = await bench(open as () => Promise<Cloud>)
      const component = componentOf(one, { zone: 'elsewhere.test' })
      const { findings } = await audited(one, component, 'preparation')
      const refused = findings.find(({ id }) => id === 'names.update-refused')
      // OVH: the consumer key is for one zone only.
      expect(refused?.text.key).toMatch(/^dns\.update\.(NOZONE|FORBIDDEN)$/)
    }
  })

  it('an API that does not answer, without the credential in what is said', async () => {
    const one = await bench(openGandi)
    const component = componentOf(one, { update: { ...one.update, endpoint: 'http://127.0.0.1:9/v5' } })
    const { findings } = await audited(one, component, 'preparation')
    const refused = findings.find(({ id }) => id === 'names.update-refused')
    expect(refused?.text.key).toBe('dns.update.UNREACHABLE')
    for (const secret of Object.values(one.cloud.secrets))
      expect(JSON.stringify(findings)).not.toContain(secret)
  })

  it('a credential that would cross the network unencrypted', async () => {
    const one = await bench(openGandi)
    const component = componentOf(one, { update: { ...one.update, endpoint: 'http://192.0.2.1/v5' } })
    const facts = { update: { value: { code: 'NOERROR', detail: '' }, unit: '', at: '' } }
    const context = { plan: { window: { lengthMinutes: 60 } } as never, mode: 'live' as const, facts: {} }
    const exposed = kind
      .findings(component, facts, context)
      .find(({ id }) => id === 'names.credential-exposed')
    expect(exposed?.level).toBe('warn')
  })
})

describe('what people left to the provider', () => {
  it('an automatic TTL at Cloudflare, is not touched by a rehearsal', async () => {
    const one = await bench(openCloudflare)
    const { records } = one.cloud
    for (const record of records) if (record.name === `auth.${one.zone}`) record.ttl = 1
    const before = structuredClone(records)
    await stepOf(componentOf(one), {}, 'rehearsal', 'dry-run').apply(one.io)
    expect(one.cloud.server.writes).toHaveLength(1)
    expect(records).toEqual(before)
  })

  it('the zone’s own TTL, names relative to it and the type SPF at OVH, are not touched by it either, and switch', async () => {
    const one = await bench(openOvh)
    const { records } = one.cloud
    const ownTtl = new Set([`auth.${one.zone} A`, `www.${one.zone} CNAME`])
    for (const record of records.values()) {
      if (record.fieldType === 'TXT') record.fieldType = 'SPF'
      if (record.fieldType === 'CNAME') record.target = 'auth'
      if (ownTtl.has(`${record.subDomain}.${one.zone} ${record.fieldType}`)) record.ttl = 0
    }
    one.cloud.refresh()
    const before = structuredClone(records)
    const served = (await one.served()).map(set =>
      ownTtl.has(`${set.name} ${set.type}`) ? { ...set, ttlSeconds: 300 } : set,
    )
    await stepOf(componentOf(one), {}, 'rehearsal', 'dry-run').apply(one.io)
    expect(one.cloud.server.writes.length).toBeGreaterThan(5)
    expect(records).toEqual(before)
    const move = await switchOf(one)
    await move.apply(one.io)
    expect(await one.served()).toEqual(zoneAfter(one.zone))
    await move.undo(one.io)
    expect(await one.served()).toEqual(served)
    expect([...records.values()].filter(({ fieldType }) => fieldType === 'SPF')).toHaveLength(1)
  })
})
