import { secondsBetween } from '../../../model/instant.ts'
import type { JsonObject } from '../../../model/json.ts'
import type { Measurement } from '../../../model/kind.ts'
import { stateOf } from '../cluster.ts'
import { type PostgresMeasure, sidesOf } from '../sides.ts'
import { waitForEquality } from '../standby.ts'
import { isFenced } from '../write-fence.ts'
import { type Comparison, compare, nameRows } from './compare.ts'
import { type Delta, deltaSince, nextTransaction } from './proof.ts'
import type { DifferentRow } from './rows.ts'

/** Named in the detail; the figures count all that were looked at. */
const namedRows = 20

/**
 * T9: rows that are not the same at both sides, with both read only at the same position of the log. What was proven
 * ahead and not touched since is not read again, so the cut does not grow with the data.
 */
export const rowsDifferent: PostgresMeasure = {
  unit: '',
  expectedSeconds: 120,
  rehearsable: false,
  async measure(about, io) {
    const sides = sidesOf(about)
    const { source, target } = sides
    if ((await stateOf(source, io)) !== 'primary' || (await stateOf(target, io)) !== 'standby') {
      return notVerified('the source is not the primary of the target', {})
    }
    if (!(await isFenced(source, io))) return notVerified('the source is not fenced', {})
    const startedAt = io.now()
    const transaction = await nextTransaction(source, io)
    const position = await waitForEquality(source, target, io)
    const delta = await deltaSince(sides, position, io)
    const compared = await compare(sides, delta, io)
    const rows = await nameRows(sides, compared.differences, io)
    const seconds = secondsBetween(startedAt, io.now())
    const figures = { ...figuresOf(position, delta, compared, rows), seconds }
    if ((await nextTransaction(source, io)) !== transaction) {
      return notVerified('somebody wrote at the source meanwhile', figures)
    }
    return measured(compared, rows, figures)
  },
}

const notVerified = (detail: string, figures: JsonObject): Measurement => ({
  value: 0,
  figures,
  detail,
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
    ...(names.length === 0 ? {} : { detail: names.join('; ') }),
    ...(unsettled ? { unverified: true, detail: 'a difference was seen and then no longer' } : {}),
  }
}
