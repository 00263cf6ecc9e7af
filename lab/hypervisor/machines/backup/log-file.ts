import { appendFileSync, writeFileSync } from 'node:fs'
import type { TaskLog } from '../types.ts'
import { formatMoment } from './words.ts'

export type BackupLog = { info(text: string): void; error(text: string): void }

/** Each line goes to the task and, with its moment, into the file beside the archive. */
export function openBackupLog(path: string, log: TaskLog): BackupLog {
  writeFileSync(path, '', { mode: 0o640 })
  const write = (text: string) => appendFileSync(path, `${formatMoment(new Date())} ${text}\n`)
  return {
    info: text => {
      write(`INFO: ${text}`)
      log.line(`INFO: ${text}`)
    },
    error: text => {
      write(`ERROR: ${text}`)
      log.line(`ERROR: ${text}`)
    },
  }
}
