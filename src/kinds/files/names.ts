/**
 * Names of files are bytes, not text. They travel between the hosts in base64 and are held here as `latin1`, one
 * character a byte, so that a name that is not UTF-8 is neither changed nor lost.
 */
export type NameList = { count: number; encoded: string }

/** Arguments: a program that prints NUL-separated names, with its own. A fixed text: values are arguments, never inside it. */
const listScript = `"$@" | base64 -w0`
/** Arguments: how many at most, chosen at random; the program. */
const sampleScript = `n=$1; shift; "$@" | shuf -z -n "$n" | base64 -w0`
/** Arguments: a program that reads NUL-separated names. */
const feedScript = `base64 -d | "$@"`
/** Arguments: a program that reads NUL-separated names and prints some of them. */
const filterScript = `base64 -d | "$@" | base64 -w0`

/** Runs `argv` so that the names it prints arrive whole, all of them or a random sample. */
export const listing = (argv: readonly string[], most?: number): string[] =>
  most === undefined
    ? ['sh', '-c', listScript, 'bascule', ...argv]
    : ['sh', '-c', sampleScript, 'bascule', String(most), ...argv]

/** Runs `argv` with an encoded list, given on standard input, as its own standard input. */
export const feeding = (argv: readonly string[]): string[] => ['sh', '-c', feedScript, 'bascule', ...argv]

/** Runs `argv` with an encoded list as its standard input; the names it prints come back encoded. */
export const filtering = (argv: readonly string[]): string[] => ['sh', '-c', filterScript, 'bascule', ...argv]

export const decodeNames = (encoded: string): string[] =>
  Buffer.from(encoded, 'base64')
    .toString('latin1')
    .split('\0')
    .filter(name => name !== '')

/** Each name once. */
export function encodeNames(names: Iterable<string>): NameList {
  const once = [...new Set(names)]
  const bytes = Buffer.from(once.map(name => `${name}\0`).join(''), 'latin1')
  return { count: once.length, encoded: bytes.toString('base64') }
}

/** As people read it. */
export const shownName = (name: string): string => Buffer.from(name, 'latin1').toString('utf8')
