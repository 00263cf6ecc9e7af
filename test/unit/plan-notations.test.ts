import { expect, test } from 'vitest'
import { dayName } from '../../src/model/calendar.ts'
import { parseDay, parseDays } from '../../src/plan/days.ts'
import { canonicalLocalTime, isZone, readLocalTime } from '../../src/plan/local-time.ts'
import { nearestName } from '../../src/plan/nearest.ts'
import {
  inMeasureUnit,
  isCount,
  parseDuration,
  parseQuantity,
  parseSizeRange,
} from '../../src/plan/quantity.ts'

test.each([
  ['45 s', 45],
  ['90min', 5400],
  ['2 h', 7200],
  ['1 h 30 min', 5400],
  ['1,5 h', 5400],
  ['250 ms', 0.25],
  ['2 d', 172_800],
  ['2 j', 172_800],
  ['90', undefined],
  ['h', undefined],
  ['', undefined],
  ['-5 s', undefined],
  ['5 GB', undefined],
  ['5 s 3 GB', undefined],
  ['1e3 s', undefined],
])('duration %s is %s seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds)
})

test('a duration without end is none', () => {
  expect(parseDuration(`${'9'.repeat(400)} s`)).toBeUndefined()
})

test.each([
  ['50 GB', 50e9, 50e9],
  ['50-100 GB', 50e9, 100e9],
  ['50–100 Go', 50e9, 100e9],
  ['500 MB - 1 GB', 5e8, 1e9],
  ['1.5 TB', 1.5e12, 1.5e12],
  ['200 Mo', 2e8, 2e8],
  ['7 B', 7, 7],
])('size %s is from %s to %s bytes', (text, from, to) => {
  expect(parseSizeRange(text)).toEqual({ from, to })
})

test.each(['100-50 GB', '50', '50 GiB', '50-100-200 GB', '5 Gb', '5 min', 'GB', ''])(
  'size %s is refused',
  text => {
    expect(parseSizeRange(text)).toBeUndefined()
  },
)

test('a figure is read in the unit of its measure, or not at all', () => {
  const of = (text: string, unit: string) => {
    const quantity = parseQuantity(text)
    return quantity && inMeasureUnit(quantity, unit)
  }
  expect(of('1 min', 's')).toBe(60)
  expect(of('2 s', 'ms')).toBe(2000)
  expect(of('5 GB', 'B')).toBe(5e9)
  expect(of('1 Gbit/s', 'Mbit/s')).toBe(1000)
  expect(of('20 %', '%')).toBe(20)
  expect(of('5 GB', 's')).toBeUndefined()
  expect(of('5 GB', 'files')).toBeUndefined()
  expect(of('5 s', 'constructor')).toBeUndefined()
  expect([isCount(''), isCount('files'), isCount('B')]).toEqual([true, true, false])
})

test.each([
  ['J', 0],
  ['J+0', 0],
  ['J-14', -14],
  ['J−14', -14],
  ['D+7', 7],
  ['j - 1', -1],
  ['J14', undefined],
  ['+7', undefined],
  ['J-367', undefined],
])('day %s is %s', (text, day) => {
  expect(parseDay(text)).toBe(day)
})

test('days have two ends, or one', () => {
  expect(parseDays('J-14 to J+7')).toEqual({ fromDay: -14, untilDay: 7 })
  expect(parseDays('J-14 à J+7')).toEqual({ fromDay: -14, untilDay: 7 })
  expect(parseDays('D-1')).toEqual({ fromDay: -1, untilDay: -1 })
  expect(parseDays('J to J+1 to J+2')).toBeUndefined()
  expect(parseDays('J-14 to')).toBeUndefined()
  expect([-14, 0, 7].map(dayName)).toEqual(['J-14', 'J', 'J+7'])
})

test('local times know the gaps and folds of their zone', () => {
  expect(readLocalTime('2026-12-12T22:00', 'Europe/Paris')).toEqual({ is: 'once' })
  expect(readLocalTime('2026-03-29T02:30', 'Europe/Paris')).toEqual({ is: 'gap', next: '2026-03-29T03:30' })
  expect(readLocalTime('2026-10-25T02:30', 'Europe/Paris')).toEqual({
    is: 'fold',
    offsets: ['+02:00', '+01:00'],
  })
  expect(readLocalTime('2026-10-25T02:30', 'UTC')).toEqual({ is: 'once' })
  expect(readLocalTime('2026-10-25T02:30+01:00', 'Europe/Paris')).toEqual({ is: 'once' })
  expect(readLocalTime('2026-10-25T02:30+05:00', 'Europe/Paris')).toMatchObject({ is: 'wrong-offset' })
  expect(canonicalLocalTime('2026-10-25T02:30+01:00', 'Europe/Paris')).toBe('2026-10-25T02:30+01:00')
  expect(['Europe/Paris', 'UTC', '+02:00', 'Paris', ''].map(isZone)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ])
})

test('the nearest name is near, whatever its capitals', () => {
  expect(nearestName('databse', ['files', 'database'])).toBe('database')
  expect(nearestName('T1', ['t1'])).toBe('t1')
  expect(nearestName('x', ['a', 'b'])).toBeUndefined()
  expect(nearestName('monitoring', ['database', 'files'])).toBeUndefined()
  // two neighbours swapped count as one: five letters allow no second
  expect(nearestName('stroe', ['store'])).toBe('store')
  expect(nearestName('strae', ['store'])).toBeUndefined()
  expect(nearestName('sittingx', ['kitten'])).toBeUndefined()
})
