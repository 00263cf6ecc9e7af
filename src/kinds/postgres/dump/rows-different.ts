import type { ReadIo } from '../../../model/io.ts'
import type { Measurement } from '../../../model/kind.ts'
import type { MessageKey } from '../../../model/text.ts'
import type { Measuring } from '../../kit/kind-parts.ts'
import { nextTransaction } from '../compare/proof.ts'
import type { PostgresFacts } from '../facts.ts'
import { sidesOf } from '../sides.ts'
import type { DumpSpec } from '../spec-dump.ts'
import { isFenced, limitsOf } from '../write-fence.ts'
import { compareRestored } from './actions/compare-restored.ts'
import { readNote } from './note.ts'

const namedDifferences = 20

/** What the step compared, as long as nobody can have written at either side since. Tables count, for their rows are only summed. */
export async function restoredDiffers(
  measuring: Measuring<DumpSpec, PostgresFacts>,
  io: ReadIo,
): Promise<Measurement> {
  const { source, target } = sidesOf(measuring)
  const compared = measuring.resultOf(compareRestored)
  const unverified = (key: MessageKey): Measurement => ({
    ...{ value: 0, figures: {}, unverified: true },
    detail: [{ key }],
  })
  if (compared === undefined) return unverified('postgres.measured.notCompared')
  if (!(await isFenced(source, io))) return unverified('postgres.measured.notFenced')
  if ((await nextTransaction(source, io)) !== compared.transaction)
    return unverified('postgres.measured.written')
  const limits = await limitsOf(target, io)
  const names = Object.keys((await readNote(target, io))?.databases ?? {})
  if (names.some(name => limits[name] !== 0)) return unverified('postgres.measured.targetOpen')
  const { different, rows, tables, databases, seconds } = compared
  const shown = different.slice(0, namedDifferences)
  return {
    value: different.length,
    figures: { mode: 'full', rowsCompared: rows, tables, databases, different: shown, seconds },
    ...(shown.length > 0 && {
      detail: [{ key: 'postgres.measured.rows', values: { rows: shown.join('; ') } }],
    }),
  }
}
