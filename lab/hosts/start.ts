import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { Failure } from '../../src/model/failure.ts'
import { repository, treeOf } from '../paths.ts'
import { run, searchPath } from '../shell.ts'
import { type HostPlan, isUnplugged } from '../topology.ts'
import { until } from '../until.ts'

const bootScript = join(import.meta.dirname, 'boot.sh')

/** The program that becomes a host. It outlives the program that raised the lab. */
function hostArgv(name: string, host: HostPlan, smallDisks: Record<string, number>): string[] {
  return [
    ...['nsenter', `--net=/run/netns/${host.namespace}`],
    ...['unshare', '--mount', '--uts', '--ipc', '--pid', '--fork', '--mount-proc'],
    ...['sh', bootScript, host.name, treeOf(name, host.name), repository],
    ...Object.entries(smallDisks).flatMap(([path, megabytes]) => [path, String(megabytes)]),
  ]
}

/** Starts a host and returns when its sshd answers. */
export async function startHost(
  name: string,
  host: HostPlan,
  smallDisks: Record<string, number>,
): Promise<void> {
  const [file = '', ...rest] = hostArgv(name, host, smallDisks)
  const log = join(treeOf(name, host.name), 'boot.log')
  const output = openSync(log, 'a', 0o600)
  const child = spawn(file, rest, {
    detached: true,
    stdio: ['ignore', output, output],
    cwd: '/',
    env: { PATH: searchPath() },
  })
  closeSync(output)
  child.unref()
  let ended = ''
  child.once('error', error => {
    ended = error.message
  })
  child.once('exit', code => {
    ended = `exit ${code}`
  })
  await untilReady(`sshd of ${host.name}`, 120, async () => {
    if (ended !== '') {
      const detail = `${ended}: ${readFileSync(log, 'utf8').slice(-400)}`
      throw new Failure({ key: 'lab.command-failed', values: { command: `boot ${host.name}`, detail } })
    }
    return isUnplugged(host) ? listens(host, 22) : answers(host.address, 22)
  })
}

/** Asked of its own kernel, for no cable leads there. */
async function listens(host: HostPlan, port: number): Promise<boolean> {
  const { stdout } = await run([
    ...['ip', 'netns', 'exec', host.namespace],
    ...['ss', '--tcp', '--listening', '--numeric', '--no-header', `sport = :${port}`],
  ])
  return stdout !== ''
}

/** Asks until the answer is yes. Throws a Failure that says what never was ready. */
export async function untilReady(
  what: string,
  withinSeconds: number,
  ready: () => Promise<boolean>,
): Promise<void> {
  if (await until(ready, { seconds: withinSeconds, everySeconds: 0.05 })) return
  throw new Failure({ key: 'lab.not-ready', values: { what, seconds: withinSeconds } })
}

/** Whether something accepts connections there. */
export function answers(address: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host: address, port, timeout: 1000 })
    const end = (yes: boolean) => {
      socket.destroy()
      resolve(yes)
    }
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
    socket.once('timeout', () => end(false))
  })
}
