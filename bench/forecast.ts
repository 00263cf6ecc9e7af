import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Calibration, calibrate } from './calibration/calibrate.ts'
import { type Bench, type Row, timed } from './measurement.ts'

const nights = 500
const seed = 20_261_212
const page = join(import.meta.dirname, '../docs/forecast.md')
const marks = { begin: '<!-- calibration: begin -->', end: '<!-- calibration: end -->' }

/** Forecasts against nights whose truth they do not know. Writes what it finds into docs/forecast.md. */
export const bench: Bench = {
  name: 'forecast',
  about: () => `${nights} simulated nights after one rehearsal of their own, and ${nights} after three`,
  async run({ say }) {
    const rows: Row[] = []
    const found: { rehearsals: number; calibration: Calibration }[] = []
    for (const rehearsals of [1, 3]) {
      const seconds = await timed(async () => {
        found.push({ rehearsals, calibration: calibrate(nights, rehearsals, seed) })
      })
      rows.push({ way: `rehearsals of each estate: ${rehearsals}`, seconds: [seconds] })
      say(JSON.stringify(found.at(-1)))
    }
    const text = readFileSync(page, 'utf8')
    const [before = '', rest = ''] = text.split(marks.begin)
    const after = rest.split(marks.end)[1]
    if (after === undefined) throw new RangeError(`${page} lacks its marks`)
    writeFileSync(page, `${before}${marks.begin}\n${tableOf(found)}\n${marks.end}${after}`)
    return rows
  },
}

function tableOf(found: readonly { rehearsals: number; calibration: Calibration }[]): string {
  const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`
  const row = (name: string, wanted: string, of: (calibration: Calibration) => number): string =>
    `| ${[name, wanted, ...found.map(({ calibration }) => percent(of(calibration)))].join(' | ')} |`
  const heads = found.map(({ rehearsals }) => `rehearsals: ${rehearsals}`)
  return [
    `Of ${nights} simulated nights:`,
    '',
    `| | wanted | ${heads.join(' | ')} |`,
    `| --- | ---: | ${heads.map(() => '---:').join(' | ')} |`,
    row('end of the work not after P50', '35–65 %', ({ finish }) => finish.underP50),
    row('end of the work not after P95', '85–99 %', ({ finish }) => finish.underP95),
    row('rollback not longer than P50', '35–65 %', ({ rollback }) => rollback.underP50),
    row('rollback not longer than P95', '85–99 %', ({ rollback }) => rollback.underP95),
    row('median error of the end at P50', '', ({ finish }) => finish.medianError),
  ].join('\n')
}
