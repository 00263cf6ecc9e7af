import { Failure } from '../model/failure.ts'
import type { ChangeIo } from '../model/io.ts'
import type { Redactor } from './redact.ts'

/** Wraps an Io and redacts secrets from its Failures: the last output of a program may contain one. */
export function withRedactedFailures(io: ChangeIo, redactor: Redactor): ChangeIo {
  const guard = <T>(call: Promise<T>): Promise<T> =>
    call.catch(thrown => {
      throw thrown instanceof Failure ? redacted(thrown, redactor) : thrown
    })
  return {
    ...io,
    read: (...call) => guard(io.read(...call)),
    change: (...call) => guard(io.change(...call)),
    local: (...call) => guard(io.local(...call)),
    changeLocal: (...call) => guard(io.changeLocal(...call)),
    writeFile: (...call) => guard(io.writeFile(...call)),
    query: (...call) => guard(io.query(...call)),
    querySession: (...call) => guard(io.querySession(...call)),
    execute: (...call) => guard(io.execute(...call)),
    http: (...call) => guard(io.http(...call)),
    dns: (...call) => guard(io.dns(...call)),
  }
}

/** The very same Failure where it holds no secret. */
function redacted(failure: Failure, redactor: Redactor): Failure {
  const { text, remedy, cause, exitCode, code, leaveOut } = failure
  const told = redactor.redact({ text, remedy })
  if (JSON.stringify(told) === JSON.stringify({ text, remedy })) return failure
  return new Failure(told.text, {
    ...(told.remedy && { remedy: told.remedy }),
    ...(code && { code }),
    ...(leaveOut && { leaveOut }),
    cause,
    exitCode,
  })
}
