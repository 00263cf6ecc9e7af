import type { Language } from '../i18n/language.ts'
import { createTranslator } from '../i18n/translator.ts'
import { type ExitCode, exitCodes } from '../model/failure.ts'
import type { Kind } from '../model/kind.ts'
import type { Plan } from '../model/plan.ts'
import type { Text } from '../model/text.ts'
import type { PlanError } from './error.ts'
import { formatPlanError, planErrorSentence } from './error.ts'
import { loadPlan } from './load.ts'
import { messages } from './messages.ts'
import type { PlanNode } from './node.ts'
import { errorAt } from './rules/rule.ts'

/** For `--json`: where, what, and the sentence in the language asked for. */
type CheckComplaint = { file: string; line: number; column: number; path: string; message: string }
export type CheckResult = {
  exitCode: ExitCode
  /** One line each, for people: errors or warnings, then the verdict. */
  lines: string[]
  errors: CheckComplaint[]
  warnings: CheckComplaint[]
  plan?: Plan
}

/** What `bascule check` says of a plan and its overlays. Changes nothing and asks no host. */
export async function checkPlan(
  paths: readonly string[],
  kinds: Record<string, Kind>,
  language: Language,
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
    }
  }
  const found = [...result.warnings, ...unproven(result, kinds)]
  const warnings = found.map(warning => formatPlanError(warning, say))
  const verdict = say({ key: 'plan.correct', values: { file, name: result.plan.name } })
  return {
    exitCode: exitCodes.ok,
    lines: [...warnings.map(line => `${line} (${say({ key: 'plan.warning' })})`), verdict],
    errors: [],
    warnings: complaints(found, say),
    plan: result.plan,
  }
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
