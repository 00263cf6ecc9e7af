import { z } from 'zod'
import type { ReadIo } from '../../model/io.ts'
import { kindOf } from '../kit/define-kind.ts'
import type { About, FactsOf } from '../kit/kind-parts.ts'
import { allOf, hostsOf } from './places.ts'
import { readRecord } from './record.ts'
import { type AuthoritySpec, authoritySpec } from './spec.ts'

const facts = {
  /** How many hosts hold the record. */
  hosts: { unit: 'hosts', value: z.number() },
  /** By host, the programs it lacks; hosts that lack none are omitted. */
  missingTools: { unit: '', value: z.record(z.string(), z.array(z.string())) },
  /** By host, the site and number written there; hosts where nothing is written are omitted. */
  standing: {
    unit: '',
    value: z.record(z.string(), z.object({ site: z.string(), fencingNumber: z.number() })),
  },
}
export type Known = FactsOf<typeof facts>

export const authority = kindOf('authority', authoritySpec, facts)

export async function audit(about: About<AuthoritySpec, Known>, io: ReadIo): Promise<Known> {
  const hosts = allOf(hostsOf(about))
  const missing: Known['missingTools'] = {}
  const standing: Known['standing'] = {}
  await Promise.all(
    hosts.map(async host => {
      const { stdout } = await io.read(host, missingTools())
      if (stdout.trim() !== '') missing[host] = stdout.trim().split('\n')
      const record = await readRecord(host, about.plan.name, io)
      if (record) standing[host] = { site: record.site, fencingNumber: record.fencingNumber }
    }),
  )
  return { hosts: hosts.length, missingTools: missing, standing }
}

/** What the writing needs of a host: its programs, and a place that root may write. Prints what is missing. */
const missingTools = (): string[] => [
  'sh',
  '-c',
  'for p in "$@"; do command -v "$p" >/dev/null || echo "$p"; done',
  'authority',
  'flock',
  'sync',
  'sed',
]
