import type { Run } from '../../src/model/run.ts'
import type { TrainerEntry } from '../trainers/ledger.ts'
import { type Counted, summarize, type TrainerSummary, type Window } from '../trainers/summary.ts'
import { until } from '../until.ts'
import { readLedger } from '../users/ledger.ts'
import type { LabUsers } from './lab-users.ts'

type Looks = Pick<Counted, 'reached' | 'failed'>
/** What a trainer met through his tunnel, and whether anything let him in without it. */
export type TrainerVerdict = {
  name: string
  reached: number
  /** Of `reached`, by the site that answered. */
  sites: Record<string, number>
  /** Times the dashboard was reached without the tunnel, of `tried`. */
  withoutTunnel: number
  tried: number
  before: Looks
  /** Null when there was no rehearsal. */
  rehearsal: Looks | null
  /** From the first look that succeeded after users had come back. */
  after: Looks
  /** From there being a way back until he had found it. Null: he never did. */
  backAfterSeconds: number | null
}

/** `cut` and `back`: when the night began to shut users out, and when they could come again. */
export type Moments = { cut: string; back: string; rehearsal?: Window }

/** When a tunnel is silent, WireGuard begins a new one after 15 s; the name is asked for again by who has a restarter. */
const tunnelSeconds = 60
const enough = 3

export const momentsOf = (runs: readonly Run[], night: Run, reopened: string | undefined): Moments => {
  const rehearsal = runs.findLast(({ mode }) => mode === 'rehearsal')
  return {
    cut: night.gates.go?.openedAt ?? night.finishedAt ?? night.startedAt,
    back: reopened ?? night.finishedAt ?? night.startedAt,
    ...(rehearsal?.finishedAt && { rehearsal: { from: rehearsal.startedAt, to: rehearsal.finishedAt } }),
  }
}

export async function trainersOf({ trainers }: LabUsers, moments: Moments): Promise<TrainerVerdict[]> {
  const ledgers = Object.entries(trainers?.ledgers ?? {})
  return Promise.all(ledgers.map(([name, ledger]) => trainerOf(name, ledger, moments)))
}

async function trainerOf(
  name: string,
  ledger: string,
  { cut, back, rehearsal }: Moments,
): Promise<TrainerVerdict> {
  const found = await firstReachedFrom(ledger, back)
  const never = { from: back, to: back }
  const summary = await summarize(readLedger<TrainerEntry>(ledger), {
    before: { to: cut },
    after: found === undefined ? never : { from: found },
    ...(rehearsal && { rehearsal }),
  })
  return {
    name,
    reached: summary.reached,
    sites: summary.sites,
    withoutTunnel: summary.leaks,
    tried: summary.tried,
    before: looks(summary, 'before'),
    rehearsal: rehearsal ? looks(summary, 'rehearsal') : null,
    after: looks(summary, 'after'),
    backAfterSeconds: found === undefined ? null : (Date.parse(found) - Date.parse(back)) / 1000,
  }
}

function looks({ windows }: TrainerSummary, window: string): Looks {
  const { reached = 0, failed = 0 } = windows[window] ?? {}
  return { reached, failed }
}

async function firstReachedFrom(ledger: string, instant: string): Promise<string | undefined> {
  const from = Date.parse(instant)
  for await (const entry of readLedger<TrainerEntry>(ledger))
    if (entry.kind === 'through' && entry.outcome === 'ok' && Date.parse(entry.startedAt) >= from)
      return entry.at
  return undefined
}

/** Returns once every trainer has looked a few times since, or after as long as a tunnel takes to find its way. */
export async function untilTrainersAreBack({ trainers }: LabUsers, from: string): Promise<void> {
  if (trainers === undefined) return
  const areBack = async (): Promise<boolean> => {
    const summaries = Object.values(await trainers.summary({ after: { from } }))
    return summaries.every(({ windows }) => (windows.after?.reached ?? 0) >= enough)
  }
  await until(areBack, { seconds: tunnelSeconds, everySeconds: 1 })
}
