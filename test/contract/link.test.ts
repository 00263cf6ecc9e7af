import { afterAll, beforeAll, expect, test } from 'vitest'
import { kind } from '../../src/kinds/link/index.ts'
import { Failure } from '../../src/model/failure.ts'
import { said } from '../helpers/said.ts'
import { raiseTwoSites, type TwoSites } from '../helpers/two-sites.ts'

const linkMbps = 100
const gateways = ['montpellier-gateway', 'toulouse-gateway']
let sites: TwoSites

const testAsRoot = test.runIf(process.getuid?.() === 0)

beforeAll(async () => {
  if (process.getuid?.() !== 0) return
  const component = {
    id: 'link',
    spec: {
      declaredMbps: linkMbps,
      source: { host: 'gateway' },
      target: { host: 'gateway' },
      samples: 2,
      secondsPerSample: 1,
    },
  }
  sites = await raiseTwoSites(kind, component, { name: 'link-contract', linkMbps })
})
afterAll(async () => {
  await sites?.close()
})

const leftOver = async (): Promise<string> =>
  (await Promise.all(gateways.map(host => sites.at(host, 'pgrep -x iperf3 || true')))).join('')

testAsRoot(
  'bandwidth and its spread, asked for at once, are one measurement of the shaped link',
  async () => {
    const [bandwidth, spread] = await Promise.all([
      sites.measure('bandwidthMbps'),
      sites.measure('bandwidthSpreadPercent'),
    ])
    expect(bandwidth.value).toBeGreaterThan(linkMbps * 0.6)
    expect(bandwidth.value).toBeLessThanOrEqual(linkMbps * 1.1)
    expect(bandwidth.figures.samples).toHaveLength(2)
    expect(spread.figures).toEqual(bandwidth.figures)
    expect(spread.value).toBe(bandwidth.figures.spreadPercent)
    expect(await leftOver()).toBe('')
  },
)

testAsRoot('latency is the median of ten echoes', async () => {
  const latency = await sites.measure('latencyMilliseconds')
  expect(latency.figures.samples).toHaveLength(10)
  expect(latency.value).toBeGreaterThan(0)
})

testAsRoot('every pair is tried in both directions; one behind a closed firewall is named', async () => {
  const all = await sites.measure('unreachablePairs')
  expect(all).toMatchObject({ value: 0, figures: { pairs: 4, open: 4, refused: [], closed: [] } })
  const address = sites.lab.hosts['toulouse-files']?.address
  await sites.at('montpellier-gateway', `ip route add blackhole ${address}/32`)
  const some = await sites.measure('unreachablePairs')
  await sites.at('montpellier-gateway', `ip route del blackhole ${address}/32`)
  expect(some).toMatchObject({ value: 2, figures: { open: 2 } })
  expect(said(some)).toContain('montpellier-files → toulouse-files:22')
})

testAsRoot('audit tells what was measured; its findings agree', async () => {
  await sites.audit()
  const facts = sites.facts.link ?? {}
  expect(facts.declaredMbps).toMatchObject({ value: linkMbps, unit: 'Mbit/s' })
  expect(facts.pathMtuBytes).toMatchObject({ value: 1500, unit: 'B' })
  expect(facts.bandwidthWhyNot?.value).toBe('')
  const found = kind.findings(sites.component, facts, {
    plan: sites.plan,
    mode: 'preparation',
    facts: sites.facts,
  })
  expect(found.map(({ id }) => id)).toContain('link.bandwidth')
  expect(found.filter(({ level }) => level === 'block')).toEqual([])
})

testAsRoot(
  'a host without iperf3 is told as such, with what to do; the rest of the audit goes on',
  async () => {
    await sites.at('toulouse-gateway', 'mount --bind /dev/null "$(command -v iperf3)"')
    const failure = await sites.measure('bandwidthMbps').catch((thrown: unknown) => thrown)
    await sites.audit()
    await sites.at('toulouse-gateway', 'umount "$(readlink -f /usr/bin/iperf3)"')
    expect(failure).toBeInstanceOf(Failure)
    expect((failure as Failure).text.key).toBe('link.bandwidth.failed')
    expect((failure as Failure).remedy?.values).toMatchObject({ target: 'toulouse-gateway', port: 5201 })
    const facts = sites.facts.link ?? {}
    expect(facts.bandwidthMbps?.value).toBeNull()
    expect(facts.latencyMilliseconds?.value).toBeGreaterThan(0)
    const found = kind.findings(sites.component, facts, {
      plan: sites.plan,
      mode: 'preparation',
      facts: sites.facts,
    })
    expect(found).toContainEqual(expect.objectContaining({ id: 'link.unmeasured', level: 'block' }))
    expect(await leftOver()).toBe('')
  },
)
