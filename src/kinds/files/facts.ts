import { z } from 'zod'
import { kindOf } from '../kit/define-kind.ts'
import { filesSpec } from './spec.ts'

const entries = { unit: 'entries', value: z.number() }
const bytes = { unit: 'B', value: z.number() }
const name = { unit: '', value: z.string().nullable() }
const names = { unit: '', value: z.array(z.string()) }
const ids = { unit: '', value: z.array(z.number()) }
/** Null: not known, which is not none. */
const perhapsEntries = { unit: 'entries', value: z.number().nullable() }

/** What the audit finds of both trees. Without a tree at the source, what counts its entries is left out. */
const facts = {
  sourceState: { unit: '', value: z.enum(['missing', 'empty', 'present']) },
  sourceFilesystem: name,
  sourceMountPoint: name,
  sourceRsync: name,
  sourceReachesTarget: { unit: '', value: z.boolean() },
  sourceReachesTargetDetail: { unit: '', value: z.string() },
  targetState: { unit: '', value: z.enum(['missing', 'empty', 'ours', 'foreign']) },
  targetFilesystem: name,
  targetFreeBytes: { unit: 'B', value: z.number().nullable() },
  /** Null where the file system makes inodes as it needs them. */
  targetFreeInodes: { unit: '', value: z.number().nullable() },
  targetRsync: name,
  files: entries,
  directories: entries,
  symbolicLinks: entries,
  hardLinked: entries,
  devices: entries,
  sockets: entries,
  pipes: entries,
  bytes,
  largestBytes: bytes,
  churnFiles: entries,
  churnBytes: bytes,
  filesystems: { unit: '', value: z.number() },
  users: ids,
  groups: ids,
  acls: perhapsEntries,
  xattrs: perhapsEntries,
  documentsChecked: { unit: '', value: z.number() },
  documentsUnreadable: { unit: '', value: z.number() },
  documentsUnreadableExamples: names,
  /** Numbers in use at the source that mean someone else at the target: `33 www-data → postgres`. */
  unlikeUsers: names,
  unlikeGroups: names,
} as const

export type FilesFacts = { [Name in keyof typeof facts]?: z.infer<(typeof facts)[Name]['value']> }

/** Name, fields and facts of the kind, for its actions and for what puts it together. */
export const files = kindOf('files', filesSpec, facts)
