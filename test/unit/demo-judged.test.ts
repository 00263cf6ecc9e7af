import { describe, expect, it } from 'vitest'
import { type Judged, judged, wrongIn } from '../../lab/demo/judged.ts'
import { standOf } from '../../lab/demo/names-stand.ts'
import type { TrainerVerdict } from '../../lab/demo/trainers.ts'
import type { PlannedRecord } from '../../src/kinds/dns/spec.ts'

const record = (
  name: string,
  type: PlannedRecord['type'],
  source: string[],
  target: string[],
): PlannedRecord => ({
  ...{ key: `${name} ${type}`, name, type, source, target },
})
const planned = [
  record('auth.techcorp.test', 'A', ['10.80.4.11'], ['10.80.4.12']),
  record('files.techcorp.test', 'A', ['10.80.4.11', '10.80.4.21'], ['10.80.4.12']),
  record('www.techcorp.test', 'CNAME', ['auth.techcorp.test'], ['files.techcorp.test']),
]
/** As Knot prints a zone. */
const zone = (...lines: string[]) =>
  ['techcorp.test. 10 SOA ns.techcorp.test. hostmaster.techcorp.test. 1 3600 600 604800 10', ...lines]
    .map(line => `[techcorp.test.] ${line}`)
    .join('\n')
const atSource = [
  'auth.techcorp.test. 10 A 10.80.4.11',
  'files.techcorp.test. 10 A 10.80.4.21',
  'files.techcorp.test. 10 A 10.80.4.11',
  'www.techcorp.test. 10 CNAME auth.techcorp.test.',
]

describe('where the names stand', () => {
  it('is read from the zone: owner, type and the whole set of data', () => {
    expect(standOf(planned, zone(...atSource))).toEqual({ records: 3, atSource: 3, atTarget: 0 })
    const moved = [
      'Auth.techcorp.test. 5 A 10.80.4.12',
      'files.techcorp.test. 5 A 10.80.4.12',
      'www.techcorp.test. 5 CNAME files.techcorp.test.',
    ]
    expect(standOf(planned, zone(...moved))).toEqual({ records: 3, atSource: 0, atTarget: 3 })
  })

  it.each([
    ['one address of two is left', atSource.slice(0, 2).concat(atSource.slice(3)), 2],
    ['one is the target’s', ['auth.techcorp.test. 10 A 10.80.4.12', ...atSource.slice(1)], 2],
    ['both are given', ['auth.techcorp.test. 10 A 10.80.4.12', ...atSource], 2],
    ['another name says it', ['x.auth.techcorp.test. 10 A 10.80.4.11', ...atSource.slice(1)], 2],
    ['there is no zone', [], 0],
  ])('not at the source: %s', (_, lines, expected) => {
    expect(standOf(planned, zone(...lines)).atSource).toBe(expected)
  })
})

describe('the demo’s verdict', () => {
  const whole: Judged = {
    outcome: 'rolled-back',
    cut: { auth: { outcome: 'returned', seconds: 3, stragglersAtSource: 0, outages: [], servedAtEnd: true } },
    ledger: { attempted: 9, acknowledged: 9, lost: 0, duplicated: 0, lostAsTold: 0 },
    journal: { entries: 9, verified: true },
    dns: { records: 4, atSource: 4, atTarget: 0 },
    sessionsLost: 0,
    vpn: { trainers: [] },
    forwarder: { clients: 0, byService: {} },
    stubborn: { requests: 20, failedAfterReopening: 0, failures: {} },
  }
  const moved: Judged = {
    ...whole,
    outcome: 'moved',
    dns: { records: 4, atSource: 0, atTarget: 4 },
    forwarder: { clients: 2, byService: { web: 1, vpn: 1 } },
  }
  const looks = { reached: 9, failed: 0 }
  const trainer: TrainerVerdict = {
    ...{ name: 'trainer-name', reached: 27, sites: { montpellier: 18, toulouse: 9 }, tried: 40 },
    ...{ withoutTunnel: 0, before: looks, rehearsal: looks, after: looks, backAfterSeconds: 3 },
  }
  const trainers = (changed: Partial<TrainerVerdict>) => ({ trainers: [trainer, { ...trainer, ...changed }] })

  it('is the night’s own when all is as it must be', () => {
    expect(judged(wrongIn(whole), 20)).toBe(20)
    expect(judged(wrongIn(moved), 0)).toBe(0)
    expect(judged(wrongIn({ ...moved, vpn: trainers({ rehearsal: null }) }), 0)).toBe(0)
  })

  it.each([
    ['dns', { ...whole, dns: { records: 4, atSource: 3, atTarget: 1 } }],
    ['dns', { ...whole, dns: moved.dns }],
    ['dns', { ...moved, dns: whole.dns }],
    ['dns', { ...whole, dns: { records: 0, atSource: 0, atTarget: 0 } }],
    ['lost', { ...whole, ledger: { ...whole.ledger, lost: 1 } }],
    ['duplicated', { ...whole, ledger: { ...whole.ledger, duplicated: 1 } }],
    ['sessions', { ...whole, sessionsLost: 1 }],
    ['journal', { ...whole, journal: { entries: 9, verified: false } }],
    ['served', { ...whole, cut: { ...whole.cut, files: { ...whole.cut.auth, servedAtEnd: false } } }],
    ['served', { ...whole, cut: {} }],
    ['vpn', { ...whole, vpn: trainers({ withoutTunnel: 1 }) }],
    ['vpn', { ...whole, vpn: trainers({ after: { reached: 0, failed: 0 } }) }],
    ['vpn', { ...whole, vpn: trainers({ rehearsal: { reached: 5, failed: 1 } }) }],
    ['stubborn', { ...moved, stubborn: { requests: 20, failedAfterReopening: 1, failures: { refused: 1 } } }],
    ['forwarder', { ...moved, forwarder: { clients: 0, byService: {} } }],
  ])('is a failure when %s is not', (what, verdict) => {
    expect(wrongIn(verdict as Judged)).toEqual([what])
    expect(judged(wrongIn(verdict as Judged), 20)).toBe(1)
  })
})
