import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadKinds } from '../../src/kinds/registry.ts'

// Inside the checkout, so that a kind there finds zod.
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(import.meta.dirname, '../../node_modules/.kinds-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function kindFolder(name: string, source: string): Promise<void> {
  await mkdir(join(folder, name))
  await writeFile(join(folder, name, 'index.ts'), source)
}

test('every folder of src/kinds with an index is a kind of that name', async () => {
  const kinds = join(import.meta.dirname, '../../src/kinds')
  const folders = (await readdir(kinds, { withFileTypes: true })).filter(
    entry => entry.isDirectory() && entry.name !== 'kit',
  )
  expect(Object.keys(await loadKinds())).toEqual(folders.map(entry => entry.name).sort())
})

test('a folder added is a kind added; files and folders without an index are not', async () => {
  await kindFolder(
    'moon',
    "import { z } from 'zod'\nexport const kind = { kind: 'moon', spec: z.strictObject({}) }\n",
  )
  await mkdir(join(folder, 'shared'))
  await writeFile(join(folder, 'notes.ts'), '')
  expect(Object.keys(await loadKinds(folder))).toEqual(['moon'])
})

test.each([
  ['no kind', 'export const other = 1\n', /exports no "kind"/],
  ['another name', "export const kind = { kind: 'sun', spec: 1 }\n", /its folder says "moon"/],
  ['no schema', "export const kind = { kind: 'moon', spec: {} }\n", /not a zod object/],
])('a folder with %s is refused', async (_, source, message) => {
  await kindFolder('moon', source)
  await expect(loadKinds(folder)).rejects.toThrow(message)
})
