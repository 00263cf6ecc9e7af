import { z } from 'zod'

/**
 * A tree is erased when a failed move is undone, so its path must be unmistakable: absolute, without `.`, `..` or a
 * doubled or closing slash, and never the root itself.
 */
const treePath = z
  .string()
  .regex(/^(\/(?!\.{1,2}(\/|$))[^/\0\n]+)+$/, 'files.spec.path')
  .describe('Absolute path of the tree, without a final slash, e.g. /srv/files.')

const side = z.strictObject({
  host: z.string().min(1).describe('Name of a host of that side (`sites.<side>.hosts`).'),
  path: treePath,
})

export const filesSpec = z.object({
  source: side,
  target: side,
  exclude: z
    .array(z.string().min(1))
    .default([])
    .describe('rsync patterns of files to ignore. They are neither copied, compared nor deleted.'),
  bandwidthLimitMbps: z
    .number()
    .positive()
    .optional()
    .describe('Bandwidth limit of the first sync and of the deltas before the window, in Mbit/s.'),
  maxDeletePercent: z
    .number()
    .min(0)
    .max(100)
    .default(30)
    .describe('A sync that would delete more of the copy is refused: the source is probably incomplete.'),
  fence: z
    .enum(['read-only', 'none'])
    .default('read-only')
    .describe(
      'Before the final delta the source’s tree is made read-only for everybody, by a mount over itself; `none`: what is written after the final delta may be lost.',
    ),
  preserve: z
    .strictObject({
      acls: z.boolean().default(true).describe('POSIX access control lists.'),
      xattrs: z.boolean().default(true).describe('Extended attributes.'),
      hardLinks: z.boolean().default(true).describe('Hard links stay hard links.'),
    })
    .prefault({})
    .describe('What is copied in addition to names, contents, times, modes, owners and symbolic links.'),
})
export type FilesSpec = z.infer<typeof filesSpec>
