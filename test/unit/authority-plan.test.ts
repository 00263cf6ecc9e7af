import { describe, expect, test } from 'vitest'
import { checkAuthority, claimAuthority, kind } from '../../src/kinds/authority/index.ts'
import { canonicalJson } from '../../src/model/canonical.ts'
import { Failure } from '../../src/model/failure.ts'
import type { PlanContext } from '../../src/model/kind.ts'
import type { Component, Host, Plan } from '../../src/model/plan.ts'
import { rolesOf } from '../../src/model/roles.ts'
import { parsePlan } from '../../src/plan/parse.ts'
import { recordingIo } from '../doubles/recording.ts'
import { onCommand } from '../doubles/recording-answers.ts'
import { goodPlan, testKinds } from '../helpers/plan-kinds.ts'

const host = (ssh: string): Host => ({ ssh, address: '10.0.0.1', become: 'runuser' })
const plan = {
  name: 'techcorp',
  sites: {
    source: {
      id: 'montpellier',
      title: 'Montpellier',
      hosts: { database: host('m-db'), files: host('m-files') },
    },
    target: { id: 'toulouse', title: 'Toulouse', hosts: { database: host('t-db') } },
  },
} as unknown as Plan
const component = (spec = {}): Component => ({
  id: 'authority',
  kind: 'authority',
  title: 'Authority',
  criticality: 'critical',
  owner: 'lead',
  needs: [],
  spec,
})
const context = (mode: PlanContext['mode']): PlanContext => ({ plan, mode, facts: {} })
const standing = (fencingNumber: number, holder = 'ops', lineage = 'state-1') =>
  JSON.stringify({
    migration: 'techcorp',
    fencingNumber,
    site: 'montpellier',
    holder,
    at: '2026-12-12T21:00:00Z',
    lineage,
  })
const hosts = { source: ['m-db'], target: ['t-db'] }
const claimant = { planName: 'techcorp', fencingNumber: 5, holder: 'ops', lineage: 'state-1' }

describe('the plan', () => {
  test('passes authority in the live night alone, on every host, with a way back by hand', () => {
    expect(kind.plan(component(), {}, context('rehearsal'))).toEqual([])
    expect(kind.plan(component(), {}, context('preparation'))).toEqual([])
    const [step, ...more] = kind.plan(component(), {}, context('live'))
    expect(more).toEqual([])
    expect(step).toMatchObject({
      stage: 'handover',
      action: 'handover',
      params: { hosts: ['m-db', 'm-files', 't-db'] },
    })
    expect(step?.undo).toMatchObject({ possible: true, byHand: { values: { site: 'montpellier' } } })
  })

  test('may name fewer hosts, and only hosts that the site has', () => {
    const [step] = kind.plan(
      component({ hosts: { source: ['files'], target: ['database'] } }),
      {},
      context('live'),
    )
    expect(step?.params).toEqual({ hosts: ['m-files', 't-db'] })
    const wrong = component({ hosts: { source: ['mail'], target: ['database'] } })
    expect(() => kind.plan(wrong, {}, context('live'))).toThrow(Failure)
  })

  test('every sentence stands in both languages', () => {
    expect(Object.keys(kind.messages.fr).sort()).toEqual(Object.keys(kind.messages.en).sort())
  })
})

test('findings: a missing program and a migration that was carried out already block', () => {
  const at = '2026-12-01T09:00:00Z'
  const facts = {
    missingTools: { value: { 'm-db': ['flock'] }, unit: '', at },
    standing: { value: { 't-db': { site: 'toulouse', fencingNumber: 3 } }, unit: '', at },
  }
  const findings = kind.findings(component(), facts, context('live'))
  expect(findings.map(({ id, level }) => [id, level])).toEqual([
    ['authority.tools.m-db', 'block'],
    ['authority.elsewhere', 'block'],
  ])
})

describe('a claim', () => {
  test('that is refused anywhere writes nowhere', async () => {
    const io = recordingIo({ answers: [onCommand('m-db: sh', ''), onCommand('t-db: sh', standing(6))] })
    await expect(claimAuthority(hosts, claimant, 'montpellier', io)).rejects.toMatchObject({
      text: { key: 'authority.held', values: { host: 't-db', number: 6, mine: 5 } },
      exitCode: 75,
    })
    expect(io.changes()).toEqual([])
  })

  test('puts nothing into the script but arguments, and refuses what would break the file', async () => {
    const io = recordingIo({ answers: [onCommand(/./, '')] })
    await claimAuthority(hosts, claimant, 'montpellier', io)
    const written = io.changes().map(call => ('argv' in call ? call.argv.slice(4) : []))
    expect(written[0]).toEqual([
      '/var/lib/bascule/techcorp',
      'techcorp',
      '5',
      'montpellier',
      'ops',
      '2026-12-12T22:00:00.000Z',
      'state-1',
      'keep',
    ])
    await expect(claimAuthority(hosts, { ...claimant, holder: 'a"b' }, 'montpellier', io)).rejects.toThrow(
      TypeError,
    )
  })
})

describe('a check', () => {
  const check = (...answers: (string | Failure)[]) =>
    checkAuthority(
      hosts,
      claimant,
      recordingIo({
        answers: ['m-db', 't-db'].map((name, index) => onCommand(`${name}: sh`, answers[index] ?? '')),
      }),
    )

  test('passes while nobody newer stands, also where a host was missed or is silent', async () => {
    const silent = new Failure({ key: 'transport.unreachable' }, { code: 'unreachable' })
    await check(standing(5), standing(5))
    await check(standing(5), standing(4, 'earlier'))
    await check(standing(5), silent)
    await check(silent, silent)
  })

  test('fails with exit code 75 when somebody newer, or another with our number, stands', async () => {
    for (const other of [standing(6), standing(5, 'rival'), standing(1, 'ops', 'state-2')])
      await expect(check(standing(5), other)).rejects.toMatchObject({ exitCode: 75 })
  })

  test('fails when a host answers with what is not ours', async () => {
    await expect(check('hello', standing(5))).rejects.toMatchObject({ text: { key: 'authority.unreadable' } })
  })
})

test('the hosts that keep copies are the same by the plan of the journal, whose names stand in another order', () => {
  const written = goodPlan.replace(
    'components:\n',
    'components:\n  authority: {kind: authority, criticality: critical, owner: lead}\n',
  )
  const parsed = parsePlan([{ name: 'plan.yaml', text: written }], { ...testKinds, authority: kind })
  if (!('plan' in parsed)) throw new Error(JSON.stringify(parsed.errors))
  const placesBy = (by: Plan) => rolesOf(by, { authority: kind }, {})('journalCopies')[0]?.value.places
  const kept = JSON.parse(canonicalJson(parsed.plan)) as Plan
  expect(Object.keys(kept.sites.source.hosts)).toEqual(['app', 'database'])
  expect(placesBy(parsed.plan)?.map(({ host }) => host)).toEqual(['here-db', 'there-db'])
  expect(placesBy(kept)).toEqual(placesBy(parsed.plan))
})
