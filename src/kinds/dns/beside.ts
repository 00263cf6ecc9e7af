import type { ReadIo } from '../../model/io.ts'
import { bare } from './names.ts'
import { primaryOf } from './providers.ts'
import type { PlannedRecord } from './records.ts'
import type { DnsSpec } from './spec.ts'

/** An address record that the plan does not name. */
export type SeenAddress = { record: string; data: string[] }

/** Who uses IPv6 goes on to where an AAAA leads that stays behind; and the other way round. */
export async function otherAddresses(
  spec: DnsSpec,
  records: PlannedRecord[],
  io: ReadIo,
): Promise<SeenAddress[]> {
  const planned = new Set(records.map(({ key }) => key))
  const asked = records.flatMap(({ name, type }) => {
    const other = type === 'A' ? 'AAAA' : type === 'AAAA' ? 'A' : undefined
    return other === undefined || planned.has(`${name} ${other}`) ? [] : [{ name, type: other }]
  })
  try {
    const found = await Promise.all(
      asked.map(async ({ name, type }) => {
        const { records: answers } = await io.dns(primaryOf(spec), name, type)
        const data = answers.filter(answer => answer.name === name && answer.type === type)
        return { record: `${name} ${type}`, data: data.map(answer => answer.data).sort() }
      }),
    )
    return found.filter(({ data }) => data.length > 0)
  } catch {
    io.signal.throwIfAborted()
    return []
  }
}

/** Each name server of the zone with its addresses as the zone or a resolver gives them; empty when none could be asked. */
export async function zoneNameServers(
  spec: DnsSpec,
  io: ReadIo,
): Promise<{ name: string; addresses: string[] }[]> {
  const [asked = primaryOf(spec)] = spec.servers
  const recursive = spec.resolvers[0]
  try {
    const { records } = await io.dns(asked, bare(spec.zone), 'NS')
    const names = records.filter(({ type }) => type === 'NS').map(({ data }) => bare(data))
    return await Promise.all(
      names.map(async name => {
        const answers = await Promise.all(
          ['A', 'AAAA'].map(type =>
            io.dns(recursive ?? asked, name, type, { recurse: recursive !== undefined }),
          ),
        )
        const addresses = answers.flatMap(({ records: found }) =>
          found.filter(({ type }) => type === 'A' || type === 'AAAA').map(({ data }) => data),
        )
        return { name, addresses }
      }),
    )
  } catch {
    // A server that is silent is a finding already; this is beside it.
    io.signal.throwIfAborted()
    return []
  }
}
