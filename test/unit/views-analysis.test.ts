import { describe, expect, it } from 'vitest'
import type { Run } from '../../src/model/run.ts'
import { type Analysis, analysis } from '../../src/views/analysis.ts'
import { analysisDocument } from '../../src/views/analysis-document.ts'
import { analysisJson } from '../../src/views/json.ts'
import { toMarkdown } from '../../src/views/report-markdown.ts'
import { aViewedNight, type NightOptions, pictureOf } from '../helpers/night-run-views.ts'
import { strictFormatter } from '../helpers/strict-formatter.ts'

async function analysed(options: NightOptions = {}, language: 'fr' | 'en' = 'en') {
  const night = aViewedNight(options)
  await night.carryOut(false)
  const [runView, formatter] = [pictureOf(night), strictFormatter(language)]
  const view = analysis(runView, night.journal.entries())
  if (view === undefined) throw new Error('no run')
  return {
    night,
    runView,
    view,
    json: analysisJson(view, formatter),
    markdown: toMarkdown(analysisDocument(view, runView, formatter)),
  }
}

describe('the analysis of a night', () => {
  it('of one that went well measures every stage, gate and step, and offers no other window', async () => {
    const { view, runView, markdown } = await analysed()
    expect([view.cause, view.rollback, view.windows]).toEqual([undefined, undefined, []])
    expect(view.stages.every(({ begun, steps }) => begun === steps)).toBe(true)
    expect(view.again).toMatchObject({ measured: 8, steps: 8, windowSeconds: 7200, reserveSeconds: 600 })
    expect(view.gates.map(({ id, opened }) => [id, opened])).toEqual([
      ['go', true],
      ['integrity', true],
      ['reopen', true],
    ])
    const steps = runView.runbook.steps.map(({ id }) => id)
    expect(view.steps.map(({ id }) => id).toSorted()).toEqual(steps.toSorted())
    expect(markdown).toContain('**with the measured durations the run fits in the window**')
    expect(markdown).toContain('| Last incremental copy | 1/1 | 0:30 | 0:02 | −0:28 |')
  })

  it('of one that was undone tells the cause, what was never begun, the rollback and the next windows', async () => {
    const { view, json, markdown } = await analysed({ values: { T10: 3 } }, 'fr')
    expect(view.cause).toMatchObject({ why: { key: 'run.why.checkFailed' } })
    expect(json.cause).toMatchObject({ why: 'run.why.checkFailed' })
    expect(view.stages.find(({ id }) => id === 'switch')).toEqual({
      ...{ id: 'switch', steps: 1, begun: 0, forecastSeconds: 2 },
    })
    expect(view.again).toMatchObject({ measured: 6, steps: 8 })
    expect(view.rollback?.steps.map(({ id }) => id)).toContain('database.promote')
    expect(view.windows.map(({ start, inDays }) => [start.slice(0, 10), inDays])).toEqual([
      ['2026-12-19', 7],
      ['2026-12-26', 14],
      ['2027-01-02', 21],
      ['2027-01-09', 28],
    ])
    expect(markdown).toContain('## Durée du retour arrière')
    expect(markdown).toContain('dans 7 jours')
  })

  it('names the step that cost most first, and says when the window would not hold', async () => {
    const { view, runView, night } = await analysed({
      behaviours: { 'files.delta': { beforeSeconds: 50, failures: 1 }, 'auth.start': { beforeSeconds: 50 } },
    })
    expect(view.steps[0]).toMatchObject({ id: 'files.delta', forecastSeconds: 30, attempts: 2 })
    expect(view.steps[0]?.actualSeconds).toBeGreaterThan(100)
    const window = { ...runView.plan.window, lengthMinutes: 11 }
    const short = { ...runView, plan: { ...runView.plan, window } }
    const tight = analysis(short, night.journal.entries()) as Analysis
    expect(tight.again.freeSeconds).toBe(60 - tight.again.seconds)
    expect(tight.again.freeSeconds).toBeLessThan(0)
    const markdown = toMarkdown(analysisDocument(tight, short, strictFormatter()))
    expect(markdown).toContain('**with the measured durations the run does not fit in the window**')
    expect(markdown).toMatch(/\| step files.delta \| 2 \| 0:30 \| 1:[45]\d \| \+1:[12]\d \|/)
  })

  it('counts from a gate to its last measurement as checks, and the rest as people', async () => {
    const night = aViewedNight()
    await night.carryOut(false)
    const seen = pictureOf(night)
    const gates = {
      go: { reachedAt: '2026-12-12T21:00:00Z', openedAt: '2026-12-12T21:05:00Z', signoffs: {}, checks: {} },
    }
    const measured = { status: 'passed' as const, attempt: 1, failures: 0, at: '2026-12-12T21:01:30Z' }
    const run = { ...(seen.run as Run), gates: { go: { ...gates.go, checks: { T2: measured } } } }
    expect(analysis({ ...seen, run }, night.journal.entries())?.gates).toMatchObject([
      { id: 'go', checksSeconds: 90, peopleSeconds: 210 },
    ])
  })
})
