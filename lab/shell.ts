import { ExecaError, execa } from 'execa'
import { Failure } from '../src/model/failure.ts'

export type RunOptions = {
  input?: string
  allowFailure?: boolean
  timeoutSeconds?: number
  environment?: Record<string, string>
}
export type RunResult = { exitCode: number; stdout: string; stderr: string }

/** Runs one program of the lab's own on this machine. Throws a Failure that names the command and what it said. */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const [file = '', ...rest] = argv
  try {
    const result = await execa(file, rest, {
      input: options.input ?? '',
      reject: options.allowFailure !== true,
      timeout: (options.timeoutSeconds ?? 60) * 1000,
      ...(options.environment ? { env: options.environment } : {}),
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
