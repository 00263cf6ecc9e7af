import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

export const root = join(import.meta.dirname, '../..')

/** Something that failed in a file of tests. */
export type Failed = {
  /** From the project's root; empty: nobody knows. */
  file: string
  /** The test's name after those of what it stands in; empty: the file as a whole. */
  names: string[]
  message: string
  /** `file:line` of the project's own code. */
  at?: string
  /** Failed outside of every test, while this file ran. */
  outside?: true
}

const mostLines = 20
const mostLetters = 300

/** What failed, where, why, and the line that runs it alone. Enough to know where to look: pages stand above the last line. */
export function describeFailed({ file, names, message, at, outside }: Failed): string {
  const what = [file, ...names].filter(Boolean).join(' > ') || 'nobody knows where'
  const why = stripVTControlCharacters(message)
    .trim()
    .split('\n')
    .slice(0, mostLines)
    .map(line => `    ${line.slice(0, mostLetters)}`)
  return [
    `FAILED ${what}${outside ? ' (outside of every test)' : ''}`,
    ...why,
    ...(at === undefined ? [] : [`  at ${at}`]),
    ...(file === '' ? [] : [`  alone: ${lineAlone(file, names)}`]),
  ].join('\n')
}

/** Vitest takes the name for a regular expression that the names, with blanks between, must fit. */
export function lineAlone(file: string, names: readonly string[]): string {
  const pattern = names.join(' ').replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return `npx vitest run ${file}${pattern === '' ? '' : ` -t ${quoted(pattern)}`}`
}

const quoted = (text: string): string =>
  /["$`\\!]/.test(text) ? `'${text.replaceAll("'", "'\\''")}'` : `"${text}"`
