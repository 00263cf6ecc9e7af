import { exitCodes, Failure } from '../model/failure.ts'
import { systemReason } from '../model/system-error.ts'
import type { Text } from '../model/text.ts'

const remedy: Text = { key: 'cli.file.remedy' }

export function unreadable(file: string, cause: unknown): Failure {
  const values = { file, why: systemReason(cause) }
  return new Failure({ key: 'cli.file.unreadable', values }, { remedy, cause, exitCode: exitCodes.usage })
}

export function unwritable(file: string, cause: unknown): Failure {
  return new Failure(
    { key: 'cli.file.unwritable', values: { file, why: systemReason(cause) } },
    { remedy, cause },
  )
}
