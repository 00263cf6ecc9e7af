import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRedactor } from '../../src/transport/redact.ts'
import { openTransport } from '../../src/transport/transport.ts'
import type { Bench } from '../doubles/dns-provider-bench.ts'
import { judgeProvider } from '../doubles/dns-provider-suite.ts'
import { wholeZone, zoneFile } from './dns-axfr.ts'
import { keyName, secret, startNameServers, zone } from './dns-servers.ts'

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
