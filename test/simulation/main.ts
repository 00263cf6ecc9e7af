import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { Campaign, loadKnown } from './campaign.ts'
import { scenarioOf } from './scenario.ts'
import { shrunk } from './shrink.ts'
import type { Told, Work } from './worker.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '1000' },
    workers: { type: 'string', default: String(Math.min(2, availableParallelism())) },
    json: { type: 'boolean', default: false },
  },
})
const [from, count, workers] = [
  wholeNumber(values.seed),
  wholeNumber(values.runs),
  wholeNumber(values.workers),
]

const begun = performance.now()
const ends = new Map<string, number>()
const faults = new Map<string, number>()
const failed: Told[] = []
let [runs, writes, entries] = [0, 0, 0]

const taken = new SharedArrayBuffer(4)
await Promise.all(Array.from({ length: workers }, begin))
const seconds = Math.round((performance.now() - begun) / 100) / 10
const summary = {
  ...{
    seed: from,
    runs,
    seconds,
    entries,
    writes,
    failed: failed.map(({ seed }) => seed).sort((one, other) => one - other),
  },
  ends: sorted(ends),
  faults: sorted(faults),
}
if (values.json) console.log(JSON.stringify(summary))
else console.log(summary)
await tellFirst()
process.exitCode = failed.length > 0 || runs < count ? 1 : 0

function begin(): Promise<void> {
  const work: Work = { from, count, taken }
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: work })
  worker.on('message', hear)
  return new Promise((resolve, reject) => {
    worker.on('error', reject).on('exit', () => resolve())
  })
}

function hear(told: Told): void {
  const { seed, verdict } = told
  runs += 1
  writes += verdict.acknowledged
  entries += verdict.entries
  for (const end of verdict.ends) ends.set(end, (ends.get(end) ?? 0) + 1)
  for (const fault of told.faults) faults.set(fault, (faults.get(fault) ?? 0) + 1)
  if (verdict.violations.length === 0) return
  failed.push(told)
  console.error(`seed ${seed}: ${verdict.violations[0]}`)
}

/** The first that failed, again and smaller. One seed alone is also shown step by step. */
async function tellFirst(): Promise<void> {
  const [first] = failed.sort((one, other) => one.seed - other.seed)
  if (first === undefined) return
  const known = await loadKnown()
  const smallest = (await shrunk(known, first.seed)) ?? scenarioOf(first.seed)
  const { violations } = await new Campaign(known, smallest).carryOut()
  console.error(`seed ${first.seed} in short: ${JSON.stringify(smallest)}`)
  for (const violation of violations) console.error(`  ${violation}`)
  console.error(
    `Again, step by step: \`SIMULATE_TRACE=1 npm run simulate -- --seed ${first.seed} --runs 1 --workers 1\`.`,
  )
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  console.error(
    `${text} is no whole number from 1 on. Usage: npm run simulate -- --seed N --runs M [--workers W] [--json]`,
  )
  process.exit(2)
}

function sorted(counted: Map<string, number>): Record<string, number> {
  return Object.fromEntries([...counted].sort(([, one], [, other]) => other - one))
}
