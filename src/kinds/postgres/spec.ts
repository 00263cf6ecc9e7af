import { z } from 'zod'
import { fingerprint, secretReference } from '../kit/fields.ts'
import { isRecipient, isSecretKey } from './recipient.ts'

export const place = z.strictObject({
  host: z.string().min(1).describe('Key of the host in the site of that side.'),
  port: z.int().min(1).max(65535).default(5432).describe('Port of PostgreSQL.'),
  fingerprint: fingerprint('postgres.spec.fingerprint')
    .optional()
    .describe(
      'SHA-256 fingerprint of the server’s certificate. Bascule sends nothing to a server that shows another one.',
    ),
})

/** Names that reach a slot, a role or a configuration file as they are. */
const name = z.string().regex(/^[a-z_][a-z0-9_]{0,50}$/)

/** Reaches commands that people paste. */
const folder = z.string().regex(/^(\/[\w.-]+)+$/, 'postgres.spec.folder')

const safetyCopy = z.strictObject({
  folder: folder.describe(
    'Where the encrypted copy is kept, at the host of the target’s database; it may be a mount of another host. Bascule makes a folder of its own in it.',
  ),
  workFolder: folder
    .optional()
    .describe(
      'Where the copy is restored for the comparison, unencrypted, in a folder of mode 0700 that is removed at once. Default: beside the data directory.',
    ),
  recipient: z
    .string()
    .refine(value => !isSecretKey(value), 'postgres.spec.recipientIsSecret')
    .refine(value => isSecretKey(value) || isRecipient(value), 'postgres.spec.recipient')
    .describe(
      'Public key to which the copy is encrypted: `age1…` or a line `ssh-ed25519 …` or `ssh-rsa …`. Bascule never has the private one.',
    ),
  keepUntil: z.iso
    .date('postgres.spec.day')
    .describe('Day from which `bascule close` erases the copy, for instance `2027-01-31`.'),
  compression: z.int().min(0).max(9).default(6).describe('Level of gzip; 0 for none.'),
  jobs: z
    .int()
    .min(1)
    .max(32)
    .default(1)
    .describe(
      'Tables dumped and restored at the same time. With more than 1, the dump itself is in the work folder, unencrypted, until it is restored.',
    ),
})
export type SafetyCopy = z.infer<typeof safetyCopy>

export const spec = z.strictObject({
  method: z.literal('streaming').describe('Physical streaming replication through a replication slot.'),
  cluster: z
    .string()
    .regex(/^\d+\/[A-Za-z0-9_.-]+$/)
    .describe(
      'Version and name of the cluster, the same at both sites, as pg_lsclusters prints them: `15/main`.',
    ),
  source: place,
  target: place,
  admin: z
    .strictObject({
      user: name.describe('A superuser that only Bascule uses: the write fence keeps only its sessions.'),
      password: secretReference(),
      database: z
        .string()
        .min(1)
        .default('postgres')
        .describe('Database in which Bascule stores its own records.'),
      sslmode: z
        .enum(['disable', 'require', 'verify-full'])
        .default('verify-full')
        .describe(
          'Of a side without `fingerprint`. `verify-full`: an authority that both sites’ hosts know must have signed the certificate for the host’s address. `require`: any certificate is accepted, and the audit warns.',
        ),
    })
    .describe('How Bascule itself connects, at both sites.'),
  databases: z
    .array(z.string().min(1))
    .min(1)
    .describe('Databases that must be reachable after the migration.'),
  replication: z.strictObject({
    user: name
      .default('bascule_replication')
      .describe('Role created for the replication; the undo removes it.'),
    password: secretReference(),
    slot: name.default('bascule').describe('Replication slot at the source.'),
    maxSlotWalKeepGB: z
      .number()
      .min(0.1)
      .default(8)
      .describe(
        'Limit of the WAL that replication slots retain. Beyond it the copy is lost, but the disk of the source does not fill up.',
      ),
    maxRateMbps: z.number().min(1).optional().describe('Bandwidth limit of the first copy, in Mbit/s.'),
  }),
  wayBack: z
    .strictObject({
      commits: z
        .enum(['asynchronous', 'synchronous'])
        .describe(
          '`synchronous`: from the reopening on, a commit at the target is acknowledged once it is at the old source too; while the line is lost, commits wait. `asynchronous`, which holds without this field: they never wait.',
        ),
    })
    .optional()
    .describe('How what users write at the target returns to the source.'),
  verify: z
    .enum(['delta', 'full'])
    .default('delta')
    .describe(
      'In the window, compare what changed since the baseline comparison (`delta`), or every row again (`full`).',
    ),
  safetyCopy: safetyCopy
    .optional()
    .describe(
      'A dump of all databases as they were when the writes were blocked, taken beside the run once users are back, encrypted, and compared once.',
    ),
})
export type StreamingSpec = z.infer<typeof spec>
type Place = StreamingSpec['source'] & { cluster?: string | undefined }
/** What every method has. */
export type CommonSpec = Pick<StreamingSpec, 'cluster' | 'admin' | 'databases'> & {
  source: Place
  target: Place
}
