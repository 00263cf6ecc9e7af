import type { MessageKey, Text } from './text.ts'

/** By the code of the operating system, and by SQLite's primary result code: why a file could not be read or written. */
const reasons: Record<string, MessageKey> = {
  EACCES: 'system.notAllowed',
  EPERM: 'system.notAllowed',
  EEXIST: 'system.exists',
  EISDIR: 'system.isDirectory',
  EMFILE: 'system.tooManyFiles',
  ENOENT: 'system.absent',
  ENOSPC: 'system.full',
  ENOTDIR: 'system.notDirectory',
  EROFS: 'system.readOnly',
  5: 'system.busy',
  8: 'system.readOnly',
  10: 'system.deviceFailed',
  11: 'system.damaged',
  13: 'system.full',
  14: 'system.notOpened',
  26: 'system.notADatabase',
}

/** Why the system refused, as a sentence; what has none is told as the system told it. */
export function systemReason(cause: unknown): Text | string {
  const { code, errcode } = Object(cause) as NodeJS.ErrnoException & { errcode?: number }
  const key = reasons[errcode === undefined ? (code ?? '') : errcode % 256]
  if (key !== undefined) return { key }
  return cause instanceof Error ? cause.message : String(cause)
}
