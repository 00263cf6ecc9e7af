import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { cp, mkdir, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
let place: string

beforeAll(async () => {
  place = temporaryFolder('package')
  await run('bash', [join(root, 'bin/build'), join(place, 'dist')], {
    env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` },
  })
  await mkdir(join(place, 'bin'))
  for (const part of ['bin/bascule', 'package.json', 'examples']) {
    await cp(join(root, part), join(place, part), { recursive: true })
  }
  await symlink(join(root, 'node_modules'), join(place, 'node_modules'))
})

describe('the published package', () => {
  it('runs from its build, with every kind and both languages', async () => {
    const argv = ['check', '--plan', join(place, 'examples/techcorp/plan.yaml'), '--lang', 'fr']
    const { stdout, stderr } = await run(join(place, 'bin/bascule'), argv)
    expect(stderr).toBe('')
    expect(stdout).toContain('le plan')
  })

  it('holds every script for a host that src holds', () => {
    const scriptsIn = (folder: string): string[] =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter(path => /\.(sh|awk)$/.test(path))
        .toSorted()
    expect(scriptsIn(join(place, 'dist'))).toEqual(scriptsIn(join(root, 'src')))
    expect(scriptsIn(join(root, 'src'))).not.toEqual([])
  })

  it('says that the laboratory is in the checkout, not in the package', async () => {
    await expect(run(join(place, 'bin/bascule'), ['lab', 'status', '--lang', 'en'])).rejects.toMatchObject({
      stderr: expect.not.stringContaining('defect'),
    })
  })

  it('contains what it needs to run', async () => {
    const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root })
    const [{ files }] = JSON.parse(stdout)
    const paths = files.map((file: { path: string }) => file.path)
    expect(paths).toEqual(expect.arrayContaining(['bin/bascule', 'LICENSE', 'schema/plan.schema.json']))
    expect(paths.filter((path: string) => /^(test|lab|src)\//.test(path))).toEqual([])
  })
})
