import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectedFile } from '../../lab/estate/seed/content.ts'
import { seedFiles } from '../../lab/estate/seed/files.ts'
import { treeOf } from '../../lab/estate/seed/tree.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

describe.skipIf(process.getuid?.() !== 0)('seedFiles', () => {
  const directory = temporaryFolder('estate-tree')
  let made: Awaited<ReturnType<typeof seedFiles>>
  beforeAll(async () => {
    made = await seedFiles(directory, 'tiny')
  })

  it('writes what expectedFile says, through links too', () => {
    const found = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter(
      path => !statSync(join(directory, path)).isDirectory(),
    )
    expect(found.sort()).toEqual([...treeOf('tiny')].map(entry => entry.path).sort())
    for (const path of found) {
      const content = readFileSync(join(directory, path))
      const sha256 = createHash('sha256').update(content).digest('hex')
      expect({ path, sha256, sizeBytes: content.length }).toEqual({ path, ...expectedFile(path, 'tiny') })
    }
  })

  it('makes hard links, relative symbolic links and restricted files', () => {
    expect(made).toMatchObject({ files: 100, hardLinks: 1, symbolicLinks: 1, restricted: 1 })
    const hard = join(directory, 'formations/formation-0005/annexes/règlement intérieur.pdf')
    expect(lstatSync(hard).ino).toBe(lstatSync(join(directory, 'communs/règlement intérieur.pdf')).ino)
    const symbolic = join(directory, "formations/formation-0001/annexes/livret d'accueil.pdf")
    expect(readlinkSync(symbolic)).toBe("../../../communs/livret d'accueil.pdf")
  })

  it('gives restricted files an access list and an attribute', () => {
    const restricted = [...treeOf('tiny')]
      .filter(entry => entry.restricted)
      .map(entry => join(directory, entry.path))
    const said = (program: string, ...options: string[]) =>
      execFileSync(program, [...options, ...restricted], { encoding: 'utf8' })
    expect(said('getfacl', '--omit-header', '--absolute-names')).toContain('user:www-data:r--')
    expect(said('getfattr', '--dump', '--absolute-names')).toContain(
      'user.techcorp.author="service formation"',
    )
  })

  it('makes files long since changed', () => {
    for (const { path } of treeOf('tiny'))
      expect(statSync(join(directory, path)).mtime.toISOString() < '2026-07-25').toBe(true)
  })

  it('refuses to write over a tree', async () => {
    await expect(seedFiles(directory, 'tiny')).rejects.toMatchObject({ code: 'EEXIST' })
  })
})
