import { join } from 'node:path'
import { readJournal, verifyJournal } from '../../src/journal/read.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { Plan } from '../../src/model/plan.ts'
import type { CheckState, Run } from '../../src/model/run.ts'
import type { Runbook } from '../../src/model/step.ts'
import { fold } from '../../src/run/fold.ts'
import { hostOf } from '../enter.ts'
import { secret } from '../secrets.ts'
import type { Lab } from '../types.ts'
import { cuts, type ServiceCut } from '../users/cuts.ts'
import { judge, type Verdict } from '../users/judge.ts'
import { readLedger } from '../users/ledger.ts'
import { readRows } from '../users/rows.ts'

type Counted = { compared: number; different: number }
export type DemoVerdict = {
  outcome: string
  trigger: string | null
  cut: Record<string, { outcome: string; seconds: number | null; servedAtEnd: boolean }>
  ledger: Pick<Verdict, 'acknowledged' | 'lost' | 'duplicated' | 'attempted'>
  records: Counted
  files: Counted
  steps: { id: string; plannedSeconds: number; actualSeconds: number | null; outcome: string }[]
  journal: { entries: number; verified: boolean }
}

/** What the night came to, judged from outside: the ledger, the database of the site in authority, the journal. */
export async function readVerdict(
  lab: Lab,
  plan: Plan,
  runbook: Runbook,
  stateDirectory: string,
  ledger: string,
): Promise<{ verdict: DemoVerdict; cut: Partial<Record<string, ServiceCut>> }> {
  const file = join(stateDirectory, 'journal.db')
  const journal = readJournal(file)
  const entries = journal.entries()
  journal.close()
  const run = fold(entries).runs.findLast(one => one.mode === 'live')
  if (run === undefined) throw new Error('the journal holds no live run')
  const site = run.outcome === 'moved' ? plan.sites.target.id : plan.sites.source.id
  const cut = await cuts(readLedger(ledger), { source: plan.sites.source.id, target: plan.sites.target.id })
  const judged = await judge(readLedger(ledger), await rowsAt(lab, site, ledger))
  const verdict: DemoVerdict = {
    outcome: run.outcome ?? 'held',
    trigger: run.rollback?.trigger ?? null,
    cut: Object.fromEntries(
      Object.entries(cut).map(([service, { outcome, seconds, servedAtEnd }]) => [
        service,
        { outcome, seconds, servedAtEnd },
      ]),
    ),
    ledger: {
      acknowledged: judged.acknowledged,
      lost: judged.lost,
      duplicated: judged.duplicated,
      attempted: judged.attempted,
    },
    records: recordsOf(run.gates.integrity?.checks.T9),
    files: filesOf(run.gates.integrity?.checks.T7),
    steps: runbook.steps.map(step => stepOf(step.id, step.expectedSeconds, run)),
    journal: { entries: entries.length, verified: verifyJournal(file).ok },
  }
  return { verdict, cut }
}

function rowsAt(lab: Lab, site: string, ledger: string) {
  const { address } = hostOf(lab, `${site}-database`)
  const password = secret(lab.name, 'database-bascule')
  const connection = { host: address, port: 5432, database: 'techcorp', user: 'bascule', password }
  return readRows({ ...connection, ssl: { rejectUnauthorized: false } }, readLedger(ledger))
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

function stepOf(id: string, plannedSeconds: number, run: Run): DemoVerdict['steps'][number] {
  const state = run.steps[id]
  const { startedAt, endedAt } = state ?? {}
  const actualSeconds = startedAt && endedAt ? (Date.parse(endedAt) - Date.parse(startedAt)) / 1000 : null
  const undone = state?.undo?.status === 'done' ? 'undone' : undefined
  return { id, plannedSeconds, actualSeconds, outcome: undone ?? state?.status ?? 'waiting' }
}
