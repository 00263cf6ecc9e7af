import { z } from 'zod'
import { kindOf } from '../kit/define-kind.ts'
import { linkSpec } from './spec.ts'

/** Null: it could not be measured. */
const measured = z.number().nullable()

export const link = kindOf('link', linkSpec, {
  declaredMbps: { unit: 'Mbit/s', value: z.number() },
  bandwidthMbps: { unit: 'Mbit/s', value: measured },
  bandwidthSamplesMbps: { unit: 'Mbit/s', value: z.array(z.number()).nullable() },
  bandwidthSpreadPercent: { unit: '%', value: measured },
  /** Why not; empty where it was measured. */
  bandwidthWhyNot: { unit: '', value: z.string() },
  latencyMilliseconds: { unit: 'ms', value: measured },
  latencyWhyNot: { unit: '', value: z.string() },
  lostEchoes: { unit: 'echoes', value: measured },
  pathMtuBytes: { unit: 'B', value: measured },
  pairsTried: { unit: '', value: z.number() },
  pairsRefused: { unit: '', value: z.array(z.string()) },
  pairsClosed: { unit: '', value: z.array(z.string()) },
})
export type Known = Parameters<Parameters<typeof link.defineKind>[0]['findings']>[0]['facts']
