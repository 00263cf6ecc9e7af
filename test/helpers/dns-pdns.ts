import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { stop, zone } from './dns-servers.ts'
import { freePort } from './free-port.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { until } from './until.ts'

const run = promisify(execFile)
/** Of this test only. */
export const apiKey = 'the api key of a test server'
const schema = '/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql'

export type Pdns = {
  directory: string
  api: string
  dns: { address: string; port: number }
  /** A Knot that follows it by NOTIFY and transfer. */
  secondary: { address: string; port: number }
  /** As an administrator at the server would. */
  pdnsutil(...words: string[]): Promise<string>
  close(): Promise<void>
}

/** Debian's PowerDNS with an SQLite database of its own, its zone and API on loopback ports. */
export async function startPdns(): Promise<Pdns> {
  const directory = temporaryFolder('pdns-contract')
  const [dnsPort, apiPort, knotPort] = await Promise.all([freePort(), freePort(), freePort()])
  const database = join(directory, 'zones.sqlite')
  createDatabase(database)
  writeFileSync(
    join(directory, 'pdns.conf'),
    `launch=gsqlite3
gsqlite3-database=${database}
socket-dir=${directory}
local-address=127.0.0.1
local-port=${dnsPort}
primary=yes
allow-axfr-ips=127.0.0.1
only-notify=
also-notify=127.0.0.1:${knotPort}
api=yes
api-key=${apiKey}
webserver=yes
webserver-address=127.0.0.1
webserver-port=${apiPort}
webserver-loglevel=none
guardian=no
daemon=no
disable-syslog=yes
write-pid=no
`,
    { mode: 0o600 },
  )
  const pdnsutil = async (...words: string[]) =>
    (await run('pdnsutil', ['--config-dir', directory, ...words])).stdout
  await pdnsutil('create-zone', zone, `ns1.${zone}`)
  await pdnsutil('add-record', zone, 'ns1', 'A', '127.0.0.1')
  await pdnsutil('set-kind', zone, 'primary')
  await pdnsutil('set-meta', zone, 'SOA-EDIT-API', 'DEFAULT')
  const child = start(['pdns_server', `--config-dir=${directory}`])
  let said = ''
  child.stderr?.on('data', chunk => {
    said += chunk
  })
  const api = `http://127.0.0.1:${apiPort}`
  try {
    await untilItAnswers(`${api}/api/v1/servers/localhost`, child)
  } catch (error) {
    await stop(child)
    throw new Error(`pdns_server does not answer: ${said}`, { cause: error })
  }
  const knot = startKnot(directory, knotPort, dnsPort)
  return {
    directory,
    api,
    secondary: { address: '127.0.0.1', port: knotPort },
    dns: { address: '127.0.0.1', port: dnsPort },
    pdnsutil,
    async close() {
      await Promise.all([child, knot].map(stop))
    },
  }
}

function startKnot(directory: string, port: number, primaryPort: number): ChildProcess {
  const home = join(directory, 'knot')
  mkdirSync(home)
  const file = join(home, 'knot.conf')
  writeFileSync(
    file,
    `server:
  listen: 127.0.0.1@${port}
  rundir: ${home}
database:
  storage: ${home}
remote:
  - id: pdns
    address: 127.0.0.1@${primaryPort}
acl:
  - id: pdns
    address: 127.0.0.1
    action: notify
zone:
  - domain: ${zone}
    storage: ${home}
    master: pdns
    acl: pdns
`,
  )
  const child = start(['knotd', '-c', file])
  child.stderr?.resume()
  return child
}

function createDatabase(file: string): void {
  const database = new DatabaseSync(file)
  database.exec(readFileSync(schema, 'utf8'))
  database.close()
}

async function untilItAnswers(url: string, child: ChildProcess): Promise<void> {
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}`)
    const answer = await fetch(url, { headers: { 'x-api-key': apiKey } }).catch(() => undefined)
    return answer?.ok === true
  })
}

function start([program = '', ...rest]: string[]): ChildProcess {
  return spawn(program, rest, { stdio: ['ignore', 'ignore', 'pipe'] })
}
