import { exitCodes, Failure } from '../model/failure.ts'
import type { Text } from '../model/text.ts'

const remedy: Text = { key: 'cli.file.remedy' }

export function unreadable(file: string, cause: unknown): Failure {
  const values = { file, why: codeOf(cause) }
  return new Failure({ key: 'cli.file.unreadable', values }, { remedy, cause, exitCode: exitCodes.usage })
}

export function unwritable(file: string, cause: unknown): Failure {
  return new Failure({ key: 'cli.file.unwritable', values: { file, why: codeOf(cause) } }, { remedy, cause })
}

const codeOf = (cause: unknown): string => (cause as NodeJS.ErrnoException).code ?? String(cause)
