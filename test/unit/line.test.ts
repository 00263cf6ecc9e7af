import { describe, expect, test } from 'vitest'
import { capState, isCapped, isFree } from '../../src/kinds/line/actions/cap.ts'
import { divert, pairsOf } from '../../src/kinds/line/commands.ts'
import { kind } from '../../src/kinds/line/index.ts'
import { lineSpec } from '../../src/kinds/line/spec.ts'
import { wanLineOf } from '../../src/kinds/line/wan-line.ts'
import type { Component, Plan } from '../../src/model/plan.ts'
import { recordingIo } from '../doubles/recording.ts'

const fields = {
  source: { host: 'gateway' },
  target: { host: 'gateway' },
  main: { interfaces: ['wan'], probe: { interface: 'intersite', address: '10.0.3.2' } },
  backup: { interface: 'backup', address: '198.51.100.12', declaredMbps: 20, capMbps: 5 },
  between: { source: ['10.0.1.0/24', '2001:db8:1::/48'], target: ['10.0.2.0/24', '2001:db8:2::/48'] },
}
const component = { id: 'line', spec: fields } as unknown as Component
const host = (ssh: string) => ({ gateway: { ssh, address: ssh, become: 'runuser' } })
const plan = {
  sites: { source: { hosts: host('west') }, target: { hosts: host('east') } },
} as unknown as Plan
const line = wanLineOf({ spec: lineSpec.parse(fields), plan })

const listing = (device: string, entries: number, pref: number) =>
  `filter protocol ip pref ${pref} u32 chain 0 \n`.concat(
    `filter protocol ip pref ${pref} u32 chain 0 fh 800::800\n  action order 1: mirred (Egress Redirect to device ${device}) stolen\n`.repeat(
      entries,
    ),
  )

/** What tc and ip say of a gateway. */
function gateway(said: { devices: string[]; kbit: number; entries: number; others?: string }) {
  const answer = (argv: readonly string[]): string => {
    const words = argv.join(' ')
    if (words.startsWith('ip -j')) return JSON.stringify(said.devices.map(ifname => ({ ifname })))
    if (words.includes('qdisc show dev backup')) {
      return JSON.stringify(said.entries > 0 || said.others ? [{ kind: 'clsact' }] : [])
    }
    if (words.includes('qdisc')) {
      return JSON.stringify([{ kind: 'tbf', options: { rate: (said.kbit * 1000) / 8 } }])
    }
    const way = words.endsWith('egress') ? 'up' : 'down'
    return (said.others ?? '') + listing(`bascule-${way}`, said.entries, way === 'up' ? 49_151 : 49_153)
  }
  return recordingIo({
    answers: [
      {
        takes: () => true,
        give: call => ({ exitCode: 0, stdout: 'argv' in call ? answer(call.argv) : '', stderr: '' }),
      },
    ],
  })
}
const both = ['lo', 'backup', 'bascule-up', 'bascule-down']

describe('the cap', () => {
  test('is for each pair of networks of one family, seen from the target', () => {
    expect(pairsOf(line.spec, 'egress')).toEqual([
      { from: '10.0.2.0/24', to: '10.0.1.0/24' },
      { from: '2001:db8:2::/48', to: '2001:db8:1::/48' },
    ])
    expect(divert('backup', 'ingress', { from: '2001:db8:1::/48', to: '2001:db8:2::/48' })).toEqual(
      expect.arrayContaining(['ipv6', 'ip6', 'bascule-down', '49154']),
    )
  })

  test.each([
    ['whole', { devices: both, kbit: 5000, entries: 2 }, true, false],
    ['of another rate', { devices: both, kbit: 8000, entries: 2 }, false, false],
    ['for one pair only', { devices: both, kbit: 5000, entries: 1 }, false, false],
    ['with its devices alone', { devices: both, kbit: 5000, entries: 0 }, false, false],
    ['not there', { devices: ['lo', 'backup'], kbit: 5000, entries: 0 }, false, true],
  ])('%s', async (_, said, capped, free) => {
    const state = await capState(line, gateway(said))
    expect([isCapped(line, state), isFree(state)]).toEqual([capped, free])
  })

  test('leaves filters of others where they are', async () => {
    const others = 'filter protocol ip pref 7 u32 chain 0\n'
    const state = await capState(line, gateway({ devices: both, kbit: 5000, entries: 2, others }))
    expect(state.othersFilter).toBe(true)
    expect(state.sides.egress.preferences).toEqual([49_151])
  })
})

test('the plan has to leave people something of the backup line', () => {
  const wrong = { ...fields, backup: { ...fields.backup, capMbps: 20 } }
  expect(lineSpec.safeParse(wrong).error?.issues[0]?.message).toBe('line.spec.cap')
})

test('the cap stands from the first copy to the end of the watch', () => {
  const steps = (mode: 'preparation' | 'rehearsal' | 'live' | 'close') =>
    kind.plan(component, {}, { plan, mode, facts: {} }).map(({ name }) => name)
  expect([steps('preparation'), steps('rehearsal'), steps('live'), steps('close')]).toEqual([
    ['cap'],
    [],
    [],
    ['uncap'],
  ])
})
