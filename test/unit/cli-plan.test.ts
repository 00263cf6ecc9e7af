import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { openJournal } from '../../src/journal/journal.ts'
import { loadKinds } from '../../src/kinds/registry.ts'
import { openPlan } from '../../src/plan/load.ts'
import { knownFrom, knownNow } from '../../src/run/known-facts.ts'
import { CommandLine, documentOf } from '../helpers/command-line.ts'
import { aPlan, aStep } from '../helpers/small-runbook.ts'
import { examplePlan, moved, stateWith, waitingAtGo } from '../helpers/state-directory.ts'

const line = new CommandLine()
const stateOf = (name: string) => join(line.home, name)
const type = (state: string, ...argv: string[]) =>
  line.type('plan', '--plan', examplePlan, '--state', stateOf(state), ...argv)
/** Laid over the example. */
function overlay(name: string, text: string): string[] {
  const file = join(line.home, `${name}.yaml`)
  writeFileSync(file, text)
  return ['--overlay', file]
}

beforeAll(async () => {
  await stateWith(stateOf('audited'), waitingAtGo)
  await stateWith(stateOf('moved'), moved)
})

/** Its two kinds have nothing to block without facts. */
const smallPlan = `
bascule: 1
name: shop
title: The shop moves to Lyon
zone: Europe/Paris
window: {start: 2026-12-12T22:00, length: 2 h, rollbackReserve: 20 min}
sites:
  source: {id: paris, title: Paris, hosts: {shop: {ssh: paris-shop, address: 192.0.2.11}}}
  target: {id: lyon, title: Lyon, hosts: {shop: {ssh: lyon-shop, address: 198.51.100.11}}}
signatures: declared
people: [{role: lead, name: Claire Martin, contact: +33 6 39 98 02 01, available: J-14 to J+7}]
components:
  shop:
    kind: service
    criticality: critical
    owner: lead
    source: {host: shop, url: "http://192.0.2.11:8080"}
    target: {host: shop, url: "http://198.51.100.11:8080"}
    manager: {systemd: shop.service}
    publicUrl: "https://shop.example.org"
    maintenance: {host: shop, file: /etc/maintenance/shop}
    health: {path: /health}
  authority: {kind: authority, criticality: critical, owner: lead}
gates: {go: {signoffs: [lead]}, integrity: {signoffs: []}, reopen: {signoffs: [lead]}}
rollback: {databaseStart: 5 min, serviceStartAttempts: 3}
`

type Row = { id: string; what: string; start: Record<string, string>; [field: string]: unknown }
type Document = { steps: Row[]; forecast?: Record<string, unknown>; facts: Record<string, unknown> }
const planned = async (...argv: Parameters<typeof type>) =>
  documentOf(await type(...argv)) as unknown as Document

describe('plan', () => {
  it('shows each step, gate and person beside its planned and forecast times, and the facts’ age', async () => {
    const { exitCode, stdout, stderr } = await type('audited')
    // the facts of this state are empty: the audit's findings block, and the window is long enough
    expect([exitCode, stderr]).toEqual([10, ''])
    expect(stdout).toMatch(/^TechCorp .*: 43 steps, 3 gates\. Window .*22:00:00 Europe\/Paris → 00:00:00\./)
    expect(stdout).toMatch(/Facts of the audit of Sat 12 Dec 2026 22:00:00 Europe\/Paris, .* ago\./)
    expect(stdout).toMatch(/planned +begins P50 +ends P50 +ends P95 +critical +slack +measured/)
    expect(stdout).toMatch(/◆ 22:00:00 +22:00:00 +22:\S+ +22:\S+ +100 % .*gate go: measure \d+ checks/)
    expect(stdout).toMatch(/22:00:00 +22:\S+ +22:\S+ +22:\S+ .*gate go: GO of dba \(Sophie Reynaud\)/)
    expect(stdout).toMatch(/database: promote the target/)
    expect(stdout).toMatch(
      /End of the work: 22:\S+ at P50, 22:\S+ at P80, 22:\S+ at P95\. It must come by 23:40:00/,
    )
    expect(stdout).toMatch(/sign-offs given in 50 % less time/)
    expect(stdout).toMatch(/The night fits its window in 100 % of 10,000 simulated nights\./)
  })

  it('with --json has the fields that docs/commands.md names', async () => {
    const { steps, forecast, facts } = await planned('audited', '--json')
    expect(facts).toEqual({ unknown: [], auditedAt: expect.any(String) })
    expect(forecast).toMatchObject({
      ...{ simulations: 10_000, percentile: 95, chanceToFit: 1, fits: true },
      finish: { p50: expect.any(String), p80: expect.any(String), p95: expect.any(String) },
      ...{ finishBy: '2026-12-12T22:40:00.000Z', reopenBy: expect.any(String) },
      helps: expect.arrayContaining([
        { what: 'people', percent: 50, earlierSeconds: expect.any(Number), chanceGain: expect.any(Number) },
      ]),
    })
    expect(steps.find(({ id }) => id === 'database.promote')).toMatchObject({
      ...{ what: 'step', component: 'database', stage: 'handover', undo: true, criticality: 1 },
      ...{ plannedStart: expect.any(String), plannedEnd: expect.any(String), owner: 'dba' },
      rollbackSeconds: { p50: expect.any(Number), p80: expect.any(Number), p95: expect.any(Number) },
      basis: { from: 'estimate' },
    })
    expect(steps.find(({ id }) => id === 'go/dba')).toMatchObject({ what: 'sign-off', owner: 'dba' })
    const starts = steps.map(({ start }) => start.p50 ?? '')
    expect(starts).toEqual(starts.toSorted())
  })

  it('with --html writes a page that has the findings of check at their lines, and prints the verdict alone', async () => {
    const page = join(line.home, 'night.html')
    const wrong = overlay('wrong', 'phases: { late: { title: Late, days: J+9, owner: lead } }\n')
    const { exitCode, stdout, stderr } = await type('audited', ...wrong, '--html', page)
    expect([exitCode, stderr.trim()]).toEqual([10, `Written: ${page}`])
    expect(stdout).toMatch(/^The night fits its window[^\n]*\n$/)
    const html = readFileSync(page, 'utf8')
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/)
    expect(html).toMatch(/<code>[^<]*wrong\.yaml:\d+:\d+<\/code>/)
    const french = await type('audited', '--lang', 'fr', '--html', page)
    expect([french.exitCode, readFileSync(page, 'utf8')]).toEqual([
      10,
      expect.stringContaining('<html lang="fr">'),
    ])
    expect(readFileSync(page, 'utf8')).not.toMatch(
      /\b(views|run|runbook|cli|plan|postgres|files)\.[a-z]+\.[a-zA-Z]+|\{\{/,
    )
    const nowhere = await type('audited', '--html', join(line.home, 'no/where.html'))
    expect([nowhere.exitCode, nowhere.stdout]).toEqual([expect.any(Number), ''])
    expect(nowhere.exitCode).not.toBe(0)
  })

  it('that does not fit its window ends with exit code 12, by the percentile that the plan names', async () => {
    const window = 'window: { length: 20 min, rollbackReserve: 0 s }\nrollback: { margin: 0 s }\n'
    const tooShort = await type('audited', ...overlay('short', window))
    expect([tooShort.exitCode, tooShort.stdout]).toEqual([
      12,
      expect.stringMatching(
        /window is too short: the night fits it in .* simulated nights\. The plan requires 95 %/,
      ),
    ])
    const half = await planned(
      'audited',
      ...overlay('half', `${window}forecast: { percentile: P50 }\n`),
      '--json',
    )
    expect(half.forecast).toMatchObject({ percentile: 50, fits: true })
    const slow = await planned(
      'audited',
      ...overlay('slow', `${window}forecast: { signoff: 10 min }\n`),
      '--json',
    )
    expect(slow.forecast?.chanceToFit).toBeLessThan(0.01)
  })

  it('that fits and is blocked by nothing ends with exit code 0', async () => {
    const file = join(line.home, 'small.yaml')
    writeFileSync(file, smallPlan)
    await stateWith(stateOf('small'), () => [], 'live', file)
    const { exitCode, stdout } = await line.type('plan', file, '--state', stateOf('small'))
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/fits its window in 100 %/)])
    // gates without checks have nothing to measure
    expect(stdout).not.toMatch(/measure 0 checks/)
  })

  it('takes what the journal has measured, and says how much that is', async () => {
    const { steps } = await planned('moved', '--json')
    // done in one second each there
    expect(steps.find(({ id }) => id === 'database.promote')?.basis).toEqual({
      ...{ from: 'centred', measured: 1, of: 'itself' },
    })
    expect((await type('moved')).stdout).toMatch(/~ × 1 .*database: promote the target/)
  })

  it('without facts of a component gives no forecast, and names it; the other steps are shown', async () => {
    const { components } = await openPlan([examplePlan], await loadKinds())
    mkdirSync(stateOf('some'))
    const file = join(stateOf('some'), 'journal.db')
    const journal = openJournal(file, { redact: value => value, now: () => '2026-12-01T10:00:00Z' })
    for (const component of Object.keys(components).filter(id => id !== 'database'))
      journal.append('audit', { type: 'facts.recorded', component, facts: {} })
    journal.close()
    const { exitCode, stdout } = await type('some')
    expect(exitCode).toBe(10)
    expect(stdout).toMatch(/blocking database: No audit has asked this component yet/)
    expect(stdout).toMatch(/No forecast: no facts of database\..*`bascule plan --audit`/)
    expect(stdout).toMatch(/^ {2}database: promote the target/m)
    expect(stdout).not.toMatch(/planned|P95|simulated/)
    const { forecast, facts } = await planned('some', '--json')
    expect([forecast, facts.unknown]).toEqual([undefined, ['database']])
  })

  it('is said in French too, no sentence missing', async () => {
    const { stdout } = await type('audited', '--lang', 'fr')
    expect(stdout).toMatch(/Durées\u00a0: 0 sur \d+ mesurées/)
    expect(stdout).not.toMatch(/\b(views|run|runbook|cli|postgres|files|dns)\.[a-z]+\.[a-zA-Z]+/)
    expect(stdout).not.toContain('{{')
  })

  it('reads the plan that is typed after it', async () => {
    const { exitCode, stdout } = await line.type('plan', examplePlan, '--state', stateOf('audited'), '--json')
    expect([exitCode, JSON.parse(stdout).plan]).toEqual([10, 'techcorp'])
    expect(await line.type('plan', '/nowhere.yaml')).toMatchObject({ exitCode: 2 })
  })
})

describe('what is known before a night', () => {
  const plan = aPlan([aStep('a.one'), aStep('b.one')])

  it('is nothing before any audit of one of its components', () => {
    expect(knownFrom([], plan, {})).toBeUndefined()
  })

  it('of an audit that has just ended is what it could ask', () => {
    const at = '2026-12-01T10:00:00Z'
    expect(knownNow({ facts: { a: {} }, findings: [] }, plan, at)).toEqual({
      ...{ facts: { a: {} }, findings: [], unknown: ['b'], auditedAt: at },
    })
    expect(knownNow({ facts: {}, findings: [] }, plan, at)).not.toHaveProperty('auditedAt')
  })
})
