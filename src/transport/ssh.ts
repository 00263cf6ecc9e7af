import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../model/failure.ts'
import type { Argv, CommandOptions, CommandResult } from '../model/io.ts'
import type { Host, SshSettings } from '../model/plan.ts'
import { asRoot, asUser } from './become.ts'
import { aborted, commandFailed } from './command-failures.ts'
import { endingSeconds, runCommand } from './command-run.ts'
import { runBriefly, startProcess } from './process.ts'
import { ending, endingAll, runnable } from './remote-scripts.ts'
import { type SshTarget, sshCheck, sshOpen, sshRun } from './ssh-commands.ts'
import { sshFailure } from './ssh-failures.ts'

const checkSeconds = 5
/** Each leftover may take two seconds to end. */
const endAllSeconds = 60

export type Ssh = {
  open(host: string): Promise<void>
  /** Runs a command that can be ended by `commandId`. */
  run(
    host: string,
    argv: Argv,
    options: CommandOptions,
    commandId: string,
    signal: AbortSignal,
  ): Promise<CommandResult>
  /** Ends what carries the key's hash at the host; gives the session ids ended. */
  endAll(host: string, keyHash: string): Promise<number[]>
}

/** The hosts, reached by the OpenSSH program through one control connection each. */
export function openSsh(hosts: Record<string, Host>, settings: SshSettings, directory: string): Ssh {
  const opening = new Map<string, Promise<void>>()

  function target(name: string): SshTarget & { host: Host } {
    const host = hosts[name]
    if (!host)
      throw new Failure({
        key: 'transport.unknownHost',
        values: { host: name, known: Object.keys(hosts).join(', ') },
      })
    const socket = join(directory, createHash('sha256').update(name).digest('hex').slice(0, 8))
    return { name, settings, socket, host }
  }

  /** One connection at a time for each host, however many commands wait for it. */
  async function open(name: string): Promise<void> {
    const to = target(name)
    if (existsSync(to.socket)) return
    let attempt = opening.get(name)
    if (!attempt) {
      attempt = connect(to).finally(() => opening.delete(name))
      opening.set(name, attempt)
    }
    await attempt
  }

  async function connect(to: SshTarget): Promise<void> {
    const end = await startProcess(sshOpen(to)).done
    if (end.ended === 'not-started')
      throw new Failure(
        { key: 'transport.sshMissing' },
        { remedy: { key: 'transport.remedy.ssh' }, cause: end.cause },
      )
    if (end.ended === 'exited' && end.exitCode !== 0) throw sshFailure(to.name, settings, end.stderr)
  }

  /** After a failure of ssh itself: a control connection that is gone must not be taken for one that stands. */
  async function failed(to: SshTarget, stderr: string): Promise<Failure> {
    const check = await runBriefly(sshCheck(to), checkSeconds)
    if (check.ended !== 'exited' || check.exitCode !== 0) await rm(to.socket, { force: true })
    return sshFailure(to.name, settings, stderr)
  }

  async function run(
    name: string,
    argv: Argv,
    options: CommandOptions,
    commandId: string,
    signal: AbortSignal,
  ): Promise<CommandResult> {
    const to = target(name)
    await unlessAborted(open(name), name, signal)
    const command = asRoot(to.host, runnable(commandId, asUser(options.asUser, argv)))
    const place = {
      host: name,
      launch: sshRun(to, command),
      end: () => runBriefly(sshRun(to, asRoot(to.host, ending(commandId))), endingSeconds),
      checkExit: async (result: CommandResult) => {
        if (result.exitCode === 255) throw await failed(to, result.stderr)
      },
    }
    return runCommand(place, argv, options, signal)
  }

  async function endAll(name: string, keyHash: string): Promise<number[]> {
    const to = target(name)
    await open(name)
    const argv = endingAll(keyHash)
    const end = await runBriefly(sshRun(to, asRoot(to.host, argv)), endAllSeconds)
    if (end.ended !== 'exited' || end.exitCode === 255)
      throw await failed(to, end.ended === 'exited' ? end.stderr : '')
    if (end.exitCode !== 0) throw commandFailed(name, argv, end)
    return sessionIds(end.stdout)
  }

  return { open, run, endAll }
}

/** What is awaited goes on by itself when the signal fires; only the waiting ends. */
async function unlessAborted<T>(awaited: Promise<T>, what: string, signal: AbortSignal): Promise<T> {
  const { promise: gone, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(aborted(what, signal.reason))
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  return Promise.race([awaited, gone]).finally(() => signal.removeEventListener('abort', onAbort))
}

export const sessionIds = (stdout: string): number[] => stdout.split('\n').filter(Boolean).map(Number)
