import { mkdtempSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, it } from 'vitest'
import { cacheDirectory } from '../../src/cli/keep-compiled.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const home = temporaryFolder('home')
const bascule = (env: Record<string, string>) =>
  execa(join(import.meta.dirname, '../../bin/bascule'), ['--version'], {
    env: { PATH: process.env.PATH ?? '', ...env },
    extendEnv: false,
  })

describe('what Node has compiled is kept', () => {
  const uid = process.getuid?.()

  it('in the user’s own cache', async () => {
    expect(cacheDirectory({ HOME: home }, uid)).toBe(`${home}/.cache/bascule/compiled`)
    const cache = mkdtempSync(join(home, 'cache-'))
    expect(cacheDirectory({ HOME: '/nowhere', XDG_CACHE_HOME: cache }, uid)).toBe(`${cache}/bascule/compiled`)
    await bascule({ HOME: home })
    expect(readdirSync(join(home, '.cache/bascule/compiled'))).not.toEqual([])
  })

  it.each([
    ['without a home', {}],
    ['with a home that is not there', { HOME: '/nowhere/at/all' }],
    ['with a relative one', { HOME: 'here' }],
    ['with a cache that is not there', { HOME: home, XDG_CACHE_HOME: '/nowhere/at/all' }],
  ])('nowhere %s, and all goes as before', async (_, env) => {
    expect(cacheDirectory(env, uid)).toBeUndefined()
    const { exitCode, stderr } = await bascule(env as Record<string, string>)
    expect([exitCode, stderr]).toEqual([0, ''])
  })

  it('nowhere in a home or a cache that is another’s, as under sudo', () => {
    const other = (uid ?? 0) + 1
    expect(cacheDirectory({ HOME: home }, other)).toBeUndefined()
    expect(cacheDirectory({ HOME: '/root', XDG_CACHE_HOME: home }, other)).toBeUndefined()
  })
})
