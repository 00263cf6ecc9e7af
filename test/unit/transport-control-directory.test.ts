import { chmodSync, chownSync, existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { makeControlDirectory } from '../../src/transport/control-directory.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

let parent: string
beforeEach(() => {
  parent = temporaryFolder('b')
  vi.stubEnv('XDG_RUNTIME_DIR', parent)
})
afterEach(() => {
  vi.unstubAllEnvs()
})

/** No process has this number: the kernel's largest is below it. */
const ofDead = (name: string): string => join(parent, `bascule-${userInfo().uid}-4194305-${name}`)

test('is for its owner alone, and what a program that died has left is removed', async () => {
  mkdirSync(ofDead('abc'), { mode: 0o700 })
  const made = await makeControlDirectory()
  expect(statSync(made).mode & 0o777).toBe(0o700)
  expect(existsSync(ofDead('abc'))).toBe(false)
})

test('a directory that somebody else may have planted is not touched', async () => {
  mkdirSync(ofDead('open'))
  chmodSync(ofDead('open'), 0o777)
  mkdirSync(join(parent, 'elsewhere'), { mode: 0o700 })
  writeFileSync(join(parent, 'elsewhere', 'file'), 'kept')
  symlinkSync(join(parent, 'elsewhere'), ofDead('link'))
  if (process.getuid?.() === 0) mkdirSync(ofDead('foreign'), { mode: 0o700 })
  if (process.getuid?.() === 0) chownSync(ofDead('foreign'), 65534, 65534)
  await makeControlDirectory()
  expect(existsSync(join(parent, 'elsewhere', 'file'))).toBe(true)
  for (const name of ['open', 'link', ...(process.getuid?.() === 0 ? ['foreign'] : [])])
    expect(existsSync(ofDead(name)), name).toBe(true)
})
