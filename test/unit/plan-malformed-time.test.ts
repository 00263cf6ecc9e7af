import { expect, test } from 'vitest'
import { changed, complaints } from '../helpers/plan-kinds.ts'

type Row = [what: string, from: string, to: string, errors: string[]]
const rows: Row[] = [
  ['30 February', '2026-12-12T22:00', '2026-02-30T22:00', ['5:17 window.start impossibleDate']],
  ['25 o’clock', '2026-12-12T22:00', '2026-12-12T25:00', ['5:17 window.start impossibleDate']],
  ['date without time', '2026-12-12T22:00', '2026-12-12', ['5:17 window.start notUnderstood']],
  ['UTC', '2026-12-12T22:00', '2026-12-12T22:00Z', ['5:17 window.start notUnderstood']],
  ['gap in spring', '2026-12-12T22:00', '2026-03-29T02:30', ['5:17 window.start clockGap']],
  ['fold in autumn', '2026-12-12T22:00', '2026-10-25T02:30', ['5:17 window.start clockFold']],
  [
    'offset of another season',
    '2026-12-12T22:00',
    '2026-12-12T22:00+02:00',
    ['5:17 window.start clockOffset'],
  ],
  ['unknown zone', 'Europe/Paris', 'Europe/Pari', ['4:7 zone unknownZone → Europe/Paris']],
  ['offset for a zone', 'Europe/Paris', '"+02:00"', ['4:7 zone unknownZone']],
  ['number for a duration', 'length: 2 h', 'length: 120', ['5:43 window.length found.number']],
  ['unknown unit', 'length: 2 h', 'length: 2 hours', ['5:43 window.length notUnderstood']],
  ['no length', 'length: 2 h', 'length: 0 min', ['5:43 window.length windowEmpty']],
  [
    'reserve longer than the window',
    'rollbackReserve: 20 min',
    'rollbackReserve: 3 h',
    ['5:65 window.rollbackReserve reserveTooLong'],
  ],
  [
    'size for a duration',
    'databaseStart: 5 min',
    'databaseStart: 5 GB',
    ['48:27 rollback.databaseStart notUnderstood'],
  ],
  ['binary size', '50-100 GB', '50 GiB', ['27:19 components.data.declaredSize notUnderstood']],
  ['size backwards', '50-100 GB', '100-50 GB', ['27:19 components.data.declaredSize notUnderstood']],
  ['availability backwards', 'J-14 to J+7', 'J+7 to J-14', ['20:79 people[0].available daysBackwards']],
  ['availability as a date', 'J-7 to J+3', '2026-12-05', ['21:72 people[1].available notUnderstood']],
  ['phase backwards', 'days: J-14 to J-8', 'days: J-8 to J-14', ['47:32 phases.week-1.days daysBackwards']],
  [
    'phase a thousand days away',
    'days: J-14 to J-8',
    'days: J-1000 to J-8',
    ['47:32 phases.week-1.days notUnderstood'],
  ],
  ['range for a day', 'day: J-7', 'day: J-7 to J-1', ['50:18 notices.planned.day notUnderstood']],
]

test.each(rows)('a plan whose days, times and sizes are wrong: %s', (_, from, to, errors) => {
  expect(complaints(changed(from, to))).toEqual(errors)
})
