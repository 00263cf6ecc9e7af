import type { Measure } from '../../../model/kind.ts'
import { compareFields } from '../compare-fields.ts'
import { compareSinceProof } from '../compare-since-proof.ts'
import { placesOf } from '../places.ts'
import { countDifferences } from '../rsync-output.ts'

/**
 * T7: every entry of both trees compared by name, kind, size, time, mode and owner, and by content hash what changed at either
 * end since all contents were proven equal. Only means something once the source is still.
 */
export const filesDifferent: Measure = {
  unit: 'entries',
  expectedSeconds: 60,
  rehearsable: false,
  async measure(component, { plan, facts, results }, io) {
    const places = placesOf(component, plan)
    const [changed, unlike] = await Promise.all([
      compareSinceProof(io, places, results),
      compareFields(io, places),
    ])
    // fields tell of every difference but damage, which is other content under equal fields
    const different = unlike
      ? countDifferences(unlike) + changed.report.differences.damaged
      : countDifferences(changed.report)
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
