import type { Facts, Finding, FindingLevel } from '../../model/fact.ts'
import type { PlanContext } from '../../model/kind.ts'
import type { Component } from '../../model/plan.ts'
import { composed } from '../../model/text.ts'
import { workFor } from './expected.ts'
import { specOf } from './spec.ts'
import { isVersionAtLeast } from './survey-output.ts'
import { treePairOf } from './tree-pair.ts'

type Values = Record<string, string | number>
/** A judgement before it has its component: a level, what is said, whether there is a remedy to tell. */
type Judgement = { name: string; level: FindingLevel; values?: Values }

/** File systems that keep owners, modes, times, links and change times as the copy needs them. */
const faithful = new Set(['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'zfs', 'tmpfs', 'overlay', 'f2fs'])
/** First rsync that compares times to the nanosecond. */
const oldestRsync = '3.1.3'

/** What the audited facts mean. Each judgement names its figures; what is wrong also says what to do. */
export function findings(component: Component, facts: Facts, context: PlanContext): Finding[] {
  const { source, target } = treePairOf(component, context.plan)
  const common = {
    component: component.id,
    source: source.ssh,
    target: target.ssh,
    address: target.address,
    sourcePath: source.path,
    targetPath: target.path,
  }
  const judgements = [
    ...judgeSource(component, facts, context),
    ...judgeTools(facts),
    ...judgeTarget(facts),
    ...judgeWhatIsKept(component, facts),
  ]
  return judgements.map(({ name, level, values }) => ({
    id: `${component.id}.${name}`,
    component: component.id,
    level,
    text: { key: composed(`files.finding.${name}`), values: { ...common, ...values } },
    ...(level === 'ok'
      ? {}
      : { remedy: { key: composed(`files.finding.${name}.remedy`), values: { ...common, ...values } } }),
  }))
}

function judgeSource(component: Component, facts: Facts, context: PlanContext): Judgement[] {
  const state = facts.sourceState?.value
  if (state === 'missing' || state === 'empty') return [{ name: `source-${state}`, level: 'block' }]
  const bytes = numberOf(facts, 'bytes')
  const declared = component.declaredSizeBytes
  const gigabytes = inGigabytes(bytes)
  const minutes = Math.ceil(workFor(component, facts, context).firstSyncSeconds / 60)
  const judgements: Judgement[] = [
    { name: 'volume', level: 'ok', values: { files: numberOf(facts, 'files'), gigabytes, minutes } },
  ]
  if (declared && (bytes > declared.to || bytes < declared.from)) {
    const values = { gigabytes, from: inGigabytes(declared.from), to: inGigabytes(declared.to) }
    judgements.push({ name: 'declared-size', level: bytes > declared.to ? 'warn' : 'ok', values })
  }
  const unreadable = numberOf(facts, 'documentsUnreadable')
  if (unreadable > 0) {
    judgements.push({
      name: 'unreadable',
      level: 'warn',
      values: { count: unreadable, examples: listOf(facts, 'documentsUnreadableExamples') },
    })
  }
  if (numberOf(facts, 'filesystems') > 1) judgements.push({ name: 'nested-mounts', level: 'warn' })
  const special = numberOf(facts, 'devices') + numberOf(facts, 'sockets') + numberOf(facts, 'pipes')
  if (special > 0) judgements.push({ name: 'special-files', level: 'warn', values: { count: special } })
  return judgements
}

function judgeTools(facts: Facts): Judgement[] {
  const judgements: Judgement[] = []
  for (const [fact, side] of [
    ['sourceRsync', 'source'],
    ['targetRsync', 'target'],
  ] as const) {
    const version = facts[fact]?.value
    if (version === null) judgements.push({ name: `no-rsync-${side}`, level: 'block' })
    if (typeof version === 'string' && !isVersionAtLeast(version, oldestRsync)) {
      judgements.push({ name: `old-rsync-${side}`, level: 'block', values: { version, oldest: oldestRsync } })
    }
  }
  if (facts.sourceReachesTarget?.value === false) {
    const detail = String(facts.sourceReachesTargetDetail?.value ?? '')
    judgements.push({ name: 'no-login', level: 'block', values: { detail } })
  }
  return judgements
}

function judgeTarget(facts: Facts): Judgement[] {
  const judgements: Judgement[] = []
  const state = facts.targetState?.value
  if (state === 'foreign') judgements.push({ name: 'target-foreign', level: 'warn' })
  // what is already copied is not asked for twice; a day's changes must fit in any case
  const first = state === 'missing' || state === 'empty'
  const needed = numberOf(facts, first ? 'bytes' : 'churnBytes')
  const free = facts.targetFreeBytes?.value
  if (typeof free === 'number' && free < needed * 1.05) {
    const values = { needed: inGigabytes(needed), free: inGigabytes(free) }
    judgements.push({ name: 'no-space', level: 'block', values })
  }
  const inodes = facts.targetFreeInodes?.value
  const entries = numberOf(facts, 'files') + numberOf(facts, 'directories') + numberOf(facts, 'symbolicLinks')
  if (first && typeof inodes === 'number' && inodes < entries * 1.05) {
    judgements.push({ name: 'no-inodes', level: 'block', values: { needed: entries, free: inodes } })
  }
  const filesystem = facts.targetFilesystem?.value
  if (typeof filesystem === 'string' && !faithful.has(filesystem)) {
    judgements.push({ name: 'filesystem', level: 'warn', values: { filesystem } })
  }
  return judgements
}

function judgeWhatIsKept(component: Component, facts: Facts): Judgement[] {
  const { preserve } = specOf(component)
  const judgements: Judgement[] = []
  if (facts.acls?.value === null) judgements.push({ name: 'attributes-unknown', level: 'warn' })
  const dropped = [
    ['acls', preserve.acls],
    ['xattrs', preserve.xattrs],
    ['hardLinked', preserve.hardLinks],
  ] as const
  for (const [fact, kept] of dropped) {
    const count = numberOf(facts, fact)
    if (count > 0 && !kept) judgements.push({ name: `dropped-${fact}`, level: 'warn', values: { count } })
  }
  for (const fact of ['unlikeUsers', 'unlikeGroups'] as const) {
    const names = listOf(facts, fact)
    if (names !== '') judgements.push({ name: fact, level: 'warn', values: { names } })
  }
  return judgements
}

const numberOf = (facts: Facts, name: string): number => {
  const value = facts[name]?.value
  return typeof value === 'number' ? value : 0
}
const listOf = (facts: Facts, name: string): string => {
  const value = facts[name]?.value
  return Array.isArray(value) ? value.join(', ') : ''
}
const inGigabytes = (bytes: number): number => Math.round(bytes / 1e7) / 100
