import { z } from 'zod'
import * as field from './fields.ts'

/** What a plan may ask of the proofs that were made before the night. */
export const readinessSchema = z.strictObject(
  {
    preflight: field
      .duration()
      .prefault('30 min')
      .describe(
        'Longest time from a preflight that found nothing in the way to `bascule run`. An edit of the plan or a change of the estate ends it at once.',
      ),
    rehearsal: field
      .duration()
      .optional()
      .describe(
        'Longest time from a rehearsal of the same steps to `bascule run`. Default: any rehearsal counts, however old.',
      ),
    exceptionBy: field
      .id()
      .optional()
      .describe(
        'The role that may let a run begin without such a rehearsal, with a reason. Default: the first of `gates.go.signoffs`.',
      ),
  },
  'plan.expected.map',
)
