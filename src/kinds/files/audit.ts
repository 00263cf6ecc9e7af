import type { Facts } from '../../model/fact.ts'
import type { ReadIo } from '../../model/io.ts'
import type { Json } from '../../model/json.ts'
import type { PlanContext } from '../../model/kind.ts'
import type { Component } from '../../model/plan.ts'
import { anyEntry, hostClock } from './commands.ts'
import { diskAt } from './disk.ts'
import { documentsLookedAt } from './limits.ts'
import { checkReadable } from './readable.ts'
import { canLogIn, listAttributes, namesOfIds, rsyncVersion, surveyTree } from './survey-commands.ts'
import { parseAttributes, parseNames, parseVersion, type TreeSurvey, treeSurveyor } from './survey-output.ts'
import { targetState } from './target-state.ts'
import { type End, type TreePair, treePairOf } from './tree-pair.ts'

/** Reads both hosts; writes nothing. Throws Failure only when a host cannot be reached. */
export async function audit(component: Component, context: PlanContext, io: ReadIo): Promise<Facts> {
  const trees = treePairOf(component, context.plan)
  const [source, target] = await Promise.all([auditSource(trees, io), auditTarget(trees, io)])
  const users = await unlikeNames('passwd', trees, source.survey?.users ?? [], io)
  const groups = await unlikeNames('group', trees, source.survey?.groups ?? [], io)
  return facts(io.now(), {
    ...source.measured,
    ...target,
    ...surveyed(source.survey),
    unlikeUsers: users,
    unlikeGroups: groups,
  })
}

const bytes = new Set(['bytes', 'largestBytes', 'churnBytes', 'targetFreeBytes'])
const entries = new Set([
  'files',
  'directories',
  'symbolicLinks',
  'hardLinked',
  'devices',
  'sockets',
  'pipes',
  'churnFiles',
  'acls',
  'xattrs',
])

function facts(at: string, values: Record<string, Json>): Facts {
  const unitOf = (name: string): string => (bytes.has(name) ? 'B' : entries.has(name) ? 'entries' : '')
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { value, unit: unitOf(name), at }]),
  )
}

async function auditSource(trees: TreePair, io: ReadIo) {
  const { source, target } = trees
  const [disk, version, login, entry] = await Promise.all([
    diskAt(source, io),
    versionAt(source, io),
    io.read(source.ssh, canLogIn(target.address), { allowFailure: true }),
    io.read(source.ssh, anyEntry(source.path), { allowFailure: true }),
  ])
  const sourceState = entry.exitCode !== 0 ? 'missing' : entry.stdout === '' ? 'empty' : 'present'
  const present = sourceState === 'present'
  const survey = present ? await surveyOf(source, io) : undefined
  const measured = {
    sourceState,
    sourceFilesystem: disk?.filesystem ?? null,
    sourceMountPoint: disk?.mountPoint ?? null,
    sourceRsync: version,
    sourceReachesTarget: login.exitCode === 0,
    ...(login.exitCode === 0 ? {} : { sourceReachesTargetDetail: login.stderr.trim().slice(-300) }),
    ...(present ? await attributesOf(source, io) : {}),
    ...(present ? await readabilityOf(source, io) : {}),
  }
  return { measured, survey }
}

async function auditTarget(trees: TreePair, io: ReadIo): Promise<Record<string, Json>> {
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

const surveyed = (survey: TreeSurvey | undefined): Record<string, Json> => ({ ...survey })

/** Null where the host has no getfattr: not known is not none. */
async function attributesOf(end: End, io: ReadIo): Promise<Record<string, Json>> {
  const result = await io.read(end.ssh, listAttributes(end.path), { allowFailure: true })
  return result.exitCode === 127 ? { acls: null, xattrs: null } : parseAttributes(result.stdout)
}

async function readabilityOf(end: End, io: ReadIo): Promise<Record<string, Json>> {
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
