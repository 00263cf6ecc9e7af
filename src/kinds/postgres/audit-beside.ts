import type { ReadIo } from '../../model/io.ts'
import { filesBelow } from './commands.ts'
import type { PostgresFacts } from './facts.ts'
import { valueIn } from './file-settings.ts'
import { hbaOf, loginsOf, missingLines, shutOut } from './hba.ts'
import { preloadNames, preloadSettings } from './preload.ts'
import { extensionDirectory, libraryDirectory, type Side, type Sides } from './sides.ts'

/** What stands beside the data, in /etc: who may log in. */
export async function accessFacts({ source, target }: Sides, io: ReadIo): Promise<PostgresFacts> {
  const [here, there] = [await hbaOf(source, io), await hbaOf(target, io)]
  const logins = await loginsOf(source, [...here, ...there], io)
  return { hbaMissing: missingLines(here, there), shutOut: shutOut(here, there, logins) }
}

/** What the source's data needs of packages, and the target's host does not have. Also known of a server that is down. */
export async function packageFacts(target: Side, source: PostgresFacts, io: ReadIo): Promise<PostgresFacts> {
  const has = async (directory: string, pattern: string) => {
    const { stdout } = await io.read(target.host, filesBelow(directory, pattern), { allowFailure: true })
    return new Set(stdout.split('\n'))
  }
  const extensions = await has(extensionDirectory(target), '*.control')
  const libraries = await has(libraryDirectory(target), '*.so')
  const needed = (source.extensions ?? []).map(extension => /([^.\s]+) \S+$/.exec(extension)?.[1] ?? '')
  const preloaded = preloadSettings.flatMap(name =>
    preloadNames(valueIn(source.sourceFileSettings ?? [], name) ?? ''),
  )
  const loaded = [...(source.libraries ?? []), ...preloaded]
  const missing = (names: readonly string[], present: (name: string) => boolean) =>
    [...new Set(names)].filter(name => name !== '' && !present(name)).sort()
  return {
    missingExtensions: missing(needed, name => extensions.has(`${name}.control`)),
    missingLibraries: missing(loaded, name => libraries.has(name.endsWith('.so') ? name : `${name}.so`)),
  }
}
