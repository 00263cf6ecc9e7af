import { z } from 'zod'
import type { ReadIo } from '../../model/io.ts'
import { kindOf } from '../kit/define-kind.ts'
import type { About } from '../kit/kind-parts.ts'
import { missingPrograms } from '../kit/programs.ts'
import { anyEntry, hostClock, ownRights } from './commands.ts'
import { diskAt } from './disk.ts'
import { fenceState, mountTablesOf, named, writerAt } from './fence.ts'
import { kernelWriters, placesOf } from './mounts.ts'
import { checkReadable, documentsLookedAt } from './readable.ts'
import { type FilesSpec, filesSpec } from './spec.ts'
import {
  canLogIn,
  listAttributes,
  namesOfIds,
  parseAttributes,
  parseNames,
  parseVersion,
  rsyncVersion,
  surveyTree,
  type TreeSurvey,
  treeSurveyor,
} from './survey.ts'
import { targetState } from './target-state.ts'
import { type End, type TreePair, treePairOf } from './tree-pair.ts'

const entries = { unit: 'entries', value: z.number() }
const bytes = { unit: 'B', value: z.number() }
const name = { unit: '', value: z.string().nullable() }
const names = { unit: '', value: z.array(z.string()) }
const ids = { unit: '', value: z.array(z.number()) }
/** Null: not known, which is not none. */
const perhapsEntries = { unit: 'entries', value: z.number().nullable() }

/** What the audit finds of both trees. Without a tree at the source, what counts its entries is omitted. */
const facts = {
  sourceState: { unit: '', value: z.enum(['missing', 'empty', 'present']) },
  sourceFilesystem: name,
  sourceMountPoint: name,
  sourceRsync: name,
  /** Of what the write fence is made with: programs that the source lacks, and whether mounts may be changed there. */
  fenceLacks: names,
  fenceMayMount: { unit: '', value: z.boolean() },
  /** Where the tree can be written at the source though a mount is over it: `812 smbd (/data)`, `nfsd (/srv)`. */
  fencePassedBy: names,
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

/** Reads both hosts; writes nothing. Throws Failure only when a host cannot be reached. */
export async function audit(about: About<FilesSpec, FilesFacts>, io: ReadIo): Promise<FilesFacts> {
  const trees = treePairOf(about)
  const [source, target] = await Promise.all([auditSource(trees, io), auditTarget(trees, io)])
  return {
    ...source,
    ...target,
    unlikeUsers: await unlikeNames('passwd', trees, source.users ?? [], io),
    unlikeGroups: await unlikeNames('group', trees, source.groups ?? [], io),
  }
}

async function auditSource(trees: TreePair, io: ReadIo): Promise<FilesFacts> {
  const { source, target } = trees
  const [disk, version, login, entry, fence] = await Promise.all([
    diskAt(source, io),
    versionAt(source, io),
    io.read(source.ssh, canLogIn(target.address), { allowFailure: true }),
    io.read(source.ssh, anyEntry(source.path), { allowFailure: true }),
    fenceState(io, trees),
  ])
  const sourceState = entry.exitCode !== 0 ? 'missing' : entry.stdout === '' ? 'empty' : 'present'
  const present = sourceState === 'present'
  return {
    sourceState,
    sourceFilesystem: disk?.filesystem ?? null,
    // a fence that an earlier night left is not where its disk is
    sourceMountPoint: fence === 'put' ? null : (disk?.mountPoint ?? null),
    sourceRsync: version,
    sourceReachesTarget: login.exitCode === 0,
    ...(login.exitCode === 0 ? {} : { sourceReachesTargetDetail: login.stderr.trim().slice(-300) }),
    ...(present ? await attributesOf(source, io) : {}),
    ...(present ? await readabilityOf(source, io) : {}),
    ...(present ? await surveyOf(source, io) : {}),
    ...(present && trees.spec.fence !== 'none' ? await fenceFactsOf(trees, io) : {}),
  }
}

/** CAP_SYS_ADMIN, of which every mount asks. */
const mayMountBit = 21n

async function fenceFactsOf(trees: TreePair, io: ReadIo): Promise<FilesFacts> {
  const [fenceLacks, rights, tables] = await Promise.all([
    missingPrograms(io, trees.source.ssh, ['mount', 'umount', 'unshare', 'awk', 'find', 'grep', 'sed']),
    io.read(trees.source.ssh, ownRights, { allowFailure: true }),
    mountTablesOf(io, trees),
  ])
  const held = /^CapEff:\s*([0-9a-f]+)$/m.exec(rights.stdout)?.[1] ?? '0'
  const passing = placesOf(tables).filter(({ isWritable, isReached }) => isWritable && !isReached)
  return {
    fenceLacks,
    fenceMayMount: ((BigInt(`0x${held}`) >> mayMountBit) & 1n) === 1n,
    fencePassedBy: [...passing.map(writerAt), ...kernelWriters(tables)].map(writer => named([writer])),
  }
}

async function auditTarget(trees: TreePair, io: ReadIo): Promise<FilesFacts> {
  const { target } = trees
  const [disk, version, state] = await Promise.all([
    diskAt(target, io),
    versionAt(target, io),
    targetState(trees, io),
  ])
  return {
    targetState: state,
    targetFilesystem: disk?.filesystem ?? null,
    targetFreeBytes: disk?.freeBytes ?? null,
    targetFreeInodes: disk?.freeInodes ?? null,
    targetRsync: version,
  }
}

async function versionAt(end: End, io: ReadIo): Promise<string | null> {
  return parseVersion((await io.read(end.ssh, rsyncVersion, { allowFailure: true })).stdout)
}

async function surveyOf(end: End, io: ReadIo): Promise<TreeSurvey> {
  const clock = await io.read(end.ssh, hostClock())
  const surveyor = treeSurveyor(Number(clock.stdout))
  // find fails for an entry that vanishes meanwhile; what is left is the estate's measure all the same
  await io.read(end.ssh, surveyTree(end.path), { allowFailure: true, onLine: surveyor.onLine })
  return surveyor.survey()
}

/** Null where the host has no getfattr: not known is not none. */
async function attributesOf(end: End, io: ReadIo): Promise<FilesFacts> {
  const result = await io.read(end.ssh, listAttributes(end.path), { allowFailure: true })
  return result.exitCode === 127 ? { acls: null, xattrs: null } : parseAttributes(result.stdout)
}

async function readabilityOf(end: End, io: ReadIo): Promise<FilesFacts> {
  const { checked, unreadable } = await checkReadable(io, end, [{ most: documentsLookedAt.ahead }], {
    deep: false,
  })
  return {
    documentsChecked: checked[0] ?? 0,
    documentsUnreadable: unreadable.length,
    documentsUnreadableExamples: unreadable.slice(0, 10),
  }
}

/** Numbers in use at the source that mean someone else, or nobody, at the target: `33 www-data → postgres`. */
async function unlikeNames(
  database: 'passwd' | 'group',
  { source, target }: TreePair,
  ids: readonly number[],
  io: ReadIo,
): Promise<string[]> {
  if (ids.length === 0) return []
  const [here, there] = await Promise.all(
    [source, target].map(async end =>
      parseNames((await io.read(end.ssh, namesOfIds(database, ids), { allowFailure: true })).stdout),
    ),
  )
  return ids
    .map(id => ({ id, here: here?.get(id), there: there?.get(id) }))
    .filter(name => name.here !== undefined && name.here !== name.there)
    .map(name => `${name.id} ${name.here} → ${name.there ?? '-'}`)
}
