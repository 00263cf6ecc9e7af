import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Argv, ChangeIo, CommandOptions, CommandResult } from '../../src/model/io.ts'
import { until } from './until.ts'

/** Where the services of each host are, as plans of these tests name them; in truth in the host's folder. */
export const services = '/srv/sv'

/** Hosts that are folders of this machine, each with a runsvdir of its own: the real commands run. */
export type RunitSites = {
  io: ChangeIo
  /** What a person types at a host: exit code and what was printed. */
  type(host: string, line: string): CommandResult
  write(host: string, path: string, text?: string): void
  isThere(host: string, path: string): boolean
  remove(host: string, path: string): void
  /** All processes of the host end, and it comes up again. */
  reboot(host: string): Promise<void>
  close(): Promise<void>
}

export async function openRunitSites(
  home: string,
  units: Record<string, Record<string, { run: string; down: boolean }>>,
): Promise<RunitSites> {
  const running = new Map<string, ChildProcess>()
  const folderOf = (host: string) => join(home, host)
  const own = (host: string, word: string) => word.replaceAll(services, folderOf(host))
  const run = (host: string, argv: Argv, { input = '' }: CommandOptions = {}): CommandResult => {
    const [program = '', ...rest] = argv.map(word => own(host, word))
    const { status, stdout, stderr } = spawnSync(program, rest, { input, encoding: 'utf8' })
    return { exitCode: status ?? 1, stdout, stderr }
  }
  const checked = async (host: string, argv: Argv, options: CommandOptions = {}) => {
    const result = run(host, argv, options)
    if (result.exitCode !== 0 && !options.allowFailure)
      throw new Error(`${argv.join(' ')} ended with ${result.exitCode}: ${result.stderr}`)
    return result
  }
  const unitsAt = (host: string) => Object.keys(units[host] ?? {}).map(unit => join(folderOf(host), unit))
  const boot = async (host: string) => {
    running.set(host, spawn('runsvdir', ['-P', folderOf(host)], { stdio: 'ignore' }))
    for (const unit of unitsAt(host)) await until(() => spawnSync('sv', ['status', unit]).status === 0)
  }
  const halt = async (host: string) => {
    const supervisor = running.get(host)
    if (supervisor === undefined) return
    running.delete(host)
    const ended = once(supervisor, 'exit')
    supervisor.kill('SIGHUP')
    await ended
    for (const unit of unitsAt(host)) await until(() => spawnSync('sv', ['status', unit]).status !== 0)
  }
  for (const [host, own] of Object.entries(units)) {
    for (const [unit, { run, down }] of Object.entries(own)) {
      const directory = join(folderOf(host), unit)
      mkdirSync(directory, { recursive: true })
      writeFileSync(join(directory, 'run'), run)
      chmodSync(join(directory, 'run'), 0o755)
      if (down) writeFileSync(join(directory, 'down'), '')
    }
    await boot(host)
  }
  const io = {
    read: checked,
    change: checked,
    now: () => new Date().toISOString(),
    sleep: (seconds: number) => wait(seconds * 1000),
    report: () => undefined,
    signal: new AbortController().signal,
  } as Partial<ChangeIo> as ChangeIo
  return {
    io,
    type: (host, line) => run(host, ['sh', '-c', line]),
    write: (host, path, text = '') => writeFileSync(join(folderOf(host), path), text),
    isThere: (host, path) => existsSync(join(folderOf(host), path)),
    remove: (host, path) => rmSync(join(folderOf(host), path), { force: true }),
    async reboot(host) {
      await halt(host)
      await boot(host)
    },
    async close() {
      for (const host of Object.keys(units)) await halt(host)
    },
  }
}
