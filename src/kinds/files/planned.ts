import type { Planned } from '../kit/kind-parts.ts'
import { thrice } from '../kit/timings.ts'

type Own = Pick<Planned, 'title' | 'stage' | 'undo'> &
  Partial<Pick<Planned, 'after' | 'trigger' | 'transfer'>>

/** A step of this kind. An attempt may take several times what is expected before it is ended. */
export const planned = (expectedSeconds: number, own: Own): Planned => ({
  expectedSeconds,
  deadlineSeconds: deadlineFor(expectedSeconds),
  ...thrice,
  trigger: 'failure',
  ...own,
})

export const deadlineFor = (expectedSeconds: number): number => 60 + expectedSeconds * 4
