import { z } from 'zod'
import { exitCodes, Failure } from '../model/failure.ts'
import type { EvidenceForm, Kind } from '../model/kind.ts'

/** What only an observer outside of Bascule can say; each part is optional. */
export type Evidence = {
  /** The cut as users saw it, by service: last success at the source to first success at the target. */
  cut?: Record<string, { seconds: number; lastAtSource?: string; firstAtTarget?: string }>
  /** Writes that the platform acknowledged to users, counted again at the site in authority. */
  ledger?: { acknowledged: number; lost: number; duplicated: number }
  /** What a kind has a form for (`Kind.evidence`), by its field. */
  counted?: Record<string, Record<string, number>>
}

const own = {
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
}

/** What the kinds have a form for, by field. */
export const evidenceForms = (kinds: Record<string, Kind>): Record<string, EvidenceForm> =>
  Object.assign({}, ...Object.values(kinds).map(({ evidence }) => evidence ?? {}))

/** Reads `text`, the JSON in `file`. Fields that are not known are omitted. */
export function readEvidence(file: string, text: string, forms: Record<string, EvidenceForm>): Evidence {
  const counted = Object.fromEntries(
    Object.entries(forms).map(([field, { figures }]) => [
      field,
      z.object(Object.fromEntries(figures.map(figure => [figure, z.number()]))).optional(),
    ]),
  )
  try {
    const given: unknown = JSON.parse(text)
    // an optional field is absent here, never there and undefined: JSON has no undefined
    return { ...z.object(own).parse(given), counted: z.object(counted).parse(given) } as Evidence
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause)
    throw new Failure(
      { key: 'views.evidence.invalid', values: { file, why } },
      { remedy: { key: 'views.evidence.remedy' }, cause, exitCode: exitCodes.usage },
    )
  }
}
