import { z } from 'zod'
import { kindOf } from '../kit/define-kind.ts'
import type { About } from '../kit/kind-parts.ts'
import { type LineSpec, lineSpec } from './spec.ts'

const names = { unit: '', value: z.array(z.string()) }
const yesOrNo = { unit: '', value: z.boolean() }

/** Both lines as the gateways see them. Nothing but `missing` where a program is not installed. */
const facts = {
  missing: names,
  interfacesMissing: names,
  withoutCarrier: names,
  backupAddressThere: yesOrNo,
  mainAnswers: yesOrNo,
  backupAnswers: yesOrNo,
  /** The interface by which requests to the backup line's address are answered. Null when not known. */
  answersLeaveBy: { unit: '', value: z.string().nullable() },
  /** The older `ingress` queue is in the place where our filters hang. */
  ingressTaken: yesOrNo,
  backupDeclaredMbps: { unit: 'Mbit/s', value: z.number() },
  capMbps: { unit: 'Mbit/s', value: z.number() },
} as const

export type LineFacts = { [Name in keyof typeof facts]?: z.infer<(typeof facts)[Name]['value']> }
export type AboutLine = About<LineSpec, LineFacts>

/** Name, fields and facts of the kind, for its actions and for what puts it together. */
export const line = kindOf('line', lineSpec, facts)
