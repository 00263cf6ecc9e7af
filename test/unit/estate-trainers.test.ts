import { describe, expect, it } from 'vitest'
import type { TrainerEntry } from '../../lab/trainers/ledger.ts'
import { parseOptions } from '../../lab/trainers/options.ts'
import { pastTheTunnel } from '../../lab/trainers/past-the-tunnel.ts'
import { summarize } from '../../lab/trainers/summary.ts'

const at = (second: number) => new Date(Date.UTC(2026, 11, 12, 22, 0, second)).toISOString()
const asked = (second: number) => ({ at: at(second), startedAt: at(second), milliseconds: 0 })
const reached = (second: number, site: string): TrainerEntry => ({
  kind: 'through',
  ...asked(second),
  outcome: 'ok',
  status: 200,
  site,
})
const missed = (second: number): TrainerEntry => ({ kind: 'through', ...asked(second), outcome: 'timeout' })
const door = (second: number, leaked: boolean): TrainerEntry => ({
  kind: 'without',
  ...asked(second),
  door: 'gateway',
  site: 'toulouse',
  address: '10.80.2.1',
  port: 80,
  outcome: leaked ? 'ok' : 'timeout',
  leaked,
})

describe('what a trainer’s ledger says', () => {
  it('is counted over all and in windows of time', async () => {
    const entries = [
      reached(1, 'montpellier'),
      door(2, false),
      missed(3),
      missed(4),
      door(5, true),
      reached(6, 'toulouse'),
    ]
    const summary = await summarize(entries, { before: { to: at(2) }, after: { from: at(5) } })
    const nothing = { reached: 0, failed: 0, failures: {}, sites: {}, tried: 0, leaks: 0 }
    expect(summary).toEqual({
      reached: 2,
      failed: 2,
      failures: { timeout: 2 },
      sites: { montpellier: 1, toulouse: 1 },
      tried: 2,
      leaks: 1,
      windows: {
        before: { ...nothing, reached: 1, sites: { montpellier: 1 }, tried: 1 },
        after: { ...nothing, reached: 1, sites: { toulouse: 1 }, tried: 1, leaks: 1 },
      },
    })
  })
})

describe('options of a trainer', () => {
  const needed = [
    ...['--trainer', 't', '--ledger', 'l', '--url', 'http://dashboard.techcorp.test/summary'],
    ...['--inside', '10.80.6.31', '--outside', '10.80.4.31'],
  ]
  it('say where the dashboard is looked up, and which doors are tried', () => {
    const view = ['--view', '10.80.4.54:5353', '--door', 'public,toulouse,10.80.4.12,80']
    expect(parseOptions([...needed, ...view])).toMatchObject({
      lookup: { address: '10.80.4.54', port: 5353 },
      doors: [{ door: 'public', site: 'toulouse', address: '10.80.4.12', port: 80 }],
      timeoutMilliseconds: 3000,
    })
    expect(parseOptions([...needed, '--address', '10.80.1.1']).lookup).toEqual({ fixed: '10.80.1.1' })
  })

  it.each([
    [[], '--view ADDRESS:PORT or --address is needed'],
    [['--address', '10.80.1.1', '--door', 'cellar,toulouse,10.80.2.1,80'], '--door cellar'],
    [['--address', '10.80.1.1', '--every-seconds', '0'], '--every-seconds 0'],
  ])('are refused when they are wrong: %j', (more, said) => {
    expect(() => parseOptions([...needed, ...more])).toThrow(said)
  })
})

it('a way past the tunnel is for what is sent from outside it alone', () => {
  expect(pastTheTunnel(0, '10.80.4.31').map(argv => argv.join(' '))).toEqual([
    'ip route replace 10.80.1.0/24 via 10.80.4.11 table 66',
    'ip route replace 10.80.2.0/24 via 10.80.4.12 table 66',
    'ip rule delete from 10.80.4.31 table 66',
    'ip rule add from 10.80.4.31 table 66',
  ])
})
