import type { Text } from './text.ts'

/** Exit codes of the command line; one list for all of the program. */
export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  checksFailed: 10,
  waitingForPerson: 11,
  windowInfeasible: 12,
  returnPathBroken: 13,
  rolledBack: 20,
  rollbackFailed: 21,
  rolledBackByHand: 22,
  locked: 75,
} as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/**
 * What the program itself may ask of a failure: its sentence is for people and may change. A host that gave no connection, no end in
 * time, another key or certificate, or a refusal; no HTTP answer; the work was aborted; its site is given up; a measure that gave no value.
 */
export type FailureCode =
  | 'unreachable'
  | 'timed-out'
  | 'host-key'
  | 'certificate'
  | 'refused'
  | 'no-answer'
  | 'aborted'
  | 'site-given-up'
  | 'not-measured'

/**
 * An error meant for people: what happened, where, and what to type next. Anything else that is thrown is a
 * defect of the program and is shown as one.
 */
export class Failure extends Error {
  readonly text: Text
  readonly remedy: Text | undefined
  readonly exitCode: ExitCode
  readonly code: FailureCode | undefined
  /** The parts of its component without which the step could go on, when it failed for nothing else. */
  readonly leaveOut: readonly string[] | undefined
  constructor(
    text: Text,
    options: {
      remedy?: Text
      cause?: unknown
      exitCode?: ExitCode
      code?: FailureCode
      leaveOut?: readonly string[]
    } = {},
  ) {
    super(`${text.key} ${JSON.stringify(text.values ?? {})}`, { cause: options.cause })
    this.name = 'Failure'
    this.text = text
    this.remedy = options.remedy
    this.code = options.code
    this.leaveOut = options.leaveOut
    this.exitCode = options.exitCode ?? exitCodes.failure
  }
}

/** How a failure is kept in the journal: no stack, secrets already redacted by the journal. */
export type FailureRecord = {
  text: Text
  remedy?: Text
  detail?: string
  code?: FailureCode
  leaveOut?: readonly string[]
}

export const hasCode = (error: unknown, ...codes: FailureCode[]): error is Failure =>
  error instanceof Failure && error.code !== undefined && codes.includes(error.code)
