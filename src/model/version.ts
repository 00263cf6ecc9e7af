import { readFileSync } from 'node:fs'

let known: string | undefined

/** The version of this program, as package.json beside `src` or `dist` has it. */
export function programVersion(): string {
  const file = new URL('../../package.json', import.meta.url)
  known ??= (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
  return known
}
