import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** A script for a host: its text, constant, and its argv. Values are arguments or standard input, never part of the text. */
export type Script = { text(): string; argv(...values: string[]): string[] }

/**
 * A file for a host's `sh` (or `awk`, by its text), named from the folder of who asks:
 * `script(import.meta.dirname, 'scripts/keep.sh')`. Read once, when it is first needed.
 */
export function script(directory: string, path: string): Script {
  let read: string | undefined
  const text = (): string => {
    read ??= readFileSync(join(directory, path), 'utf8')
    return read
  }
  return { text, argv: (...values) => ['sh', '-c', text(), basename(path), ...values] }
}
