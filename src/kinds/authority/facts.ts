import { z } from 'zod'
import { kindOf } from '../kit/define-kind.ts'
import { authoritySpec } from './spec.ts'

export const authority = kindOf('authority', authoritySpec, {
  /** How many hosts hold the record. */
  hosts: { unit: 'hosts', value: z.number() },
  /** By host, the programs it lacks; hosts that lack none are left out. */
  missingTools: { unit: '', value: z.record(z.string(), z.array(z.string())) },
  /** By host, the site and number written there; hosts where nothing is written are left out. */
  standing: {
    unit: '',
    value: z.record(z.string(), z.object({ site: z.string(), fencingNumber: z.number() })),
  },
})
export type Known = Parameters<Parameters<typeof authority.defineKind>[0]['findings']>[0]['facts']
