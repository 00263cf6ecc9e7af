import type { Edit } from './paper-plan.ts'

/** `yields`: the rules that find something, in their own order. `nearMissOf`: the rule that a little more would have made find something. */
export type Variant = {
  what: string
  edits: readonly Edit[]
  yields: readonly string[]
  nearMissOf?: string
  /** ISO instant at which the plan is judged. */
  now?: string
}

export const fires = (what: string, rules: string | string[], ...edits: Edit[]): Variant => ({
  what,
  edits,
  yields: [rules].flat(),
})
export const misses = (rule: string, what: string, ...edits: Edit[]): Variant => ({
  what,
  edits,
  yields: [],
  nearMissOf: rule,
})

export const slot = (text: string): Edit => ['  position:', `  extra: ${text}\n  position:`]
export const without = (line: string): Edit => [`  ${line}\n`, '']
/** The same, judged at this instant. */
export const judgedAt = (now: string, variant: Variant): Variant => ({ ...variant, now })
