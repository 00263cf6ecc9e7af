import { z } from 'zod'
import { Failure } from '../../../model/failure.ts'
import { secondsBetween } from '../../../model/instant.ts'
import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import { twice } from '../../kit/timings.ts'
import { byHandAt, psql } from '../by-hand.ts'
import { flushedPosition } from '../cluster.ts'
import { type BlockRange, blocksIn, changedBlocks, holds } from '../compare/changed.ts'
import { compare, nameRows } from '../compare/compare.ts'
import { copyIdOf, deltaSince, type Proof, proofKey, stableLsn } from '../compare/proof.ts'
import { fileKey } from '../compare/relations.ts'
import type { DifferentRow } from '../compare/rows.ts'
import type { Difference } from '../compare/scan.ts'
import { postgres } from '../define.ts'
import type { Lsn } from '../lsn.ts'
import { removeSaved, save } from '../saved.ts'
import { proofSlotOf, type Side, type Sides, sidesOf } from '../sides.ts'
import { literal, readWrite } from '../sql.ts'
import { ensureSlot, waitForReplay, waitForStreaming } from '../standby.ts'
import { seed, sizeOf } from './seed.ts'

/** Reading itself may rewrite pages (hint bits, with checksums), so the first round is followed by shorter ones. */
const rounds = 3
/** What one second reads and hashes at both sides, measured in the laboratory, rounded down. */
const hashedBytesPerSecond = 60e6
/** Less than this changed during a round: the next would not gain anything. */
const settledBlocks = 1000

/**
 * Compares every row of every table in the days before, and remembers the position: in the window only what the log
 * touched since is compared. Run again, it only compares what changed since the last time.
 */
export const prove = postgres.action({
  name: 'prove',
  touches: ['source'],
  result: z.object({
    position: z.string(),
    mode: z.enum(['delta', 'full']),
    why: z.string().optional(),
    rows: z.number(),
    tables: z.number(),
    bytes: z.number(),
    seconds: z.number(),
  }),
  plan: about => {
    const seconds = Math.max(5, sizeOf(about) / hashedBytesPerSecond)
    const values = { component: about.component.id }
    return {
      title: { key: 'postgres.prove.title', values },
      stage: 'prove',
      after: [seed],
      expectedSeconds: Math.round(seconds),
      deadlineSeconds: Math.round(seconds * 6 + 600),
      ...twice,
      trigger: 'failure',
      undo: {
        possible: true,
        expectedSeconds: 1,
        deadlineSeconds: 30,
        byHand: { key: 'postgres.prove.byHand', values: forgetByHand(sidesOf(about).source) },
      },
    }
  },

  async isDone() {
    // A proof grows old from the moment it is made: again is always right, and short.
    return false
  },

  async apply(about, io) {
    const sides = sidesOf(about)
    const at = io.at('source')
    await waitForStreaming(sides.target, sides.source, io)
    await ensureSlot(sides.source, proofSlotOf(sides.spec), at)
    const startedAt = io.now()
    const first = await round(sides, at)
    let last = first
    for (let count = 1; count < rounds && isUnsettled(last); count++) last = await round(sides, at)
    return {
      position: last.position,
      mode: first.mode,
      ...(first.why === undefined ? {} : { why: first.why }),
      rows: first.rows,
      tables: first.tables,
      bytes: first.blocks * 8192,
      seconds: secondsBetween(startedAt, io.now()),
    }
  },

  async undo(about, io) {
    await removeSaved(sidesOf(about).source, proofKey, io.at('source'))
  },
})

type Round = Awaited<ReturnType<typeof round>>

/** A difference that the log explained is looked at again now, rather than first in the window. */
const isUnsettled = (last: Round): boolean =>
  last.touchedBlocks > settledBlocks || last.differences.length > 0

async function round(sides: Sides, io: ChangeIo) {
  const { source, target, spec } = sides
  const position = await stableLsn(source, io)
  await waitForReplay(target, await flushedPosition(source, io), io)
  const delta = await deltaSince({ ...sides, spec: { ...spec, verify: 'delta' } }, position, io)
  const compared = await compare(sides, delta, io)
  const touched = await touchedSince(sides, position, io)
  await refuseDifferences(sides, compared.differences, position, io)
  // Of a proof brought up to date, the rows are those of its first, full reading.
  const rows = delta.mode === 'delta' ? delta.proof.rows : compared.rows
  await remember(sides, { position, rows, at: io.now(), files: compared.files }, io)
  return {
    ...compared,
    position,
    mode: delta.mode,
    why: delta.mode === 'full' ? delta.why : undefined,
    touchedBlocks: [...touched.values()].reduce((sum, ranges) => sum + blocksIn(ranges), 0),
  }
}

/** Where the log cannot be read, nothing is known to have been touched: the window will compare everything. */
async function touchedSince(sides: Sides, position: Lsn, io: ReadIo): Promise<Map<string, BlockRange[]>> {
  try {
    return await changedBlocks(sides.source, position, await flushedPosition(sides.source, io), io)
  } catch (error) {
    if (io.signal.aborted) throw error
    return new Map()
  }
}

/**
 * The two sides are read at slightly different moments, so a difference is real only when no later log explains it.
 * What the log does explain will be compared again, by the next round or in the window.
 */
async function refuseDifferences(
  sides: Sides,
  differences: readonly Difference[],
  position: Lsn,
  io: ChangeIo,
): Promise<void> {
  let rows: DifferentRow[] = []
  let left: Difference[] = [...differences]
  for (let attempt = 1; attempt <= 3 && left.length > 0; attempt++) {
    const until = await flushedPosition(sides.source, io)
    await waitForReplay(sides.target, until, io)
    const touched = await touchedSince(sides, position, io)
    const unexplained: Difference[] = []
    rows = []
    for (const difference of left) {
      const ranges = touched.get(fileKey(difference.relation)) ?? []
      const found = (await nameRows(sides, [difference], io)).filter(row => !holds(ranges, row.block))
      if (found.length > 0) unexplained.push(difference)
      rows.push(...found)
    }
    left = unexplained
  }
  if (rows.length === 0) return
  throw new Failure(
    {
      key: 'postgres.prove.different',
      values: { count: rows.length, rows: rows.slice(0, 20).map(nameOf).join('; ') },
    },
    { remedy: { key: 'postgres.prove.different.remedy' } },
  )
}

export const nameOf = (row: DifferentRow): string => `${row.table} ${row.key}`

async function remember(sides: Sides, proof: Omit<Proof, 'copyId'>, io: ChangeIo): Promise<void> {
  await save(sides.source, proofKey, { ...proof, copyId: await copyIdOf(sides.target, io) }, io)
  await io.execute(
    sides.source.sql,
    `select pg_replication_slot_advance(${literal(proofSlotOf(sides.spec))}, ${literal(proof.position)}::pg_lsn)`,
  )
}

const forgetByHand = (source: Side) =>
  byHandAt(source, psql(source, readWrite(`delete from bascule.kept where key = ${literal(proofKey)}`)))
