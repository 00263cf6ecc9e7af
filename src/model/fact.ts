import type { Json } from './json.ts'
import type { Text } from './text.ts'

/** Something measured. `unit` is empty for names, versions and lists. `at` is an ISO instant. */
export type Fact = { value: Json; unit: string; at: string }
export type Facts = Record<string, Fact>
/** Facts by component id. */
export type FactsByComponent = Record<string, Facts>

export type FindingLevel = 'ok' | 'warn' | 'block'
/** A judgement on facts: what was found, with its figures, and what to do about it. */
export type Finding = { id: string; component: string; level: FindingLevel; text: Text; remedy?: Text }
/** The rule under which a kind lists what neither its audit nor its checks compare; the report repeats it. */
export const notCompared = 'not-compared'
