import type { Measure } from '../../../model/kind.ts'
import { provenAt } from '../compare-since-proof.ts'
import { documentsLookedAt } from '../limits.ts'
import { checkReadable } from '../readable.ts'
import { treePairOf } from '../tree-pair.ts'

/**
 * T12: PDFs, images and videos at the target, read to their ends: those that changed since all were looked at in the days
 * before, and a random sample of the rest, so that the window does not grow with the tree.
 */
export const unreadableFiles: Measure = {
  unit: 'files',
  expectedSeconds: 30,
  async measure(component, { plan, results }, io) {
    const { target } = treePairOf(component, plan)
    const since = provenAt(results[`${component.id}.prove`])?.target
    const most = documentsLookedAt.inWindow
    const scopes = [{ most }, ...(since === undefined ? [] : [{ most: 10 * most, since }])]
    const { checked, unreadable } = await checkReadable(io, target, scopes, { deep: true })
    const [sampled = 0, changedSinceProof = null] = checked
    return {
      value: unreadable.length,
      figures: { sampled, changedSinceProof, unreadable: unreadable.length },
      ...(unreadable.length > 0 ? { detail: unreadable.slice(0, 10).join(', ') } : {}),
      // nothing was looked at: nothing was shown to be readable
      ...(sampled === 0 ? { unverified: true } : {}),
    }
  },
}
