import { expect, test } from 'vitest'
import { endsOf } from '../../src/kinds/nftables/fields.ts'
import { passes } from '../../src/kinds/nftables/passes.ts'
import { renderTable } from '../../src/kinds/nftables/render.ts'
import { type NftablesSpec, nftablesSpec } from '../../src/kinds/nftables/spec.ts'
import { zoneOf } from '../../src/kinds/nftables/zones.ts'
import { judged, type Packet } from '../helpers/nftables-packets.ts'
import fc from '../helpers/property.ts'

/** Interfaces of the gateway, and what may lie behind each: networks in networks, so that the narrowest must decide. */
const cards = ['wan', 'backup', 'lan', 'office'] as const
const networks = [
  '10.1.0.0/16',
  '10.1.2.0/24',
  '10.1.2.128/25',
  '10.1.2.200/32',
  '10.9.0.0/16',
  '192.0.2.0/24',
]
const addresses = ['10.1.2.200', '10.1.2.201', '10.1.2.3', '10.1.7.7', '10.9.1.1', '192.0.2.9', '203.0.113.5']
const own = { public: '203.0.113.1', lan: '10.1.0.1' }
const names = ['a', 'b', 'c', 'd'] as const

const port = fc.oneof(
  fc.integer({ min: 1, max: 30 }),
  fc
    .tuple(fc.integer({ min: 1, max: 15 }), fc.integer({ min: 16, max: 30 }))
    .map(([low, high]) => `${low}-${high}`),
)
const zone = fc.record({
  interfaces: fc.uniqueArray(fc.constantFrom(...cards), { minLength: 1, maxLength: 2 }),
  networks: fc.uniqueArray(fc.constantFrom(...networks), { maxLength: 2 }),
})
const places = [...names, 'gateway', 'gateway.public', 'gateway.lan']
const allow = fc
  .record({
    from: fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 2 }),
    to: fc.uniqueArray(fc.constantFrom(...places), { minLength: 1, maxLength: 3 }),
    tcp: fc.array(port, { maxLength: 3 }),
    udp: fc.array(port, { maxLength: 1 }),
    icmp: fc.boolean(),
  })
  .filter(({ tcp, udp, icmp }) => tcp.length + udp.length > 0 || icmp)
const addressed = (address: string) => ({ source: [address], target: [address] })
const declaration = fc
  .record({
    zones: fc.tuple(zone, zone, zone, zone),
    allow: fc.array(allow, { minLength: 1, maxLength: 5 }),
  })
  .map(({ zones, allow: allows }) => {
    const written = Object.fromEntries(
      zones.map((one, index) => [names[index] ?? '', { source: one, target: one }]),
    )
    return nftablesSpec.safeParse({
      source: { host: 'gateway' },
      target: { host: 'gateway' },
      zones: written,
      gatewayAddresses: { public: addressed(own.public), lan: addressed(own.lan) },
      allow: allows,
    })
  })
  // Zones that cannot be told apart are refused before anything is rendered.
  .filter(parsed => parsed.success)
  .map(({ data }) => data as NftablesSpec)

const packet: fc.Arbitrary<Packet> = fc.oneof(
  fc.record({
    by: fc.constantFrom(...cards, 'unknown'),
    out: fc.constantFrom(...cards),
    from: fc.constantFrom(...addresses),
    to: fc.constantFrom(...addresses),
    protocol: fc.constantFrom('tcp' as const, 'udp' as const, 'icmp' as const),
    port: fc.integer({ min: 1, max: 31 }),
  }),
  fc.record({
    by: fc.constantFrom(...cards, 'unknown'),
    from: fc.constantFrom(...addresses),
    to: fc.constantFrom(...Object.values(own)),
    protocol: fc.constantFrom('tcp' as const, 'udp' as const, 'icmp' as const),
    port: fc.integer({ min: 1, max: 31 }),
  }),
)

/** What the declaration says of a packet, read from it as a person would. */
function declared(spec: NftablesSpec, { by, out, from, to, protocol, port: asked }: Packet): boolean {
  const here = zoneOf(spec, 'target', from, [by])
  const isGateway = out === undefined
  const there = isGateway ? [] : [zoneOf(spec, 'target', to, [out])]
  const own_ = Object.entries(own).flatMap(([name, address]) => (address === to ? [`gateway.${name}`] : []))
  const meant = isGateway ? ['gateway', ...own_] : there
  return spec.allow.some(one => {
    if (here === undefined || ![one.from].flat().includes(here)) return false
    if (![one.to].flat().some(place => meant.includes(place))) return false
    if (protocol === 'icmp') return one.icmp
    return one[protocol].some(value => {
      const { from: low, to: high } = endsOf(value)
      return low <= asked && asked <= high
    })
  })
}

test('the rendered rules let through what is declared, and drop everything else', () => {
  let accepted = 0
  fc.assert(
    fc.property(declaration, fc.array(packet, { minLength: 20, maxLength: 60 }), (spec, packets) => {
      const table = renderTable(spec, 'target')
      for (const one of packets) {
        const isDeclared = declared(spec, one)
        if (isDeclared) accepted += 1
        expect([one, judged(table, one)]).toEqual([one, isDeclared ? 'accept' : 'drop'])
      }
    }),
    { numRuns: 300 },
  )
  expect(accepted).toBeGreaterThan(100)
})

test('every allowance is let through from each of its zones', () => {
  fc.assert(
    fc.property(declaration, spec => {
      const table = renderTable(spec, 'target')
      for (const one of spec.allow)
        for (const from of [one.from].flat()) {
          const to = [one.to].flat().find(place => place.startsWith('gateway'))
          const [first] = one.tcp
          if (to === undefined || first === undefined) continue
          expect(table).toMatch(new RegExp(`comment "allow ${spec.allow.indexOf(one) + 1}: ${from} → ${to}"`))
        }
    }),
    { numRuns: 100 },
  )
})

test('the same declaration gives the same text, in whatever order its zones stand', () => {
  fc.assert(
    fc.property(declaration, spec => {
      const turned = { ...spec, zones: Object.fromEntries(Object.entries(spec.zones).reverse()) }
      expect(renderTable(turned, 'target')).toBe(renderTable(spec, 'target'))
    }),
    { numRuns: 100 },
  )
})

test('what the matrix expects of a way is what the rules do with its packet', () => {
  fc.assert(
    fc.property(declaration, packet, (spec, one) => {
      const from = zoneOf(spec, 'target', one.from, [one.by])
      const asked =
        one.protocol === 'icmp' ? { protocol: 'icmp' as const } : { protocol: one.protocol, port: one.port }
      const isGateway = one.out === undefined
      // Behind the gateway the matrix knows the address alone: where only interfaces tell, it says closed.
      if (!isGateway && zoneOf(spec, 'target', one.to) !== zoneOf(spec, 'target', one.to, [one.out ?? '']))
        return
      expect(passes(spec, 'target', from, { address: one.to, isGateway }, asked)).toBe(
        judged(renderTable(spec, 'target'), one) === 'accept',
      )
    }),
    { numRuns: 300 },
  )
})
