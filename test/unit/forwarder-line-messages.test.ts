import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { kind as forwarder } from '../../src/kinds/forwarder/index.ts'
import { kind as line } from '../../src/kinds/line/index.ts'
import type { Component, Plan } from '../../src/model/plan.ts'

/** Every sentence that stands in the code between quotes, e.g. 'line.cap.title'. */
function quotedKeys(kind: string): string[] {
  const folder = join(import.meta.dirname, '../../src/kinds', kind)
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts') && !file.startsWith('messages'))
    .flatMap(file => [
      ...readFileSync(join(folder, file), 'utf8').matchAll(/'((?:forwarder|line)\.[\w.-]+)'/g),
    ])
    .map(match => match[1] ?? '')
  expect(found.length).toBeGreaterThan(3)
  return found
}
const placeholders = (sentence: string | undefined): string[] =>
  [...(sentence ?? '').matchAll(/\{\{(\w+)\}\}/g)].map(match => match[1] ?? '').sort()

const gateway = { gateway: { ssh: 'gateway', address: '192.0.2.1', become: 'runuser' } }
const plan = { sites: { source: { hosts: gateway }, target: { hosts: gateway } } } as unknown as Plan
const address = '192.0.2.1'
const specs = {
  forwarder: {
    source: { host: 'gateway' },
    forward: [{ service: 'web', protocol: 'tcp', port: 80, from: address, to: '198.51.100.1' }],
    persist: { file: '/etc/nftables.d/x.nft' },
  },
  line: {
    source: { host: 'gateway' },
    target: { host: 'gateway' },
    main: { interfaces: ['wan'], probe: { address } },
    backup: { interface: 'backup', address, declaredMbps: 20, capMbps: 5 },
    between: { source: ['10.0.1.0/24'], target: ['10.0.2.0/24'] },
  },
}
const worst: Record<string, object[]> = {
  forwarder: [
    { missing: ['nft'] },
    {
      table: 'foreign',
      keptFile: 'foreign',
      directoryMissing: true,
      forwardingOff: ['ipv4'],
      droppingChains: [{ table: 'inet filter', chain: 'forward' }],
      acceptInMissing: ['inet filter forward'],
      addressesNotThere: [address],
      earlierRedirects: ['ip nat PREROUTING'],
      legacyTables: ['nat'],
      unreachable: ['web'],
      includedAtBoot: false,
      sinceSeconds: 10,
      clients: [{ client: address, service: 'web', secondsAgo: 3 }],
    },
    { sinceSeconds: 10, clients: [] },
  ],
  line: [
    { missing: ['tc'] },
    {
      interfacesMissing: ['wan'],
      withoutCarrier: ['wan'],
      ingressTaken: true,
      mainAnswers: false,
      backupAddressThere: false,
      answersLeaveBy: 'wan',
    },
    { backupAddressThere: true, backupAnswers: false },
    {},
  ],
}

describe.each([forwarder, line])('the sentences of kind $kind', kind => {
  const { en, fr } = kind.messages

  test('are the same in both languages, with the same values', () => {
    expect(Object.keys(fr).sort()).toEqual(Object.keys(en).sort())
    for (const [key, sentence] of Object.entries(en))
      expect([key, placeholders(fr[key])]).toEqual([key, placeholders(sentence)])
  })

  test('are all there: those the code names, one for each measure, finding and step, with their values', () => {
    const spec = specs[kind.kind as keyof typeof specs]
    const component = { id: 'it', kind: kind.kind, title: 'It', spec } as unknown as Component
    const alone = { ...component, spec: { ...spec, persist: undefined } } as unknown as Component
    const facts = (worst[kind.kind] ?? []).map(values =>
      Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, unit: '', at: '' }])),
    )
    const context = (mode: 'preparation' | 'rehearsal' | 'live' | 'close') => ({ plan, mode, facts: {} })
    const texts = [
      ...[component, ...(kind === forwarder ? [alone] : [])].flatMap(one =>
        facts.flatMap(found =>
          kind
            .findings(one, found, context('preparation'))
            .flatMap(({ text, remedy }) => [text, ...(remedy ? [remedy] : [])]),
        ),
      ),
      ...(['preparation', 'rehearsal', 'live', 'close'] as const).flatMap(mode =>
        kind
          .plan(component, {}, context(mode))
          .flatMap(({ title, undo }) => [title, undo.possible ? undo.byHand : undo.why]),
      ),
    ]
    for (const { key, values } of texts) {
      expect(Object.keys(en)).toContain(key)
      expect(Object.keys(values ?? {})).toEqual(expect.arrayContaining(placeholders(en[key])))
    }
    const measures = Object.keys(kind.measures).map(name => `${kind.kind}.measure.${name}`)
    const used = new Set([...quotedKeys(kind.kind), ...measures, ...texts.map(({ key }) => key)])
    expect([...used].filter(key => en[key] === undefined)).toEqual([])
    // and no sentence that nobody says
    // those of the kit come with every kind
    const own = Object.keys(en).filter(key => !key.startsWith('kit.'))
    expect(own.filter(key => !used.has(key) && !key.includes('.remedy'))).toEqual([])
  })
})
