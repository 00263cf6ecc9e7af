import { describe, expect, it } from 'vitest'
import { judge, rowKey } from '../../lab/users/judge.ts'
import type { LedgerEntry, WrittenTable } from '../../lab/users/ledger.ts'
import fc from '../helpers/property.ts'

/** What became of one write: how often it was sent and acknowledged, and how many rows the authority has. */
const write = fc.record({
  table: fc.constantFrom<WrittenTable>('answers', 'progress', 'uploads'),
  attempts: fc.integer({ min: 1, max: 4 }),
  acknowledgements: fc.integer({ min: 0, max: 2 }),
  rows: fc.integer({ min: 0, max: 3 }),
})
type Told = typeof write extends fc.Arbitrary<infer Value> ? Value & { clientId: string } : never
const writes = fc
  .array(write, { maxLength: 40 })
  .map(all => all.map((one, index): Told => ({ ...one, clientId: `id-${index}` })))

const at = '2026-12-12T22:00:00.000Z'
function entriesOf({ table, clientId, attempts, acknowledgements }: Told): LedgerEntry[] {
  const what = { at, user: 1, table, clientId }
  return [
    ...Array.from(
      { length: attempts },
      (_, index): LedgerEntry => ({ kind: 'attempt', ...what, attempt: index + 1 }),
    ),
    ...Array.from(
      { length: acknowledgements },
      (): LedgerEntry => ({ kind: 'acknowledged', ...what, rowId: 1, repeated: false }),
    ),
  ]
}
const rowsOf = (all: Told[]) =>
  new Map(all.filter(one => one.rows > 0).map(one => [rowKey(one.table, one.clientId), one.rows]))
const noise: LedgerEntry = { kind: 'started', at, rate: 20, people: 1, services: [] }

describe('judge', () => {
  it('counts each write once, by what the rows say', async () => {
    await fc.assert(
      fc.asyncProperty(writes, async all => {
        const verdict = await judge([noise, ...all.flatMap(entriesOf)], rowsOf(all))
        const acknowledged = all.filter(one => one.acknowledgements > 0)
        const ids = (told: { clientId: string }[]) => told.map(one => one.clientId)
        expect(verdict.attempted).toBe(all.length)
        expect(verdict.acknowledged).toBe(acknowledged.length)
        expect(ids(verdict.lostIds)).toEqual(ids(acknowledged.filter(one => one.rows === 0)))
        expect(ids(verdict.duplicatedIds)).toEqual(ids(all.filter(one => one.rows > 1)))
        expect(verdict.lost).toBe(verdict.lostIds.length)
        expect(verdict.duplicated).toBe(verdict.duplicatedIds.length)
        expect(verdict.keptUnacknowledged).toBe(
          all.filter(one => one.acknowledgements === 0 && one.rows > 0).length,
        )
      }),
    )
  })

  it('does not depend on how writes of several people are interleaved', async () => {
    const shuffled = writes.chain(all => {
      const entries = all.flatMap(entriesOf)
      return fc.tuple(fc.constant(all), fc.shuffledSubarray(entries, { minLength: entries.length }))
    })
    await fc.assert(
      fc.asyncProperty(shuffled, async ([all, entries]) => {
        const { attempted, acknowledged, lost, duplicated, keptUnacknowledged } = await judge(
          entries,
          rowsOf(all),
        )
        expect(await judge(all.flatMap(entriesOf), rowsOf(all))).toMatchObject({
          attempted,
          acknowledged,
          lost,
          duplicated,
          keptUnacknowledged,
        })
      }),
    )
  })

  it('an acknowledged row taken away is lost, one added is doubled, whatever the rest', async () => {
    const kept = writes.filter(all => all.some(one => one.acknowledgements > 0 && one.rows === 1))
    await fc.assert(
      fc.asyncProperty(kept, async all => {
        const entries = all.flatMap(entriesOf)
        const before = await judge(entries, rowsOf(all))
        const victim = all.find(one => one.acknowledgements > 0 && one.rows === 1) as Told
        const with_ = (rows: number) => rowsOf(all.map(one => (one === victim ? { ...one, rows } : one)))
        expect((await judge(entries, with_(0))).lost).toBe(before.lost + 1)
        expect((await judge(entries, with_(2))).duplicated).toBe(before.duplicated + 1)
      }),
    )
  })

  it('the same id in two tables is two writes', async () => {
    const entries = (['answers', 'progress'] as const).flatMap(table =>
      entriesOf({ table, clientId: 'same', attempts: 1, acknowledgements: 1, rows: 0 }),
    )
    const verdict = await judge(entries, new Map([[rowKey('answers', 'same'), 1]]))
    expect(verdict.lostIds.map(lost => lost.table)).toEqual(['progress'])
  })
})
