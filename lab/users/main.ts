// Simulated users: a steady rate of real requests, and a ledger of all that the platform acknowledged.

import { openLedger, type Summary } from './ledger.ts'
import { parseOptions, type UsersOptions, usage } from './options.ts'
import { runTraffic } from './traffic.ts'
import { UserRequests } from './user-requests.ts'

async function run(options: UsersOptions): Promise<Summary> {
  const stop = new AbortController()
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => stop.abort())
  const timer = options.durationSeconds && setTimeout(() => stop.abort(), options.durationSeconds * 1000)
  if (options.stopOnEndOfInput) process.stdin.resume().on('end', () => stop.abort())
  const ledger = openLedger(options.ledger)
  const requests = new UserRequests(options, ledger)
  const begun = performance.now()
  const { rate, people: count, services } = options
  requests.write({ kind: 'started', at: new Date().toISOString(), rate, people: count, services })
  const people = await runTraffic(options, requests, stop.signal)
  clearTimeout(timer)
  if (options.stopOnEndOfInput) process.stdin.destroy()
  const summary: Summary = {
    seconds: Math.round(performance.now() - begun) / 1000,
    ...requests.summary,
    pending: people.filter(person => person.pending).length,
  }
  requests.write({ kind: 'stopped', at: new Date().toISOString(), summary })
  ledger.close()
  return summary
}

try {
  process.stdout.write(`${JSON.stringify(await run(parseOptions(process.argv.slice(2))))}\n`)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n${usage}\n`)
  process.exitCode = 2
}
