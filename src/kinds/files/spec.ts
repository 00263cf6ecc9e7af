import { z } from 'zod'

/**
 * A tree is erased when a failed move is undone, so its path must be unmistakable: absolute, without `.`, `..` or a
 * doubled or closing slash, and never the root itself.
 */
const treePath = z
  .string()
  .regex(/^(\/(?!\.{1,2}(\/|$))[^/\0\n]+)+$/, 'files.spec.path')
  .describe('Absolute path of the tree, without a closing slash, e.g. /srv/files.')

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
    .describe('rsync patterns of what stays behind. It is neither copied, compared nor deleted.'),
  bandwidthLimitMbps: z
    .number()
    .positive()
    .optional()
    .describe('Most that the first sync and the deltas of the days before may take of the link, in Mbit/s.'),
  maxDeletePercent: z
    .number()
    .min(0)
    .max(100)
    .default(30)
    .describe(
      'A sync that would delete more of the copy than this is refused: the source is likely incomplete.',
    ),
  preserve: z
    .strictObject({
      acls: z.boolean().default(true).describe('POSIX access control lists.'),
      xattrs: z.boolean().default(true).describe('Extended attributes.'),
      hardLinks: z.boolean().default(true).describe('Names that share one file go on sharing it.'),
    })
    .prefault({})
    .describe('What is kept beside names, contents, times, modes, owners and symbolic links.'),
})
export type FilesSpec = z.infer<typeof filesSpec>
