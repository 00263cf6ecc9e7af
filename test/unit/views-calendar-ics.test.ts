import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { Plan } from '../../src/model/plan.ts'
import { personFiles, wholeFile } from '../../src/views/calendar-ics.ts'
import { vtimezone } from '../../src/views/vtimezone.ts'
import { changed, goodPlan, planOf } from '../helpers/plan-kinds.ts'
import { strictFormatter } from '../helpers/strict-formatter.ts'

const { say } = strictFormatter()
const at = '2026-11-30T12:00:00Z'

/** Lines as the format means them: those that were folded are one again. */
const linesOf = (text: string): string[] => text.replaceAll('\r\n ', '').split('\r\n')
function eventsOf(text: string): string[][] {
  const events: string[][] = []
  for (const line of linesOf(text)) {
    if (line === 'BEGIN:VEVENT') events.push([])
    else events.at(-1)?.push(line)
  }
  return events
}
const filesOf = (plan: Plan, now = at) =>
  Object.fromEntries(personFiles(plan, say, now).map(({ name, text }) => [name, text]))

describe('calendar files', () => {
  it('are one for each person, with the phases of their roles and the night', () => {
    const files = filesOf(planOf(goodPlan))
    expect(Object.keys(files)).toEqual(['claire-martin.ics', 'paul-roux.ics'])
    const ids = (name: string) => eventsOf(files[name] ?? '').map(([uid]) => uid)
    expect(ids('claire-martin.ics')).toEqual([
      'UID:phase.week-1.small@bascule',
      'UID:window.night.small@bascule',
    ])
    expect(ids('paul-roux.ics')).toEqual(['UID:window.night.small@bascule'])
  })

  it('have the window in the zone of the plan with its rules, and phases as whole days', () => {
    const lines = linesOf(filesOf(planOf(goodPlan))['claire-martin.ics'] ?? '')
    for (const line of [
      ...['TZID:Europe/Paris', 'DTSTART:20261025T030000', 'TZOFFSETFROM:+0200', 'TZOFFSETTO:+0100'],
      'DTSTART;TZID=Europe/Paris:20261212T220000',
      'DTEND;TZID=Europe/Paris:20261213T000000',
      'DTSTART;VALUE=DATE:20261128',
      // the first day after J-8
      'DTEND;VALUE=DATE:20261205',
      'DTSTAMP:20261130T120000Z',
    ])
      expect(lines).toContain(line)
  })

  it('keep their ids, and later ones count', () => {
    const parts = (text: string, what: string) => linesOf(text).filter(line => line.startsWith(what))
    const plan = planOf(goodPlan)
    const moved = planOf(changed('start: 2026-12-12T22:00', 'start: 2027-01-16T22:00'))
    const [first, second] = [wholeFile(plan, say, at), wholeFile(moved, say, '2026-12-01T12:00:00Z')]
    expect(parts(second, 'UID')).toEqual(parts(first, 'UID'))
    const revision = (text: string) => Number(parts(text, 'SEQUENCE')[0]?.split(':')[1])
    expect(revision(second)).toBeGreaterThan(revision(first))
    expect(revision(second)).toBeLessThan(2 ** 31)
  })

  it('name as attendees only who has a mail address, and let no server write to them', () => {
    const plan = planOf(changed('contact: paul@example.org', 'contact: +33 6 39 98 02 02'))
    const attendees = linesOf(wholeFile(plan, say, at)).filter(line => line.startsWith('ATTENDEE'))
    expect(new Set(attendees)).toEqual(
      new Set([
        'ATTENDEE;ROLE=REQ-PARTICIPANT;CN="Claire Martin";SCHEDULE-AGENT=NONE:MAILTO:claire@example.org',
      ]),
    )
  })

  it('hold text of the plan as text', () => {
    const text = wholeFile(planOf(changed('title: Audit,', 'title: "a; b, c",')), say, at)
    expect(linesOf(text)).toContain('SUMMARY:a\\; b\\, c')
  })

  it('have names that lead nowhere else, each its own', () => {
    const people = `people:
  - {role: lead, name: "../../É t/é", contact: a, available: J to J+1}
  - {role: dba, name: "e-t e", contact: a, available: J to J+1}
  - {role: dba, name: "///", contact: a, available: J to J+1}
`
    const plan = planOf(goodPlan.replace(/people:\n(?: {2}- .*\n)+/, people))
    expect(Object.keys(filesOf(plan))).toEqual(['e-t-e.ics', 'e-t-e-2.ics', 'person.ics'])
  })

  it('write the second of two equal clock times in UTC', () => {
    const twice = planOf(changed('start: 2026-12-12T22:00', 'start: "2026-10-25T02:30+01:00"'))
    const night = eventsOf(wholeFile(twice, say, at)).find(([uid]) => uid?.includes('window'))
    expect(night).toContain('DTSTART:20261025T013000Z')
  })
})

describe('the rules of a zone', () => {
  const rules = (start: string, end: string) =>
    vtimezone(Temporal.ZonedDateTime.from(start), Temporal.ZonedDateTime.from(end)).split('\n')

  it('have a change of the clocks in the night', () => {
    const lines = rules('2026-03-28T22:00[Europe/Paris]', '2026-03-29T04:00[Europe/Paris]')
    expect(lines.filter(line => /^BEGIN|^DTSTART/.test(line))).toEqual([
      ...['BEGIN:VTIMEZONE', 'BEGIN:STANDARD', 'DTSTART:20251026T030000'],
      ...['BEGIN:DAYLIGHT', 'DTSTART:20260329T020000'],
    ])
  })

  it('are there too where the clocks never change', () => {
    const lines = rules('2026-03-28T22:00[Etc/GMT-5]', '2026-03-29T04:00[Etc/GMT-5]')
    expect(lines).toContain('TZOFFSETTO:+0500')
    expect(lines).toContain('DTSTART:19700101T000000')
  })
})
