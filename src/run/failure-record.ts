import { Failure, type FailureRecord } from '../model/failure.ts'

/** Anything thrown, as the journal keeps it: never a stack. What is not a Failure is a defect, and is named one. */
export function failureRecord(error: unknown): FailureRecord {
  if (!(error instanceof Failure))
    return { text: { key: 'run.defect', values: { message: messageOf(error) } } }
  const detail = causes(error)
  const { text, remedy, code, leaveOut } = error
  return {
    text,
    ...(remedy && { remedy }),
    ...(detail && { detail }),
    ...(code && { code }),
    ...(leaveOut && { leaveOut }),
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function causes(error: Failure): string {
  const lines: string[] = []
  for (let cause = error.cause; cause !== undefined && lines.length < 5; ) {
    lines.push(messageOf(cause))
    cause = cause instanceof Error ? cause.cause : undefined
  }
  return lines.join('; ')
}
