import { join } from 'node:path'
import { readJournal, verifyJournal } from '../../src/journal/read.ts'
import type { Entry } from '../../src/model/event.ts'
import { secondsBetween } from '../../src/model/instant.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { CheckState, Run } from '../../src/model/run.ts'
import type { Runbook } from '../../src/model/step.ts'
import { fold } from '../../src/run/fold.ts'
import { runbookOf } from '../../src/run/recorded.ts'
import { accountOf } from '../users/account.ts'
import type { ServiceCut } from '../users/cuts.ts'
import type { LostWrite } from '../users/judge.ts'
import { authorityDatabase } from '../users/start.ts'
import { ledgersOf } from './lab-users.ts'
import { type LateVerdict, lateOf, type StubbornVerdict, stubbornOf } from './late.ts'
import { type LineLost, linesLostIn } from './lines-lost.ts'
import { type MachineVerdict, machinesOf } from './machines.ts'
import { type NamesStand, readNames } from './names-stand.ts'
import { type ReturnPathVerdict, returnPathsIn } from './return-path-breaks.ts'
import type { Stage } from './stage.ts'
import { momentsOf, type TrainerVerdict, trainersOf } from './trainers.ts'

type Counted = { compared: number; different: number }
export type DemoVerdict = {
  outcome: string
  trigger: string | null
  /** When people ordered to go on without the source. */
  noWayBackSince: string | null
  cut: Record<string, ServiceCut>
  /** `lostAsTold`: those of the lost that a rollback without a site said it would lose. */
  ledger: { attempted: number; acknowledged: number; lost: number; duplicated: number; lostAsTold: number }
  records: Counted
  files: Counted
  dns: NamesStand
  /** Nobody in a laboratory without the part `network`. */
  vpn: { trainers: TrainerVerdict[] }
  forwarder: LateVerdict
  stubborn: StubbornVerdict
  /** What the run stood on and lost for a while. */
  linesLost: LineLost[]
  /** What was seen of the return paths once users were back. */
  returnPaths: ReturnPathVerdict[]
  /** What people ordered in the run, in the order in which it was judged: `go`, `no-go`, `hold`, …, `go:refused`. */
  orders: string[]
  /** The site that the run went on without, and from the rollback's start to the source's opening; null: none. */
  givenUp: { side: string; by: string[]; seconds: number | null } | null
  /** Empty in a laboratory without machines. */
  machines: MachineVerdict[]
  steps: { id: string; plannedSeconds: number; actualSeconds: number | null; outcome: string }[]
  journal: { entries: number; verified: boolean }
}

/** What the night came to, judged from outside: the ledger, the database of the site in authority, the zone, the journal. */
export async function readVerdict(stage: Stage): Promise<DemoVerdict> {
  const { lab, plan, stateDirectory, users } = stage
  const entries = readEntries(stateDirectory)
  const history = fold(entries)
  const { runs } = history
  const run = runs.findLast(one => one.mode === 'live')
  if (run === undefined) throw new Error('the journal holds no live run')
  const site = run.outcome === 'moved' ? 'toulouse' : 'montpellier'
  const sites = { source: plan.sites.source.id, target: plan.sites.target.id }
  const account = await accountOf(ledgersOf(users), authorityDatabase(lab, site), sites)
  const { attempted, acknowledged, lost, duplicated, lostIds } = account.verdict
  const runbook = runbookOf(history, run)
  const moments = momentsOf(runs, run, reopenedAt(runbook, run))
  return {
    outcome: run.outcome ?? 'held',
    trigger: run.rollback?.trigger ?? null,
    noWayBackSince: run.siteGivenUp?.side === 'source' ? run.siteGivenUp.at : null,
    cut: account.cuts as DemoVerdict['cut'],
    ledger: { attempted, acknowledged, lost, duplicated, lostAsTold: lostAsTold(lostIds, run) },
    records: recordsOf(run.gates.integrity?.checks.T9),
    files: filesOf(run.gates.integrity?.checks.T7),
    dns: await readNames(lab, plan),
    vpn: { trainers: await trainersOf(users, moments) },
    forwarder: await lateOf(lab, plan),
    stubborn: await stubbornOf(users, moments.back),
    linesLost: linesLostIn(entries),
    returnPaths: returnPathsIn(entries),
    orders: ordersIn(entries, run.id),
    givenUp: givenUpIn(run),
    machines: machinesOf(runbook, run),
    steps: stepsOf(runbook, run),
    journal: { entries: entries.length, verified: verifyJournal(journalOf(stateDirectory)).ok },
  }
}

/**
 * Writes that a rollback without the target said it would lose: acknowledged after the last transaction that reached the source. One
 * acknowledged before is not among them.
 */
function lostAsTold(lost: readonly LostWrite[], { siteGivenUp }: Run): number {
  const home = siteGivenUp?.loses.flatMap(({ figures }) =>
    typeof figures.lastTransactionAt === 'string' ? [figures.lastTransactionAt] : [],
  )[0]
  if (home === undefined) return 0
  return lost.filter(({ acknowledgedAt }) => secondsBetween(home, acknowledgedAt) > 0).length
}

function givenUpIn({ siteGivenUp, rollback, finishedAt }: Run): DemoVerdict['givenUp'] {
  if (siteGivenUp === undefined) return null
  const seconds = rollback && finishedAt ? secondsBetween(rollback.at, finishedAt) : null
  return { side: siteGivenUp.side, by: siteGivenUp.by, seconds }
}

/** When the last of what keeps users out had been taken away at the target; undefined when it was not, or was put back. */
export function reopenedAt(runbook: Runbook, run: Run): string | undefined {
  if (run.outcome !== 'moved') return undefined
  const ends = runbook.steps.flatMap(({ id, stage }) =>
    stage === 'restore-service' ? [run.steps[id]?.endedAt ?? ''] : [],
  )
  return ends.toSorted().at(-1) || undefined
}

function ordersIn(entries: readonly Entry[], runId: string): string[] {
  return entries.flatMap(({ run, event }) => {
    if (run !== runId) return []
    if (event.type === 'order.received') return [event.order.order.do]
    return event.type === 'order.refused' ? [`${event.order.order.do}:refused`] : []
  })
}

const journalOf = (stateDirectory: string): string => join(stateDirectory, 'journal.db')

export function readEntries(stateDirectory: string): Entry[] {
  const journal = readJournal(journalOf(stateDirectory))
  try {
    return journal.entries()
  } finally {
    journal.close()
  }
}

const figure = (figures: JsonObject | undefined, name: string): number =>
  typeof figures?.[name] === 'number' ? figures[name] : 0

/** Rows proven in the days before count as compared: the night only read what has changed since. */
function recordsOf(check: CheckState | undefined): Counted {
  const compared = figure(check?.figures, 'rowsProvenAhead') + figure(check?.figures, 'rowsCompared')
  return { compared, different: check?.value ?? 0 }
}

const filesOf = (check: CheckState | undefined): Counted => ({
  compared: figure(check?.figures, 'compared'),
  different: check?.value ?? 0,
})

function stepsOf(runbook: Runbook, run: Run): DemoVerdict['steps'] {
  return runbook.steps.map(({ id, expectedSeconds }) => {
    const state = run.steps[id]
    const { startedAt, endedAt } = state ?? {}
    const actualSeconds = startedAt && endedAt ? (Date.parse(endedAt) - Date.parse(startedAt)) / 1000 : null
    const ended = state?.how === 'site-given-up' ? 'passed-over' : state?.status
    const outcome = state?.undo?.status === 'done' ? 'undone' : (ended ?? 'waiting')
    return { id, plannedSeconds: expectedSeconds, actualSeconds, outcome }
  })
}

/** What `bascule report --evidence` takes: the cut as users saw it, the ledger's verdict, the zone. */
export function evidenceOf({ cut, ledger, records, files, dns }: DemoVerdict) {
  const { acknowledged, lost, duplicated } = ledger
  const seen = Object.entries(cut).flatMap(([service, one]) => {
    if (one.seconds === null) return []
    const { seconds, lastSuccessAtSource: last, firstSuccessAtTarget: first } = one
    return [
      [service, { seconds, ...(last && { lastAtSource: last }), ...(first && { firstAtTarget: first }) }],
    ]
  })
  return { cut: Object.fromEntries(seen), ledger: { acknowledged, lost, duplicated }, records, files, dns }
}
