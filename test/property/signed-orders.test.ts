import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import type { Order, OrderRecord } from '../../src/model/event.ts'
import type { SignedGivenUp } from '../../src/model/given-up.ts'
import type { Person } from '../../src/model/plan.ts'
import { type SignatureContext, signedText, wrongSignature } from '../../src/run/signatures.ts'
import fc from '../helpers/property.ts'

const person = (role: string, name: string): Person => ({
  ...{ role, name, contact: '', duties: '', key: `ssh-ed25519 ${name}` },
  available: { fromDay: 0, untilDay: 0 },
})
const people = [person('lead', 'Claire'), person('dba', 'Paul'), person('dba', 'Nora')]

/** Stands for ssh-keygen: nobody makes another person's signature, or one of another text. */
const sign = (name: string, text: string): string =>
  createHash('sha256').update(`ssh-ed25519 ${name}\n${text}`).digest('hex')
const signerOf: SignatureContext['signerOf'] = (text, signature, keys) =>
  keys.find(key => createHash('sha256').update(`${key}\n${text}`).digest('hex') === signature)

const hashes = Array.from({ length: 9 }, (_, index) => `hash-${index + 1}`)
const context: SignatureContext = {
  plan: { people, signatures: 'required' },
  run: 'live-1',
  hashOf: entry => hashes[entry - 1],
  signerOf,
}

const words = fc.string({ minLength: 1, maxLength: 8 })
const given: SignedGivenUp = { side: 'target', silent: [], loses: [], isolated: 'power', and: 'Nora' }
const order: fc.Arbitrary<Order> = fc.oneof(
  fc.record({ do: fc.constantFrom('go' as const, 'no-go' as const), role: fc.constant('dba'), note: words }),
  fc.record({ do: fc.constantFrom('hold' as const, 'resume' as const), reason: words }),
  fc.record({
    do: fc.constantFrom('done' as const, 'retry' as const, 'skip' as const),
    step: words,
    reason: words,
  }),
  fc.record({ do: fc.constant('roll-back' as const), reason: words, without: fc.constant({ ...given }) }),
)
const record = fc.record({
  id: fc.uuid(),
  at: fc.constantFrom('2026-12-12T21:00:00Z', '2026-12-12T22:00:00Z'),
  order,
})

function signed({ id, at, order: what }: Omit<OrderRecord, 'by'>, entry: number): OrderRecord {
  const unsigned = { id, at, by: 'Paul', order: what }
  const text = signedText('live-1', unsigned, { entries: entry, hash: hashes[entry - 1] ?? '' })
  const second = 'without' in what && what.without !== undefined ? [sign('Nora', text)] : []
  return { ...unsigned, signed: { text, signatures: [sign('Paul', text), ...second] } }
}
const anOrder = fc.tuple(record, fc.integer({ min: 1, max: 9 })).map(([one, entry]) => signed(one, entry))

/** Every place in a value where text or a number stands, with that one changed. */
function changedOnce(value: unknown): unknown[] {
  if (typeof value === 'string')
    return [`${value}x`, value.slice(1), 'Claire', 'lead'].filter(other => other !== value)
  if (typeof value === 'number') return [value + 1]
  if (Array.isArray(value))
    return [
      ...value.flatMap((item, index) => changedOnce(item).map(other => value.with(index, other))),
      ...(value.length > 0
        ? [value.slice(1), [...value].reverse()].filter(other => other.join() !== value.join())
        : []),
    ]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, part]) =>
    changedOnce(part).map(other => ({ ...value, [key]: other })),
  )
}

it('an order that its people have signed counts', () => {
  fc.assert(
    fc.property(anOrder, one => {
      expect(wrongSignature(one, context)).toBeUndefined()
    }),
  )
})

it('one in which anything was changed afterwards, or left out, does not', () => {
  fc.assert(
    fc.property(anOrder, one => {
      const { signed: _, ...unsigned } = one
      for (const other of [unsigned, ...changedOnce(one)])
        expect(wrongSignature(other as OrderRecord, context), JSON.stringify(other)).toBeDefined()
    }),
    { numRuns: 50 },
  )
})

it('one that is signed again as it was changed, by somebody else, does not', () => {
  fc.assert(
    fc.property(record, fc.constantFrom('Claire', 'a stranger'), (one, forger) => {
      const unsigned = { ...one, by: 'Paul' }
      const text = signedText('live-1', unsigned, { entries: 3, hash: 'hash-3' })
      const signatures = [sign(forger, text), sign(forger, text)]
      expect(wrongSignature({ ...unsigned, signed: { text, signatures } }, context)).toMatchObject({
        key: 'run.order.signatureInvalid',
      })
    }),
  )
})

it('one of another run, or of another journal, does not', () => {
  fc.assert(
    fc.property(anOrder, one => {
      expect(wrongSignature(one, { ...context, run: 'live-2' })).toMatchObject({
        key: 'run.order.signedOther',
      })
      const other = { ...context, hashOf: () => 'of another journal' }
      expect(wrongSignature(one, other)).toMatchObject({ key: 'run.order.signedElsewhere' })
    }),
  )
})

it('what needs two people needs two keys, of the people whom it names', () => {
  const two: Order = { do: 'roll-back', reason: 'fire', without: { ...given } }
  const of = (by: string, and: string, signers: string[]) => {
    const unsigned = { id: 'a', at: '', by, order: { ...two, without: { ...given, and } } }
    const text = signedText('live-1', unsigned, { entries: 1, hash: 'hash-1' })
    const signatures = signers.map(name => sign(name, text))
    return wrongSignature({ ...unsigned, signed: { text, signatures } }, context)?.key
  }
  expect(of('Paul', 'Nora', ['Paul', 'Nora'])).toBeUndefined()
  expect(of('Paul', 'Nora', ['Paul'])).toBe('run.order.halfSigned')
  expect(of('Paul', 'Nora', ['Paul', 'Paul'])).toBe('run.order.signatureInvalid')
  expect(of('Paul', 'Nora', ['Paul', 'Claire'])).toBe('run.order.signatureInvalid')
  expect(of('Paul', 'Paul', ['Paul', 'Paul'])).toBe('run.order.secondPerson')
})

it('a decision of a role is of a person who has it', () => {
  const unsigned: OrderRecord = { id: 'a', at: '', by: 'Paul', order: { do: 'go', role: 'lead' } }
  const text = signedText('live-1', unsigned, { entries: 1, hash: 'hash-1' })
  const one = { ...unsigned, signed: { text, signatures: [sign('Paul', text)] } }
  expect(wrongSignature(one, context)).toMatchObject({ key: 'run.order.notYourRole' })
})

it('where names are declared no signature is asked for; where none can be checked, the order does not count', () => {
  const unsigned: OrderRecord = { id: 'a', at: '', by: 'Paul', order: { do: 'hold' } }
  expect(wrongSignature(unsigned, { ...context, plan: { people, signatures: 'declared' } })).toBeUndefined()
  expect(wrongSignature(unsigned, { ...context, plan: { people } })).toBeUndefined()
  expect(wrongSignature(unsigned, context)).toMatchObject({ key: 'run.order.unsigned' })
  const { signerOf: _, ...unable } = context
  const one = signed(unsigned, 1)
  expect(wrongSignature(one, unable)).toMatchObject({ key: 'run.order.signatureUnchecked' })
  const hanging = () => {
    throw new Error('no end in time')
  }
  expect(() => wrongSignature(one, { ...context, signerOf: hanging })).toThrow('no end in time')
})
