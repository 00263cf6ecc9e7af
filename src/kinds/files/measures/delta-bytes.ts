import type { Measure } from '../../../model/kind.ts'
import { compare } from '../sync.ts'
import { treePairOf } from '../tree-pair.ts'

/** T3: what a sync begun now would send. */
export const deltaBytes: Measure = {
  unit: 'B',
  expectedSeconds: 60,
  async measure(component, { plan }, io) {
    const { sentBytes, sentFiles, deleted, entries } = await compare(io, treePairOf(component, plan), {
      delete: {},
    })
    return { value: sentBytes, figures: { bytes: sentBytes, files: sentFiles, deleted, entries } }
  },
}
