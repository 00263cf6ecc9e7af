import { script } from '../kit/script.ts'

const printNames = script(import.meta.dirname, 'scripts/print-names.sh')
const giveNames = script(import.meta.dirname, 'scripts/give-names.sh')
const filterNames = script(import.meta.dirname, 'scripts/filter-names.sh')

/**
 * Names of files are bytes, not text. They travel between the hosts in base64 and are held here as `latin1`, one
 * character a byte, so that a name that is not UTF-8 is neither changed nor lost.
 */
export type NameList = { count: number; encoded: string }

/** Runs `argv` so that the names it prints arrive whole, all of them or a random sample. */
export const listing = (argv: readonly string[], most?: number): string[] =>
  printNames.argv(most === undefined ? '' : String(most), ...argv)

/** Runs `argv` with an encoded list, given on standard input, as its own standard input. */
export const feeding = (argv: readonly string[]): string[] => giveNames.argv(...argv)

/** Runs `argv` with an encoded list as its standard input; the names it prints come back encoded. */
export const filtering = (argv: readonly string[]): string[] => filterNames.argv(...argv)

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

/**
 * The directories of entries that come or go at the receiver, which changes their times; sent with the entries, they have the
 * sender's again.
 */
export const parentsOf = (names: readonly string[]): string[] =>
  names.flatMap(name => {
    const end = name.lastIndexOf('/')
    return end === -1 ? [] : [name.slice(0, end)]
  })
