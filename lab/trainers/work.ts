import { setTimeout as sleep } from 'node:timers/promises'
import { type Asked, ask } from '../users/ask.ts'
import type { LedgerWriter } from '../users/ledger.ts'
import { Resolver } from '../users/resolver.ts'
import type { Door, TrainerEntry } from './ledger.ts'
import type { TrainerOptions } from './options.ts'

const noSiteByAddress = () => undefined

/** A trainer at work: looks at the dashboard through the tunnel, and tries every other door, until `signal` fires. */
export async function work(
  options: TrainerOptions,
  ledger: LedgerWriter<TrainerEntry>,
  signal: AbortSignal,
): Promise<void> {
  const look = lookerOf(options)
  await Promise.all([
    every(options.everySeconds, signal, async () => ledger.write(await look())),
    every(options.doorsEverySeconds, signal, async () => {
      const tried = await Promise.all(options.doors.map(door => tryDoor(options, door)))
      for (const entry of tried) ledger.write(entry)
    }),
  ])
}

function lookerOf(options: TrainerOptions): () => Promise<TrainerEntry> {
  const { lookup, inside } = options
  const resolver = 'fixed' in lookup ? { resolve: async () => lookup.fixed } : new Resolver(lookup)
  const asked = { ...summaryOf(options), port: Number(options.url.port || 80), localAddress: inside }
  return async () => {
    const { body, ...answered } = await ask(resolver, asked, noSiteByAddress)
    if (answered.outcome === 'ok' && !isSummary(body)) answered.outcome = 'wrong-content'
    return { kind: 'through', at: new Date().toISOString(), ...answered }
  }
}

async function tryDoor(options: TrainerOptions, door: Door): Promise<TrainerEntry> {
  const asked = { ...summaryOf(options), port: door.port, localAddress: options.outside }
  const { startedAt, milliseconds, outcome, status } = await ask(
    { resolve: async () => door.address },
    asked,
    noSiteByAddress,
  )
  // The gateway may say no in words; whatever the dashboard's own machine says, it was reached.
  const leaked = status !== undefined && (status === 200 || door.door === 'dashboard')
  const answered = { startedAt, milliseconds, outcome, ...(status === undefined ? {} : { status }) }
  return { kind: 'without', at: new Date().toISOString(), ...door, ...answered, leaked }
}

const summaryOf = ({ url, timeoutMilliseconds }: TrainerOptions): Omit<Asked, 'port'> => ({
  name: url.hostname,
  method: 'GET',
  path: url.pathname,
  expected: [200],
  timeoutMilliseconds,
})

function isSummary(body: Buffer): boolean {
  try {
    return JSON.parse(body.toString('utf8')).counts.accounts > 0
  } catch {
    return false
  }
}

/** Against the clock; a turn that lasts longer lets the next ones pass. What is under way when it stops is finished. */
async function every(seconds: number, signal: AbortSignal, turn: () => Promise<void>): Promise<void> {
  const begun = performance.now()
  while (!signal.aborted) {
    await turn()
    const gone = (performance.now() - begun) / 1000
    const pause = (seconds - (gone % seconds)) * 1000
    await sleep(pause, undefined, { signal }).catch(() => undefined)
  }
}
