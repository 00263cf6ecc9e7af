import type { About, Judgement } from '../kit/kind-parts.ts'
import { linkRate } from '../kit/link-rate.ts'
import { assumedMbps, workFor } from './expected.ts'
import type { FilesFacts } from './facts.ts'
import type { Said } from './finding-rule.ts'
import { judgeFence } from './findings-fence.ts'
import type { FilesSpec } from './spec.ts'
import { isVersionAtLeast } from './survey.ts'
import { treePairOf } from './tree-pair.ts'

/** File systems that keep owners, modes, times, links and change times as the copy needs them. */
const faithful = new Set(['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'zfs', 'tmpfs', 'overlay', 'f2fs'])
/** First rsync that compares times to the nanosecond. */
const oldestRsync = '3.1.3'

/** What the audited facts mean. Each judgement names its figures; what is wrong also says what to do. */
export function findings(about: About<FilesSpec, FilesFacts>): Judgement[] {
  const { facts, spec } = about
  const { source, target } = treePairOf(about)
  const common = {
    component: about.component.id,
    source: source.ssh,
    target: target.ssh,
    address: target.address,
    sourcePath: source.path,
    targetPath: target.path,
  }
  const all = [
    ...judgeSource(about),
    ...judgeTools(facts),
    ...judgeTarget(facts),
    ...judgeKept(spec, facts),
    ...judgeFence(spec, facts),
  ]
  return all.map(({ level, text, remedy, values }) => ({
    rule: text.slice(text.lastIndexOf('.') + 1),
    level,
    text: { key: text, values: { ...common, ...values } },
    ...(remedy && { remedy: { key: remedy, values: { ...common, ...values } } }),
  }))
}

function judgeSource(about: About<FilesSpec, FilesFacts>): Said[] {
  const { facts, component, roles } = about
  if (facts.sourceState === 'missing') {
    const [text, remedy] = ['files.finding.source-missing', 'files.finding.source-missing.remedy'] as const
    return [{ level: 'block', text, remedy }]
  }
  if (facts.sourceState === 'empty') {
    return [
      { level: 'block', text: 'files.finding.source-empty', remedy: 'files.finding.source-empty.remedy' },
    ]
  }
  const { files = 0, bytes = 0, documentsUnreadable = 0, filesystems = 0 } = facts
  const gigabytes = inGigabytes(bytes)
  const minutes = Math.ceil(workFor(about).firstSyncSeconds / 60)
  const said: Said[] = [{ level: 'ok', text: 'files.finding.volume', values: { files, gigabytes, minutes } }]
  if (linkRate(roles) === undefined) {
    said.push({
      level: 'warn',
      text: 'files.finding.link-rate-unknown',
      remedy: 'files.finding.link-rate-unknown.remedy',
      values: { mbps: assumedMbps },
    })
  }
  const declared = component.declaredSizeBytes
  if (declared && (bytes > declared.to || bytes < declared.from)) {
    const values = { gigabytes, from: inGigabytes(declared.from), to: inGigabytes(declared.to) }
    const text = 'files.finding.declared-size'
    said.push(
      bytes > declared.to
        ? { level: 'warn', text, remedy: 'files.finding.declared-size.remedy', values }
        : { level: 'ok', text, values },
    )
  }
  if (documentsUnreadable > 0) {
    said.push({
      level: 'warn',
      text: 'files.finding.unreadable',
      remedy: 'files.finding.unreadable.remedy',
      values: { count: documentsUnreadable, examples: listed(facts.documentsUnreadableExamples) },
    })
  }
  if (filesystems > 1) {
    const [text, remedy] = ['files.finding.nested-mounts', 'files.finding.nested-mounts.remedy'] as const
    said.push({ level: 'warn', text, remedy })
  }
  const count = (facts.devices ?? 0) + (facts.sockets ?? 0) + (facts.pipes ?? 0)
  if (count > 0) {
    const [text, remedy] = ['files.finding.special-files', 'files.finding.special-files.remedy'] as const
    said.push({ level: 'warn', text, remedy, values: { count } })
  }
  return said
}

const rsyncRules = {
  source: {
    none: ['files.finding.no-rsync-source', 'files.finding.no-rsync-source.remedy'],
    old: ['files.finding.old-rsync-source', 'files.finding.old-rsync-source.remedy'],
  },
  target: {
    none: ['files.finding.no-rsync-target', 'files.finding.no-rsync-target.remedy'],
    old: ['files.finding.old-rsync-target', 'files.finding.old-rsync-target.remedy'],
  },
} as const

function judgeTools(facts: FilesFacts): Said[] {
  const said: Said[] = []
  for (const side of ['source', 'target'] as const) {
    const version = facts[`${side}Rsync`]
    const { none, old } = rsyncRules[side]
    if (version === null) said.push({ level: 'block', text: none[0], remedy: none[1] })
    if (typeof version === 'string' && !isVersionAtLeast(version, oldestRsync)) {
      said.push({ level: 'block', text: old[0], remedy: old[1], values: { version, oldest: oldestRsync } })
    }
  }
  if (facts.sourceReachesTarget === false) {
    said.push({
      level: 'block',
      text: 'files.finding.no-login',
      remedy: 'files.finding.no-login.remedy',
      values: { detail: facts.sourceReachesTargetDetail ?? '' },
    })
  }
  return said
}

function judgeTarget(facts: FilesFacts): Said[] {
  const said: Said[] = []
  const { targetState: state, targetFreeBytes: free, targetFreeInodes: inodes } = facts
  if (state === 'foreign') {
    const [text, remedy] = ['files.finding.target-foreign', 'files.finding.target-foreign.remedy'] as const
    said.push({ level: 'warn', text, remedy })
  }
  // what is already copied is not asked for twice; a day's changes must fit in any case
  const isFirst = state === 'missing' || state === 'empty'
  const needed = (isFirst ? facts.bytes : facts.churnBytes) ?? 0
  if (typeof free === 'number' && free < needed * 1.05) {
    const values = { needed: inGigabytes(needed), free: inGigabytes(free) }
    const [text, remedy] = ['files.finding.no-space', 'files.finding.no-space.remedy'] as const
    said.push({ level: 'block', text, remedy, values })
  }
  const entries = (facts.files ?? 0) + (facts.directories ?? 0) + (facts.symbolicLinks ?? 0)
  if (isFirst && typeof inodes === 'number' && inodes < entries * 1.05) {
    const values = { needed: entries, free: inodes }
    const [text, remedy] = ['files.finding.no-inodes', 'files.finding.no-inodes.remedy'] as const
    said.push({ level: 'block', text, remedy, values })
  }
  const filesystem = facts.targetFilesystem
  if (typeof filesystem === 'string' && !faithful.has(filesystem)) {
    const [text, remedy] = ['files.finding.filesystem', 'files.finding.filesystem.remedy'] as const
    said.push({ level: 'warn', text, remedy, values: { filesystem } })
  }
  return said
}

const keptRules = [
  ['acls', 'acls', 'files.finding.dropped-acls', 'files.finding.dropped-acls.remedy'],
  ['xattrs', 'xattrs', 'files.finding.dropped-xattrs', 'files.finding.dropped-xattrs.remedy'],
  ['hardLinked', 'hardLinks', 'files.finding.dropped-hard-links', 'files.finding.dropped-hard-links.remedy'],
] as const
const nameRules = [
  ['unlikeUsers', 'files.finding.unlike-users', 'files.finding.unlike-users.remedy'],
  ['unlikeGroups', 'files.finding.unlike-groups', 'files.finding.unlike-groups.remedy'],
] as const

function judgeKept({ preserve }: FilesSpec, facts: FilesFacts): Said[] {
  const said: Said[] = []
  if (facts.acls === null) {
    const text = 'files.finding.attributes-unknown'
    said.push({ level: 'warn', text, remedy: 'files.finding.attributes-unknown.remedy' })
  }
  for (const [fact, field, text, remedy] of keptRules) {
    const count = facts[fact] ?? 0
    if (count > 0 && !preserve[field]) said.push({ level: 'warn', text, remedy, values: { count } })
  }
  for (const [fact, text, remedy] of nameRules) {
    const names = listed(facts[fact])
    if (names !== '') said.push({ level: 'warn', text, remedy, values: { names } })
  }
  return said
}

const listed = (names: readonly string[] | undefined): string => names?.join(', ') ?? ''
const inGigabytes = (bytes: number): number => Math.round(bytes / 1e7) / 100
