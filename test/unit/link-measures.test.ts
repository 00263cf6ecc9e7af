import { describe, expect, test } from 'vitest'
import { parseBandwidth } from '../../src/kinds/kit/bandwidth.ts'
import { pairsOf } from '../../src/kinds/link/connectivity.ts'
import { kind } from '../../src/kinds/link/index.ts'
import { median, parseEchoes, spreadOf } from '../../src/kinds/link/output.ts'
import type { Component } from '../../src/model/plan.ts'
import type { RoleLookup } from '../../src/model/roles.ts'
import { factsOf, planWith } from '../helpers/files-world.ts'

const component: Component = {
  id: 'link',
  kind: 'link',
  title: 'Link',
  criticality: 'critical',
  owner: 'network',
  needs: [],
  spec: { declaredMbps: 200, source: { host: 'gateway' }, target: { host: 'gateway' } },
}
const plan = planWith(component)

describe('iperf3', () => {
  test('gives what arrived, in Mbit/s', () => {
    const output = JSON.stringify({
      end: { sum_sent: { bits_per_second: 2e8 }, sum_received: { bits_per_second: 191_806_453.5 } },
    })
    expect(parseBandwidth(output)).toEqual({ mbps: 191.8064535 })
  })
  test.each([
    ['{"start":{},"end":{},"error":"unable to connect to server: Connection refused"}', /refused/],
    ['{"end":{"sum_received":{"bits_per_second":1}},"error":"the server has terminated"}', /terminated/],
    ['iperf3: not found', /not found/],
  ])('says what went wrong: %j', (output, error) => {
    expect(parseBandwidth(output)).toEqual({ error: expect.stringMatching(error) })
  })
})

test('echoes that were lost are counted, not taken for quick', () => {
  expect(parseEchoes('10.81.2.1 : 0.36 - 0.05 12.5 -\n')).toEqual({
    milliseconds: [0.36, 0.05, 12.5],
    lost: 2,
  })
  expect(parseEchoes('10.81.2.1 : - -\n')).toEqual({ milliseconds: [], lost: 2 })
  expect(parseEchoes('fping: can’t create socket')).toEqual({ milliseconds: [], lost: 0 })
})

test('samples are told by their worst, middle, best and how far apart they are', () => {
  expect(spreadOf([190, 150, 200])).toEqual({
    samples: [190, 150, 200],
    min: 150,
    median: 190,
    max: 200,
    spreadPercent: 26.32,
  })
  expect(spreadOf([100]).spreadPercent).toBe(0)
  expect(median([4, 1, 3, 2])).toBe(2.5)
})

describe('pairs', () => {
  const shown = (apart: string[] = [], roles: RoleLookup = () => []) =>
    pairsOf({ plan, roles, spec: { apart } }).map(({ from, to, port }) => `${from.ssh}>${to.ssh}:${port}`)
  test('hosts of the same name by ssh, both ways', () => {
    expect(shown()).toEqual([
      'montpellier-files>toulouse-files:22',
      'toulouse-files>montpellier-files:22',
      'montpellier-gateway>toulouse-gateway:22',
      'toulouse-gateway>montpellier-gateway:22',
    ])
  })
  test('but for those that the plan keeps apart', () => {
    expect(shown(['gateway'])).toEqual([
      'montpellier-files>toulouse-files:22',
      'toulouse-files>montpellier-files:22',
    ])
  })
  test('and the ports at which components connect their sides, each its own', () => {
    const value = { source: { host: 'files', port: 5432 }, target: { host: 'files', port: 5433 } }
    const connects = (role: string) => (role === 'connects' ? [{ component: 'database', value }] : [])
    expect(shown([], connects as RoleLookup).slice(4)).toEqual([
      'montpellier-files>toulouse-files:5433',
      'toulouse-files>montpellier-files:5432',
    ])
  })
})

describe('the rate of the link for others', () => {
  const rate = (facts: Record<string, unknown>) =>
    kind.provides?.linkRate?.({ component, plan, facts: { link: factsOf(facts) } })

  test('is what was measured, else what the plan declares', () => {
    expect(rate({ bandwidthMbps: 190 })).toEqual({ mbps: 190, from: 'measured' })
    expect(rate({ bandwidthMbps: null })).toEqual({ mbps: 200, from: 'declared' })
    expect(rate({})).toEqual({ mbps: 200, from: 'declared' })
  })
})

describe('findings', () => {
  const sound = {
    declaredMbps: 200,
    bandwidthMbps: 190,
    bandwidthSpreadPercent: 2,
    latencyMilliseconds: 5,
    lostEchoes: 0,
    pathMtuBytes: 1500,
    pairsClosed: [],
  }
  const found = (facts: Record<string, unknown>) =>
    kind.findings(component, factsOf({ ...sound, ...facts }), { plan, mode: 'preparation', facts: {} })

  test('a sound link gives its rate and nothing else', () => {
    expect(found({}).map(({ id, level }) => `${id} ${level}`)).toEqual(['link.bandwidth ok'])
  })
  test.each([
    [{ bandwidthMbps: 149 }, 'slow', 'warn'],
    [{ bandwidthMbps: null, bandwidthWhyNot: 'not found' }, 'unmeasured', 'block'],
    [{ bandwidthSpreadPercent: 40 }, 'unstable', 'warn'],
    [{ pairsClosed: ['a → b:22'] }, 'closed', 'block'],
    [{ latencyMilliseconds: null }, 'no-echo', 'warn'],
    [{ latencyMilliseconds: 80 }, 'far', 'warn'],
    [{ lostEchoes: 1 }, 'losses', 'warn'],
    [{ pathMtuBytes: 1420 }, 'mtu', 'warn'],
  ])('%o: %s, %s', (facts, name, level) => {
    const finding = found(facts).find(({ id }) => id === `link.${name}`)
    expect(finding?.level).toBe(level)
    for (const text of [finding?.text, finding?.remedy]) {
      const sentence = kind.messages.en[text?.key ?? ''] ?? 'none {{none}}'
      const asked = [...sentence.matchAll(/\{\{(\w+)\}\}/g)].map(match => match[1])
      expect(Object.keys(text?.values ?? {})).toEqual(expect.arrayContaining(asked))
    }
  })
})
