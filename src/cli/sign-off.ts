import { shortHash } from '../model/canonical.ts'
import type { SignedHashes } from '../model/event.ts'
import { exitCodes, Failure } from '../model/failure.ts'
import type { Plan } from '../model/plan.ts'
import type { Run } from '../model/run.ts'
import type { GateId } from '../model/stage.ts'
import { nearestName } from '../plan/nearest.ts'
import { planDifferences } from '../run/plan-differences.ts'
import { planHashOf } from '../run/readiness.ts'
import type { CommandContext } from './command-context.ts'
import { giveOrder, runForOrders } from './give-order.ts'
import { openStored, type StoredMigration } from './migration.ts'
import { type Call, textOption, type Verb, type VerbOption, type VerbWords } from './verb.ts'

const gates: readonly GateId[] = ['go', 'integrity', 'reopen']

/** GO, by role, at the gate that waits (or the one named). */
export const go: Verb = signOff('go', { summary: 'cli.go.summary', examples: 'cli.go.examples' }, [
  { flags: '--runbook', value: 'hash', text: 'cli.go.option.runbook' },
])
/** NO-GO, by role: the night is undone. */
export const noGo: Verb = signOff('no-go', { summary: 'cli.no-go.summary', examples: 'cli.no-go.examples' })

function signOff(decision: 'go' | 'no-go', words: VerbWords, options: VerbOption[] = []): Verb {
  return {
    name: decision,
    group: 'people',
    ...words,
    options: [
      { flags: '--gate', value: 'gate', text: 'cli.option.gate', choices: gates },
      { flags: '--note', value: 'text', text: 'cli.option.note' },
      ...options,
    ],
    async run(context, call) {
      const migration = await openStored(context)
      const role = roleOf(context, migration.plan)
      const run = runForOrders(context, migration)
      if (decision === 'go') refuseEdited(context, migration, run, role)
      return giveOrder(context, migration, run, {
        ...{ do: decision, role },
        ...{ ...gateOf(call), ...noteOf(call) },
        ...(decision === 'go' && { signs: signedHashes(run, textOption(call, 'runbook')) }),
      })
    },
  }
}

function gateOf(call: Call): { gate?: GateId } {
  const gate = gates.find(known => known === call.options.gate)
  return gate ? { gate } : {}
}

function noteOf(call: Call): { note?: string } {
  const note = textOption(call, 'note')
  return note === undefined ? {} : { note }
}

/** Where the plan wants readiness, and before the outage: who has edited the plan since agrees to what is not carried out. */
function refuseEdited(
  { commandPrefix }: CommandContext,
  { plan, today }: StoredMigration,
  run: Run,
  role: string,
): void {
  const isBefore = run.gates.go?.openedAt === undefined && run.mode === 'live'
  if (plan.readiness === undefined || today === undefined || !isBefore) return
  const planToday = planHashOf(today)
  if (planToday === run.planHash) return
  const values = {
    paths: planDifferences(plan, today).join(', '),
    plan: shortHash(run.planHash),
    planToday: shortHash(planToday),
  }
  const typed = { go: `${commandPrefix} go --as ${role}`, noGo: `${commandPrefix} no-go --as ${role}` }
  throw new Failure(
    { key: 'cli.go.edited', values },
    {
      remedy: { key: 'cli.go.edited.remedy', values: { ...typed, preflight: `${commandPrefix} preflight` } },
    },
  )
}

const leastOfHash = 8

/** `named`: the runbook that the person has read; one that this run does not carry out is sent as it is named, and refused. */
function signedHashes({ planHash, runbookHash }: Run, named: string | undefined): SignedHashes {
  const isOfRun = named === undefined || (named.length >= leastOfHash && runbookHash.startsWith(named))
  return { planHash, runbookHash: isOfRun ? runbookHash : named }
}

/** A decision is a role's: it is never guessed from who is logged in. */
export function roleOf(context: CommandContext, plan: Plan): string {
  const roles = plan.people.map(person => person.role)
  const role = context.options.as
  if (role !== undefined && roles.includes(role)) return role
  const nearest = role === undefined ? undefined : nearestName(role, roles)
  throw new Failure(
    role === undefined ? { key: 'cli.role.missing' } : { key: 'cli.role.unknown', values: { role } },
    {
      remedy: nearest
        ? { key: 'cli.usage.nearest', values: { nearest } }
        : { key: 'cli.role.remedy', values: { roles: roles.join(', ') } },
      exitCode: exitCodes.usage,
    },
  )
}
