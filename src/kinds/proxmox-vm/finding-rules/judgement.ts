import type { FindingLevel } from '../../../model/fact.ts'
import type { Component } from '../../../model/plan.ts'
import type { Text } from '../../../model/text.ts'
import type { MachineAudit } from '../facts.ts'
import type { MachineSide } from '../sides.ts'
import type { MachineSpec } from '../spec.ts'
import type { sentences } from './sentences.ts'

export type Values = Record<string, string | number>

/** What a rule sees. A fact that is absent was not found out: a rule then says nothing. */
export type Seen = {
  component: Component
  spec: MachineSpec
  source: MachineSide
  target: MachineSide
  audit: MachineAudit
  /** Of the link between the sites, in Mbit/s. */
  linkMbps: number
  /** False: the rate above is assumed. */
  isLinkKnown: boolean
}

/** `name` is the finding's id and its sentences'; one with a `text` of its own may have any name. */
export type Found = { level: FindingLevel; values?: Values; remedy?: Text } & (
  | { name: keyof typeof sentences; text?: never }
  | { name: string; text: Text }
)
export type Rule = (seen: Seen) => Found[]
