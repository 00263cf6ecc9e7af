import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { freePort } from './free-port.ts'
import { temporaryFolder } from './temporary-folder.ts'

const run = promisify(execFile)
export const zone = 'techcorp.test'
export const keyName = 'bascule'
/** Of this test only. */
export const secret = Buffer.from('the secret of a test zone, 32 b.').toString('base64')

export type NameServers = {
  directory: string
  primary: { address: string; port: number }
  secondary: { address: string; port: number }
  resolver: { address: string; port: number }
  /** As another hand would: outside of the program. */
  update(...lines: string[]): Promise<void>
  /** A running secondary follows by NOTIFY; a stopped one serves nothing. */
  stopSecondary(): Promise<void>
  startSecondary(): Promise<void>
  close(): Promise<void>
}

/** A Knot primary and its secondary, and an unbound that caches, on loopback ports. */
export async function startNameServers(ttlSeconds: number): Promise<NameServers> {
  const directory = temporaryFolder('dns-contract')
  const [first, second, third] = await Promise.all([freePort(), freePort(), freePort()])
  const at = (port: number) => ({ address: '127.0.0.1', port })
  const [primary, secondary, resolver] = [at(first), at(second), at(third)]
  writeZone(directory, ttlSeconds)
  const notify = `remote:\n  - id: secondary\n    address: 127.0.0.1@${second}\n`
  const master = `remote:\n  - id: primary\n    address: 127.0.0.1@${first}\n`
  const forPrimary = writeKnot(
    directory,
    'primary',
    first,
    notify,
    'file: "primary.zone"\n    notify: secondary',
  )
  const forSecondary = writeKnot(directory, 'secondary', second, master, 'master: primary')
  const resolverFile = writeUnbound(directory, third, first)
  const programs: ChildProcess[] = []
  const start = async (argv: string[], port: number) => {
    const program = await startServer(argv, port, directory)
    programs.push(program)
    return program
  }
  await start(['knotd', '-c', forPrimary], first)
  let follower = await start(['knotd', '-c', forSecondary], second)
  await start(['unbound', '-d', '-c', resolverFile], third)
  return {
    directory,
    primary,
    secondary,
    resolver,
    async update(...lines) {
      const script = [
        `server 127.0.0.1 ${first}`,
        `zone ${zone}.`,
        `key hmac-sha256:${keyName} ${secret}`,
        ...lines,
        'send',
        '',
      ]
      const child = run('nsupdate', ['-v', '-t', '5'])
      child.child.stdin?.end(script.join('\n'))
      await child
    },
    stopSecondary: () => stop(follower),
    async startSecondary() {
      follower = await start(['knotd', '-c', forSecondary], second)
    },
    async close() {
      await Promise.all(programs.map(stop))
    },
  }
}

function writeZone(directory: string, ttlSeconds: number): void {
  mkdirSync(join(directory, 'primary'))
  mkdirSync(join(directory, 'secondary'))
  const zoneFile = [
    `$ORIGIN ${zone}.`,
    `$TTL ${ttlSeconds}`,
    // A secondary that was down asks again after two seconds.
    '@ SOA ns1 admin 1 2 1 86400 1',
    '@ NS ns1',
    'ns1 A 127.0.0.1',
    'auth A 10.80.4.11',
    'courses A 10.80.4.11',
    'six AAAA 2001:db8::11',
    'www CNAME auth',
    '',
  ]
  writeFileSync(join(directory, 'primary/primary.zone'), zoneFile.join('\n'))
}

function writeKnot(
  directory: string,
  role: string,
  port: number,
  remotes: string,
  zoneLines: string,
): string {
  const file = join(directory, `${role}.conf`)
  const home = join(directory, role)
  writeFileSync(
    file,
    `server:
  listen: 127.0.0.1@${port}
  rundir: ${home}
key:
  - id: ${keyName}
    algorithm: hmac-sha256
    secret: ${secret}
${remotes}acl:
  - id: update
    key: ${keyName}
    action: update
  - id: neighbours
    address: 127.0.0.1
    action: [transfer, notify]
database:
  storage: ${home}
log:
  - target: stderr
    any: warning
zone:
  - domain: ${zone}
    storage: ${home}
    acl: [update, neighbours]
    ${zoneLines}
`,
  )
  return file
}

function writeUnbound(directory: string, port: number, authoritativePort: number): string {
  const file = join(directory, 'unbound.conf')
  writeFileSync(
    file,
    `server:
  interface: 127.0.0.1@${port}
  directory: ${directory}
  chroot: ""
  username: ""
  pidfile: ${directory}/unbound.pid
  use-syslog: no
  do-not-query-localhost: no
  module-config: "iterator"
  local-zone: "test." nodefault
remote-control:
  control-enable: no
stub-zone:
  name: ${zone}
  stub-addr: 127.0.0.1@${authoritativePort}
  stub-prime: no
`,
  )
  return file
}

async function startServer(argv: string[], port: number, directory: string): Promise<ChildProcess> {
  const [program = '', ...rest] = argv
  const child = spawn(program, rest, { stdio: ['ignore', 'ignore', 'pipe'], cwd: directory })
  let said = ''
  child.stderr?.on('data', chunk => {
    said += chunk
  })
  const end = performance.now() + 200_000
  while (child.exitCode === null && performance.now() < end) {
    const asked = [
      '@127.0.0.1',
      '-p',
      String(port),
      '+short',
      '+tries=1',
      '+time=1',
      'auth.techcorp.test',
      'A',
    ]
    const { stdout } = await run('dig', asked).catch(() => ({ stdout: '' }))
    if (stdout.includes('10.80.4.')) return child
    await wait(100)
  }
  await stop(child)
  throw new Error(`${argv.join(' ')} does not answer: ${said}`)
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), 5000)
  await gone
  clearTimeout(late)
}
