import type { Planned } from '../kit/kind-parts.ts'
import { diskOf } from '../kit/shared-use.ts'
import { thrice } from '../kit/timings.ts'
import { treePairOf } from './tree-pair.ts'

type Own = Pick<Planned, 'title' | 'stage' | 'undo'> &
  Partial<Pick<Planned, 'after' | 'trigger' | 'transfer' | 'duration'>>

/** A step of this kind. An attempt may take several times what is expected before it is ended. */
export const planned = (expectedSeconds: number, own: Own): Planned => ({
  expectedSeconds,
  deadlineSeconds: deadlineFor(expectedSeconds),
  ...thrice,
  trigger: 'failure',
  ...own,
})

/** Trees at the same host are read one after the other. */
export function disksOf(about: Parameters<typeof treePairOf>[0]): string[] {
  const { source, target } = treePairOf(about)
  return [diskOf(source.ssh), diskOf(target.ssh)]
}

export const deadlineFor = (expectedSeconds: number): number => 60 + expectedSeconds * 4
