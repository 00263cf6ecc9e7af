import type { Kind } from '../model/kind.ts'
import type { Text } from '../model/text.ts'
import { applyEdits } from './edits/edit.ts'
import { pathText } from './error.ts'
import { judgePlan, judgeRules, type PlanFinding } from './judge/judge.ts'
import { type Judged, judgedOf, type Proposal, type RuleLevel } from './judge/judgement.ts'
import { type ParsedFiles, parsePlan } from './parse.ts'
import type { PlanFile } from './source.ts'

/** `text`: of the plan's own file, overlays left as they are. `gone`: what its repair ends beside the finding itself. */
export type PlanRepair = {
  text: string
  changes: PlanChange[]
  before: PlanFinding[]
  /** What the repaired plan still has: for people. */
  after: PlanFinding[]
}
export type PlanChange = { finding: PlanFinding; text: Text; gone: PlanFinding[] }

/**
 * In this order they are tried: what changes the way of the data first, which ends other findings too; then order and days; then
 * values; times that are merely too short at last.
 */
const order = [
  'order.replica-unused',
  'order.copy-while-written',
  'order.needs',
  'order.images-without-delta',
  'order.nothing-flows-back',
  'order.lag-not-position',
  'order.compare-after-reopen',
  'order.no-comparison',
  'order.old-ttl',
  'order.switch-before-test',
  'order.sign-off-after-reopen',
  'order.reopen-ungated',
  'people.absent',
  'capacity.link-shared',
  'values.unknown',
  'target.component-missing',
  'capacity.side-by-side',
  'capacity.untimed',
  'capacity.link-slot',
  'capacity.work-rate',
  'order.no-reserve',
]

/**
 * Repairs the first of the files, a finding at a time, and judges it anew after each. A repair is kept when its finding is gone, nothing
 * new blocks and there is less wrong than before. Pure; `files` can be read without an error.
 */
export function repairPlan(
  files: readonly PlanFile[],
  parsed: ParsedFiles,
  kinds: Record<string, Kind>,
  say: (text: Text) => string,
  asOf?: string,
): PlanRepair {
  const [plan, ...overlays] = files
  if (plan === undefined) throw new Error('there is no plan to repair')
  const before = judgePlan(parsed, kinds, asOf)
  let now: State = { text: plan.text, parsed, findings: before }
  const changes: PlanChange[] = []
  for (;;) {
    const done = nextRepair(now, { name: plan.name, overlays, kinds, say, asOf })
    if (done === undefined) return { text: now.text, changes, before, after: now.findings }
    changes.push(done.change)
    now = done.state
  }
}

type State = { text: string; parsed: ParsedFiles; findings: PlanFinding[] }
type Repairing = {
  name: string
  overlays: readonly PlanFile[]
  kinds: Record<string, Kind>
  say: (text: Text) => string
  /** As of `judgePlan`. */
  asOf: string | undefined
}
type Repaired = { state: State; change: PlanChange }

function nextRepair(now: State, repairing: Repairing): Repaired | undefined {
  const judged = judgedOf(now.parsed.plan, repairing.kinds, now.parsed.unknown, repairing.asOf)
  const findings = now.findings
    .filter(({ level, rule }) => level !== 'note' && order.includes(rule))
    .toSorted((one, other) => order.indexOf(one.rule) - order.indexOf(other.rule))
  for (const finding of findings) {
    const best = proposalsFor(judged, finding, repairing.say)
      .flatMap(proposal => repaired(now, finding, proposal, repairing) ?? [])
      .toSorted((one, other) => weightOf(one.state.findings) - weightOf(other.state.findings))[0]
    if (best !== undefined) return best
  }
  return undefined
}

function proposalsFor(judged: Judged, finding: PlanFinding, say: Repairing['say']): Proposal[] {
  const rule = judgeRules.find(({ id }) => id === finding.rule)
  return rule?.repair?.(judged, finding, say) ?? []
}

/** Undefined where it cannot be written, or makes nothing better. */
function repaired(
  now: State,
  finding: PlanFinding,
  proposal: Proposal,
  { name, overlays, kinds, asOf }: Repairing,
): Repaired | undefined {
  const text = applyEdits(now.text, proposal.edits)
  if (text === undefined || text === now.text) return undefined
  const parsed = parsePlan([{ name, text }, ...overlays], kinds)
  if ('errors' in parsed) return undefined
  const findings = judgePlan(parsed, kinds, asOf)
  const [had, has] = [keysOf(now.findings), keysOf(findings)]
  const isNewlyBlocked = findings.some(one => one.level === 'block' && !had.has(keyOf(one)))
  if (has.has(keyOf(finding)) || isNewlyBlocked || weightOf(findings) >= weightOf(now.findings))
    return undefined
  const gone = now.findings.filter(one => one !== finding && !has.has(keyOf(one)))
  return { state: { text, parsed, findings }, change: { finding, text: proposal.text, gone } }
}

const keyOf = ({ rule, path, figures }: PlanFinding): string =>
  `${rule} ${pathText(path)} ${String(figures.component ?? '')}`
const keysOf = (findings: readonly PlanFinding[]): Set<string> => new Set(findings.map(keyOf))

/** One that blocks outweighs any number of warnings. */
const weights: Record<RuleLevel, number> = { note: 0, warn: 1, block: 10_000 }
const weightOf = (findings: readonly PlanFinding[]): number =>
  findings.reduce((sum, { level }) => sum + weights[level], 0)
