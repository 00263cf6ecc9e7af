import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { providerOf } from '../../src/kinds/dns/providers/index.ts'
import { dnsSpec } from '../../src/kinds/dns/spec.ts'
import { createRedactor } from '../../src/transport/redact.ts'
import { openTransport } from '../../src/transport/transport.ts'
import { wholeZone, zoneFile } from '../helpers/dns-axfr.ts'
import { apiKey, type Pdns, startPdns } from '../helpers/dns-pdns.ts'
import { audited, type Bench, componentOf, stepOf, type ZoneSet } from '../helpers/dns-provider-bench.ts'
import { judgeProvider } from '../helpers/dns-provider-suite.ts'
import { zone } from '../helpers/dns-servers.ts'

async function openPdns(): Promise<Bench & { pdns: Pdns }> {
  const pdns = await startPdns()
  const file = (name: string) => join(pdns.directory, name)
  writeFileSync(file('key'), apiKey, { mode: 0o600 })
  writeFileSync(file('wrong'), 'another key altogether', { mode: 0o600 })
  const transport = await openTransport({
    hosts: {},
    ssh: { connectTimeoutSeconds: 3 },
    redactor: createRedactor(),
  })
  const update = (name: string) => ({ provider: 'powerdns', url: pdns.api, apiKey: `file:${file(name)}` })
  return {
    pdns,
    zone,
    io: transport.ioFor({ key: 'dns-pdns', signal: new AbortController().signal }),
    servers: [pdns.dns],
    update: update('key'),
    wrongSecret: { update: update('wrong'), code: 'BADTOKEN' },
    served: () => wholeZone(pdns.dns, zone),
    put: set => patch(pdns, set),
    async close() {
      await transport.close()
      await pdns.close()
    },
  }
}

/** Another hand at the same API. */
async function patch({ api }: Pdns, { name, type, ttlSeconds, data }: ZoneSet): Promise<void> {
  const records = data.map(value => ({ content: zoneFile(type, value), disabled: false }))
  const changetype = data.length === 0 ? 'DELETE' : 'REPLACE'
  const rrset = { name: `${name}.`, type, ttl: ttlSeconds, changetype, records }
  const url = `${api}/api/v1/servers/localhost/zones/${zone}.`
  const headers = { 'x-api-key': apiKey, 'content-type': 'application/json' }
  const answer = await fetch(url, { method: 'PATCH', headers, body: JSON.stringify({ rrsets: [rrset] }) })
  if (!answer.ok) throw new Error(await answer.text())
  // Left to itself it would tell its secondaries within a minute.
  await fetch(`${url}/notify`, { method: 'PUT', headers })
}

judgeProvider('names at a real PowerDNS', openPdns)

describe('what is PowerDNS’s own', () => {
  let bench: Bench & { pdns: Pdns }
  beforeAll(async () => {
    bench = await openPdns()
    for (const [name, type, data] of [
      ['auth', 'A', '10.80.4.11'],
      ['www', 'CNAME', `auth.${zone}`],
    ] as const)
      await bench.put({ name: `${name}.${zone}`, type, ttlSeconds: 300, data: [data] })
  })
  afterAll(() => bench?.close())
  const records = [
    { name: 'auth', type: 'A', source: '10.80.4.11', target: '10.80.4.12' },
    { name: 'www', type: 'CNAME', source: 'auth', target: 'courses' },
  ]
  const serial = async () => (await bench.io.dns(bench.pdns.dns, zone, 'SOA')).records[0]?.data.split(' ')[2]
  const auditedOnly = async () => audited(bench, componentOf(bench, { records }), 'live')
  const refusal = async () =>
    (await auditedOnly()).findings.find(({ id }) => id === 'names.update-refused')?.text.key

  it('raises the serial once a change, and its secondary has it within the step', async () => {
    const component = componentOf(bench, { records, servers: [bench.pdns.dns, bench.pdns.secondary] })
    await expect
      .poll(() => bench.io.dns(bench.pdns.secondary, `www.${zone}`, 'CNAME').catch(() => undefined), {
        timeout: 200_000,
      })
      .toMatchObject({ records: [{ data: `auth.${zone}` }] })
    const { facts } = await audited(bench, component, 'live')
    const move = stepOf(component, facts, 'live', 'switch')
    const first = Number(await serial())
    await move.apply(bench.io)
    expect(Number(await serial())).toBe(first + 1)
    const { records: seen } = await bench.io.dns(bench.pdns.secondary, `auth.${zone}`, 'A')
    expect(seen.map(({ data }) => data)).toEqual(['10.80.4.12'])
    await move.undo(bench.io)
    expect(Number(await serial())).toBe(first + 2)
  })

  it('changes nothing at all when one set of several is refused', async () => {
    const provider = providerOf(dnsSpec.parse(componentOf(bench).spec))
    const set = (name: string, type: string, ...data: string[]) => ({
      name: `${name}.${zone}`,
      type,
      ttlSeconds: 60,
      data,
    })
    const served = await bench.served()
    const answer = await provider.change(
      {
        zone,
        // A name that is an alias can be nothing else.
        expected: [set('auth', 'A', '10.80.4.11'), set('www', 'TXT')],
        wanted: [set('auth', 'A', '10.80.4.12'), set('www', 'TXT', '"beside an alias"')],
      },
      bench.io,
    )
    expect(answer).toMatchObject({ code: 'REJECTED', detail: expect.stringContaining('Conflicts') })
    expect(await bench.served()).toEqual(served)
  })

  it('leaves records that are switched off where they are', async () => {
    const rrset = {
      name: `auth.${zone}.`,
      type: 'A',
      ttl: 300,
      changetype: 'REPLACE',
      records: [
        { content: '10.80.4.11', disabled: false },
        { content: '10.80.4.99', disabled: true },
      ],
    }
    const url = `${bench.pdns.api}/api/v1/servers/localhost/zones/${zone}.`
    const headers = { 'x-api-key': apiKey, 'content-type': 'application/json' }
    await fetch(url, { method: 'PATCH', headers, body: JSON.stringify({ rrsets: [rrset] }) })
    const move = stepOf(componentOf(bench, { records }), (await auditedOnly()).facts, 'live', 'switch')
    await move.apply(bench.io)
    const { rrsets } = (await (await fetch(url, { headers })).json()) as { rrsets: (typeof rrset)[] }
    expect(rrsets.find(({ name }) => name === rrset.name)?.records).toEqual([
      { content: '10.80.4.12', disabled: false },
      { content: '10.80.4.99', disabled: true },
    ])
    await move.undo(bench.io)
  })

  it('finds a zone whose serial stays, one that is a copy, and one that is not there', async () => {
    await bench.pdns.pdnsutil('set-meta', zone, 'SOA-EDIT-API')
    expect(await refusal()).toBe('dns.update.SERIALSTAYS')
    await bench.pdns.pdnsutil('set-kind', zone, 'secondary')
    expect(await refusal()).toBe('dns.update.NOTPRIMARY')
    // Shared by its database alone, it needs no serial.
    await bench.pdns.pdnsutil('set-kind', zone, 'native')
    expect(await refusal()).toBeUndefined()
    const other = componentOf(bench, { records, zone: 'elsewhere.test' })
    const { findings } = await audited(bench, other, 'live')
    expect(findings.find(({ id }) => id === 'names.update-refused')?.text.key).toBe('dns.update.NOZONE')
  })
})
