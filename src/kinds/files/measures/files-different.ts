import type { Measure } from '../../../model/kind.ts'
import { compareFields } from '../compare-fields.ts'
import { compareSinceProof, differentEntries } from '../compare-since-proof.ts'
import { treePairOf } from '../tree-pair.ts'

/**
 * T7: every entry of both trees compared by name, kind, size, time, mode and owner, and by content hash what changed at either
 * end since all contents were proven equal. Only means something once the source is still.
 */
export const filesDifferent: Measure = {
  unit: 'entries',
  expectedSeconds: 60,
  rehearsable: false,
  async measure(component, { plan, facts, results }, io) {
    const trees = treePairOf(component, plan)
    const [changed, unlike] = await Promise.all([
      compareSinceProof(io, trees, results),
      compareFields(io, trees),
    ])
    const different = differentEntries(changed, unlike)
    const examples = [...changed.report.examples, ...(unlike?.examples ?? [])]
    const compared = changed.names
      ? (results[`${component.id}.final-delta`]?.entries ?? facts[component.id]?.files?.value)
      : changed.report.entries
    return {
      value: different,
      figures: {
        compared: compared ?? null,
        hashed: changed.names?.count ?? changed.report.entries,
        hashedBytes: changed.report.totalBytes,
        different,
        damaged: changed.report.differences.damaged,
      },
      ...(examples.length > 0 ? { detail: [...new Set(examples)].join(', ') } : {}),
    }
  },
}
