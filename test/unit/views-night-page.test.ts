import { describe, expect, it } from 'vitest'
import { forecastNight } from '../../src/forecast/forecast-night.ts'
import { type NightFinding, nightDocument } from '../../src/views/night-document.ts'
import type { PlannedNight } from '../../src/views/planned-night.ts'
import { toHtml } from '../../src/views/report-html.ts'
import { toMarkdown } from '../../src/views/report-markdown.ts'
import { aPlannedNight } from '../helpers/planned-night.ts'
import { strictFormatter } from '../helpers/strict-formatter.ts'

const page = (night: PlannedNight, findings: readonly NightFinding[] = [], language: 'en' | 'fr' = 'en') =>
  toHtml(nightDocument(night, findings, strictFormatter(language)))
const verdictOf = (html: string) => /<p class="verdict [^>]*>([^<]*)</.exec(html)?.[1]
const finding = (level: NightFinding['level']): NightFinding => ({
  ...{ level, place: 'plan.yaml:12:5', text: 'Too much to send.', remedy: 'Send it before.' },
})

describe('the page of the planned night', () => {
  it('says first whether the night fits, then in which share of the nights, and what is asked', () => {
    const { night } = aPlannedNight()
    expect(verdictOf(page(night))).toBe('✔ Fits the window: 100 % of the nights, 95 % required')
    const short = aPlannedNight({ lengthMinutes: 12 }).night
    expect(verdictOf(page(short))).toMatch(
      /^✖ Does not fit the window: [\d.]+ % of the nights, 95 % required$/,
    )
    expect(verdictOf(page(night, [finding('block')]))).toMatch(
      /^✖ Blocked by findings: 1\. The window is long/,
    )
    expect(verdictOf(page(night, [finding('warn')]))).toMatch(/^✔/)
  })

  it('without a forecast names what is missing, and draws no chart', () => {
    const { forecast: _, ...night } = aPlannedNight().night
    const html = page({ ...night, planned: {}, known: { ...night.known, unknown: ['shop'] } })
    expect(verdictOf(html)).toBe('✖ No forecast: no facts of shop')
    expect(html).not.toMatch(/class="night-row|class="curve"/)
    expect(html).toContain('<td data-label="step">')
  })

  it('draws people apart from machines, gates as diamonds, and marks what holds up the end', () => {
    const html = page(aPlannedNight().night)
    expect(html.match(/class="bar people"/g)?.length).toBe(2 + 1)
    expect(html.match(/class="night-row gate/g)?.length).toBe(2 + 1)
    expect(html).toMatch(/class="night-row machine critical"/)
    expect(html).toMatch(/class="reserve" x="[\d.]+%" width="[\d.]+%"/)
    expect(html).toMatch(/class="last-safe" x1="[\d.]+%"/)
  })

  it('draws steps on their own scale where the window is far longer, else on that of the window', () => {
    const marks = (html: string) =>
      html.slice(html.indexOf('id="chart"')).match(/class="window-end"/g)?.length
    expect(marks(page(aPlannedNight({ lengthMinutes: 600 }).night))).toBeUndefined()
    expect(marks(page(aPlannedNight({ lengthMinutes: 30 }).night))).toBeGreaterThan(3)
  })

  it('says how much shorter the window could be, or how much longer it must be', () => {
    expect(page(aPlannedNight().night)).toMatch(
      / to spare: an end at 2\d:\d\d would do for 95 % of the nights/,
    )
    expect(page(aPlannedNight({ lengthMinutes: 12 }).night)).toMatch(
      / too short: 95 % of the nights need an end/,
    )
  })

  it('shows findings at their lines, the blocking ones first', () => {
    const html = page(aPlannedNight().night, [finding('warn'), finding('block')])
    expect(html.indexOf('✖ Too much')).toBeLessThan(html.indexOf('! Too much'))
    expect(html).toContain('<code>plan.yaml:12:5</code>')
    expect(html).toContain('blocking: 1; warnings: 1')
  })

  it('escapes whatever a plan or a host says, and has neither script nor outside address', () => {
    const hostile = `<img src=x onerror=alert(1)>"'</style><script>alert(2)</script>&amp;`
    const { night } = aPlannedNight({ title: hostile, who: hostile })
    const html = page(night, [{ level: 'block', place: hostile, text: hostile, remedy: hostile }])
    expect(html).not.toMatch(/<img|<script|onerror=alert\(1\)>|https?:|url\((?!#)/)
    expect(html.match(/<\/style>/g)).toHaveLength(1)
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;')
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
    expect(toMarkdown(nightDocument(night, [], strictFormatter('fr')))).not.toMatch(/(?<!\\)<img/)
  })

  it('is in French too', () => {
    const html = page(aPlannedNight().night, [finding('block')], 'fr')
    expect(html).toMatch(/<html lang="fr">/)
    expect(verdictOf(html)).toMatch(/^✖ Constats bloquants/)
    expect(html).not.toMatch(/\{\{|views\.night/)
  })
})

describe('the chances of windows of other lengths', () => {
  it('rise with the length, and at the planned one are the chance to fit', () => {
    for (const lengthMinutes of [9, 12, 20, 240]) {
      const { input } = aPlannedNight({ lengthMinutes })
      const { chances, chanceToFit } = forecastNight(input, 2000)
      const ends = chances.map(({ endSeconds }) => endSeconds)
      expect(ends).toEqual(ends.toSorted((one, other) => one - other))
      const fitting = chances.filter(({ endSeconds }) => endSeconds <= lengthMinutes * 60).at(-1)?.chance ?? 0
      expect(chanceToFit).toBeGreaterThanOrEqual(fitting)
      expect(chanceToFit).toBeLessThan(fitting + 0.011)
    }
  })
})
