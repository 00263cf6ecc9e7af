import { canonicalJson } from '../model/canonical.ts'
import type { JournalHead, Order, OrderRecord } from '../model/event.ts'
import type { Person, Plan } from '../model/plan.ts'
import type { MessageKey, Text } from '../model/text.ts'

/** Which of the public keys has signed the text. Throws when that cannot be found out. */
export type SignerOf = (text: string, signature: string, keys: readonly string[]) => string | undefined

/** What an order is checked by: the plan's keys, the run it came to, and the journal of that run. */
export type SignatureContext = {
  plan: Pick<Plan, 'people' | 'signatures'>
  run: string
  /** The hash of the journal's entry of that number; undefined when there is none. */
  hashOf(entry: number): string | undefined
  signerOf?: SignerOf | undefined
}

export const mustBeSigned = ({ signatures }: Pick<Plan, 'signatures'>): boolean => signatures === 'required'

/**
 * What people sign: the order with all that it says, for one run, one time, at one place of one journal. Its number makes a second
 * delivery harmless; the place makes a signature for a copy or for another migration worthless.
 */
export function signedText(run: string, { id, at, by, order }: OrderRecord, journal: JournalHead): string {
  return canonicalJson({ bascule: 'order', run, id, at, by, order, journal })
}

/** The second person whom an order needs, as it names them. */
export function secondOf(order: Order): string | undefined {
  if (order.do === 'close') return order.final?.and
  return 'without' in order ? order.without?.and : undefined
}

/** It waits for the signature of a second person. */
export const isHalfSigned = ({ order, signed }: OrderRecord): boolean =>
  signed !== undefined && signed.signatures.length < 2 && secondOf(order) !== undefined

/**
 * Why the order counts for nothing as it is signed; undefined: it is signed as the plan wants it, or need not be. `first`: only who gives
 * the order is asked for, as long as the second person has not signed. Pure but for `signerOf`; what that throws is thrown: the order is
 * neither right nor wrong.
 */
export function wrongSignature(
  record: OrderRecord,
  context: SignatureContext,
  who: 'first' | 'all' = 'all',
): Text | undefined {
  if (!mustBeSigned(context.plan)) return undefined
  const { signed } = record
  if (signed === undefined) return { key: 'run.order.unsigned' }
  const journal = journalIn(signed.text)
  if (journal === undefined || signed.text !== signedText(context.run, record, journal))
    return { key: 'run.order.signedOther' }
  if (context.hashOf(journal.entries) !== journal.hash) return { key: 'run.order.signedElsewhere' }
  if (context.signerOf === undefined)
    return { key: 'run.order.signatureUnchecked', values: { why: { key: 'run.order.signaturesUnknown' } } }
  const second = who === 'first' ? undefined : secondOf(record.order)
  return wrongSigners(record, signed.text, signed.signatures, second, context.plan, context.signerOf)
}

function wrongSigners(
  { by, order }: OrderRecord,
  text: string,
  [first, second]: readonly string[],
  and: string | undefined,
  plan: Pick<Plan, 'people'>,
  signerOf: SignerOf,
): Text | undefined {
  const signers = (signature = ''): Person[] => {
    const keys = plan.people.flatMap(({ key }) => key ?? [])
    const key = signerOf(text, signature, keys)
    return key === undefined ? [] : plan.people.filter(person => person.key === key)
  }
  const own = signers(first)
  const invalid = (name: string): Text => ({ key: 'run.order.signatureInvalid', values: { name } })
  if (!own.some(({ name }) => name === by)) return invalid(by)
  if ('role' in order && !own.some(({ role }) => role === order.role)) {
    const key: MessageKey = 'run.order.notYourRole'
    return { key, values: { by, role: order.role } }
  }
  if (and === undefined) return undefined
  if (second === undefined) return { key: 'run.order.halfSigned', values: { name: and } }
  const others = signers(second)
  if (!others.some(({ name }) => name === and)) return invalid(and)
  return others.some(({ key }) => own[0]?.key === key)
    ? { key: 'run.order.secondPerson', values: { by } }
    : undefined
}

/** Where the signed text says that the journal was; undefined when it says nothing of the sort. */
function journalIn(text: string): JournalHead | undefined {
  try {
    const { entries, hash } = (JSON.parse(text) as { journal: JournalHead }).journal
    return typeof entries === 'number' && typeof hash === 'string' ? { entries, hash } : undefined
  } catch {
    return undefined
  }
}
