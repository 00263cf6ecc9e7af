import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Order } from '../model/event.ts'
import { type ExitCode, exitCodes, Failure } from '../model/failure.ts'
import { now } from '../model/instant.ts'
import type { ChangeIo } from '../model/io.ts'
import type { Plan } from '../model/plan.ts'
import { type Claimant, type JournalCopiesRole, rolesOf, type Standing } from '../model/roles.ts'
import type { Run } from '../model/run.ts'
import { fold } from '../run/fold.ts'
import { isFinished } from '../run/may-start.ts'
import { openTransportTo } from '../run/open-transport.ts'
import { goesBackAtOnce } from '../run/overrun.ts'
import { lastPlan, planOf, runbookOf } from '../run/recorded.ts'
import {
  type FoundCopy,
  findCopy,
  foundState,
  refuseUnasked,
  refuseUsed,
  type TakenBy,
} from '../run/takeover.ts'
import { createRedactor } from '../transport/redact.ts'
import { span } from '../views/lines.ts'
import { orderText } from '../views/orders.ts'
import type { CommandContext } from './command-context.ts'
import { type Migration, openMigration, openStored } from './migration.ts'
import { confirmed } from './prompt.ts'
import { orderAt, wrongIn } from './sign-order.ts'
import { carryOn } from './supervise-run.ts'
import { textOption, type Verb } from './verb.ts'

/**
 * Goes on where another machine was lost: the state directory is made from the copy of its journal at a site, and the hosts are told that
 * the program there may not act any more. There is nothing to undo: whoever has the newest journal may go on.
 */
export const takeover: Verb = {
  name: 'takeover',
  group: 'night',
  summary: 'cli.takeover.summary',
  examples: 'cli.takeover.examples',
  options: [
    { flags: '--from', value: 'host', text: 'cli.takeover.option.from' },
    { flags: '--without-copy-of', value: 'host', text: 'cli.takeover.option.without-copy-of' },
    { flags: '--yes', text: 'cli.rollback.option.yes' },
    { flags: '--no-wait', text: 'cli.option.no-wait' },
  ],
  async run(context, call) {
    const migration = await openMigration(context)
    refuseUsed(migration.stateDirectory)
    const found = await takeFrom(
      context,
      migration,
      { host: textOption(call, 'from') ?? '', without: textOption(call, 'withoutCopyOf') },
      call.options.yes === true,
    )
    if (found === undefined) {
      context.printProgress([[span(context.say({ key: 'cli.rollback.kept' }))]])
      return exitCodes.failure
    }
    // from here on as any run of this state directory: by the plan in the journal
    const stored = await openStored(context)
    const run = lastRunOf(found)
    if (run === undefined || isFinished(run)) return tellNoRun(context, stored, run)
    return carryOn(context, stored, run, { waitForPeople: call.options.wait !== false })
  },
}

const lastRunOf = ({ entries }: FoundCopy): Run | undefined => fold(entries).runs.at(-1)

/** `without`: the host whose copy a person goes on without, should it not be asked. */
type From = { host: string; without: string | undefined }

/** The copy that the state directory was made from; undefined when a person answered no. */
async function takeFrom(
  context: CommandContext,
  { plan, kinds, stateDirectory, formatter, onCall }: Migration,
  from: From,
  isSure: boolean,
): Promise<FoundCopy | undefined> {
  const roles = rolesOf(plan, kinds, {})
  const copies = copiesWith(
    roles('journalCopies').map(({ value }) => value),
    from.host,
  )
  const transport = await openTransportTo(plan, createRedactor(), onCall)
  try {
    const io = transport.ioFor({ key: 'takeover', signal: new AbortController().signal })
    const found = await findCopy(copies, from.host, plan.name, io)
    const authorities = roles('authority').map(({ value }) => value)
    const standing = (await Promise.all(authorities.map(one => one.standing(plan.name, io)))).flat()
    const newest = standing.toSorted((one, other) => other.fencingNumber - one.fencingNumber)[0]
    tellFound(context, found, formatter.moment)
    refuseUnasked(found, from.host, from.without)
    tellLate(context, found)
    const question = sureText(found, newest, formatter.moment)
    if (!isSure && !(await confirmed(context, question))) return undefined
    const by = await orderOf(context, plan, found, from)
    const claimant: Claimant = {
      planName: plan.name,
      fencingNumber: (newest?.fencingNumber ?? 0) + 1,
      holder: `${hostname()}:${process.pid}`,
      lineage: newest?.lineage || randomUUID(),
    }
    for (const authority of authorities) await authority.claim(claimant, io)
    return await settled(copies, from, claimant, stateDirectory, by, io)
  } finally {
    await transport.close()
  }
}

/** From the claim on nobody else adds to the copies: what came in between is read, too. */
async function settled(
  copies: JournalCopiesRole,
  from: From,
  claimant: Claimant,
  stateDirectory: string,
  by: TakenBy,
  io: ChangeIo,
): Promise<FoundCopy> {
  const found = await findCopy(copies, from.host, claimant.planName, io)
  refuseUnasked(found, from.host, from.without)
  for (const host of found.parted) await copies.setAside(host, claimant, io)
  foundState(stateDirectory, found.rows, claimant.lineage, claimant.fencingNumber, by)
  return found
}

/** By a person of the plan that the copy holds, whose key is checked before anything is claimed. Throws Failure. */
async function orderOf(
  context: CommandContext,
  today: Plan,
  { entries }: FoundCopy,
  { host, without }: From,
): Promise<TakenBy> {
  const history = fold(entries)
  const plan = lastPlan(history) ?? today
  const last = entries.at(-1)
  const run = history.runs.at(-1)?.id ?? last?.run ?? ''
  const order: Order = {
    do: 'takeover',
    from: host,
    ...(without !== undefined && { withoutCopyOf: without }),
  }
  const record = await orderAt(context, plan, run, order, last)
  const why = wrongIn(entries, plan, run, record)
  if (why === undefined) return { run, record }
  const values = { order: orderText(order), why: context.say(why) }
  throw new Failure({ key: 'cli.order.refused', values }, { remedy: { key: 'cli.takeover.sign' } })
}

function copiesWith(roles: readonly JournalCopiesRole[], from: string): JournalCopiesRole {
  const role = roles.find(({ places }) => places.some(({ host }) => host === from))
  if (role !== undefined) return role
  const known = roles.flatMap(({ places }) => places.map(({ host }) => host))
  const [first] = known
  if (first === undefined)
    throw new Failure({ key: 'run.takeover.noCopies' }, { remedy: { key: 'run.takeover.noCopies.remedy' } })
  const values = { host: from, known: known.join(', ') }
  throw new Failure(
    { key: from === '' ? 'run.takeover.unnamed' : 'run.takeover.unknownHost', values },
    { remedy: { key: 'run.takeover.unknownHost.remedy', values: { first } }, exitCode: exitCodes.usage },
  )
}

function tellFound(
  context: CommandContext,
  { host, entries, unasked, parted }: FoundCopy,
  moment: (at: string) => string,
): void {
  const at = moment(entries.at(-1)?.at ?? '')
  context.printProgress([
    [span(context.say({ key: 'cli.takeover.found', values: { host, at, entries: entries.length } }))],
    ...unasked.map(({ host: other, failure }) => [
      span(
        context.say({ key: 'cli.takeover.oneCopy', values: { host: other, why: context.say(failure.text) } }),
        'warn' as const,
      ),
    ]),
    ...parted.map(other => [
      span(context.say({ key: 'cli.takeover.parted', values: { host: other } }), 'warn' as const),
    ]),
  ])
}

/** Going on would not go on: nobody should learn that from the first undo. */
function tellLate(context: CommandContext, { entries }: FoundCopy): void {
  const history = fold(entries)
  const run = history.runs.at(-1)
  if (run === undefined || isFinished(run)) return
  if (goesBackAtOnce(runbookOf(history, run), run, planOf(history, run), now()))
    context.printProgress([[span(context.say({ key: 'cli.takeover.late' }), 'warn')]])
}

function sureText(found: FoundCopy, newest: Standing | undefined, moment: (at: string) => string) {
  const values = {
    host: found.host,
    run: lastRunOf(found)?.id ?? '–',
    entries: found.entries.length,
    at: moment(found.entries.at(-1)?.at ?? ''),
    holder: newest?.holder || '?',
    since: newest?.at ? moment(newest.at) : '?',
  }
  return { key: 'cli.takeover.sure', values } as const
}

function tellNoRun(
  context: CommandContext,
  { plan, stateDirectory }: Migration,
  run: Run | undefined,
): ExitCode {
  const values = { directory: stateDirectory }
  context.print([[span(context.say({ key: 'cli.takeover.noRun', values }))]])
  context.json({ plan: plan.name, ...(run && { run: run.id, mode: run.mode, outcome: run.outcome }) })
  return exitCodes.ok
}
