import { statSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

type Environment = Record<string, string | undefined>

/**
 * Lets Node keep what it has compiled, so that each verb after the first is there sooner. Kept in the user's own cache, never
 * in /tmp where others could put something in its place; nor in a folder that is another's, as a home under sudo. Where
 * nothing can be kept, all goes as before.
 */
export function keepCompiled(env: Environment, uid: number | undefined = process.getuid?.()): void {
  const directory = cacheDirectory(env, uid)
  if (directory !== undefined) enableCompileCache(directory)
}

/** By the XDG base directory specification; undefined without a folder of one's own to keep it in. */
export function cacheDirectory(env: Environment, uid: number | undefined): string | undefined {
  const { HOME: home, XDG_CACHE_HOME: cache } = env
  if (cache?.startsWith('/')) return isOwn(cache, uid) ? join(cache, 'bascule/compiled') : undefined
  return home?.startsWith('/') && isOwn(home, uid) ? join(home, '.cache/bascule/compiled') : undefined
}

function isOwn(folder: string, uid: number | undefined): boolean {
  try {
    return statSync(folder).uid === uid
  } catch {
    // not there, or not to be seen: then it is not used
    return false
  }
}
