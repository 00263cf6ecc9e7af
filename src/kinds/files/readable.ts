import type { ReadIo } from '../../model/io.ts'
import { partialDirectory } from './commands.ts'
import { decodeNames, encodeNames, filtering, listing, shownName } from './names.ts'
import type { End } from './tree-pair.ts'

/** How many documents are opened: in the days before as good as all, in the window a number that does not grow. */
export const documentsLookedAt = { ahead: 100_000, inWindow: 400 } as const

/** How a format begins, and for PDF ends; patterns for grep -P over bytes. */
type Format = { endings: string[]; begins: string; ends?: string }
const formats: readonly Format[] = [
  { endings: ['pdf'], begins: '^%PDF-', ends: '%%EOF' },
  { endings: ['png'], begins: '^\\x89PNG' },
  { endings: ['jpg', 'jpeg'], begins: '^\\xff\\xd8\\xff' },
  { endings: ['gif'], begins: '^GIF8' },
  { endings: ['webp'], begins: '^RIFF....WEBP' },
  { endings: ['mp4', 'm4v', 'mov'], begins: '^....ftyp' },
  { endings: ['webm', 'mkv'], begins: '^\\x1a\\x45\\xdf\\xa3' },
]

export type Scope = {
  /** At most so many, chosen at random. */
  most: number
  /** Only what changed since this instant of the host's clock, seconds since 1970. */
  since?: number
}
/** `checked`: how many of each scope, in their order. `unreadable`: names below the tree, for people. */
export type Readability = { checked: number[]; unreadable: string[] }

/**
 * Looks at documents, images and videos of a tree: does each begin (and a PDF end) as its format does? `deep` reads each
 * file to its end, not its first bytes alone.
 */
export async function checkReadable(
  io: ReadIo,
  end: End,
  scopes: Scope[],
  { deep }: { deep: boolean },
): Promise<Readability> {
  const found = await Promise.all(
    scopes.map(async ({ most, since }) => {
      const { stdout } = await io.read(end.ssh, listing(listDocuments(end.path, since), most))
      return decodeNames(stdout)
    }),
  )
  const names = [...new Set(found.flat())]
  const bad = await Promise.all(formats.map(format => badOfFormat(io, end, format, names, deep)))
  const unreadable = [...new Set(bad.flat())].map(name => shownName(name).slice(end.path.length + 1))
  return { checked: found.map(list => list.length), unreadable }
}

async function badOfFormat(
  io: ReadIo,
  end: End,
  format: Format,
  names: string[],
  deep: boolean,
): Promise<string[]> {
  const own = names.filter(name => format.endings.some(ending => endsIn(name, ending)))
  const bad: string[] = []
  for (const argv of own.length === 0 ? [] : commandsFor(format, deep)) {
    bad.push(...(await badNames(io, end, argv, own)))
  }
  return bad
}

const endsIn = (name: string, ending: string): boolean => name.toLowerCase().endsWith(`.${ending}`)

function listDocuments(path: string, since: number | undefined): string[] {
  const endings = formats.flatMap(format => format.endings)
  return [
    ...['find', path, '-name', partialDirectory, '-prune', '-o', '-type', 'f'],
    ...(since === undefined ? [] : ['-newerct', `@${since}`]),
    '(',
    ...endings.flatMap((ending, index) => [...(index === 0 ? [] : ['-o']), '-iname', `*.${ending}`]),
    ...[')', '-print0'],
  ]
}

/** Each prints, NUL-separated, the files in which something is missing, or complains of those it cannot read. */
function commandsFor({ begins, ends }: Format, deep: boolean): string[][] {
  const withEach = ['env', 'LC_ALL=C', 'xargs', '-0']
  const withoutStart = [...withEach, 'grep', '-LZaP', '-e', begins, '--']
  // what has no end to look for is read whole all the same
  const toTheEnd =
    ends === undefined
      ? [...withEach, 'grep', '-lZaF', '-e', neverThere, '--']
      : [...withEach, 'grep', '-LZaF', '-e', ends, '--']
  return deep ? [withoutStart, toTheEnd] : [withoutStart]
}

const neverThere = 'bascule: these words are in no document of the estate'

async function badNames(io: ReadIo, end: End, argv: string[], names: string[]): Promise<string[]> {
  const { encoded } = encodeNames(names)
  const { stdout, stderr } = await io.read(end.ssh, filtering(argv), { input: encoded, allowFailure: true })
  return [...decodeNames(stdout), ...unreadNames(stderr)]
}

/** What grep could not read. A file that has gone meanwhile is not damage. */
function unreadNames(stderr: string): string[] {
  return stderr.split('\n').flatMap(line => {
    const match = /^grep: (.+): (.+)$/.exec(line)
    const gone = match?.[2] === 'No such file or directory'
    return match?.[1] === undefined || gone ? [] : [Buffer.from(match[1], 'utf8').toString('latin1')]
  })
}
