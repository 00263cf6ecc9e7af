import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { kind } from '../../src/kinds/dns/index.ts'
import { providerOf } from '../../src/kinds/dns/providers/index.ts'
import { covers, neededRules } from '../../src/kinds/dns/providers/ovh.ts'
import type { DnsProvider } from '../../src/kinds/dns/providers/provider.ts'
import { dnsSpec } from '../../src/kinds/dns/spec.ts'
import { loadKinds } from '../../src/kinds/registry.ts'
import { checkPlan } from '../../src/plan/check.ts'
import { parsePlan } from '../../src/plan/parse.ts'
import { knownKeys } from '../../src/plan/schema-walk.ts'
import { specWith } from '../helpers/dns-world.ts'
import { blocksOf, pageNamed } from '../helpers/docs-pages.ts'
import { goodPlan, testKinds } from '../helpers/plan-kinds.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const page = pageNamed('docs/dns-providers.md')
const examples = blocksOf(page).filter(({ language }) => language === 'yaml')
const words: Record<string, string> = {
  server: 'one transaction',
  staged: 'one by one, served together',
  none: 'one by one, each served at once',
}
const row = (
  name: string,
  { capabilities: { atomic, prerequisites, minimumTtlSeconds }, unproven }: DnsProvider,
) =>
  `| \`${name}\` | ${words[atomic]} | ${
    prerequisites === 'server' ? 'the server refuses the whole update' : 'compared just before'
  } | ${minimumTtlSeconds} s | ${unproven === undefined ? 'the real server' : 'its documentation'} |`

it('the page has a piece of plan for each provider, which is correct, and says of each what it can', () => {
  const told = examples.map(({ mark, text }) => {
    const spec = dnsSpec.parse(specWith(parse(text) as never))
    expect(spec.update.provider).toBe(mark)
    expect(page.text).toContain(row(mark, providerOf(spec)))
    return mark
  })
  expect(told.sort()).toEqual(['cloudflare', 'gandi', 'ovh', 'powerdns', 'rfc2136'])
})

it('the rules that the page gives OVH’s consumer key are enough', () => {
  const block =
    blocksOf(page)
      .find(({ mark }) => mark === 'rights')
      ?.text.trim() ?? ''
  const rules = block.split('\n').map(line => {
    const [method = '', path = ''] = line.split(/\s+/)
    return { method, path }
  })
  expect(rules.length).toBeGreaterThan(3)
  for (const needed of neededRules('techcorp.test'))
    expect(rules.some(rule => covers(rule, needed))).toBe(true)
})

it('what is written of one provider is judged by its own fields', () => {
  const keys = (update: object) => knownKeys(dnsSpec, ['update'], { update })
  expect(keys({})).toEqual(['provider', 'server', 'tsig'])
  expect(keys({ provider: 'rfc2136' })).toEqual(['provider', 'server', 'tsig'])
  expect(keys({ provider: 'gandi' })).toEqual(['provider', 'token', 'endpoint'])
})

it('a provider that is misspelt is told with those that there are', () => {
  const names = `components:
  names:
    kind: dns
    criticality: high
    owner: lead
    zone: techcorp.test
    servers: [{address: 192.0.2.54}]
    update: {provider: gandy, token: "env:TOKEN"}
    lowTtlSeconds: 300
    records: [{name: www, type: A, source: 192.0.2.11, target: 198.51.100.11}]
`
  const text = goodPlan.replace('components:\n', names)
  const parsed = parsePlan([{ name: 'plan.yaml', text }], { ...testKinds, dns: kind })
  const said = JSON.stringify(parsed)
  expect(said).toContain('"nearest":"gandi"')
  expect(said).toContain('rfc2136, powerdns, ovh, gandi, cloudflare')
})

it('check says of each provider that never ran against the real service that it did not', async () => {
  const folder = temporaryFolder('dns')
  const file = join(folder, 'overlay.yaml')
  const update = { provider: 'gandi', token: 'env:TOKEN', server: null, tsig: null }
  // Gandi takes no shorter one
  await writeFile(file, stringify({ components: { names: { update, lowTtlSeconds: 300 } } }))
  const { warnings, exitCode } = await checkPlan(
    ['examples/techcorp/plan.yaml', file],
    await loadKinds(),
    'en',
  )
  expect(exitCode).toBe(0)
  // other kinds of the example say it, too
  expect(warnings.filter(({ path }) => path === 'components.names')).toMatchObject([
    { message: expect.stringMatching(/^The Gandi driver .* never run/) },
  ])
})
