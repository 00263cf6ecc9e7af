import type { AboutComponent } from '../sides.ts'

/** Dumped, restored and compared in one second by one job: an assumption, below what the laboratory does. */
const copiedBytesPerSecond = 10e6

export function copySeconds({ facts, component }: Pick<AboutComponent, 'facts' | 'component'>) {
  const sizeBytes = facts.sizeBytes ?? component.declaredSizeBytes?.to ?? 0
  const expectedSeconds = Math.round(15 + sizeBytes / copiedBytesPerSecond)
  return { expectedSeconds, deadlineSeconds: expectedSeconds * 6 + 600 }
}
