// A trainer: has the dashboard open through the VPN, and writes down what came; tries, too, to do without the VPN.
import { openLedger } from '../users/ledger.ts'
import type { TrainerEntry } from './ledger.ts'
import { parseOptions, type TrainerOptions, usage } from './options.ts'
import { work } from './work.ts'

async function run(options: TrainerOptions): Promise<void> {
  const stop = new AbortController()
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => stop.abort())
  // Whoever started it holds the other end: it goes when they do, however they end.
  process.stdin.resume().on('end', () => stop.abort())
  const ledger = openLedger<TrainerEntry>(options.ledger)
  ledger.write({ kind: 'started', at: new Date().toISOString(), trainer: options.trainer })
  await work(options, ledger, stop.signal)
  ledger.write({ kind: 'stopped', at: new Date().toISOString() })
  ledger.close()
  process.stdin.destroy()
}

try {
  await run(parseOptions(process.argv.slice(2)))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n${usage}\n`)
  process.exitCode = 2
}
