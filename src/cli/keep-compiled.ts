import { statSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

type Environment = Record<string, string | undefined>

/**
 * Lets Node keep what it has compiled, so that each verb after the first is there in about half the time. Kept in the
 * user's own cache, never in /tmp where others could put something in its place; nor in a home that is another's, as under
 * sudo. Where nothing can be kept, all goes as before.
 */
export function keepCompiled(env: Environment, uid: number | undefined = process.getuid?.()): void {
  const directory = cacheDirectory(env, uid)
  if (directory !== undefined) enableCompileCache(directory)
}

/** By the XDG base directory specification; undefined without a home of one's own. */
export function cacheDirectory(env: Environment, uid: number | undefined): string | undefined {
  const { HOME: home, XDG_CACHE_HOME: cache } = env
  if (!home?.startsWith('/') || statSync(home, { throwIfNoEntry: false })?.uid !== uid) return undefined
  return join(cache?.startsWith('/') ? cache : join(home, '.cache'), 'bascule/compiled')
}
