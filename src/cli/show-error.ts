import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ExitCode, exitCodes, Failure } from '../model/failure.ts'
import { now } from '../model/instant.ts'
import { formatPlanError } from '../plan/error.ts'
import { PlanRefused } from '../plan/load.ts'
import { Blocked } from '../run/may-start.ts'
import { type Line, span } from '../views/lines.ts'
import { findingJson, findingLines } from './audit.ts'
import type { CommandContext } from './command-context.ts'
import { stateHome } from './state.ts'

/** The one place that turns what was thrown into what the user sees, and into the exit code. */
export function showError(error: unknown, context: CommandContext): ExitCode {
  return error instanceof Failure ? showFailure(error, context) : showDefect(error, context)
}

function showFailure(failure: Failure, context: CommandContext): ExitCode {
  const text = context.say(failure.text)
  const remedy = failure.remedy && context.say(failure.remedy)
  const details =
    failure instanceof PlanRefused ? failure.errors.map(one => formatPlanError(one, context.say)) : []
  if (details.length > 0) context.printAlways(details.map(detail => [span(detail)]))
  const findings = failure instanceof Blocked ? failure.findings : []
  if (findings.length > 0) context.printAlways(findingLines(findings, context))
  const lines: Line[] = [[span(`${context.say({ key: 'cli.error' })} `, 'bad'), span(text)]]
  if (remedy) lines.push([span('→ ', 'active'), span(remedy)])
  context.printAlways(lines)
  context.json({
    error: {
      key: failure.text.key,
      text,
      ...(details.length > 0 ? { details } : {}),
      ...(findings.length > 0 ? { findings: findings.map(finding => findingJson(finding, context)) } : {}),
      ...(remedy ? { remedy } : {}),
      exitCode: failure.exitCode,
    },
  })
  return failure.exitCode
}

/** Nobody is helped by a stack on the screen: it goes into a file, and the screen says where. */
function showDefect(error: unknown, context: CommandContext): ExitCode {
  const reference = `B-${randomBytes(3).toString('hex')}`
  const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
  const file = writeDetails(reference, error, context)
  const key = file === undefined ? 'cli.defect.unwritten' : 'cli.defect'
  const text = context.say({ key, values: { reference, message, file: file ?? '' } })
  context.printAlways([[span(`${context.say({ key: 'cli.error' })} `, 'bad'), span(text)]])
  context.json({ error: { key, text, reference, exitCode: exitCodes.failure, ...(file ? { file } : {}) } })
  return exitCodes.failure
}

function writeDetails(reference: string, error: unknown, context: CommandContext): string | undefined {
  try {
    const directory = join(stateHome(context.env), 'defects')
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    const file = join(directory, `${reference}.txt`)
    const about = `${reference} ${now()} node ${process.version} ${process.platform}`
    writeFileSync(file, `${about}\n${detailsOf(error)}\n`, { mode: 0o600 })
    return file
  } catch {
    // the details are lost, the message is not: it is on the screen
    return undefined
  }
}

function detailsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const own = error.stack ?? error.message
  return error.cause === undefined ? own : `${own}\ncause: ${detailsOf(error.cause)}`
}
