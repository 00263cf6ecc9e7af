import { expect, it } from 'vitest'
import { parseOptions } from '../../lab/campaign/options.ts'
import { scenarioOf } from '../../lab/campaign/scenario.ts'
import { troubleNames } from '../../lab/campaign/troubles.ts'
import { sampleOf } from '../../lab/campaign/writes.ts'

it.each([
  ['--kill-every-write', { campaign: 'kill-every-write' }],
  ['--kill-every-write --most 6', { campaign: 'kill-every-write', most: 6 }],
  ['--kill-every-write --fault no-go', { campaign: 'kill-every-write', fault: 'no-go' }],
  ['--flat-cut', { campaign: 'flat-cut', sizes: ['small', 'medium'] }],
  ['--flat-cut --sizes tiny', { campaign: 'flat-cut', sizes: ['tiny'] }],
  ['--seed 7', { campaign: 'mixed-faults', seed: 7, runs: 1 }],
  ['--seed 0 --runs 40', { campaign: 'mixed-faults', seed: 0, runs: 40 }],
])('%s is understood', (line, expected) => {
  expect(parseOptions(line.split(' '))).toEqual(expected)
})

it.each([
  ['', 'expected --kill-every-write, --flat-cut or --seed N'],
  ['--kill-every-write --flat-cut', 'expected --kill-every-write, --flat-cut or --seed N'],
  ['--seed one', '--seed one: expected a whole number'],
  ['--runs 3', '--seed : expected a whole number'],
  ['--seed 1 --runs 0', '--runs 0: expected a whole number above 0'],
  ['--seed 1 --flat-cut', '--flat-cut: belongs to another campaign'],
  ['--kill-every-write --fault nogo', '--fault nogo: expected one of'],
  ['--kill-every-write --most 0', '--most 0: expected a whole number above 0'],
  ['--kill-every-write --most 6 --fault no-go', 'expected one of them'],
  ['--kill-every-write --sizes tiny', '--sizes: belongs to the other campaign'],
  ['--flat-cut --most 6', '--most: belongs to the other campaign'],
  ['--flat-cut --sizes huge', 'huge'],
  ['--flat-cutt', 'flat-cutt'],
])('%s is refused before a laboratory is raised', (line, why) => {
  expect(() => parseOptions(line.split(' ').filter(Boolean))).toThrow(why)
})

it.each([1, 6, 50, 123, 500])('%i kills are spread over the night', most => {
  const writes = Array.from({ length: 123 }, (_, index) => index)
  const sample = sampleOf(writes.map(String), most).map(Number)
  expect(new Set(sample).size).toBe(Math.min(most, writes.length))
  const stride = 123 / sample.length
  const gaps = [-stride / 2, ...sample, 123 + stride / 2]
    .map((write, index, all) => write - (all[index - 1] ?? 0))
    .slice(1)
  for (const gap of gaps) expect(Math.abs(gap - stride)).toBeLessThanOrEqual(1)
})

it('a seed is always the same night, and a few of them bring every trouble', () => {
  expect(scenarioOf(12)).toEqual(scenarioOf(12))
  const seeds = Array.from({ length: 60 }, (_, index) => scenarioOf(index))
  const brought = new Set(seeds.flatMap(({ troubles }) => troubles.map(({ name }) => name)))
  expect([...brought].toSorted()).toEqual(troubleNames.toSorted())
  expect(seeds.some(({ kills }) => kills.length > 1)).toBe(true)
})
