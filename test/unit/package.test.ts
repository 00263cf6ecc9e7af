import { execFile } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { cp, mkdir, readFile, symlink } from 'node:fs/promises'
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

  it('says of which commit it was built, with which Node it runs', async () => {
    const { stdout } = await run(join(place, 'bin/bascule'), ['--version', '--lang', 'en'])
    expect(stdout).toMatch(
      /^bascule \d+\.\d+\.\d+ \(commit ([0-9a-f]{40}(-modified)?|unknown), Node 24\.\d+\.\d+\)\n$/,
    )
  })

  it('is named on the page about installing by its present version', async () => {
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
    const named = [
      ...(await readFile(join(root, 'docs/install.md'), 'utf8')).matchAll(/bascule[-_](\d+\.\d+\.\d+)/g),
    ]
    expect(new Set(named.map(([, one]) => one))).toEqual(new Set([version]))
  })

  it('has manual pages in both languages and completions, none of them empty', () => {
    const made = ['man/bascule.1', 'man/fr/bascule.1', ...shells.map(shell => `completions/bascule.${shell}`)]
    for (const path of made) expect(statSync(join(place, 'dist', path)).size, path).toBeGreaterThan(500)
  })

  it('contains what it needs to run: no test, no laboratory, no double, no development dependency', async () => {
    const paths = await packed(place)
    expect(paths).toEqual(expect.arrayContaining(['bin/bascule', 'dist/cli/main.js', 'dist/man/bascule.1']))
    const inDist = new Set(paths.flatMap(path => /^dist\/([^/]+)/.exec(path)?.[1] ?? []))
    const inSource = readdirSync(join(root, 'src'))
    expect([...inDist].toSorted()).toEqual([...inSource, 'build.json', 'completions', 'man'].toSorted())
    expect(paths.filter(path => /(^|\/)(test|tests|doubles?|lab|node_modules)\/|\.ts$/.test(path))).toEqual(
      [],
    )
  })

  it('takes from the checkout pages, examples, schema and licence, and nothing else', async () => {
    const paths = (await packed(root)).filter(path => !path.startsWith('dist/'))
    const known =
      /^(bin\/bascule|package\.json|LICENSE|CHANGELOG\.md|README(\.fr)?\.md|(docs|examples|schema)\/.+)$/
    expect(paths.filter(path => !known.test(path))).toEqual([])
    expect(paths).toEqual(expect.arrayContaining(['bin/bascule', 'LICENSE', 'schema/plan.schema.json']))
  })
})

const shells = ['bash', 'zsh', 'fish']

async function packed(cwd: string): Promise<string[]> {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd })
  const [{ files }] = JSON.parse(stdout)
  return files.map((file: { path: string }) => file.path)
}
