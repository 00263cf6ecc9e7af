import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { checkPlan } from '../../src/plan/check.ts'
import { loadPlan, openPlan } from '../../src/plan/load.ts'
import { goodPlan, testKinds } from '../helpers/plan-kinds.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

let folder: string
beforeAll(async () => {
  folder = temporaryFolder('plan')
  await writeFile(join(folder, 'planned.md'), 'Bonjour\n')
})

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}
const check = (...paths: string[]) => checkPlan(paths, testKinds, 'en')

/** The good plan with two people for each role, who can be called, and with one who looks before services start. */
const staffed = goodPlan
  .replace('  go: {signoffs: [lead, dba]}\n', line => `${line}  integrity: {signoffs: [dba]}\n`)
  .replaceAll(/contact: (\w+@example\.org)/g, 'contact: "+33 6 39 98 02 01, $1"')
  .replaceAll(/^ {2}- \{role: .*$/gm, line => `${line}\n${line.replace('name: ', 'name: Deputy of ')}`)

test('a correct plan: exit 0 and one line', async () => {
  const path = await file('good.yaml', staffed)
  const { exitCode, lines, errors, warnings } = await check(path)
  expect({ exitCode, lines, errors, warnings }).toEqual({
    exitCode: 0,
    lines: [`${path}: the plan "small" is valid.`],
    errors: [],
    warnings: [],
  })
})

test('errors: exit 2, a line each, then how many; the same as data', async () => {
  const path = await file('bad.yaml', goodPlan.replace('needs: [data]', 'needs: [dta]').replace('2 h', '90'))
  const { exitCode, lines, errors, plan } = await check(path)
  expect(exitCode).toBe(2)
  expect(lines).toHaveLength(3)
  expect(lines.at(-1)).toBe('2 errors')
  expect(lines[1]).toMatch(
    /^.*bad\.yaml:37:13 components\.site\.needs\[0\]: there is no component "dta"; expected/,
  )
  expect(errors[1]).toEqual({
    file: path,
    line: 37,
    column: 13,
    path: 'components.site.needs[0]',
    message: 'there is no component "dta"; expected one of data, site; did you mean "data"?',
  })
  expect(plan).toBeUndefined()
})

test('a warning is told, and the plan is correct all the same', async () => {
  const path = await file('good.yaml', staffed)
  const { exitCode, lines, warnings } = await check(path, await file('over.yaml', '# nothing\n'))
  expect(exitCode).toBe(0)
  expect(lines).toHaveLength(2)
  expect(warnings[0]?.message).toBe('this overlay is empty and has no effect')
})

test('a file that is not there, a folder, a file that is not UTF-8', async () => {
  expect((await check(join(folder, 'none.yaml'))).lines[0]).toMatch(
    /none\.yaml:1:1: the file cannot be read \(no such file or directory\); expected/,
  )
  expect((await check(folder)).lines[0]).toMatch(/cannot be read \(it is a directory\)/)
  const latin = await file('latin.yaml', Buffer.from('name: x\ntitle: D\xe9m\xe9nagement\n', 'latin1'))
  expect((await check(latin)).lines[0]).toMatch(/latin\.yaml:2:9: the file is not UTF-8 text$/)
})

test('files that the plan names are looked for beside the file that names them, and made absolute', async () => {
  const path = await file('good.yaml', goodPlan)
  const overlay = await file('over.yaml', 'ssh: {configFile: planned.md}\n')
  const result = await loadPlan([path, overlay], testKinds)
  expect('plan' in result && result.plan.ssh.configFile).toBe(join(folder, 'planned.md'))
  expect('plan' in result && result.plan.notices[0]?.bodyFile).toBe(join(folder, 'planned.md'))
  const missing = await file('missing.yaml', 'notices: {planned: {bodyFile: nowhere.md}}\n')
  expect((await check(path, missing)).lines[0]).toMatch(
    /missing\.yaml:1:31 notices\.planned\.bodyFile: the file .*nowhere\.md does not exist$/,
  )
})

test('other verbs are refused with every error, and told how to see them', async () => {
  const path = await file('bad.yaml', goodPlan.replace('2 h', '90'))
  await expect(openPlan([path, path], testKinds)).rejects.toMatchObject({
    exitCode: 2,
    errors: [{ path: 'window.length' }],
    remedy: { values: { command: `bascule check --plan ${path} --overlay ${path}` } },
  })
})

test.each(['a file of 100 000 keys', 'a file without end'])(
  '%s is refused before it is read to its end',
  async what => {
    const keys = Array.from({ length: 100_000 }, (_, index) => `  key${index}: {x: 1}`)
    const path = what.endsWith('keys') ? await file('large.yaml', ['a:', ...keys].join('\n')) : '/dev/zero'
    const { exitCode, errors } = await check(path)
    expect(exitCode).toBe(2)
    expect(errors[0]?.message).toBe('the file exceeds 1 MB: this is not a migration plan')
  },
)
