import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from '../model/failure.ts'
import type { Argv, CommandOptions, CommandResult } from '../model/io.ts'
import type { Host, SshSettings } from '../model/plan.ts'
import { asRoot, asUser } from './become.ts'
import { runCommand } from './command-run.ts'
import { startProcess } from './process.ts'
import { ending, endingAll, runnable } from './remote-scripts.ts'
import { type SshTarget, sshOpen, sshRun } from './ssh-commands.ts'
import { sshFailure } from './ssh-failures.ts'

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

  async function run(
    name: string,
    argv: Argv,
    options: CommandOptions,
    commandId: string,
    signal: AbortSignal,
  ): Promise<CommandResult> {
    const to = target(name)
    await open(name)
    const command = asRoot(to.host, runnable(commandId, asUser(options.asUser, argv)))
    return runCommand(
      {
        host: name,
        launch: sshRun(to, command),
        end: async () => {
          await startProcess(sshRun(to, asRoot(to.host, ending(commandId)))).done
        },
        checkExit: result => {
          if (result.exitCode === 255) throw sshFailure(name, settings, result.stderr)
        },
      },
      argv,
      options,
      signal,
    )
  }

  async function endAll(name: string, keyHash: string): Promise<number[]> {
    const to = target(name)
    await open(name)
    const end = await startProcess(sshRun(to, asRoot(to.host, endingAll(keyHash)))).done
    if (end.ended !== 'exited' || end.exitCode !== 0)
      throw sshFailure(name, settings, end.ended === 'exited' ? end.stderr : '')
    return sessionIds(end.stdout)
  }

  return { open, run, endAll }
}

export const sessionIds = (stdout: string): number[] => stdout.split('\n').filter(Boolean).map(Number)
