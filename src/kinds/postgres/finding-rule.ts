import type { FindingLevel } from '../../model/fact.ts'
import type { Plan, SiteSide } from '../../model/plan.ts'
import type { Text } from '../../model/text.ts'
import type { PostgresFacts } from './facts.ts'
import type { CommonSpec, StreamingSpec } from './spec.ts'

type Values = Record<string, string | number>
/** What a rule says when it is broken; undefined: all is well, or nothing is known. */
export type Verdict = { level: Exclude<FindingLevel, 'ok'>; values?: Values } | undefined
export type Rule<Spec extends CommonSpec = StreamingSpec> = {
  name: string
  text: Text['key']
  remedy: Text['key']
  judge: (known: Known<Spec>) => Verdict
}
/** Of every method. */
export type SharedRule = Rule<CommonSpec>
/** `hosts`: as one types them for ssh. `keepsFiles`: the target serves with all of its own configuration files. */
export type Known<Spec extends CommonSpec = StreamingSpec> = {
  spec: Spec
  facts: PostgresFacts
  plan: Plan
  hosts: Record<SiteSide, string>
  keepsFiles: boolean
}

export const block = (values: Values = {}): Verdict => ({ level: 'block', values })
export const warn = (values: Values = {}): Verdict => ({ level: 'warn', values })
export const listed = (values: string[] | undefined, verdict: (list: string) => Verdict): Verdict =>
  values === undefined || values.length === 0 ? undefined : verdict(values.slice(0, 10).join(', '))

/** The target is a copy of this source. */
export const isCopy = ({ sourceSystemIdentifier, targetSystemIdentifier }: PostgresFacts): boolean =>
  targetSystemIdentifier !== undefined && targetSystemIdentifier === sourceSystemIdentifier
export const gibibyte = 2 ** 30
export const megabytes = (bytes: number): number => Math.round(bytes / 1e6)
