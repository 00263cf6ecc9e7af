import { secondsBetween } from '../../model/instant.ts'
import type { ReadIo } from '../../model/io.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Measurement } from '../../model/kind.ts'
import type { MessageKey } from '../../model/text.ts'
import type { Measuring } from '../kit/kind-parts.ts'
import { every, until } from '../kit/until.ts'
import { flushedPosition, replayedPosition, stateOf } from './cluster.ts'
import { type Comparison, compare, nameRows } from './compare/compare.ts'
import { type Delta, deltaSince, nextTransaction } from './compare/proof.ts'
import type { DifferentRow } from './compare/rows.ts'
import type { PostgresFacts } from './facts.ts'
import { bytesBetween, isAtLeast } from './lsn.ts'
import { type PostgresMeasure, sidesOf, slotOf } from './sides.ts'
import type { StreamingSpec } from './spec.ts'
import { isStreaming, waitForEquality } from './standby.ts'
import { isFenced } from './write-fence.ts'

/** Named in the detail; the figures count all that were looked at. */
const namedRows = 20

/**
 * T9: rows that are not the same at both sides, with both read only at the same position of the log. What was proven
 * ahead and not touched since is not read again, so the cut does not grow with the data.
 */
export async function streamedDiffers(
  about: Measuring<StreamingSpec, PostgresFacts>,
  io: ReadIo,
): Promise<Measurement> {
  const sides = sidesOf(about)
  const { source, target } = sides
  if ((await stateOf(source, io)) !== 'primary' || (await stateOf(target, io)) !== 'standby') {
    return notVerified('postgres.measured.notPrimary', {})
  }
  if (!(await isFenced(source, io))) return notVerified('postgres.measured.notFenced', {})
  const startedAt = io.now()
  const transaction = await nextTransaction(source, io)
  const position = await waitForEquality(source, target, io)
  const delta = await deltaSince(sides, position, io)
  const compared = await compare(sides, delta, io)
  const rows = await nameRows(sides, compared.differences, io)
  const seconds = secondsBetween(startedAt, io.now())
  const figures = { ...figuresOf(position, delta, compared, rows), seconds }
  if ((await nextTransaction(source, io)) !== transaction) {
    return notVerified('postgres.measured.written', figures)
  }
  return measured(compared, rows, figures)
}

const notVerified = (key: MessageKey, figures: JsonObject): Measurement => ({
  value: 0,
  figures,
  detail: [{ key }],
  unverified: true,
})

function figuresOf(
  position: string,
  delta: Delta,
  compared: Comparison,
  rows: readonly DifferentRow[],
): JsonObject {
  const ahead =
    delta.mode === 'delta'
      ? { rowsProvenAhead: delta.proof.rows, provenAt: delta.proof.at, provenPosition: delta.proof.position }
      : { why: delta.why }
  return {
    mode: delta.mode,
    position,
    ...ahead,
    rowsCompared: compared.rows,
    blocksCompared: compared.blocks,
    tables: compared.tables,
    databases: compared.databases,
    unmatched: compared.unmatched.slice(0, namedRows),
    different: rows.slice(0, namedRows).map(({ table, key, at }) => ({ table, key, at })),
  }
}

/** A stretch that differed a moment ago and no longer does was not at rest: that is not a match either. */
function measured(compared: Comparison, rows: readonly DifferentRow[], figures: JsonObject): Measurement {
  const unsettled = rows.length === 0 && compared.differences.length > 0
  const value = rows.length + compared.unmatched.length
  const names = [...compared.unmatched, ...rows.map(row => `${row.table} ${row.key}`)].slice(0, namedRows)
  return {
    value,
    figures,
    ...(names.length > 0 && {
      detail: [{ key: 'postgres.measured.rows', values: { rows: names.join('; ') } }],
    }),
    ...(unsettled && { unverified: true, detail: [{ key: 'postgres.measured.unsettled' }] }),
  }
}

/** Longer than any threshold worth having: a standby further behind is late, however much. */
const lagLimitSeconds = 120
/** A server that has replayed nothing at all: a standby just starting has its first record within this, a stranger never. */
const firstRecordSeconds = 10

/** How long what the source had written when asked takes to be readable at the target. */
const lagSeconds: PostgresMeasure = {
  title: 'postgres.measure.lagSeconds',
  tells: 'lag',
  unit: 's',
  expectedSeconds: 30,
  needsField: 'replication',
  async measure(about, io) {
    const { source, target } = sidesOf(about)
    const position = await flushedPosition(source, io)
    const startedAt = io.now()
    const elapsed = (): number => secondsBetween(startedAt, io.now())
    let bytesBehind: number | undefined
    const look = async () => {
      const replayed = await replayedPosition(target, io)
      const missing = behind(replayed, position)
      bytesBehind ??= missing
      const isStranger = replayed === '' && elapsed() >= firstRecordSeconds
      return missing === 0 || isStranger ? { done: replayed } : { waiting: replayed }
    }
    const otherwise = (replayed: string) => ({ done: replayed })
    const replayed = await until(io, look, { seconds: lagLimitSeconds, ...every(0.1), otherwise })
    const reached = behind(replayed, position) === 0
    return {
      value: bytesBehind === 0 ? 0 : elapsed(),
      figures: { position, replayed, bytesBehind: bytesBehind ?? 0, reached },
      ...(reached ? {} : { unverified: true }),
    }
  },
}

/** With nothing written, a standby whose receiver has died a day ago has no lag. */
const standbysNotStreaming: PostgresMeasure = {
  title: 'postgres.measure.standbysNotStreaming',
  unit: '',
  expectedSeconds: 5,
  requiredAtGo: { equals: 0 },
  needsField: 'replication',
  async measure(about, io) {
    const { source, target } = sidesOf(about)
    const streams = await isStreaming(target, source, io)
    return { value: streams ? 0 : 1, figures: { slot: slotOf(target) } }
  },
}

const lagBytes: PostgresMeasure = {
  title: 'postgres.measure.lagBytes',
  unit: 'B',
  expectedSeconds: 5,
  needsField: 'replication',
  async measure(about, io) {
    const { source, target } = sidesOf(about)
    const position = await flushedPosition(source, io)
    const replayed = await replayedPosition(target, io)
    return { value: behind(replayed, position), figures: { position, replayed } }
  },
}

const behind = (replayed: string, position: string): number =>
  replayed !== '' && isAtLeast(replayed, position)
    ? 0
    : bytesBetween(replayed === '' ? '0/0' : replayed, position)

/** What only a standby has. */
export const standbyMeasures: Record<string, PostgresMeasure> = { lagSeconds, standbysNotStreaming, lagBytes }
