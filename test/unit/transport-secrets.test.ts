import { chmodSync, chownSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { Failure } from '../../src/model/failure.ts'
import { startProcess, withholdVariables } from '../../src/transport/process.ts'
import { createRedactor, type Redactor } from '../../src/transport/redact.ts'
import { secretResolver, secretVariables } from '../../src/transport/secrets.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const directory = temporaryFolder('secrets')
const file = join(directory, 'password')
const isRoot = process.getuid?.() === 0
let redactor: Redactor
let secret: (reference: string) => Promise<string>
const keyOf = (reference: string): Promise<string> =>
  secret(reference).then(
    () => 'none',
    (failure: Failure) => failure.text.key,
  )

beforeEach(() => {
  redactor = createRedactor()
  secret = secretResolver(redactor)
  writeFileSync(file, 'from a file\n')
  chmodSync(file, 0o600)
})

test('is read from the environment, a file or a program, and hidden from then on', async () => {
  vi.stubEnv('BASCULE_SECRET', 'from the environment')
  expect(await secret('env:BASCULE_SECRET')).toBe('from the environment')
  expect(await secret(`file:${file}`)).toBe('from a file')
  expect(await secret(`cmd:printf %s\\n from-a-program`)).toBe('from-a-program')
  expect(redactor.redact('from the environment, from a file, from-a-program')).toBe('[…], […], […]')
  vi.unstubAllEnvs()
})

test('only one trailing newline is cut', async () => {
  writeFileSync(file, ' two lines \n\n')
  expect(await secret(`file:${file}`)).toBe(' two lines \n')
})

test.skipIf(!isRoot)('a file of root may be shared with a group', async () => {
  chmodSync(file, 0o640)
  expect(await secret(`file:${file}`)).toBe('from a file')
})

describe('is refused', () => {
  test.each([0o644, 0o640, 0o604, 0o620])('when others may read or change the file (%o)', async mode => {
    chmodSync(file, mode)
    if (isRoot) chownSync(file, 65_534, 65_534)
    const failure: Failure = await secret(`file:${file}`).then(
      () => expect.unreachable(),
      thrown => thrown,
    )
    expect(failure.text.key).toBe('transport.secret.open')
    expect(failure.remedy?.values?.command).toBe(`chmod 0600 ${file}`)
  })

  test('when it is missing, empty, too short to hide, or no reference at all', async () => {
    expect(await keyOf('env:BASCULE_NOT_SET')).toBe('transport.secret.environment')
    expect(await keyOf('file:/nowhere')).toBe('transport.secret.file')
    expect(await keyOf('cmd:false')).toBe('transport.secret.command')
    expect(await keyOf('cmd:no-such-program-here')).toBe('transport.secret.command')
    expect(await keyOf('cmd:true')).toBe('transport.secret.empty')
    expect(await keyOf('cmd:echo abc')).toBe('transport.secret.short')
    writeFileSync(file, '\n')
    expect(await keyOf(`file:${file}`)).toBe('transport.secret.empty')
  })

  test.each([
    'env:BASCULE_NOT_SET',
    'file:/nowhere',
    'cmd:false --password hunter2',
    'cmd:true',
    'cmd:echo abc',
    'no-reference',
  ])('with what to do about it, and no argument of a command (%s)', async reference => {
    const failure: Failure = await secret(reference).then(
      () => expect.unreachable(),
      thrown => thrown,
    )
    expect(failure.remedy?.key).toMatch(/^transport\.remedy\./)
    expect(JSON.stringify([failure.text, failure.remedy])).not.toMatch(/hunter2|abc/)
  })

  test('without showing it when it was written in place of its reference', async () => {
    const failure: Failure = await secret('hunter2:really').then(
      () => expect.unreachable(),
      thrown => thrown,
    )
    expect(failure.text.key).toBe('transport.secret.form')
    expect(failure.message + JSON.stringify(failure.text)).not.toContain('hunter2')
  })
})

test('variables that a plan names as secrets reach no program that is started', async () => {
  process.env.BASCULE_TEST_TOKEN = 'from the environment'
  const variables = secretVariables({
    dns: { keys: [{ secret: 'env:BASCULE_TEST_TOKEN' }] },
    title: 'env: none',
  })
  expect(variables).toEqual(['BASCULE_TEST_TOKEN'])
  withholdVariables(variables)
  const end = await startProcess(['env']).done
  expect(end).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('PATH=') })
  expect(end).not.toMatchObject({ stdout: expect.stringContaining('BASCULE_TEST_TOKEN') })
  expect(await secret('env:BASCULE_TEST_TOKEN')).toBe('from the environment')
})
