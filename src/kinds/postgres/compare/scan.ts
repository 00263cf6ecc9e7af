import type { ReadIo, Row } from '../../../model/io.ts'
import { type Look, until } from '../../kit/until.ts'
import { inDatabase, type Side } from '../sides.ts'
import { sqlStateOf, sqlStates } from '../sql.ts'
import { type BlockRange, blocksIn, tile } from './changed.ts'
import { hashStretches, type Stretch } from './hash-sql.ts'
import type { Relation } from './relations.ts'

/** Which blocks of which relations to compare. */
export type Work = { relation: Relation; ranges: BlockRange[] }
/** `unreadable`: a side could not read it at all (a broken page). */
export type Difference = Stretch & { unreadable?: 'source' | 'target' }
export type ScanResult = { rows: number; blocks: number; differences: Difference[] }

/** What one stretch may span, and what one statement may: short statements never hold back a vacuum or a replay. */
const stretchBlocks = 128
const statementBlocks = 8192
const statementStretches = 100

/**
 * Compares both sides, batch by batch; neither side's rows are ever all in memory, and none leave their server.
 * Reports progress in bytes.
 */
export async function scan(
  sides: { source: Side; target: Side },
  works: readonly Work[],
  io: ReadIo,
): Promise<ScanResult> {
  const result: ScanResult = { rows: 0, blocks: 0, differences: [] }
  const totalBlocks = works.reduce((sum, work) => sum + blocksIn(work.ranges), 0)
  for (const batch of batches(works)) {
    const compared = await compareBatch(sides, batch, io)
    result.rows += compared.rows
    result.differences.push(...compared.differences)
    result.blocks += blocksIn(batch.map(stretch => stretch.range))
    io.report({ bytesDone: result.blocks * 8192, bytesTotal: totalBlocks * 8192 })
  }
  return result
}

/** One batch is of one database. */
export function* batches(works: readonly Work[]): Generator<Stretch[]> {
  let batch: Stretch[] = []
  let blocks = 0
  for (const { relation, ranges } of works) {
    for (const range of tile(ranges, stretchBlocks)) {
      const full = batch.length >= statementStretches || blocks + range.to - range.from > statementBlocks
      const otherDatabase = batch[0] !== undefined && batch[0].relation.database !== relation.database
      if (batch.length > 0 && (full || otherDatabase)) {
        yield batch
        batch = []
        blocks = 0
      }
      batch.push({ relation, range })
      blocks += range.to - range.from
    }
  }
  if (batch.length > 0) yield batch
}

async function compareBatch(
  sides: { source: Side; target: Side },
  batch: Stretch[],
  io: ReadIo,
): Promise<{ rows: number; differences: Difference[] }> {
  const [source, target] = await Promise.all([
    hashes(sides.source, batch, io),
    hashes(sides.target, batch, io),
  ])
  const broken = source === 'broken' || target === 'broken'
  if (broken && batch.length > 1) return await oneByOne(sides, batch, io)
  const only = batch[0]
  if (broken) {
    const unreadable = source === 'broken' ? 'source' : 'target'
    return { rows: 0, differences: only ? [{ ...only, unreadable }] : [] }
  }
  return {
    rows: source.reduce((sum, hash) => sum + hash.rows, 0),
    differences: batch.filter((_, index) => source[index]?.hash !== target[index]?.hash),
  }
}

async function oneByOne(sides: { source: Side; target: Side }, batch: Stretch[], io: ReadIo) {
  const result = { rows: 0, differences: [] as Difference[] }
  for (const stretch of batch) {
    const compared = await compareBatch(sides, [stretch], io)
    result.rows += compared.rows
    result.differences.push(...compared.differences)
  }
  return result
}

type Hash = { rows: number; hash: string }

async function hashes(side: Side, batch: Stretch[], io: ReadIo): Promise<Hash[] | 'broken'> {
  const database = batch[0]?.relation.database ?? side.sql.database
  const rows = await readOrBroken(side, database, hashStretches(batch, Number(side.version)), io)
  if (rows === 'broken') return 'broken'
  const found: Hash[] = []
  for (const row of rows) {
    found[Number(row.stretch)] = {
      rows: Number(row.rows),
      hash: `${row.rows} ${row.first} ${row.second}`,
    }
  }
  return found
}

/** A standby cancels a reader that stands in its replay's way: asked again. A page that cannot be read is an answer. */
export async function readOrBroken(side: Side, database: string, text: string, io: ReadIo) {
  const look = async (): Promise<Look<Row[] | 'broken', unknown>> => {
    try {
      return { done: await io.query(inDatabase(side, database), text) }
    } catch (error) {
      const state = sqlStateOf(error)
      if (state?.startsWith('XX')) return { done: 'broken' }
      if (state !== sqlStates.serializationFailure) throw error
      return { waiting: error }
    }
  }
  return await until(io, look, { looks: 5, firstPauseSeconds: 0.2, otherwise: error => error as Error })
}
