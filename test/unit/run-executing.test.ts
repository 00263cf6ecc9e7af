import { symlinkSync } from 'node:fs'
import { relative } from 'node:path'
import { expect, it } from 'vitest'
import { isExecuting } from '../../src/run/executing.ts'
import { takeLock } from '../../src/run/lock.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const home = temporaryFolder('executing')
const link = `${home}-link`
symlinkSync(home, link)
const take = (directory: string) => takeLock(directory, 'marie', 'run', '2026-12-12T21:00:00Z')

it.each([
  ['through a symbolic link', home, link],
  ['by its own path, where the program came through a link', link, home],
  ['through the same link', link, link],
  ['by a relative path', home, relative(process.cwd(), home)],
])('a program that carries a run out is seen %s', (_how, taken, looked) => {
  const lock = take(taken)
  expect(isExecuting(looked)).toBe(true)
  lock.release()
  expect(isExecuting(looked)).toBe(false)
})
