import type { ChangeIo } from '../../src/model/io.ts'
import { createRedactor } from '../../src/transport/redact.ts'
import { openTransport } from '../../src/transport/transport.ts'
import { type Cloud, CloudNameServers, nameServer, zone } from '../doubles/dns-clouds/cloud.ts'
import type { Bench } from './dns-provider-bench.ts'

export type CloudBench<Which extends Cloud = Cloud> = Bench & {
  cloud: Which
  names: CloudNameServers
  /** Seconds that the program has slept. */
  slept(): number
}

/** The program's own HTTP client against a cloud in memory; names are asked of the cloud's name servers, time is the test's. */
export async function openCloudBench<Which extends Cloud>(
  open: () => Promise<Which>,
  codes: { wrongSecret: string; withoutRight: string },
): Promise<CloudBench<Which>> {
  const cloud = await open()
  const names = new CloudNameServers(cloud)
  const transport = await openTransport({
    hosts: {},
    ssh: { connectTimeoutSeconds: 3 },
    redactor: createRedactor(),
  })
  const inner = transport.ioFor({ key: 'dns-cloud', signal: new AbortController().signal })
  let sleptSeconds = 0
  const io: ChangeIo = {
    ...inner,
    dns: async (_server, name, type) => names.answer(name, type),
    secret: async reference => cloud.secrets[reference] ?? '',
    sleep: async seconds => {
      sleptSeconds += seconds
    },
    now: () => new Date(Date.now() + sleptSeconds * 1000).toISOString(),
  }
  return {
    cloud,
    names,
    zone,
    io,
    servers: [nameServer],
    update: cloud.update,
    wrongSecret: { update: cloud.wrongSecret, code: codes.wrongSecret },
    withoutRight: { update: cloud.withoutRight, code: codes.withoutRight },
    slept: () => sleptSeconds,
    served: async () => names.sets(),
    put: async set => cloud.put(set),
    async close() {
      await transport.close()
      await cloud.server.close()
    },
  }
}
