import { existsSync, readFileSync } from 'node:fs'

let known: string | undefined

/** The version of this program, as package.json beside `src` or `dist` has it. */
export function programVersion(): string {
  const file = new URL('../../package.json', import.meta.url)
  known ??= (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
  return known
}

/** What `bin/build` wrote down: `unknown` where it was built without git. Undefined in the checkout, which is not built. */
export function builtCommit(): string | undefined {
  const file = new URL('../build.json', import.meta.url)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { commit: string }).commit : undefined
}
