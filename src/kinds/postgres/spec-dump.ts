import { z } from 'zod'
import { place, spec as streaming } from './spec.ts'

const compressions = ['auto', 'zstd', 'lz4', 'gzip', 'none'] as const

const { cluster, source, admin, databases } = streaming.shape

const dump = z.strictObject({
  jobs: z
    .int()
    .min(1)
    .max(32)
    .default(4)
    .describe('Tables dumped, restored and analyzed at the same time, in each database.'),
  compression: z
    .enum(compressions)
    .default('auto')
    .describe(
      'Of the dump on the target’s disk; what crosses the line is not compressed. `zstd` and `lz4` need PostgreSQL 16 at the target. `auto`: `zstd` from 16 on, else `gzip`.',
    ),
})

/** A target of another version has a cluster of another name. */
export const dumpTarget = place.extend({
  cluster: cluster
    .optional()
    .describe('Version and name of the target’s cluster, with `method: dump`. Default: `cluster`.'),
})

/** Every database is dumped in the night and restored into the target's own cluster. */
export const dumpSpec = z.strictObject({
  method: z.literal('dump'),
  ...{ cluster, source, target: dumpTarget, admin, databases },
  dump: dump.prefault({}),
})
export type DumpSpec = z.infer<typeof dumpSpec>

const { replication, wayBack, verify, safetyCopy } = streaming.shape

const written = z.strictObject({
  method: z
    .enum(['streaming', 'dump'])
    .describe(
      '`streaming`: physical replication through a replication slot, with a return path. `dump`: `pg_dump` and `pg_restore` in the night, also to a newer version or another C library; without return path.',
    ),
  ...{ cluster, source, target: dumpTarget, admin, databases },
  replication: replication.optional().describe('Of `method: streaming`, which needs it.'),
  ...{ wayBack, verify, safetyCopy },
  dump: dump.optional().describe('Of `method: dump`: how the dump is made.'),
})
type Written = z.infer<typeof written>

/** Fields as a plan has them, flat. What goes with which method is judged here, and held by the types of `modelled`. */
export const writtenSpec = written.superRefine((fields, context) => {
  const refuse = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message })
  if (fields.method === 'streaming') {
    if (fields.replication === undefined)
      context.addIssue({
        code: 'invalid_type',
        expected: 'object',
        message: 'postgres.spec.replication',
        path: ['replication'],
        input: undefined,
      })
    if (fields.dump !== undefined) refuse(['dump'], 'postgres.spec.onlyDump')
    if (fields.target.cluster !== undefined) refuse(['target', 'cluster'], 'postgres.spec.onlyDump')
    return
  }
  for (const field of ['replication', 'wayBack', 'safetyCopy'] as const)
    if (fields[field] !== undefined) refuse([field], 'postgres.spec.onlyStreaming')
  if (fields.admin.database !== 'postgres') refuse(['admin', 'database'], 'postgres.spec.adminDatabase')
})

export type PostgresSpec = z.infer<typeof streaming> | DumpSpec

/** What a plan's fields come to: `writtenSpec` has judged that they agree. */
export function modelled({ verify: compared, dump: how, ...fields }: Written): PostgresSpec {
  if (fields.method === 'streaming') return streaming.parse({ ...fields, verify: compared })
  return dumpSpec.parse({ ...fields, ...(how && { dump: how }) })
}
