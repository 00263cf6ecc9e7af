import { describe, expect, it } from 'vitest'
import { kind as dns } from '../../src/kinds/dns/index.ts'
import type { Entry } from '../../src/model/event.ts'
import type { Text } from '../../src/model/text.ts'
import { type Evidence, evidenceForms, readEvidence } from '../../src/views/evidence.ts'
import { ticks } from '../../src/views/gantt.ts'
import { reportJson } from '../../src/views/json.ts'
import { report } from '../../src/views/report.ts'
import { reportDocument } from '../../src/views/report-document.ts'
import { toHtml } from '../../src/views/report-html.ts'
import { toMarkdown } from '../../src/views/report-markdown.ts'
import { resultsSection } from '../../src/views/report-tables.ts'
import { aViewedNight, type NightOptions, pictureOf } from '../helpers/night-run-views.ts'
import { strictFormatter } from '../helpers/strict-formatter.ts'

const evidence: Evidence = {
  cut: { auth: { seconds: 9, lastAtSource: '2026-12-12T21:00:00Z', firstAtTarget: '2026-12-12T21:00:09Z' } },
  ledger: { acknowledged: 1200, lost: 0, duplicated: 0 },
  counted: { dns: { records: 4, atSource: 0, atTarget: 4 } },
}

async function reported(options: NightOptions = {}, language: 'fr' | 'en' = 'en') {
  const night = aViewedNight(options)
  await night.carryOut(false)
  const [runView, formatter] = [pictureOf(night), strictFormatter(language)]
  const journal = { entries: night.journal.kept.length, head: 'ab'.repeat(32), verified: true }
  const view = report({ runView, entries: night.journal.entries(), journal, evidence }, formatter)
  const document = reportDocument(view, runView, formatter, { ...dns.evidence })
  return {
    view,
    json: reportJson(view, formatter),
    markdown: toMarkdown(document),
    html: toHtml(document),
    night,
  }
}

describe('report', () => {
  it('of a night that went as planned tells times, checks, who signed, the cut and the seal', async () => {
    const { view, markdown } = await reported()
    expect(view).toMatchObject({ outcome: 'moved', wouldLose: 'reverse-channel', deviations: [] })
    for (const told of ['✔ GO', 'Ana Diaz', '0 s (threshold = 0)', '| auth | 21:00:00 | 21:00:09 | 0:09 |']) {
      expect(markdown).toContain(told)
    }
    expect(markdown).toContain('ab'.repeat(32))
    expect(markdown).toContain('1200 writes acknowledged, 0 lost, 0 duplicated')
    expect(markdown).toContain('4 records: 0 at the source, 4 at the target')
  })

  it('of a night undone tells trigger, what was undone, and that nothing is lost', async () => {
    const { view, markdown } = await reported({ values: { T10: 3 } })
    expect(view).toMatchObject({ outcome: 'rolled-back', wouldLose: 'nothing-before-reopening' })
    expect(view.deviations.map(deviation => deviation.what)).toEqual(['rollback', 'check'])
    expect(markdown).toContain('↩ undone')
  })

  it('of a rollback that people finished by hand says so, who did it and why, and claims nothing of it', async () => {
    const night = aViewedNight({ values: { T10: 3 } })
    await night.carryOut(false)
    const [runView, formatter] = [pictureOf(night), strictFormatter('en')]
    const undone = Object.entries(runView.run?.steps ?? {}).filter(([, { undo }]) => undo !== undefined)
    const [[byHand, state] = [], [leftOut, other] = []] = undone
    if (runView.run === undefined || byHand === undefined || state === undefined) throw new Error('no undo')
    if (leftOut === undefined || other === undefined) throw new Error('one undo alone')
    const as = (step: typeof state, how: 'by-hand' | 'skipped') => ({
      ...step,
      undo: { status: 'done' as const, attempt: 1, failures: 2, how },
    })
    const order = { do: 'done' as const, step: byHand, reason: 'started with systemctl' }
    const given = {
      type: 'order.received' as const,
      order: { id: '1', at: '2026-12-12T21:00:00Z', by: 'marc', order },
    }
    const entries = [
      ...night.journal.entries(),
      { sequence: 0, at: '', run: 'run', event: given, previousHash: '', hash: '' },
    ]
    const steps = { ...runView.run.steps, [byHand]: as(state, 'by-hand'), [leftOut]: as(other, 'skipped') }
    const run = { ...runView.run, steps, outcome: 'rolled-back-by-hand' as const }
    const journal = { entries: 1, head: '', verified: true }
    const seen = { ...runView, run }
    const view = report({ runView: seen, entries, journal }, formatter)
    expect(view).toMatchObject({ outcome: 'rolled-back-by-hand' })
    expect(view.deviations).toContainEqual(
      expect.objectContaining({ what: 'undoneByHand', id: byHand, text: expect.stringContaining('marc') }),
    )
    expect(view.deviations).toContainEqual(expect.objectContaining({ what: 'undoSkipped', id: leftOut }))
    const markdown = toMarkdown(reportDocument(view, seen, formatter))
    for (const told of ['rolled back, partly by hand', '✎ undone by hand', '− undo skipped'])
      expect(markdown).toContain(told)
  })

  it('tells what was left out, by whose word, and what that means for users', async () => {
    const night = aViewedNight()
    await night.carryOut(false)
    const [runView, formatter] = [pictureOf(night), strictFormatter('en')]
    const [first, ...rest] = runView.runbook.steps
    if (first === undefined || runView.run === undefined) throw new Error('no step')
    const { component } = first
    const left = { key: 'test.mend' as const }
    const mayLeaveOut = [{ part: 'ns2:53', means: left, meansRolledBack: { key: 'test.cannot' as const } }]
    const leftOut = [
      { component, part: 'ns2:53', at: '2026-12-12T21:00:00Z', reason: 'no power', by: 'marc' },
    ]
    const seen = {
      ...runView,
      runbook: { ...runView.runbook, steps: [{ ...first, mayLeaveOut }, ...rest] },
      run: { ...runView.run, leftOut },
    }
    const journal = { entries: 1, head: '', verified: true }
    const view = report({ runView: seen, entries: [], journal }, formatter)
    expect(view.leftOut).toMatchObject([{ part: 'ns2:53', by: 'marc', means: formatter.say(left) }])
    expect(view.deviations).toContainEqual(
      expect.objectContaining({ what: 'leftOut', text: expect.stringMatching(/ns2:53 .* marc: no power/) }),
    )
    const rollback = { sequence: 12, at: '2026-12-12T21:00:00Z', trigger: 'order' as const, why: left }
    const undone = report(
      { runView: { ...seen, run: { ...seen.run, rollback } }, entries: [], journal },
      formatter,
    )
    expect(undone.leftOut).toMatchObject([{ means: formatter.say({ key: 'test.cannot' }) }])
  })

  it('tells when a line was lost, and for how long', async () => {
    const { view } = await reported({ outages: [{ from: 3, to: 60 }] })
    expect(view.outcome).toBe('moved')
    expect(view.deviations).toContainEqual({
      what: 'lineLost',
      id: 'line',
      text: 'line: lost at 21:00:06 for 54 s; transfers waited',
    })
  })

  it('lists what nobody compares, as the last audit told it, and no other finding', async () => {
    const night = aViewedNight()
    const [runView, formatter] = [pictureOf(night), strictFormatter('en')]
    const finding = (id: string, text: Text) => ({ id, component: 'names', level: 'ok' as const, text })
    const findings = [
      finding('names.not-compared', { key: 'dns.figure.servers' }),
      finding('names.ready', { key: 'dns.figure.primary' }),
    ]
    const event = { type: 'findings.recorded' as const, findings }
    const recorded = { sequence: 0, at: '', run: 'audit-1', event, previousHash: '', hash: '' }
    const journal = { entries: 1, head: 'ab'.repeat(32), verified: true }
    const told = (entries: Entry[]) => {
      const view = report({ runView, entries, journal }, formatter)
      return reportDocument(view, runView, formatter).sections.find(({ id }) => id === 'not-compared')
    }
    expect(told([recorded])).toMatchObject({
      title: 'Not compared',
      blocks: [{ rows: [{ label: 'names', value: { text: formatter.say({ key: 'dns.figure.servers' }) } }] }],
    })
    expect(told([])).toBeUndefined()
  })

  it('has a row for what a step measured, and none where that is for scripts alone', async () => {
    const night = aViewedNight()
    const [seen, formatter] = [pictureOf(night), strictFormatter('en')]
    const [sent, listed] = seen.runbook.steps
    const forms = { sentBytes: { label: 'dns.figure.records', unit: 'B' } } as const
    const runView = { ...seen, runbook: { ...seen.runbook, figures: { [sent?.kind ?? '']: forms } } }
    const { view } = await reported()
    const results = {
      [sent?.id ?? '']: { sentBytes: 2e6, sentFiles: 3 },
      [listed?.id ?? '']: { peers: ['a', 'b'] },
    }
    const section = resultsSection({ ...view, results }, runView, formatter)
    expect(section?.blocks).toMatchObject([{ rows: [[{}, { text: expect.stringMatching(/2000000 B/) }]] }])
    const nothing = { [listed?.id ?? '']: results[listed?.id ?? ''] ?? {} }
    expect(resultsSection({ ...view, results: nothing }, runView, formatter)).toBeUndefined()
  })

  it('before the handover the source has kept every write', async () => {
    const { view } = await reported({ values: { T9: 1 } })
    expect(view).toMatchObject({ outcome: 'rolled-back', wouldLose: 'nothing-source-kept' })
  })

  it('has the fields that scripts read', async () => {
    const { json } = await reported()
    expect(json).toMatchObject({
      outcome: 'moved',
      cut: evidence.cut,
      ledger: evidence.ledger,
      dns: evidence.counted?.dns,
    })
    const [step] = json.steps
    expect(step).toMatchObject({
      id: 'auth.maintenance',
      plannedSeconds: 2,
      actualSeconds: 2,
      outcome: 'done',
    })
    expect(json.journal).toMatchObject({ verified: true })
    expect(JSON.parse(JSON.stringify(json))).toEqual(json)
  })

  it('as HTML asks nothing of the network, runs nothing, and names its language', async () => {
    const { html } = await reported({}, 'fr')
    expect(html).toContain('<html lang="fr">')
    expect(html).not.toMatch(/<script|<link|<img|src=|@import|url\((?!#)|https?:/)
    const headings = html.match(/<h2 id=/g) ?? []
    expect(headings.length).toBeGreaterThan(6)
    expect(html).toMatch(/<svg[^>]+role="img" aria-labelledby="gantt-title gantt-description"/)
  })

  it('lets nothing that people typed become markup', async () => {
    const note = '<script>alert(1)</script> | **bold** `x`\nnew'
    const night = aViewedNight()
    const first = night.people[0]
    if (first?.order.do === 'go') first.order.note = note
    await night.carryOut(false)
    const [runView, formatter] = [pictureOf(night), strictFormatter()]
    const journal = { entries: 1, head: '', verified: true }
    const view = report({ runView, entries: night.journal.entries(), journal }, formatter)
    const document = reportDocument(view, runView, formatter)
    expect(toHtml(document)).not.toContain('<script>')
    const markdown = toMarkdown(document)
    expect(markdown).not.toMatch(/(?<!\\)<script/)
    for (const line of markdown.split('\n').filter(text => text.startsWith('| ✔ GO'))) {
      expect(line.match(/(?<!\\)\|/g)).toHaveLength(7)
    }
  })

  it('draws planned and actual bars inside the chart', async () => {
    const { html } = await reported({ values: { T10: 3 } })
    const bars = [...html.matchAll(/<rect class="bar (\w+)" x="([\d.]+)" width="([\d.]+)"/g)]
    expect(new Set(bars.map(bar => bar[1]))).toEqual(new Set(['planned', 'actual', 'undone']))
    for (const [, , left, width] of bars) {
      expect(Number(left)).toBeGreaterThanOrEqual(400)
      expect(Number(left) + Number(width)).toBeLessThanOrEqual(1080)
    }
  })
})

describe('ticks', () => {
  it('are at most nine, round, and inside', () => {
    for (const seconds of [1, 7, 50, 400, 7200, 100_000, 3_000_000]) {
      const [from, to] = [1_000_500, 1_000_500 + seconds * 1000]
      const found = ticks(from, to)
      expect(found.length).toBeLessThanOrEqual(9)
      expect(found.every(tick => tick >= from && tick <= to)).toBe(true)
    }
  })
})

describe('evidence', () => {
  const forms = evidenceForms({ dns })

  it('is read with the fields that kinds have a form for; others are left out', () => {
    const given = { cut: evidence.cut, ...evidence.counted, unknown: 1 }
    expect(readEvidence('e.json', JSON.stringify(given), forms)).toEqual({
      cut: evidence.cut,
      counted: evidence.counted,
    })
  })

  it.each(['no JSON', '{"cut": 3}', '{"dns": {"records": 4}}'])('is refused: %s', text => {
    expect(() => readEvidence('e.json', text, forms)).toThrow(/views\.evidence\.invalid.*e\.json/s)
  })
})
