import type { Measure } from '../../../model/kind.ts'
import { provenAt } from '../compare-since-proof.ts'
import { documentsLookedAt } from '../limits.ts'
import { placesOf } from '../places.ts'
import { checkReadable } from '../readable.ts'

/**
 * T12: PDFs, images and videos at the target, read to their ends: those that changed since all were looked at in the days
 * before, and a random sample of the rest, so that the window does not grow with the tree.
 */
export const unreadableFiles: Measure = {
  unit: 'files',
  expectedSeconds: 30,
  async measure(component, { plan, results }, io) {
    const { target } = placesOf(component, plan)
    const since = provenAt(results[`${component.id}.prove`])?.target
    const most = documentsLookedAt.inWindow
    const sample = await checkReadable(io, target, { most, deep: true })
    const fresh =
      since === undefined
        ? undefined
        : await checkReadable(io, target, { most: 10 * most, since, deep: true })
    const unreadable = new Set([...sample.unreadable, ...(fresh?.unreadable ?? [])])
    const checked = sample.checked + (fresh?.checked ?? 0)
    return {
      value: unreadable.size,
      figures: {
        sampled: sample.checked,
        changedSinceProof: fresh?.checked ?? null,
        unreadable: unreadable.size,
      },
      ...(unreadable.size > 0 ? { detail: [...unreadable].slice(0, 10).join(', ') } : {}),
      // nothing was looked at: nothing was shown to be readable
      ...(checked === 0 ? { unverified: true } : {}),
    }
  },
}
