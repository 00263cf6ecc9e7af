import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { execa } from 'execa'
import type { Program } from '../model/kind.ts'
import { loginName } from './global-options.ts'
import type { SeenMachine } from './judge-machine.ts'

type Environment = Record<string, string | undefined>

/** What every migration runs here. */
const always: Program[] = [
  { program: 'ssh', package: 'openssh-client' },
  { program: 'ssh-keygen', package: 'openssh-client' },
]

/** Reads only: what Bascule needs of the machine that it runs on, for a state directory that may not be there yet. */
export async function lookAtMachine(
  directory: string,
  needed: readonly Program[],
  env: Environment,
): Promise<SeenMachine> {
  const programs = new Map([...always, ...needed].map(one => [one.program, one]))
  const there = existing(resolve(directory))
  const { bavail, bsize } = statfsSync(there)
  return {
    node: process.versions.node,
    programs: [...programs.values()].map(one => ({ ...one, found: isOnPath(one.program, env) })),
    directory,
    user: loginName(),
    isWritable: may(there, constants.W_OK | constants.X_OK),
    freeBytes: bavail * bsize,
    clock: await clockOf(env),
  }
}

/** The folder itself, or where it would be made. */
function existing(directory: string): string {
  return existsSync(directory) ? directory : existing(dirname(directory))
}

const isOnPath = (program: string, env: Environment): boolean =>
  (env.PATH ?? '')
    .split(delimiter)
    .map(folder => join(folder, program))
    .some(file => may(file, constants.X_OK) && statSync(file).isFile())

function may(path: string, mode: number): boolean {
  try {
    accessSync(path, mode)
    return true
  } catch {
    return false
  }
}

/** systemd knows of any service that keeps the clock, since the kernel tells it. */
async function clockOf(env: Environment): Promise<SeenMachine['clock']> {
  const { stdout } = await execa('timedatectl', ['show', '--property=NTPSynchronized', '--value'], {
    env: { PATH: env.PATH ?? '' },
    reject: false,
    timeout: 10_000,
  })
  const answers: Record<string, SeenMachine['clock']> = { yes: 'synchronised', no: 'not-synchronised' }
  return answers[stdout?.trim() ?? ''] ?? 'unknown'
}
