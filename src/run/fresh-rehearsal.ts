import type { Journal } from '../journal/journal.ts'
import type { Order, OrderRecord } from '../model/event.ts'
import { exitCodes, Failure } from '../model/failure.ts'
import { secondsBetween } from '../model/instant.ts'
import type { Plan } from '../model/plan.ts'
import type { History } from '../model/run.ts'
import type { Runbook } from '../model/step.ts'
import type { Text } from '../model/text.ts'
import { isAuthors } from './author.ts'
import { actsHash } from './readiness.ts'
import { type SignerOf, wrongSignature } from './signatures.ts'

export type ExcuseOrder = Order & { do: 'excuse-rehearsal' }
/** `run`: the id of the run that is to begin by it. */
export type Excuse = { run: string; record: OrderRecord & { order: ExcuseOrder } }

/** Why no rehearsal shows that this night works: `rehearsal` is what a rehearsal would do today. Pure. */
export function rehearsalVoid(
  history: History,
  plan: Plan,
  rehearsal: Runbook,
  now: string,
): Text | undefined {
  const limit = plan.readiness?.rehearsal?.maxAgeSeconds
  if (limit === undefined) return undefined
  const last = history.runs.findLast(({ mode, outcome }) => mode === 'rehearsal' && outcome === 'rehearsed')
  if (last?.finishedAt === undefined) return { key: 'run.notRehearsed' }
  const rehearsed = history.runbooks[last.runbookHash]
  if (rehearsed === undefined || actsHash(rehearsed) !== actsHash(rehearsal))
    return { key: 'run.readiness.otherRehearsal', values: { run: last.id } }
  const seconds = secondsBetween(last.finishedAt, now)
  if (seconds <= limit) return undefined
  const values = { run: last.id, hours: Math.floor(seconds / 3600), limit: Math.floor(limit / 3600) }
  return { key: 'run.readiness.oldRehearsal', values }
}

type Asked = { journal: Pick<Journal, 'append' | 'entries'>; plan: Plan; signerOf: SignerOf }

/** Throws Failure where the plan wants a fresh rehearsal, there is none, and nobody who may answers for it. A refused order is in the journal. */
export function requireFreshRehearsal(
  { journal, plan, signerOf }: Asked,
  why: Text | undefined,
  excuse: Excuse | undefined,
): void {
  const role = plan.readiness?.rehearsal?.exceptionBy
  if (role === undefined) return
  if (excuse !== undefined) refuseWrongExcuse({ journal, plan, signerOf }, role, excuse)
  if (why === undefined || excuse !== undefined) return
  throw new Failure(why, {
    remedy: { key: 'run.readiness.rehearse', values: { role } },
    exitCode: exitCodes.checksFailed,
  })
}

function refuseWrongExcuse({ journal, plan, signerOf }: Asked, role: string, { run, record }: Excuse): void {
  const hashOf = (entry: number): string | undefined => journal.entries()[entry - 1]?.hash
  const why: Text | undefined =
    record.order.role === role
      ? isAuthors(plan.author, 'go', record.by)
        ? { key: 'run.order.authorsExcuse', values: { name: record.by } }
        : wrongSignature(record, { plan, run, hashOf, signerOf })
      : { key: 'run.order.notYourException', values: { role: record.order.role, needed: role } }
  if (why === undefined) return
  journal.append(run, { type: 'order.refused', order: record, why })
  throw new Failure(why, { exitCode: exitCodes.checksFailed })
}
