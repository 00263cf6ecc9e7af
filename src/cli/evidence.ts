import { z } from 'zod'
import { exitCodes, Failure } from '../model/failure.ts'
import type { Evidence } from '../views/report.ts'

const counted = z.object({ compared: z.number(), different: z.number() })
const evidence = z.object({
  cut: z
    .record(
      z.string(),
      z.object({
        seconds: z.number(),
        lastAtSource: z.iso.datetime().optional(),
        firstAtTarget: z.iso.datetime().optional(),
      }),
    )
    .optional(),
  ledger: z.object({ acknowledged: z.number(), lost: z.number(), duplicated: z.number() }).optional(),
  records: counted.optional(),
  files: counted.optional(),
  dns: z.object({ records: z.number(), atSource: z.number(), atTarget: z.number() }).optional(),
})

/** What an observer outside measured, as JSON in a file. Fields that are not known are left out. */
export function readEvidence(file: string, text: string): Evidence {
  try {
    // an optional field is absent here, never there and undefined: JSON has no undefined
    return evidence.parse(JSON.parse(text)) as Evidence
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause)
    throw new Failure(
      { key: 'cli.evidence.invalid', values: { file, why } },
      { remedy: { key: 'cli.evidence.remedy' }, cause, exitCode: exitCodes.usage },
    )
  }
}
