import { forecastNight } from '../src/forecast/forecast-night.ts'
import { networkOf } from '../src/forecast/network.ts'
import { simulate } from '../src/forecast/simulate.ts'
import { type ForecastInput, tasksOf } from '../src/forecast/tasks.ts'
import type { Step } from '../src/model/step.ts'
import { aGate, aPlan, aRunbook, aStep } from '../test/helpers/small-runbook.ts'
import { type Bench, type Row, timed } from './measurement.ts'

const steps = 200
const nights = 10_000

/** Eight chains that meet now and then: a step in eight sends over the link, one in twenty needs the same disk alone. */
function runbook() {
  const all = Array.from({ length: steps }, (_, index): Step => {
    const after = [index - 8, ...(index % 16 < 2 ? [index - 9] : [])].filter(other => other >= 0)
    return aStep(
      `s${index}`,
      [...after.map(other => `s${other}`), ...(index >= steps / 2 ? ['integrity'] : [])],
      {
        expectedSeconds: 5 + (index % 17),
        ...(index % 8 === 0 && { transfer: 'resumes' as const }),
        ...(index % 20 === 0 && { duration: { alone: ['disk'] } }),
      },
    )
  })
  const before = all.slice(0, steps / 2).map(({ id }) => id)
  return aRunbook(all, [aGate('integrity', before), aGate('reopen', all.map(({ id }) => id).slice(0, -20))])
}

export const bench: Bench = {
  name: 'forecast-engine',
  about: () =>
    `${nights} simulated nights of a runbook of ${steps} steps and two gates; at most 2 s on a quiet machine`,
  async run({ rounds, say }) {
    const input: ForecastInput = {
      runbook: runbook(),
      plan: aPlan([]),
      kinds: {},
      linkMbps: 100,
      residuals: [],
    }
    const network = networkOf(tasksOf(input))
    const rows: Row[] = [
      { way: 'the simulated nights', seconds: [] },
      { way: 'the whole forecast: rollbacks and what helps too', seconds: [] },
    ]
    for (let round = 1; round <= rounds; round++) {
      const sampling = { count: nights, seed: round }
      rows[0]?.seconds.push(await timed(async () => simulate(network, sampling)))
      rows[1]?.seconds.push(await timed(async () => forecastNight(input, nights)))
      say(`round ${round} of ${rounds} done`)
    }
    return rows
  },
}
