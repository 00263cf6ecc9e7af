import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { encodeNames } from '../../src/kinds/files/names.ts'
import { compare, sync } from '../../src/kinds/files/sync.ts'
import { FilesMachine } from '../doubles/files-machine.ts'
import { filesComponent, planWith, treesOf } from '../helpers/files-world.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const root = join(temporaryFolder('listed-sync'), 'root')
const machine = new FilesMachine(root)
const component = filesComponent({
  source: { host: 'files', path: join(root, 'source/tree') },
  target: { host: 'files', path: join(root, 'target/tree') },
})
const trees = treesOf(component, planWith(component))

/** The second and the third are comments to rsync, where it reads a list. */
const listed = ['plain', '#recycle/old', ';draft', '-rf', ' blank', 'two\nlines']

test('a listed sync sends and compares every name of its list, whatever it begins with', async () => {
  for (const name of [...listed, '#recycle/other']) machine.put(`source/tree/${name}`, 'content')
  mkdirSync(join(root, 'target/tree'), { recursive: true })
  const names = encodeNames([...listed, '#recycle', 'gone since it was listed'])
  const before = await compare(machine.io, trees, { names, itemize: true })
  expect(before.differences.created).toBe(listed.length + 1)
  await sync(machine.io, trees, { names })
  for (const name of listed) expect([name, existsSync(join(root, 'target/tree', name))]).toEqual([name, true])
  expect(existsSync(join(root, 'target/tree/#recycle/other'))).toBe(false)
})
