import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import type { Kind } from '../model/kind.ts'

/** In the checkout the kinds are `.ts`, in the built package `.js`: whatever this file itself is. */
const extension = extname(import.meta.filename)

/**
 * Every kind, by name: each folder beside this file that has an index. There is no list to keep, so that
 * adding a kind is adding a folder. Throws Error when a folder does not hold the kind it is named after.
 */
export async function loadKinds(folder: string = import.meta.dirname): Promise<Record<string, Kind>> {
  const folders = (await readdir(folder, { withFileTypes: true })).filter(entry => entry.isDirectory())
  const names = folders
    .map(entry => entry.name)
    .filter(name => existsSync(join(folder, name, `index${extension}`)))
  const kinds = await Promise.all(
    names.sort().map(async name => [name, await loadKind(folder, name)] as const),
  )
  return Object.fromEntries(kinds)
}

async function loadKind(folder: string, name: string): Promise<Kind> {
  const path = join(folder, name, `index${extension}`)
  const { kind }: { kind?: Kind } = await import(pathToFileURL(path).href)
  if (kind === undefined) throw new Error(`${path} exports no "kind"`)
  if (kind.kind !== name)
    throw new Error(`${path} exports the kind "${kind.kind}"; its folder says "${name}"`)
  if (!(kind.spec instanceof z.ZodObject)) throw new Error(`${path}: the kind's spec is not a zod object`)
  return kind
}
