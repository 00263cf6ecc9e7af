import { basename } from 'node:path'
import { Failure } from '../model/failure.ts'
import type { Argv, CommandResult } from '../model/io.ts'
import { lastLines } from './lines.ts'

/** The program's name alone is shown: its arguments may hold what is nobody's business. */
export const programName = (argv: Argv): string => basename(argv[0] ?? '')

export function commandFailed(host: string, argv: Argv, result: CommandResult): Failure {
  const program = programName(argv)
  const detail = lastLines(result.stderr) || lastLines(result.stdout)
  if (result.exitCode === 127)
    return new Failure(
      { key: 'transport.programMissing', values: { host, program } },
      { remedy: { key: 'transport.remedy.install', values: { host, program } } },
    )
  if (/^sudo: (a password|.*password is required)/m.test(result.stderr))
    return new Failure(
      { key: 'transport.sudo', values: { host, program } },
      { remedy: { key: 'transport.remedy.sudo', values: { host } } },
    )
  return new Failure({
    key: 'transport.commandFailed',
    values: { host, program, exitCode: result.exitCode, detail },
  })
}

export const tooMuchOutput = (host: string, argv: Argv, limitBytes: number): Failure =>
  new Failure({
    key: 'transport.tooMuchOutput',
    values: { host, program: programName(argv), limitMegabytes: Math.round(limitBytes / 1024 / 1024) },
  })

export const timedOut = (host: string, argv: Argv, seconds: number): Failure =>
  new Failure(
    { key: 'transport.timedOut', values: { host, program: programName(argv), seconds } },
    { code: 'timed-out' },
  )

/** `cause` is the signal's reason: who aborted, and why. */
export const aborted = (what: string, cause: unknown): Failure =>
  new Failure({ key: 'transport.aborted', values: { what } }, { code: 'aborted', cause })

export const notStarted = (host: string, argv: Argv, cause: unknown): Failure =>
  new Failure(
    { key: 'transport.programMissing', values: { host, program: programName(argv) } },
    { remedy: { key: 'transport.remedy.install', values: { host, program: programName(argv) } }, cause },
  )
