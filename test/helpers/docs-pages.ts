import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export const root = join(import.meta.dirname, '../..')

/** A page of the project: its path from the root, its text. */
export type Page = { path: string; text: string }
/** A fenced block: `language` and the words after it, e.g. `sh` and `night`. */
export type Block = { page: string; line: number; language: string; mark: string; text: string }

const readPage = (path: string): Page => ({ path, text: readFileSync(join(root, path), 'utf8') })

/** README and its like at the root, and all that is under docs/. */
export const pages: Page[] = [
  ...readdirSync(root).filter(name => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name}`),
].map(readPage)

export function pageNamed(path: string): Page {
  const page = pages.find(each => each.path === path)
  if (page === undefined) throw new Error(`there is no page ${path}`)
  return page
}

export function blocksOf({ path, text }: Page): Block[] {
  return [...text.matchAll(/^```([a-z]*)[ \t]*(.*)\n([\s\S]*?)^```$/gm)].map(match => ({
    page: path,
    line: text.slice(0, match.index).split('\n').length,
    language: match[1] ?? '',
    mark: (match[2] ?? '').trim(),
    text: match[3] ?? '',
  }))
}

/** What people read, without the fenced blocks. */
export const proseOf = ({ text }: Page): string => text.replaceAll(/^```[\s\S]*?^```$/gm, '')

/** The lines that are typed: blocks in `sh`, without comments, continued lines joined. */
export function typedLines(page: Page): { where: string; line: string }[] {
  return blocksOf(page)
    .filter(block => block.language === 'sh')
    .flatMap(block =>
      block.text
        .replaceAll('\\\n', ' ')
        .split('\n')
        .map((line, index) => ({ where: `${page.path}:${block.line + 1 + index}`, line: line.trim() }))
        .filter(({ line }) => line !== '' && !line.startsWith('#')),
    )
}

/** What is typed of a line: a comment at its end, or, in the examples of the help, what it does, stands far behind. */
export const commandOf = (line: string): string => (line.split(/ {3,}/)[0] ?? '').trim()

/** Blocks of the night that is carried out from the first line to the last. */
export const isOfTheNight = ({ page, language, mark }: Block): boolean =>
  page === 'docs/the-night.md' && language === 'sh' && ['night', 'first-terminal'].includes(mark)

/** A path as a link on a page means it. */
export const fromPage = (page: string, target: string): string => join(dirname(page), target)
