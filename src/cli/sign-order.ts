import type { Entry, Order, OrderRecord } from '../model/event.ts'
import { exitCodes, Failure } from '../model/failure.ts'
import { now } from '../model/instant.ts'
import type { Plan } from '../model/plan.ts'
import type { Run } from '../model/run.ts'
import type { Text } from '../model/text.ts'
import { newOrder } from '../run/orders.ts'
import { mustBeSigned, secondOf, signedText, wrongSignature } from '../run/signatures.ts'
import { readRecords } from '../run/stored-runs.ts'
import { signerOf } from '../transport/ssh-signatures.ts'
import type { CommandContext } from './command-context.ts'
import type { Migration } from './migration.ts'
import { signingKey } from './signing-key.ts'

/** The order as it is sent: signed by the key of who gives it, who then is who the plan says; or, where names are declared, by the name given. */
export async function orderToSend(
  context: CommandContext,
  { plan, stateDirectory }: Migration,
  run: Pick<Run, 'id'>,
  order: Order,
): Promise<OrderRecord> {
  return orderAt(context, plan, run.id, order, readRecords(stateDirectory).entries.at(-1))
}

/** The same for a run of a journal whose last entry is `last`. */
export async function orderAt(
  context: CommandContext,
  plan: Plan,
  run: string,
  order: Order,
  last: Pick<Entry, 'sequence' | 'hash'> | undefined,
): Promise<OrderRecord> {
  if (!mustBeSigned(plan)) return newOrder(order, context.options.by, now())
  refuseUnknownSecond(plan, order)
  const { person, sign } = await signingKey(context, plan, 'role' in order ? order.role : context.options.as)
  const record = newOrder(order, person.name, now())
  const text = signedText(run, record, { entries: last?.sequence ?? 0, hash: last?.hash ?? '' })
  return { ...record, signed: { text, signatures: [await sign(text)] } }
}

/** Found out now, not when the second person is to sign. */
function refuseUnknownSecond({ people }: Plan, order: Order): void {
  const second = secondOf(order)
  const named = people.flatMap(({ name, key }) => (key === undefined ? [] : name))
  if (second === undefined || named.includes(second)) return
  throw new Failure(
    { key: 'cli.key.noSecond', values: { name: second } },
    {
      remedy: { key: 'cli.key.noSecond.remedy', values: { people: [...new Set(named)].join(', ') } },
      exitCode: exitCodes.usage,
    },
  )
}

/** Why the program that takes the order would not count it as signed. */
export function signatureProblem(
  { plan, stateDirectory }: Migration,
  run: Pick<Run, 'id'>,
  record: OrderRecord,
  who: 'first' | 'all' = 'all',
): Text | undefined {
  return wrongIn(readRecords(stateDirectory).entries, plan, run.id, record, who)
}

/** The same of a journal that has these entries. */
export function wrongIn(
  entries: readonly Entry[],
  plan: Plan,
  run: string,
  record: OrderRecord,
  who: 'first' | 'all' = 'all',
): Text | undefined {
  const hashOf = (entry: number): string | undefined => entries[entry - 1]?.hash
  return wrongSignature(record, { plan, run, hashOf, signerOf }, who)
}
