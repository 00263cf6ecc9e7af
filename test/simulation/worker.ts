import { parentPort, workerData } from 'node:worker_threads'
import { Campaign, loadKnown, type Verdict } from './campaign.ts'
import { scenarioOf } from './scenario.ts'

/** How many seeds have been taken, by all workers. */
export type Work = { from: number; count: number; taken: SharedArrayBuffer }
export type Told = { seed: number; verdict: Verdict; faults: string[] }

const { from, count, taken } = workerData as Work
const next = new Int32Array(taken)
const known = await loadKnown()
for (let at = Atomics.add(next, 0, 1); at < count; at = Atomics.add(next, 0, 1)) {
  const seed = from + at
  const scenario = scenarioOf(seed)
  const verdict = await new Campaign(known, scenario).carryOut()
  const told: Told = { seed, verdict, faults: scenario.faults.map(fault => fault.do) }
  parentPort?.postMessage(told)
}
