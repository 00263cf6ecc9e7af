import { lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { deleteListed, noteDeletions } from '../../src/kinds/files/actions/final-delta.ts'
import { Failure } from '../../src/model/failure.ts'
import { recordingIo } from '../doubles/recording.ts'
import { onCommand } from '../doubles/recording-answers.ts'
import { filesComponent, planWith, treesOf } from '../helpers/files-world.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const place = temporaryFolder('delete')
const tree = join(place, 'tree')

/** Runs what is to run at a host on this machine. */
const here = onCommand('', async ({ argv: [file = '', ...rest], options }) => {
  const { exitCode, stdout, stderr } = await execa(file, rest, { input: options.input ?? '', reject: false })
  return { exitCode: exitCode ?? -1, stdout, stderr }
})
const io = recordingIo({ answers: [here] })
const pairAt = (path: string) => {
  const component = filesComponent({ target: { host: 'files', path } })
  return treesOf(component, planWith(component))
}
const remove = (names: string[], path = tree): Promise<number> => deleteListed(io, pairAt(path), names)
const detailOf = async (call: Promise<unknown>): Promise<string> => {
  const failure = await call.catch(thrown => thrown)
  if (!(failure instanceof Failure)) throw new Error('it was to end with a Failure', { cause: failure })
  expect(failure.text.key).toBe('files.delete.failed')
  return String(failure.text.values?.detail)
}

function put(...names: string[]): void {
  for (const name of names) {
    const path = join(place, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, 'content')
  }
}
const isThere = (name: string): boolean =>
  lstatSync(join(place, name), { throwIfNoEntry: false }) !== undefined

beforeEach(() => {
  rmSync(place, { recursive: true })
  put('tree/a/b/file', 'tree/a/other', 'tree/kept', 'outside/kept')
})

describe('deletions by name', () => {
  it('take files, links and directories, the entries before their directory, and count them', async () => {
    symlinkSync('../outside', join(tree, 'link'))
    symlinkSync('/nowhere', join(tree, 'dangling'))
    expect(await remove(['a', 'a/b', 'a/b/file', 'a/other', 'link', 'dangling'])).toBe(6)
    expect(isThere('tree/a')).toBe(false)
    expect(isThere('tree/link')).toBe(false)
    expect(isThere('tree/kept')).toBe(true)
    expect(isThere('outside/kept')).toBe(true)
  })

  it('take every sort of name', async () => {
    const names = [
      '-rf',
      'two\nlines',
      'ends in a line\n/x',
      'back\\slash',
      "quo'te",
      '*',
      ' ',
      '...',
      '$(x)',
    ]
    put(...names.map(name => `tree/${name}`))
    const latin1 = names.map(name => Buffer.from(name, 'utf8').toString('latin1'))
    expect(await remove([...latin1, 'ends in a line\n'])).toBe(names.length + 1)
    for (const name of names) expect(isThere(`tree/${name}`)).toBe(false)
    expect(isThere('tree/kept')).toBe(true)
  })

  it.each(['../outside/kept', 'a/../../outside/kept', '/etc/hostname', './kept', 'a//other', '..', '.'])(
    'refuse %j, and delete the rest',
    async name => {
      expect(await detailOf(remove([name, 'a/other']))).toContain('not a name inside the tree')
      expect(isThere('outside/kept')).toBe(true)
      expect(isThere('tree/kept')).toBe(true)
      expect(isThere('tree/a/other')).toBe(false)
    },
  )

  it.each([
    ['out of the tree', '../outside'],
    ['to another place in it', 'a'],
  ])('follow no symbolic link that leads %s', async (_, leadsTo) => {
    put('tree/a/kept')
    symlinkSync(leadsTo, join(tree, 'link'))
    expect(await detailOf(remove(['link/kept']))).toContain('link/kept')
    expect(isThere('outside/kept')).toBe(true)
    expect(isThere('tree/a/kept')).toBe(true)
  })

  it('work in a tree whose own path is a symbolic link', async () => {
    symlinkSync('tree', join(place, 'alias'))
    expect(await remove(['a/other'], join(place, 'alias'))).toBe(1)
  })

  it('leave a directory in which something is left, and name it', async () => {
    expect(await detailOf(remove(['a', 'a/other']))).toContain('./a')
    expect(isThere('tree/a/b/file')).toBe(true)
    expect(isThere('tree/a/other')).toBe(false)
  })

  it('take with a directory what was kept of files that never came whole', async () => {
    put('tree/a/b/.bascule-partial/file')
    expect(await remove(['a/b', 'a/b/file'])).toBe(2)
    expect(isThere('tree/a/b')).toBe(false)
    expect(isThere('tree/a/other')).toBe(true)
  })

  it('do nothing to what is gone already: run again they end well', async () => {
    const names = ['a', 'a/b', 'a/b/file', 'a/other', 'gone', 'gone/too']
    expect(await remove(names)).toBe(4)
    expect(await remove(names)).toBe(0)
  })

  it('do not start when the tree is missing', async () => {
    expect(await detailOf(remove(['kept'], join(place, 'nowhere')))).toContain('nowhere')
  })

  it('need few processes for many names: one rm for all that lie in one directory', async () => {
    const programs = join(place, 'programs')
    mkdirSync(programs)
    writeFileSync(join(programs, 'rm'), '#!/bin/sh\necho >>"$CALLS"\nexec /bin/rm "$@"\n', { mode: 0o755 })
    const names = Array.from({ length: 700 }, (_, index) => `many/${index % 7}/${index}`)
    put(...names.map(name => `tree/${name}`))
    const directories = ['many', ...Array.from({ length: 7 }, (_, index) => `many/${index}`)]
    const calls = join(place, 'calls')
    vi.stubEnv('PATH', `${programs}:${process.env.PATH}`)
    vi.stubEnv('CALLS', calls)
    onTestFinished(() => void vi.unstubAllEnvs())
    expect(await remove([...names, ...directories])).toBe(708)
    expect(readFileSync(calls, 'utf8').length).toBe(7)
  })
})

it('deletions are noted as rsync notes them, one line each, for root alone', async () => {
  const list = join(place, 'list')
  await noteDeletions(io, pairAt(tree), list, ['a/b', 'two\nlines'])
  await noteDeletions(io, pairAt(tree), list, ['-rf'])
  const { stdout } = await execa('cat', [list])
  expect(stdout).toBe('*deleting   a/b\n*deleting   two?lines\n*deleting   -rf')
  expect(lstatSync(list).mode & 0o777).toBe(0o600)
})
