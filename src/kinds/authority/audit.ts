import type { ReadIo } from '../../model/io.ts'
import type { About } from '../kit/kind-parts.ts'
import type { Known } from './facts.ts'
import { allOf, hostsOf } from './places.ts'
import { readRecord } from './record.ts'
import type { AuthoritySpec } from './spec.ts'

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
