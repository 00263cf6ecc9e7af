import type { Language } from '../i18n/language.ts'
import { createTranslator } from '../i18n/translator.ts'
import { type ExitCode, exitCodes } from '../model/failure.ts'
import type { JsonObject } from '../model/json.ts'
import type { Kind } from '../model/kind.ts'
import type { Plan } from '../model/plan.ts'
import type { Text } from '../model/text.ts'
import type { PlanError } from './error.ts'
import { formatPlanError, inReadingOrder, planErrorSentence } from './error.ts'
import { judgePlan, type PlanFinding } from './judge/judge.ts'
import type { RuleLevel } from './judge/judgement.ts'
import { loadPlan } from './load.ts'
import { messages } from './messages.ts'
import type { PlanNode } from './node.ts'
import { errorAt } from './rules/rule.ts'

/** For `--json`: where, what, and the sentence in the language asked for. */
type CheckComplaint = { file: string; line: number; column: number; path: string; message: string }
/** `rule`: its id in docs/check.md. `figures`: in bytes, seconds, bytes per second. */
export type CheckFinding = CheckComplaint & {
  rule: string
  level: RuleLevel
  remedy: string
  figures: JsonObject
}
export type CheckResult = {
  /** `windowInfeasible`: a rule says that the window does not hold; `checksFailed`: another one blocks. */
  exitCode: ExitCode
  /** One line each, for people: errors, or warnings and findings, then the verdict. */
  lines: string[]
  errors: CheckComplaint[]
  warnings: CheckComplaint[]
  /** What the rules of src/plan/judge/ say of a plan without errors: what is wrong, or may be. */
  findings: CheckFinding[]
  /** What they say of it where nothing is wrong. */
  notes: CheckFinding[]
  plan?: Plan
}

/** What `bascule check` says of a plan and its overlays. Changes nothing and asks no host. */
export async function checkPlan(
  paths: readonly string[],
  kinds: Record<string, Kind>,
  language: Language,
  now?: string,
): Promise<CheckResult> {
  const translate = createTranslator([messages, ...Object.values(kinds).map(kind => kind.messages)])
  const say = (text: Text) => translate(text, language)
  const file = paths[0] ?? ''
  const result = await loadPlan(paths, kinds)
  if ('errors' in result) {
    const lines = result.errors.map(error => formatPlanError(error, say))
    const count = say({ key: 'plan.errorCount', values: { count: result.errors.length } })
    return {
      exitCode: exitCodes.usage,
      lines: [...lines, count],
      errors: complaints(result.errors, say),
      warnings: [],
      findings: [],
      notes: [],
    }
  }
  const found = [...result.warnings, ...unproven(result, kinds)]
  const warnings = found.map(warning => formatPlanError(warning, say))
  const judged = placed(judgePlan(result, kinds, now), result.root, paths)
  const { key, exitCode } = verdictOf(judged)
  const count = judged.filter(({ level }) => level === 'block').length
  const verdict = say({ key, values: { file, name: result.plan.name, count } })
  return {
    exitCode,
    lines: [
      ...warnings.map(line => `${line} (${say({ key: 'plan.warning' })})`),
      ...judged.map(finding => findingLine(finding, say)),
      verdict,
    ],
    errors: [],
    warnings: complaints(found, say),
    findings: judged.filter(({ level }) => level !== 'note').map(finding => findingJson(finding, say)),
    notes: judged.filter(({ level }) => level === 'note').map(finding => findingJson(finding, say)),
    plan: result.plan,
  }
}

export type PlacedFinding = Omit<PlanFinding, 'path'> & PlanError

/** In reading order, each with its place in the files. */
export const placed = (
  findings: readonly PlanFinding[],
  root: PlanNode,
  paths: readonly string[],
): PlacedFinding[] =>
  inReadingOrder(
    findings.map(finding => ({ ...finding, ...errorAt(root, finding.path, finding.text) })),
    paths,
  )

export function verdictOf(judged: readonly Pick<PlanFinding, 'level' | 'window'>[]) {
  const blocking = judged.filter(({ level }) => level === 'block')
  if (blocking.some(({ window }) => window))
    return { key: 'plan.doesNotHold', exitCode: exitCodes.windowInfeasible } as const
  if (blocking.length > 0) return { key: 'plan.blocked', exitCode: exitCodes.checksFailed } as const
  return { key: 'plan.correct', exitCode: exitCodes.ok } as const
}

/** `plan.yaml:12:5 schedule.send: what was found. What to do. (blocking, capacity.link-slot)`. */
export function findingLine(finding: PlacedFinding, say: (text: Text) => string): string {
  const { rule, remedy, level } = finding
  const key = findingKeys[level]
  return `${formatPlanError(finding, say)} ${say(remedy)} (${say({ key, values: { rule } })})`
}
const findingKeys = {
  note: 'plan.finding.note',
  warn: 'plan.finding.warn',
  block: 'plan.finding.block',
} as const

export function findingJson(
  { rule, level, remedy, figures, place, path, problem }: PlacedFinding,
  say: (text: Text) => string,
): CheckFinding {
  return { ...place, path, rule, level, message: say(problem), remedy: say(remedy), figures }
}

/** What the plan uses that has never run against the real thing, at its component. */
const unproven = ({ plan, root }: { plan: Plan; root: PlanNode }, kinds: Record<string, Kind>): PlanError[] =>
  Object.values(plan.components).flatMap(component =>
    (kinds[component.kind]?.unproven?.(component, plan) ?? []).map(text =>
      errorAt(root, ['components', component.id], text),
    ),
  )

function complaints(errors: PlanError[], say: (text: Text) => string): CheckComplaint[] {
  return errors.map(error => ({ ...error.place, path: error.path, message: planErrorSentence(error, say) }))
}
