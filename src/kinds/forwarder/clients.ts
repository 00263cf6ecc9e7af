import { z } from 'zod'
import type { Kernel } from './kernel.ts'
import { loadedSeconds, loadedSet, tableOf } from './ruleset.ts'
import type { ForwarderSpec } from './spec.ts'

/** One client at one old address and service, and when it last came. */
export const clientForm = z.object({
  client: z.string(),
  service: z.string(),
  packets: z.number(),
  bytes: z.number(),
  secondsAgo: z.number(),
})
/** `connections`: those forwarded since the counts began. */
export const serviceForm = z.object({
  connections: z.number(),
  clients: z.number(),
  secondsAgo: z.number().nullable(),
})
type Client = z.infer<typeof clientForm>
type ServiceCount = z.infer<typeof serviceForm>

export type Counts = {
  /** Since when there are counts: a restart of the gateway begins them anew. */
  sinceSeconds: number
  clients: Client[]
  services: Record<string, ServiceCount>
}

/** Clients named in full; the counts are always of all of them. */
export const namedClients = 50

export const cameWithin = (clients: readonly Client[], seconds: number): Client[] =>
  clients.filter(({ secondsAgo }) => secondsAgo <= seconds)

/** What our table has counted; undefined when it is not there. Clients at the addresses in `without` are omitted. */
export function countsIn(
  kernel: Kernel,
  component: string,
  spec: ForwarderSpec,
  without: readonly string[] = [],
): Counts | undefined {
  const table = tableOf(component)
  const setNamed = (name: string) => kernel.sets.find(set => set.table === table && set.name === name)
  const age = setNamed(loadedSet)
  if (age === undefined) return undefined
  const elements = ['ip', 'ip6'].flatMap(family => setNamed(`clients_${family}`)?.elem ?? [])
  const clients = elements
    .flatMap(({ elem }): Client[] => {
      const [client, from, protocol, port] = elem?.val?.concat ?? []
      const rule = spec.forward.find(
        one => one.from === from && one.protocol === protocol && one.port === port,
      )
      if (rule === undefined || typeof client !== 'string' || without.includes(client)) return []
      const secondsAgo = spec.rememberDays * 86_400 - (elem?.expires ?? 0)
      const { packets = 0, bytes = 0 } = elem?.counter ?? {}
      return [{ client, service: rule.service, packets, bytes, secondsAgo }]
    })
    .sort((left, right) => left.secondsAgo - right.secondsAgo)
  // gone from the set when the table is older than that
  const left = age.elem?.[0]?.elem?.expires ?? 0
  return { sinceSeconds: loadedSeconds - left, clients, services: servicesOf(kernel, table, spec, clients) }
}

function servicesOf(kernel: Kernel, table: string, spec: ForwarderSpec, clients: Client[]) {
  const names = [...new Set(spec.forward.map(({ service }) => service))]
  return Object.fromEntries(
    names.map(name => {
      const own = clients.filter(({ service }) => service === name)
      const connections = kernel.rules
        .filter(rule => rule.table === table && rule.chain === 'pass_on' && rule.comment === name)
        .reduce((sum, { expr }) => sum + (expr.find(({ counter }) => counter)?.counter?.packets ?? 0), 0)
      const count: ServiceCount = {
        connections,
        clients: new Set(own.map(({ client }) => client)).size,
        secondsAgo: own[0]?.secondsAgo ?? null,
      }
      return [name, count]
    }),
  )
}
