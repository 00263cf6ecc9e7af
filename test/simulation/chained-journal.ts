import { firstPreviousHash, hashOf, type Row } from '../../src/journal/chain.ts'
import { copyLine } from '../../src/journal/copy-lines.ts'
import { entriesOf } from '../../src/journal/read.ts'
import { canonicalJson } from '../../src/model/canonical.ts'
import type { Event } from '../../src/model/event.ts'
import type { Clock } from '../../src/run/ports.ts'
import type { OpenState } from '../../src/run/state.ts'
import { MemoryJournal } from '../doubles/memory-journal.ts'

/** A journal in memory with the real chain: its copies are made, compared and taken over as those of the real one. */
export class ChainedJournal
  extends MemoryJournal
  implements Pick<OpenState['journal'], 'linesSince' | 'hashAt' | 'hashes'>
{
  readonly #rows: Row[] = []

  constructor(clock: Clock, rows: readonly Row[] = []) {
    super(clock)
    this.#rows.push(...rows)
    this.kept.push(...entriesOf(rows, 'a copy'))
  }

  protected override written(event: Event): Event {
    return JSON.parse(canonicalJson(event))
  }

  get rows(): readonly Row[] {
    for (const { sequence, at, run, event } of this.kept.slice(this.#rows.length)) {
      const previousHash = this.#rows.at(-1)?.hash ?? firstPreviousHash
      const row = { sequence, at, run, event: canonicalJson(event), previousHash }
      this.#rows.push({ ...row, hash: hashOf(row) })
    }
    return this.#rows
  }

  linesSince(sequence: number): string[] {
    return this.rows.slice(sequence).map(copyLine)
  }

  hashAt(sequence: number): string | undefined {
    return this.rows[sequence - 1]?.hash
  }

  hashes(): string[] {
    return this.rows.map(({ hash }) => hash)
  }
}
