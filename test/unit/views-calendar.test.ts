import { describe, expect, it } from 'vitest'
import type { History, Run } from '../../src/model/run.ts'
import { calendarOf, todayOf } from '../../src/views/calendar.ts'
import { calendarDocument } from '../../src/views/calendar-document.ts'
import { calendarLines } from '../../src/views/calendar-lines.ts'
import { calendarRows } from '../../src/views/calendar-rows.ts'
import { renderLines } from '../../src/views/lines.ts'
import { toHtml } from '../../src/views/report-html.ts'
import { toMarkdown } from '../../src/views/report-markdown.ts'
import { changed, goodPlan, planOf } from '../helpers/plan-kinds.ts'
import { strictFormatter } from '../helpers/strict-formatter.ts'

const phases = `  week-1: {title: Audit, days: J-14 to J-8, owner: lead}
  copy: {title: First copy, days: J-9 to J-5, owner: dba, run: preparation}
`
const plan = planOf(changed('  week-1: {title: Audit, days: J-14 to J-8, owner: lead}\n', phases))
const nothing = { runs: [] }
const ended = (outcome: Run['outcome']): Pick<History, 'runs'> => ({
  runs: [{ mode: 'preparation', finishedAt: '2026-12-05T10:00:00Z', outcome } as Run],
})
const states = (today: number, history: Pick<History, 'runs'> = nothing) =>
  Object.fromEntries(calendarOf(plan, history, today).phases.map(({ id, state }) => [id, state]))

describe('the calendar', () => {
  it('has dates, days of the week and who is away, in the zone of the plan', () => {
    const calendar = calendarOf(plan, nothing, -9)
    expect(calendar.days).toHaveLength(22)
    expect(calendar.days[0]).toMatchObject({ day: -14, date: '2026-11-28', weekday: 6, away: ['Paul Roux'] })
    expect(calendar.days.at(-1)).toMatchObject({ day: 7, date: '2026-12-19', away: ['Paul Roux'] })
    expect(calendar.days.find(({ day }) => day === -7)).toMatchObject({ notices: ['planned'], away: [] })
    expect(calendar.window).toEqual({ start: '2026-12-12T21:00:00Z', end: '2026-12-12T23:00:00Z' })
    expect(calendar).toMatchObject({ due: { phases: ['week-1', 'copy'], notices: [] }, away: ['Paul Roux'] })
  })

  it('counts days by the dates of the zone, not in steps of 24 hours', () => {
    expect(todayOf(plan, '2026-12-11T22:59:00Z')).toBe(-1)
    expect(todayOf(plan, '2026-12-11T23:00:00Z')).toBe(0)
    expect(todayOf(plan, '2026-10-24T22:00:00Z')).toBe(-48)
  })

  it('goes as far as the phases and notices do', () => {
    const far = planOf(changed('days: J-14 to J-8', 'days: J-30 to J-8').replace('day: J-7', 'day: J+9'))
    const days = calendarOf(far, nothing, 0).days.map(({ day }) => day)
    expect([days[0], days.at(-1)]).toEqual([-30, 9])
  })

  it('says that a phase is late only if it names a run that the journal does not hold', () => {
    expect(states(-15)).toEqual({ 'week-1': { is: 'ahead', inDays: 1 }, copy: { is: 'ahead', inDays: 6 } })
    expect(states(-3)).toEqual({ 'week-1': { is: 'past' }, copy: { is: 'late', days: 2 } })
    const done = { is: 'done', at: '2026-12-05T10:00:00Z', run: 'preparation' }
    expect(states(-3, ended('prepared')).copy).toEqual(done)
    expect(states(-9, ended('prepared')).copy).toEqual(done)
    expect(states(-3, ended('rolled-back')).copy).toEqual({ is: 'late', days: 2 })
  })

  it('names on which days nobody of a phase’s role is there', () => {
    const copy = calendarOf(plan, nothing, 0).phases.find(({ id }) => id === 'copy')
    expect(copy?.unattended).toEqual([-9, -8])
    const nora = '  - {role: dba, name: Nora Weil, contact: here, available: J-9 to J-8}\ncomponents:'
    const helped = planOf(
      changed('  week-1: {title: Audit, days: J-14 to J-8, owner: lead}\n', phases).replace(
        'components:',
        nora,
      ),
    )
    expect(calendarOf(helped, nothing, 0).phases[1]).toMatchObject({
      unattended: [],
      people: ['Paul Roux', 'Nora Weil'],
    })
  })
})

describe('its rows', () => {
  it('take days together that say the same, and never today with another', () => {
    const rows = (today: number) =>
      calendarRows(calendarOf(plan, nothing, today), strictFormatter()).map(({ days }) => days)
    expect(rows(5)).toEqual([
      ...['J-14 to J-10', 'J-9 to J-8', 'J-7', 'J-6 to J-5', 'J-4 to J-1', 'J', 'J+1 to J+3', 'J+4'],
      ...['J+5', 'J+6 to J+7'],
    ])
    expect(rows(-12).slice(0, 3)).toEqual(['J-14 to J-13', 'J-12', 'J-11 to J-10'])
  })

  it.each(['en', 'fr'] as const)('are said in %s, with nothing missing', language => {
    const said = renderLines(calendarLines(calendarOf(plan, nothing, -9), strictFormatter(language)))
    const text = said.join('\n')
    expect(text).toMatch(/▶ First copy +\S+ \(dba\)/)
    expect(text).toMatch(/J-9 .*2026-12-03 ◀/)
  })
})

describe('its page', () => {
  const hostile = planOf(
    changed('title: Audit,', 'title: "<script>alert(1)</script> & Audit",').replace(
      'name: Paul Roux',
      'name: "<b>Paul</b>"',
    ),
  )
  const html = toHtml(calendarDocument(calendarOf(hostile, nothing, -9), strictFormatter()))

  it('holds nothing of the plan as markup, and asks for nothing from outside', () => {
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; Audit')
    expect(html).not.toMatch(/<script|<b>Paul|https?:|<link|<img|url\((?!#)/)
  })

  it('draws each bar over its own days', () => {
    const page = toHtml(calendarDocument(calendarOf(plan, nothing, -9), strictFormatter()))
    expect(page.match(/viewBox="0 0 22 1"/g)).toHaveLength(plan.phases.length + plan.people.length)
    expect(page).toContain('<rect class="bar due" x="5" width="5"')
    expect(page).toContain('<rect class="bar unattended" x="5" width="2"')
    expect(page).toContain('<rect class="bar available" x="7" width="11"')
    expect(page).toContain('<rect class="today" x="5"')
    expect(page).toContain('<rect class="night" x="14"')
  })

  it('draws nobody outside of it who is available for longer', () => {
    const long = planOf(goodPlan.replace('available: J-14 to J+7', 'available: J-90 to J+90'))
    const page = toHtml(calendarDocument(calendarOf(long, nothing, 0), strictFormatter()))
    expect(page).toContain('<rect class="bar available" x="0" width="22"')
  })

  it('says in words what the chart shows', () => {
    const page = toMarkdown(calendarDocument(calendarOf(plan, nothing, -3), strictFormatter()))
    expect(page).toMatch(/J-9 to J-8 \| [\d-]+ to [\d-]+ \| Audit \| Claire Martin \| – date passed/)
    expect(page).toMatch(/\| First copy \| nobody \(dba\) \|/)
  })
})
