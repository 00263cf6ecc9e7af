import { canonicalJson } from '../model/canonical.ts'
import type { Plan } from '../model/plan.ts'

/** Paths that differ between two plans, as `window.start` or `components.files.spec.rate`. Pure. */
export function planDifferences(recorded: Plan, today: Plan): string[] {
  return differences(recorded, today, '')
}

/** Into objects of both sides; a list, or what only one side has, is one difference. */
function differences(left: unknown, right: unknown, path: string): string[] {
  if (isObject(left) && isObject(right)) {
    const names = new Set([...Object.keys(left), ...Object.keys(right)])
    return [...names].flatMap(name =>
      differences(left[name], right[name], path === '' ? name : `${path}.${name}`),
    )
  }
  return textOf(left) === textOf(right) ? [] : [path]
}

const textOf = (value: unknown): string => (value === undefined ? '' : canonicalJson(value))

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
