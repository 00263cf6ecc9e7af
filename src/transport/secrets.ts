import { readFile, stat } from 'node:fs/promises'
import { Failure } from '../model/failure.ts'
import { systemReason } from '../model/system-error.ts'
import type { Text } from '../model/text.ts'
import { lastLines } from './lines.ts'
import { runBriefly } from './process.ts'
import { type Redactor, shortestSecret } from './redact.ts'

/** A program that asks a person or a vault may take a while. */
const commandSeconds = 60

/**
 * Resolves `env:NAME`, `file:PATH` (one trailing newline cut) and `cmd:PROGRAM ARGUMENTS` (split at blanks, no shell,
 * a trailing newline cut). The value is made known to the redactor before anyone sees it. Throws Failure.
 */
export function secretResolver(redactor: Redactor): (reference: string) => Promise<string> {
  const known = new Map<string, string>()
  return async reference => {
    const before = known.get(reference)
    if (before !== undefined) return before
    const secret = await resolve(reference)
    if (!redactor.add(secret))
      throw new Failure(
        { key: 'transport.secret.short', values: { reference: shown(reference), shortest: shortestSecret } },
        { remedy: { key: 'transport.remedy.secretShort' } },
      )
    known.set(reference, secret)
    return secret
  }
}

/** The variables that a plan, or a part of it, names as secrets (`env:NAME`). */
export function secretVariables(part: unknown): string[] {
  if (typeof part === 'string') return /^env:(\w+)$/.exec(part)?.slice(1) ?? []
  return typeof part === 'object' && part !== null ? Object.values(part).flatMap(secretVariables) : []
}

function resolve(reference: string): Promise<string> {
  const colon = reference.indexOf(':')
  const rest = reference.slice(colon + 1)
  switch (reference.slice(0, Math.max(colon, 0))) {
    case 'env':
      return fromEnvironment(rest)
    case 'file':
      return fromFile(rest)
    case 'cmd':
      return fromCommand(rest)
    default:
      // What stands there may be the secret itself: it is not shown.
      throw new Failure({ key: 'transport.secret.form' }, { remedy: { key: 'transport.remedy.secretForm' } })
  }
}

async function fromEnvironment(name: string): Promise<string> {
  const value = process.env[name]
  if (value !== undefined && value !== '') return value
  throw new Failure(
    { key: 'transport.secret.environment', values: { name } },
    { remedy: { key: 'transport.remedy.run', values: { command: `read -rs ${name} && export ${name}` } } },
  )
}

/** The rule is libpq's for key files: 0600 or less, or 0640 when it belongs to root. */
async function fromFile(path: string): Promise<string> {
  try {
    const { mode, uid } = await stat(path)
    if (mode & (uid === 0 ? 0o027 : 0o077))
      throw new Failure(
        { key: 'transport.secret.open', values: { path, mode: (mode & 0o777).toString(8).padStart(4, '0') } },
        { remedy: { key: 'transport.remedy.run', values: { command: `chmod 0600 ${path}` } } },
      )
    return nonEmpty((await readFile(path, 'utf8')).replace(/\r?\n$/, ''), `file:${path}`, {
      key: 'transport.remedy.secretFile',
      values: { path },
    })
  } catch (cause) {
    if (cause instanceof Failure) throw cause
    throw new Failure(
      { key: 'transport.secret.file', values: { path, why: systemReason(cause) } },
      { remedy: { key: 'transport.remedy.secretFile', values: { path } }, cause },
    )
  }
}

async function fromCommand(line: string): Promise<string> {
  const argv = line.split(/\s+/).filter(Boolean)
  const program = argv[0] ?? ''
  const remedy: Text = { key: 'transport.remedy.secretCommand', values: { program } }
  const end = await runBriefly(argv, commandSeconds)
  if (end.ended === 'exited' && end.exitCode === 0)
    return nonEmpty(end.stdout.replace(/\r?\n$/, ''), `cmd:${program}`, remedy)
  const detail = end.ended === 'exited' ? lastLines(end.stderr) : end.ended
  throw new Failure({ key: 'transport.secret.command', values: { program, detail } }, { remedy })
}

function nonEmpty(value: string, reference: string, remedy: Text): string {
  if (value !== '') return value
  throw new Failure({ key: 'transport.secret.empty', values: { reference } }, { remedy })
}

/** Of a command the program alone: its arguments are nobody's business. */
const shown = (reference: string): string =>
  reference.startsWith('cmd:') ? (reference.split(/\s+/)[0] ?? '') : reference
