import { AsyncLocalStorage } from 'node:async_hooks'
import { ExecaError, execa } from 'execa'
import { Failure } from '../src/model/failure.ts'

export type RunOptions = {
  input?: string
  allowFailure?: boolean
  timeoutSeconds?: number
}
export type RunResult = { exitCode: number; stdout: string; stderr: string }

/** In the environment of every program started while a lab is raised: what finds those that outlive their parent. */
export const raisingVariable = 'BASCULE_LAB_RAISING'
const raising = new AsyncLocalStorage<string>()
/** Marks all programs that the work starts with the lab's name. */
export const markedAs = <T>(lab: string, work: () => Promise<T>): Promise<T> => raising.run(lab, work)

/** A person's PATH on Debian leaves out where the programs of an administrator are, and `sudo env PATH=…` keeps it. */
export const searchPath = (): string =>
  `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin`

/** Runs one program of the lab's own on this machine. Throws a Failure that names the command and what it said. */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const [file = '', ...rest] = argv
  const lab = raising.getStore()
  try {
    const result = await execa(file, rest, {
      input: options.input ?? '',
      reject: options.allowFailure !== true,
      timeout: (options.timeoutSeconds ?? 60) * 1000,
      env: { PATH: searchPath(), ...(lab === undefined ? {} : { [raisingVariable]: lab }) },
    })
    return { exitCode: result.exitCode ?? -1, stdout: result.stdout, stderr: result.stderr }
  } catch (cause) {
    if (!(cause instanceof ExecaError)) throw cause
    const detail = String(cause.stderr || cause.shortMessage).slice(-600)
    throw new Failure(
      { key: 'lab.command-failed', values: { command: argv.join(' ').slice(0, 200), detail } },
      { cause },
    )
  }
}
