import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRedactor } from '../../src/transport/redact.ts'
import { openTransport } from '../../src/transport/transport.ts'
import { wholeZone, zoneFile } from '../helpers/dns-axfr.ts'
import type { Bench } from '../helpers/dns-provider-bench.ts'
import { judgeProvider } from '../helpers/dns-provider-suite.ts'
import { keyName, secret, startNameServers, zone } from '../helpers/dns-servers.ts'

async function openKnot(): Promise<Bench> {
  const servers = await startNameServers(4)
  const file = (name: string) => join(servers.directory, name)
  writeFileSync(file('tsig'), secret, { mode: 0o600 })
  writeFileSync(file('wrong'), Buffer.from('another secret altogether').toString('base64'), { mode: 0o600 })
  const transport = await openTransport({
    hosts: {},
    ssh: { connectTimeoutSeconds: 3 },
    redactor: createRedactor(),
  })
  const update = (name: string, secretFile: string) => ({
    server: servers.primary,
    tsig: { name, secret: `file:${file(secretFile)}` },
  })
  return {
    zone,
    io: transport.ioFor({ key: 'dns-knot', signal: new AbortController().signal }),
    servers: [servers.primary],
    update: update(keyName, 'tsig'),
    wrongSecret: { update: update(keyName, 'wrong'), code: 'BADSIG' },
    withoutRight: { update: update('nobody', 'tsig'), code: 'BADKEY' },
    served: () => wholeZone(servers.primary, zone),
    put: ({ name, type, ttlSeconds, data }) =>
      servers.update(
        `update delete ${name}. ${type}`,
        ...data.map(value => `update add ${name}. ${ttlSeconds} ${type} ${zoneFile(type, value)}`),
      ),
    async close() {
      await transport.close()
      await servers.close()
    },
  }
}

judgeProvider('names by dynamic updates, at a real Knot', openKnot)
