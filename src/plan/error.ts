import type { Text } from '../model/text.ts'

/** Where something stands: 1-based line and column, as editors count. */
export type Place = { file: string; line: number; column: number }

/** One thing wrong with a plan: what is wrong, what was expected instead, and the known name nearest to it. */
export type PlanError = { place: Place; path: string; problem: Text; expected?: Text; nearest?: string }

export type Path = readonly (string | number)[]

/** `components.auth.needs[0]`. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text === '' ? part : `${text}.${part}`
  }, '')
}

/** In reading order: the files as given, then line and column. What is said twice of one place is said once. */
export function inReadingOrder<One extends PlanError>(errors: One[], files: readonly string[]): One[] {
  const seen = new Set<string>()
  return errors
    .filter(error => {
      const { place, path, problem, expected } = error
      const key = JSON.stringify([place, path, expected ?? problem])
      return !seen.has(key) && seen.add(key)
    })
    .sort(
      ({ place: left }, { place: right }) =>
        files.indexOf(left.file) - files.indexOf(right.file) ||
        left.line - right.line ||
        left.column - right.column,
    )
}

/** `plan.yaml:12:5 components.auth.needs[0]: what is wrong; what was expected; nearest known name`. */
export function formatPlanError(error: PlanError, say: (text: Text) => string): string {
  const { file, line, column } = error.place
  const where = `${file}:${line}:${column}${error.path === '' ? '' : ` ${error.path}`}`
  return `${where}: ${planErrorSentence(error, say)}`
}

/** The same without where. */
export function planErrorSentence(error: PlanError, say: (text: Text) => string): string {
  const parts = [
    say(error.problem),
    error.expected && say({ key: 'plan.expected', values: { what: say(error.expected) } }),
    error.nearest && say({ key: 'plan.nearest', values: { name: error.nearest } }),
  ]
  return parts.filter(Boolean).join(say({ key: 'plan.then' }))
}
