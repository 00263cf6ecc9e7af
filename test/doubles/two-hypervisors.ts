import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { ChangeIo, CommandOptions, CommandResult } from '../../src/model/io.ts'
import { quoteArgv } from '../../src/transport/quote.ts'
import { type Die, dying } from '../helpers/judged-io.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'
import { until } from '../helpers/until.ts'
import { paperApi, paperSecret } from './paper-api.ts'
import { PaperSite } from './paper-site.ts'

export type SideName = 'source' | 'target'

/**
 * Two hypervisors as the machines' kind sees them, without guests: real QEMU, its images and its tools, real rsync, in two
 * mount namespaces (so that both have the same paths). Their API's machines are of paper, but for whether they run. Needs root.
 */
export type TwoHypervisors = {
  directory: string
  source: PaperSite
  target: PaperSite
  /** What the APIs were asked: `source GET /nodes/…`. */
  calls: string[]
  io(die?: Die): ChangeIo
  /** Runs a program at one side. */
  at(side: SideName, argv: readonly string[]): string
  startQemu(side: SideName): Promise<void>
  /** As a guest's shutdown ends it: cleanly. */
  quitQemu(side: SideName): Promise<void>
  killQemu(side: SideName): Promise<void>
  /** Writes to the machine's disk as its guest would. */
  write(side: SideName, pattern: number, offset: string, length: string): void
  zero(side: SideName, offset: string, length: string): void
  close(): Promise<void>
}

export const imagePath = '/srv/images/101/vm-101-disk-0.qcow2'
const qmp = '/run/qemu-server/101.qmp'

export async function raiseTwoHypervisors(diskBytes: number): Promise<TwoHypervisors> {
  const directory = temporaryFolder('machines')
  const bin = makeTools(directory)
  const namespaces: Record<SideName, ChildProcess> = {
    source: await openNamespace(directory, 'source'),
    target: await openNamespace(directory, 'target'),
  }
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, TWO: directory }
  const inside = (side: SideName, argv: readonly string[]): string[] => [
    ...['nsenter', '-t', String(namespaces[side].pid), '-m', '--', ...argv],
  ]
  const at = (side: SideName, argv: readonly string[], input = ''): string => {
    const [program = '', ...rest] = inside(side, argv)
    return execFileSync(program, rest, { env, input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] })
  }
  const running = (side: SideName): boolean => {
    try {
      return ask(side, { execute: 'query-status' }).includes('"return"')
    } catch {
      return false
    }
  }
  const calls: string[] = []
  const site = (side: SideName, node: string) =>
    Object.assign(new PaperSite(node), { isRunning: (vmid: number) => vmid === 101 && running(side) })
  const [source, target] = [site('source', 'montpellier'), site('target', 'toulouse')]
  const apis = { source: paperApi(source), target: paperApi(target) }
  const http: ChangeIo['http'] = request => {
    const { hostname, pathname } = new URL(request.url)
    calls.push(`${hostname} ${request.method} ${pathname.replace('/api2/json', '')}`)
    return apis[hostname as SideName](request)
  }

  function ask(side: SideName, command: object): string {
    const input = `{"execute":"qmp_capabilities"}\n${JSON.stringify(command)}\n`
    return at(side, ['socat', '-t', '10', '-', `UNIX-CONNECT:${qmp}`], input)
  }
  function disk(side: SideName, command: string): void {
    const line = `qemu-io drive-scsi0 "${command}"`
    for (let attempt = 1; ; attempt++) {
      const said = ask(side, {
        execute: 'human-monitor-command',
        arguments: { 'command-line': line },
      })
      // Unlike a guest, qemu-io opens the disk anew; a backup job that has just ended may hold it for a moment more.
      const isHeld = said.includes('Permission conflict') && attempt < 50
      if (!isHeld && /error|conflict|failed/i.test(said)) throw new Error(said)
      if (!isHeld) return
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
    }
  }
  const self: TwoHypervisors = {
    directory,
    source,
    target,
    calls,
    at,
    io: die =>
      dying(
        makeIo((side, argv, given) => run(inside(side, argv), given, env), http),
        die,
      ),
    async startQemu(side) {
      at(side, qemuArgv)
    },
    async quitQemu(side) {
      if (!running(side)) return
      ask(side, { execute: 'quit' })
      await until(() => !running(side))
    },
    async killQemu(side) {
      if (!running(side)) return
      process.kill(Number(at(side, ['cat', '/run/qemu-server/101.pid'])), 'SIGKILL')
      await until(() => !running(side))
    },
    write: (side, pattern, offset, length) => disk(side, `write -P ${pattern} ${offset} ${length}`),
    zero: (side, offset, length) => disk(side, `write -z ${offset} ${length}`),
    async close() {
      for (const side of ['source', 'target'] as const) await self.killQemu(side)
      for (const child of Object.values(namespaces)) child.kill('SIGKILL')
    },
  }
  at('source', ['mkdir', '-p', '/srv/images/101'])
  at('source', ['qemu-img', 'create', '-q', '-f', 'qcow2', imagePath, String(diskBytes)])
  return self
}

/** `-S`: the processor never runs; only the disk is of interest. `share-rw`: the monitor may write beside it. */
const qemuArgv = [
  ...['qemu-system-x86_64', '-machine', 'q35,accel=tcg', '-m', '32', '-nodefaults', '-display', 'none', '-S'],
  ...['-blockdev', `driver=qcow2,node-name=drive-scsi0,file.driver=file,file.filename=${imagePath}`],
  ...['-device', 'virtio-scsi-pci', '-device', 'scsi-hd,drive=drive-scsi0,share-rw=on'],
  ...['-qmp', `unix:${qmp},server=on,wait=off`, '-pidfile', '/run/qemu-server/101.pid', '-daemonize'],
]

async function openNamespace(directory: string, side: SideName): Promise<ChildProcess> {
  const own = join(directory, side)
  for (const folder of ['srv', 'run/qemu-server']) mkdirSync(join(own, folder), { recursive: true })
  const script = 'mount --bind "$1/srv" /srv && mount --bind "$1/run" /run && echo up && exec sleep 600'
  const alone = ['unshare', '--mount', '--propagation', 'private']
  const [program = '', ...rest] = [...alone, 'sh', '-c', script, side, own]
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise((resolve, reject) => {
    child.stdout?.once('data', resolve)
    child.once('exit', () => reject(new Error(`no mount namespace for the ${side}: is this root?`)))
  })
  writeFileSync(join(directory, `${side}.pid`), String(child.pid))
  return child
}

/** What stands on a hypervisor's PATH: `pvesm`, `qm` (it notes what it was asked), and an ssh to the other side. */
function makeTools(directory: string): string {
  const bin = join(directory, 'bin')
  mkdirSync(bin)
  const tools = {
    pvesm: 'echo "/srv/images/$(echo "$2" | cut -d: -f2)"',
    qm: 'echo "$@" >>/run/qm.log',
    ssh: [
      'while true; do case $1 in -o) shift 2 ;; -*) shift ;; *) break ;; esac; done',
      'side=$1; shift',
      'exec nsenter -t "$(cat "$TWO/$side.pid")" -m -- sh -c "$*"',
    ].join('\n'),
  }
  for (const [name, text] of Object.entries(tools)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`)
    chmodSync(join(bin, name), 0o755)
  }
  return bin
}

type Run = (side: SideName, argv: readonly string[], options: CommandOptions) => Promise<CommandResult>

function makeIo(run_: Run, http: ChangeIo['http']): ChangeIo {
  const io = {
    read: (host: string, argv: string[], given: CommandOptions = {}) => run_(host as SideName, argv, given),
    change: (host: string, argv: string[], given: CommandOptions = {}) => run_(host as SideName, argv, given),
    writeFile: async (host: string, path: string, content: string, { mode }: { mode: string }) => {
      const script = 'umask 077; cat >"$1.new" && chmod "$2" "$1.new" && mv -f "$1.new" "$1"'
      await run_(host as SideName, ['sh', '-c', script, 'write', path, mode], { input: content })
    },
    http,
    secret: async () => paperSecret,
    sleep: (seconds: number) => wait(seconds * 1000),
    now: () => new Date().toISOString(),
    report: () => {},
    signal: new AbortController().signal,
  }
  return io as unknown as ChangeIo
}

function run(argv: string[], options: CommandOptions, env: NodeJS.ProcessEnv): Promise<CommandResult> {
  const [program = '', ...rest] = argv
  return new Promise((resolve, reject) => {
    const child = spawn(program, rest, { env, stdio: 'pipe' })
    const out = { stdout: '', stderr: '' }
    child.stdout.on('data', bytes => {
      out.stdout += bytes
      for (const line of String(bytes).split('\n')) options.onLine?.(line)
    })
    child.stderr.on('data', bytes => {
      out.stderr += bytes
    })
    child.stdin.on('error', () => {})
    child.stdin.end(options.input ?? '')
    child.on('error', reject)
    child.on('close', code => {
      if (code === 0 || options.allowFailure) resolve({ exitCode: code ?? 128, ...out })
      else reject(new Error(`${quoteArgv(argv)}: ${code}: ${out.stderr}`))
    })
  })
}

export const readText = (path: string): string => readFileSync(path, 'utf8')
