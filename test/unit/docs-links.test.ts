import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fromPage, type Page, pages, proseOf, root } from '../helpers/docs-pages.ts'

const linksOf = (page: Page): string[] =>
  [...proseOf(page).matchAll(/\]\(([^)]+)\)/g)]
    .map(match => match[1] ?? '')
    .filter(target => !/^(https?|mailto):/.test(target))

/** The anchors of a page's headings, as code hosts make them. */
const anchorsOf = (text: string): string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )

test('there are pages, and they lead to each other', () => {
  expect(pages.length).toBeGreaterThan(10)
  expect(pages.flatMap(linksOf).length).toBeGreaterThan(30)
})

test.each(pages.map(page => [page.path, page] as const))('every link of %s leads somewhere', (_, page) => {
  const dead = linksOf(page).filter(target => {
    const [path = '', anchor] = target.split('#')
    const file = path === '' ? page.path : fromPage(page.path, decodeURIComponent(path))
    if (!existsSync(join(root, file))) return true
    if (anchor === undefined || !file.endsWith('.md')) return false
    return !anchorsOf(readFileSync(join(root, file), 'utf8')).includes(anchor)
  })
  expect(dead).toEqual([])
})

test.each(pages.map(page => [page.path, page] as const))('every file that %s cites exists', (_, page) => {
  const cited = [...proseOf(page).matchAll(/`((?:src|test|lab|docs|bin|bench|examples|schema)\/[^`\s]*)`/g)]
  const missing = cited.map(match => match[1] ?? '').filter(path => !path.includes('*') && !isThere(path))
  expect(missing).toEqual([])
})

const isThere = (path: string): boolean => existsSync(join(root, path.replace(/:\d+$/, '')))

test('every page of docs/ is reached from the README', () => {
  const seen = new Set<string>()
  const visit = (path: string): void => {
    const page = pages.find(each => each.path === path)
    if (page === undefined || seen.has(path)) return
    seen.add(path)
    for (const target of linksOf(page)) visit(fromPage(path, target.split('#')[0] ?? ''))
  }
  visit('README.md')
  expect(pages.map(page => page.path).filter(path => !seen.has(path))).toEqual([])
})
