import { z } from 'zod'
import * as field from './fields.ts'

/** What a plan may say of its forecast. */
export const forecastSchema = z.strictObject(
  {
    percentile: z
      .enum(['P50', 'P80', 'P95'])
      .default('P95')
      .describe('So many of 100 simulated nights must fit the window: 50, 80 or 95.'),
    signoff: field
      .duration()
      .optional()
      .describe(
        'Expected time from the request of a GO to the GO, for each role. Default: 2 min. What earlier runs measured counts more.',
      ),
  },
  'plan.expected.map',
)
