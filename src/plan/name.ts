import { readFileSync } from 'node:fs'
import { parseDocument } from 'yaml'

/**
 * The name of a migration as its plan or the last of its overlays gives it, also of a plan that is refused; undefined where
 * none of them can be read that far.
 */
export function planName(paths: readonly string[]): string | undefined {
  return paths.map(nameIn).findLast(name => name !== undefined)
}

function nameIn(file: string): string | undefined {
  try {
    const name: unknown = parseDocument(readFileSync(file, 'utf8'), { logLevel: 'silent' }).get('name')
    // a name is a folder below the state directory: no path that leads elsewhere
    return typeof name === 'string' && /^[\w.-]+$/.test(name) && !/^\.+$/.test(name) ? name : undefined
  } catch {
    return undefined
  }
}
