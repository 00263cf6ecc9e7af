import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { inOrder, type ZoneSet } from './dns-provider-bench.ts'

const run = promisify(execFile)
const named = ['CNAME', 'PTR', 'MX']

/** The whole zone as a server gives it to a secondary, but for SOA and NS and what is needed for these. */
export async function wholeZone(server: { address: string; port: number }, zone: string): Promise<ZoneSet[]> {
  const words = [
    `@${server.address}`,
    '-p',
    String(server.port),
    '+noall',
    '+answer',
    '+onesoa',
    zone,
    'AXFR',
  ]
  const { stdout } = await run('dig', words)
  const sets = new Map<string, ZoneSet>()
  for (const line of stdout.split('\n').filter(Boolean)) {
    const [owner = '', ttl, , type = '', ...rest] = line.split(/\s+/)
    const name = owner.replace(/\.$/, '')
    if (type === 'SOA' || type === 'NS' || name === `ns1.${zone}`) continue
    const data = named.includes(type) ? rest.join(' ').replace(/\.$/, '') : rest.join(' ')
    const set = sets.get(`${name} ${type}`) ?? { name, type, ttlSeconds: Number(ttl), data: [] }
    set.data = [...set.data, data].sort()
    sets.set(`${name} ${type}`, set)
  }
  return [...sets.values()].toSorted(inOrder)
}

/** `data` as zone files write it. */
export const zoneFile = (type: string, data: string): string => (named.includes(type) ? `${data}.` : data)
